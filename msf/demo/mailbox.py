"""The demo's letters on a page of its own, so that links work without a mail server; never part of a real site."""

import re
from pathlib import Path

from flask import Blueprint, abort, render_template, request, url_for
from markupsafe import Markup, escape

from msf.base.config import current
from msf.base.mail import Caught, caught

mailbox = Blueprint("demo", __name__, url_prefix="/demo/mail")

PAGE = 50
_LINK = re.compile(r"https?://[^\s<>]+")


def _letters() -> list[Caught]:
    return caught(Path(current().mail.removeprefix("folder:")))


@mailbox.get("")
def show() -> str:
    """The letters, the newest first, by page and by the start of the receiver's address."""
    wanted = request.args.get("to", "").strip().lower()[:100]
    letters = [letter for letter in _letters() if letter.to.startswith(wanted)]
    pages = max(1, -(-len(letters) // PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = letters[(number - 1) * PAGE : number * PAGE]
    return render_template(
        "demo/mail.html",
        letters=shown,
        total=len(letters),
        number=number,
        pages=pages,
        to=wanted,
        page_url=lambda page: url_for(".show", to=wanted, page=page),
    )


@mailbox.get("/<letter_id>")
def letter(letter_id: str) -> str:
    """One letter with its links."""
    found = next((each for each in _letters() if each.id == letter_id), None)
    if found is None:
        abort(404)
    return render_template("demo/letter.html", letter=found, text=linked(found.text))


def linked(text: str) -> Markup:
    """`text` with its addresses as links, everything else escaped."""
    parts, at = [], 0
    for match in _LINK.finditer(text):
        parts.append(escape(text[at : match.start()]))
        parts.append(Markup('<a class="govuk-link" href="{0}">{0}</a>').format(match.group()))
        at = match.end()
    return Markup("").join([*parts, escape(text[at:])])
