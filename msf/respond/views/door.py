"""The anonymous door: a code in, a sealed answer out; no account, no cookie, no session, nothing kept half.

The token is the authority of every POST, so there is no session whose forgery a second token could prevent.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from flask import Blueprint, Response, make_response, render_template, request
from markupsafe import Markup

from msf.base.answers import AnswerSheet, read_answers
from msf.base.clock import utcnow
from msf.base.config import current
from msf.base.db import reading, transaction
from msf.base.keys import Keys
from msf.instruments import Questionnaire, find, words
from msf.invitations.rules import read_token, token_text
from msf.respond import operations
from msf.respond.queries import Place, place_of
from msf.respond.rules import grouped, new_receipt, read_receipt

door = Blueprint("respond", __name__)

Page = Response | tuple[str, int] | str
LANGUAGES = {"ar": "العربية", "cy": "Cymraeg", "en": "English", "pa": "ਪੰਜਾਬੀ", "pl": "Polski", "ur": "اردو"}
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
BAD_CODE = "Enter the code from your letter. It has 26 letters and numbers."
NOTHING_GIVEN = (
    "You have not answered anything yet. Answer at least one question and send again, "
    "or use “I would rather not answer”."
)


def _keys() -> Keys:
    return Keys.below(current().keys)


@door.get("/give")
def give() -> str:
    """Where a link or a typed code comes in."""
    return render_template("respond/code.html", code="", error="")


@door.post("/give")
def answer() -> Page:
    """Show the questionnaire behind a code, or take the answers to it, by `step`."""
    typed = request.form.get("code", "")
    given = read_token(typed)
    if given is None:
        return render_template("respond/code.html", code=typed[:80], error=BAD_CODE), 422
    steps: dict[str, Callable[[bytes], Page]] = {"send": _send, "decline": _decline}
    return steps.get(request.form.get("step", ""), _show)(given)


def _show(given: bytes) -> Page:
    with reading() as session:
        place = place_of(session, _keys(), given, now=utcnow())
    if any(name.startswith(("item.", "text.")) for name in request.form):
        return _form(given, place, read_answers(request.form, place.questionnaire), _receipt())
    return _form(given, place, None, new_receipt())


def _send(given: bytes) -> Page:
    receipt = _receipt()
    with reading() as session:
        if operations.sent_before(session, given, receipt=receipt):
            return _thanks(receipt, declined=False)
        place = place_of(session, _keys(), given, now=utcnow())
    sheet = read_answers(request.form, place.questionnaire)
    if sheet.errors or sheet.empty:
        return _form(given, place, sheet, receipt, sent=True), 422
    with transaction() as session:
        operations.hand_in(session, place, sheet=sheet, receipt=receipt)
    return _thanks(receipt, declined=False)


def _decline(given: bytes) -> Page:
    receipt = _receipt()
    with reading() as session:
        if operations.sent_before(session, given, receipt=receipt):
            return _thanks(receipt, declined=True)
        place = place_of(session, _keys(), given, now=utcnow())
    with transaction() as session:
        operations.decline(session, place, receipt=receipt)
    return _thanks(receipt, declined=True)


def _receipt() -> str:
    return read_receipt(request.form.get("receipt", "")) or new_receipt()


def _form(given: bytes, place: Place, sheet: AnswerSheet | None, receipt: str, *, sent: bool = False) -> str:
    language = _language(place.questionnaire)
    errors = dict(sheet.errors) if sheet and sent else {}
    if sheet and sent and sheet.empty and not errors:
        errors = {"form": NOTHING_GIVEN}
    return render_template(
        "respond/form.html",
        place=place,
        questions=_questions(place.questionnaire, language, sheet.values if sheet else {}, errors),
        language=language,
        languages=LANGUAGES,
        words=words,
        code=token_text(given),
        receipt=receipt,
        errors=_listed(errors),
        lang=language,
        dir="rtl" if language in RIGHT_TO_LEFT else "ltr",
        organisation_name=place.organisation,
    )


def _language(questionnaire: Questionnaire) -> str:
    chosen = request.form.get("language", "")
    return chosen if chosen in questionnaire.languages else questionnaire.languages[0]


def _listed(errors: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"text": words} if name == "form" else {"text": words, "href": f"#{name}"} for name, words in errors.items()
    ]


def _questions(
    questionnaire: Questionnaire, language: str, values: Mapping[str, str], errors: Mapping[str, str]
) -> Markup:
    if not values and not errors:
        return _blank_questions(questionnaire.reference_name, language)
    return _render_questions(questionnaire, language, values, errors)


@lru_cache(maxsize=64)
def _blank_questions(name: str, language: str) -> Markup:
    """The questions as everybody first sees them, drawn once: they are the same for all, and most of the page."""
    return _render_questions(find(name), language, {}, {})


def _render_questions(
    questionnaire: Questionnaire, language: str, values: Mapping[str, str], errors: Mapping[str, str]
) -> Markup:
    return Markup(  # noqa: S704 - a template that escapes every word it is given
        render_template(
            "respond/_questions.html", q=questionnaire, language=language, words=words, values=values, problems=errors
        )
    )


def _thanks(receipt: str, *, declined: bool) -> Response:
    page = make_response(render_template("respond/thanks.html", receipt=grouped(receipt), declined=declined))
    page.headers["Clear-Site-Data"] = '"cache", "storage"'
    return page


@door.get("/give/withdraw")
def withdraw_form() -> str:
    """Where somebody takes their answers back before the close."""
    return render_template("respond/withdraw.html", code="", receipt="", errors=[])


@door.post("/give/withdraw")
def withdraw() -> Page:
    """Ask once, then take a sealed answer back unread."""
    code, receipt = request.form.get("code", "")[:80], request.form.get("receipt", "")[:80]
    given, known = read_token(code), read_receipt(receipt)
    if given is None or known is None:
        return render_template("respond/withdraw.html", code=code, receipt=receipt, errors=_missing(given, known)), 422
    if request.form.get("confirmed") != "yes":
        return render_template("respond/withdraw_confirm.html", code=token_text(given), receipt=known)
    with transaction() as session:
        operations.withdraw(session, given, receipt=known)
    return render_template("respond/withdrawn.html")


def _missing(given: bytes | None, receipt: str | None) -> list[dict[str, str]]:
    wrong = [{"text": BAD_CODE, "href": "#code"}] if given is None else []
    if receipt is None:
        wrong.append(
            {
                "text": "Enter the receipt you were shown after sending. It has 12 letters and numbers.",
                "href": "#receipt",
            }
        )
    return wrong
