"""Patients: addresses pasted one a line, and cards that are printed and handed out to nobody by name."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass

import segno
from flask import Blueprint, flash, redirect, render_template, url_for

from msf.accounts.guard import me
from msf.base.clock import utcnow
from msf.base.config import current
from msf.base.db import reading, transaction
from msf.base.keys import Keys
from msf.invitations import operations, queries
from msf.invitations.forms import STATUSES, CardsForm, PatientsForm
from msf.invitations.rules import (
    LinesRefused,
    NomineeRefused,
    NoPlaceLeft,
    TooFewAsked,
    token,
    token_groups,
    token_text,
)
from msf.invitations.views.round import Page, Seen, decided, page_number
from msf.rounds.rules import CHOOSING, check_in

patients = Blueprint("patients", __name__, url_prefix="/rounds/<round_id>")

SHEET = 24


@patients.route("/patients", methods=["GET", "POST"])
def index(round_id: str) -> Page:
    """The patients invited by letter, and a box to paste more addresses into."""
    with reading() as session:
        found = decided(session, round_id)
        form = PatientsForm.of(found.questionnaire("patients"))
    problems: list[dict[str, str]] = []
    if form.validate_on_submit():
        added, problems = _added(form, round_id)
        if added:
            flash(f"{added} {'patient was' if added == 1 else 'patients were'} added.", "success")
            return redirect(url_for(".index", round_id=round_id), 303)
    with reading() as session:
        people = queries.nominees_of(session, round_id, family="patients", page=page_number())
        mix = queries.mix(session, round_id)["patients"]
        cards = len(queries.cards_of(session, round_id))
    page = render_template(
        "invitations/patients.html",
        **found.facts,
        form=form,
        problems=problems,
        people=people,
        mix=mix,
        cards=cards,
        statuses=STATUSES,
        page_href=lambda number: url_for(".index", round_id=round_id, page=number),
    )
    return page, 422 if form.errors else 200


def _added(form: PatientsForm, round_id: str) -> tuple[int, list[dict[str, str]]]:
    """How many were added; where it is none, what is wrong, line by line."""
    try:
        with transaction() as session:
            group = form.group.data if "group" in form else None
            typed = form.addresses.data or ""
            return operations.add_patients(
                session, round_id, addresses=typed, group=group, by=me().id, now=utcnow()
            ), []
    except LinesRefused as refusal:
        form.addresses.errors = [f"{refusal.message} {refusal.remedy}"]
        return 0, [
            {"text": f"Line {each.line}, {each.text}: {each.message}", "href": "#addresses"}
            for each in refusal.problems
        ]
    except (NomineeRefused, NoPlaceLeft) as refusal:
        form.addresses.errors = [refusal.message]
        return 0, []


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed on one card: the picture of the link, and the code to type."""

    picture: str
    code: str


@patients.route("/cards", methods=["GET", "POST"])
def cards(round_id: str) -> Page:
    """How many cards there are, a form for more, and the sheets to print while the round is open."""
    with reading() as session:
        found = decided(session, round_id)
        form = CardsForm.of(found.questionnaire("patients"))
    if form.validate_on_submit() and (made := _made(form, round_id)):
        flash(f"{made} {'card was' if made == 1 else 'cards were'} made.", "success")
        return redirect(url_for(".cards", round_id=round_id), 303)
    with reading() as session:
        count = len(queries.cards_of(session, round_id))
    page = render_template(
        "invitations/cards.html", **found.facts, form=form, count=count, sheets=-(-count // SHEET), size=SHEET
    )
    return page, 422 if form.errors else 200


def _made(form: CardsForm, round_id: str) -> int:
    try:
        with transaction() as session:
            group = form.group.data if "group" in form else None
            made = operations.add_cards(
                session, round_id, count=form.count.number or 0, group=group, by=me().id, now=utcnow()
            )
    except (NomineeRefused, NoPlaceLeft, TooFewAsked) as refusal:
        form.count.errors = [f"{refusal.message} {refusal.remedy}"]
        return 0
    return len(made)


@patients.get("/cards/sheet")
def sheet(round_id: str) -> str:
    """One sheet of cards to print and cut; only while the round is open, since only then there is a key."""
    number = page_number()
    with reading() as session:
        found = decided(session, round_id)
        minutes = found.questionnaire("patients").minutes
        check_in(found.row.state, frozenset({"open"}), "print cards")
        places = queries.cards_of(session, round_id)[(number - 1) * SHEET : number * SHEET]
    return render_template(
        "invitations/sheet.html",
        **found.facts,
        cards=_cards(found, places),
        number=number,
        minutes=minutes,
        door=f"{current().base_url}/give",
    )


@patients.get("/cards/revoke")
def ask_revoke(round_id: str) -> str:
    """Ask before every card of the round becomes useless."""
    with reading() as session:
        found = decided(session, round_id)
        count = len(queries.cards_of(session, round_id))
    check_in(found.row.state, CHOOSING, "revoke its cards")
    return render_template("invitations/cards_revoke.html", **found.facts, count=count)


@patients.post("/cards/revoke")
def revoke(round_id: str) -> Page:
    """Revoke every card of the round, used or not."""
    with reading() as session:
        decided(session, round_id)
    with transaction() as session:
        count = operations.revoke_cards(session, round_id, by=me().id, now=utcnow())
    flash(f"{count} {'card is' if count == 1 else 'cards are'} revoked. New ones can be made.", "success")
    return redirect(url_for(".cards", round_id=round_id), 303)


def _cards(found: Seen, places: Sequence[queries.Place]) -> list[Card]:
    secret = Keys.at(current().keys).tokens.read(found.row.id) if places else b""
    codes = [token_text(token(secret, place.n)) for place in places]
    return [Card(_picture(f"{current().base_url}/give#{code}"), token_groups(code)) for code in codes]


def _picture(link: str) -> str:
    """The link as a QR code, an image in an address of its own."""
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="svg", border=4, scale=4, xmldecl=False, dark="#000")
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode("ascii")
