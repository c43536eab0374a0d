"""Moving a round from state to state, and changing when it closes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from msf.base.clock import today
from msf.base.queue import defer
from msf.rounds import rules
from msf.rounds.models import Round
from msf.rounds.operations.deeds import held, record_deed
from msf.rounds.queries import zone_of


def mark(session: Session, round_id: str, verb: str, *, by: str, now: datetime) -> Round:
    """Make one move of the table of states that needs nothing else."""
    round = held(session, round_id, by)
    return _move(session, round, verb, by, now)


def _move(
    session: Session, round: Round, verb: str, by: str, now: datetime, details: Mapping[str, Any] | None = None
) -> Round:
    before, round.state = round.state, rules.after(round.state, verb)
    if (day := _DAYS.get(round.state)) and getattr(round, day) is None:
        setattr(round, day, today(now, zone_of(session, round)))
    session.add(round)
    record_deed(session, round, f"round.{verb}", by, now, {"from": before, "to": round.state, **(details or {})})
    return round


_DAYS = {"released_practitioner": "final_on", "cancelled": "cancelled_on"}
"""The states whose first day is kept, since the time for which things are kept begins with it."""


def start_nominating(session: Session, round_id: str, *, by: str, now: datetime) -> Round:
    """Ask the practitioner to choose people: the round leaves draft and a letter goes to them."""
    round = mark(session, round_id, "start_nominating", by=by, now=now)
    defer(
        session, "rounds.ask_nominations", {"round_id": round.id}, run_at=now, key=f"rounds.ask_nominations {round.id}"
    )
    return round


def approve_round(session: Session, round_id: str, *, by: str, now: datetime) -> Round:
    """Agree to the list of people as a whole; the practitioner cannot do this for their own round."""
    round = held(session, round_id, by)
    if by == round.practitioner_id:
        raise rules.refused(round.state, "approve a list for yourself: somebody else has to do that")
    return _move(session, round, "approve", by, now)


def mark_open(session: Session, round_id: str, *, seal_public: bytes, pool: int, by: str, now: datetime) -> Round:
    """Open the round for answers with its public key and a pool of `pool` slots, from today on."""
    round = held(session, round_id, by)
    day = today(now, zone_of(session, round))
    if round.closes_on < day:
        raise rules.RoundRefused(
            "The closing date has passed. Extend the round first, then open it.", field="closes_on"
        )
    round.seal_public, round.pool, round.opens_on = seal_public, pool, day
    return _move(session, round, "open", by, now, {"pool": pool})


def mark_closed(
    session: Session,
    round_id: str,
    *,
    partition: Mapping[str, Any],
    invited: Mapping[str, Any],
    origins: Mapping[str, Any],
    opened: int,
    unreadable: int,
    asked_staff: Sequence[str] = (),
    by: str,
    now: datetime,
    on: date,
) -> Round:
    """Close the round and freeze what its report may show and how many were asked; never changed again."""
    round = held(session, round_id, by)
    round.partition, round.invited, round.origins = dict(partition), dict(invited), dict(origins)
    round.opened, round.unreadable, round.closed_on = opened, unreadable, on
    round.asked_staff = list(asked_staff)
    return _move(session, round, "close", by, now, {"opened": opened, "unreadable": unreadable})


def extend_round(session: Session, round_id: str, *, closes_on: date, by: str, now: datetime) -> Round:
    """Move the closing date of a round that is not closed yet to a later day."""
    round = held(session, round_id, by)
    rules.check_in(round.state, rules.PREPARING | {"open"}, "extend it")
    rules.check_extension(round.opens_on, round.closes_on, closes_on, today=today(now, zone_of(session, round)))
    days = (closes_on - round.closes_on).days
    round.closes_on = closes_on
    session.add(round)
    record_deed(session, round, "round.extended", by, now, {"days": days})
    return round


def cancel_round(session: Session, round_id: str, *, reason: str, by: str, now: datetime) -> Round:
    """End a round before its close, with a reason; what was collected is destroyed unread by the caller."""
    return _end(session, round_id, "cancel", reason, by, now)


def void_round(session: Session, round_id: str, *, reason: str, by: str, now: datetime) -> Round:
    """Make a released round void, with a reason; its report stays readable as void."""
    return _end(session, round_id, "void", reason, by, now)


def _end(session: Session, round_id: str, verb: str, reason: str, by: str, now: datetime) -> Round:
    round = held(session, round_id, by)
    round.ended_reason = rules.check_reason(reason)
    return _move(session, round, verb, by, now)


def archive_rounds(session: Session, round_ids: Sequence[str]) -> None:
    """End rounds for good whose report was deleted, and drop the words in which some were made void."""
    done = [state for state, verb in rules.MOVES if verb == "archive"]
    rows = sa.update(Round).where(col(Round.id).in_(round_ids), col(Round.state).in_(done))
    session.execute(rows.values(state="archived", ended_reason=None))
