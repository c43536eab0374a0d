"""The coordinator's desk of one round: open, close, extend or cancel it, each asked first."""

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from msf.accounts.guard import me
from msf.accounts.queries import person
from msf.base.clock import end_of, start_of, utcnow
from msf.base.config import current
from msf.base.db import reading, transaction
from msf.base.keys import Keys
from msf.invitations import queries as invitations
from msf.invitations.rules import TooFewAsked
from msf.respond import operations
from msf.respond.forms import CancelForm, ExtendForm
from msf.respond.queries import troubles_of
from msf.rounds import operations as round_book
from msf.rounds import queries as rounds
from msf.rounds.models import Round
from msf.rounds.rules import LABELS, MOVES, RoundRefused

desk = Blueprint("desk", __name__, url_prefix="/rounds/<round_id>/desk")

Page = Response | tuple[str, int] | str
CLOSED = "The round is closed. The keys are being destroyed and the report is being drawn up."
WAITS = "The round takes no more answers. A letter asks its key holders to open them."


def _facts(session: Session, row: Round) -> dict[str, object]:
    zone = rounds.zone_of(session, row)
    return {
        "round": row,
        "zone": zone,
        "state": LABELS[row.state],
        "practitioner": rounds.practitioner_of(session, row).name,
        "opens_at": start_of(row.opens_on, zone),
        "closes_at": end_of(row.closes_on, zone),
        "may": [verb for verb in ("open", "close", "extend", "cancel") if _may(row.state, verb)],
        "holders": [person(session, holder).name for holder in row.key_holders],
        "short": _short(session, row),
        "troubles": list(troubles_of(session, row, _keys())),
    }


def _short(session: Session, row: Round) -> list[str]:
    """Why the round cannot open yet: the sides of which too few would be asked."""
    found = invitations.too_few(session, row) if row.state in ("nominating", "approved") else {}
    refusals = [TooFewAsked(family, people, row.k) for family, people in found.items()]
    return [f"{refusal.message} {refusal.remedy}" for refusal in refusals]


def _may(state: str, verb: str) -> bool:
    if verb == "close":
        return state == "open"
    return state in ("approved", "open") if verb == "extend" else (state, verb) in MOVES


def _visible(round_id: str) -> dict[str, object]:
    with reading() as session:
        return _facts(session, rounds.visible(session, me(), round_id))


def _checked(session: Session, round_id: str) -> str:
    return rounds.visible(session, me(), round_id).id


def _keys() -> Keys:
    return Keys.at(current().keys)


@desk.get("")
def show(round_id: str) -> str:
    """What can be done with the round now."""
    return render_template("respond/desk.html", **_visible(round_id))


@desk.get("/open")
def ask_open(round_id: str) -> str:
    """Ask before letters go out."""
    return render_template("respond/desk_open.html", **_visible(round_id))


@desk.post("/open")
def open_now(round_id: str) -> Page:
    """Make the slots, then send the invitations."""
    with transaction() as session:
        operations.open_round(session, _checked(session, round_id), keys=_keys(), by=me().id, now=utcnow())
    flash("The round is open. The invitations are on their way.", "success")
    return redirect(url_for(".show", round_id=round_id), 303)


@desk.get("/close")
def ask_close(round_id: str) -> str:
    """Ask before a round is closed early."""
    return render_template("respond/desk_close.html", **_visible(round_id))


@desk.post("/close")
def close_now(round_id: str) -> Page:
    """Open, shuffle and pool the answers; nobody can answer any more."""
    with transaction() as session:
        operations.close_round(session, _checked(session, round_id), keys=_keys(), by=me().id, now=utcnow())
        waits = rounds.visible(session, me(), round_id).state == "awaiting_key_holder"
    flash(WAITS if waits else CLOSED, "success")
    return redirect(url_for(".show", round_id=round_id), 303)


@desk.route("/extend", methods=["GET", "POST"])
def extend(round_id: str) -> Page:
    """Give people more time."""
    facts, form = _visible(round_id), ExtendForm()
    if not form.validate_on_submit() or not _extended(round_id, form):
        return render_template("respond/desk_extend.html", form=form, **facts), 422 if form.errors else 200
    flash("The round stays open longer.", "success")
    return redirect(url_for(".show", round_id=round_id), 303)


def _extended(round_id: str, form: ExtendForm) -> bool:
    """Whether the later day was taken; what is wrong with it stands at its box."""
    try:
        with transaction() as session:
            mine = _checked(session, round_id)
            round_book.extend_round(session, mine, closes_on=form.closes_on.data, by=me().id, now=utcnow())
    except RoundRefused as refusal:
        form.closes_on.errors = [refusal.message]
        return False
    return True


@desk.route("/cancel", methods=["GET", "POST"])
def cancel(round_id: str) -> Page:
    """End the round without a report; what was collected is destroyed unread."""
    facts, form = _visible(round_id), CancelForm()
    if not form.validate_on_submit():
        return render_template("respond/desk_cancel.html", form=form, **facts), 422 if form.errors else 200
    with transaction() as session:
        operations.cancel_round(
            session, _checked(session, round_id), reason=form.reason.data or "", by=me().id, now=utcnow()
        )
    flash("The round is cancelled. Any answers were destroyed unread.", "success")
    return redirect(url_for(".show", round_id=round_id), 303)
