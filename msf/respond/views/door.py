"""The anonymous door: a code in, a sealed answer out; no account, no cookie, no session, nothing kept half.

The token is the authority of every POST, so there is no session whose forgery a second token could prevent.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from flask import Blueprint, Response, current_app, make_response, render_template, request
from jinja2 import Environment
from markupsafe import Markup

from msf.base.answers import AnswerSheet, read_answers
from msf.base.clock import utcnow
from msf.base.config import current
from msf.base.db import looking, single_write, transaction
from msf.base.keys import Keys
from msf.instruments import Questionnaire, find, words
from msf.invitations.rules import read_token, token_text
from msf.respond import operations
from msf.respond.queries import Place, place_of, slip_of
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
    return Keys.at(current().keys)


@door.get("/give")
def give() -> str:
    """Where a link or a typed code comes in."""
    return _blank_code(*_where())


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
    with looking() as connection:
        place = place_of(connection, _keys(), given, slip_of(connection, given), now=utcnow())
    if any(name.startswith(("item.", "text.")) for name in request.form):
        return _form(given, place, read_answers(request.form, place.questionnaire), _receipt())
    return _form(given, place, None, new_receipt())


def _send(given: bytes) -> Page:
    receipt = _receipt()
    place = _place_unless_sent(given, receipt)
    if place is not None:
        sheet = read_answers(request.form, place.questionnaire)
        if sheet.errors or sheet.empty:
            return _form(given, place, sheet, receipt, sent=True), 422
        _hand_in(place, operations.sealed_answers(place, sheet), receipt)
    return _thanks(receipt, declined=False)


def _decline(given: bytes) -> Page:
    receipt = _receipt()
    place = _place_unless_sent(given, receipt)
    if place is not None:
        _hand_in(place, operations.sealed_refusal(place), receipt)
    return _thanks(receipt, declined=True)


def _place_unless_sent(given: bytes, receipt: str) -> Place | None:
    """Where the answers go; `None` where this very form was stored before."""
    with looking() as connection:
        slip = slip_of(connection, given)
        return None if slip.sent_with(receipt) else place_of(connection, _keys(), given, slip, now=utcnow())


def _hand_in(place: Place, sealed: bytes, receipt: str) -> None:
    with single_write() as session:
        operations.hand_in(session, place, sealed=sealed, receipt=receipt)


def _receipt() -> str:
    return read_receipt(request.form.get("receipt", "")) or new_receipt()


class Facts(NamedTuple):
    """What the blank form says: of the round, and if groups are counted together; the same for all asked alike."""

    questionnaire: str
    language: str
    practitioner: str
    organisation: str
    closes_at: datetime
    zone: str
    pooled: bool
    k: int


def _form(given: bytes, place: Place, sheet: AnswerSheet | None, receipt: str, *, sent: bool = False) -> str:
    facts = Facts(
        place.questionnaire.reference_name,
        _language(place.questionnaire),
        *(place.practitioner, place.organisation, place.closes_at, place.zone, place.pooled, place.k),
    )
    errors = dict(sheet.errors) if sheet and sent else {}
    if sheet and sent and sheet.empty and not errors:
        errors = {"form": NOTHING_GIVEN}
    values = sheet.values if sheet else {}
    if not values and not errors:
        return _filled_in(_blank_form(*_where(), facts), token_text(given), receipt)
    return _draw_form(facts, values, errors, token_text(given), receipt)


def _draw_form(facts: Facts, values: Mapping[str, str], errors: Mapping[str, str], code: str, receipt: str) -> str:
    questionnaire = find(facts.questionnaire)
    return render_template(
        "respond/form.html",
        **facts._asdict() | {"questionnaire": questionnaire},
        questions=_questions(questionnaire, facts.language, values, errors),
        languages=LANGUAGES,
        words=words,
        code=code,
        receipt=receipt,
        errors=_listed(errors),
        lang=facts.language,
        dir="rtl" if facts.language in RIGHT_TO_LEFT else "ltr",
        organisation_name=facts.organisation,
    )


# Pages that are the same for everybody are drawn once and kept, with marks where a code and a receipt go. What is kept
# names a round at most, never a person who answers.
_CODE, _RECEIPT = (secrets.token_hex(16) for _ in range(2))


def _where() -> tuple[Environment, str]:
    """What a kept page depends on beside its facts: the app that drew it, and the path it is reached under."""
    return current_app.jinja_env, request.script_root


def _filled_in(page: str, code: str, receipt: str) -> str:
    return page.replace(_CODE, code).replace(_RECEIPT, receipt)


@lru_cache(maxsize=256)
def _blank_form(_environment: Environment, _root: str, facts: Facts) -> str:
    return _draw_form(facts, {}, {}, _CODE, _RECEIPT)


@lru_cache(maxsize=16)
def _blank_code(_environment: Environment, _root: str) -> str:
    return render_template("respond/code.html", code="", error="")


@lru_cache(maxsize=16)
def _blank_thanks(_environment: Environment, _root: str, declined: bool) -> str:
    return render_template("respond/thanks.html", receipt=_RECEIPT, declined=declined)


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
    return Markup(  # noqa: S704 - a template that escapes every word it is given
        render_template(
            "respond/_questions.html", q=questionnaire, language=language, words=words, values=values, problems=errors
        )
    )


def _thanks(receipt: str, *, declined: bool) -> Response:
    page = make_response(_filled_in(_blank_thanks(*_where(), declined), "", grouped(receipt)))
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
