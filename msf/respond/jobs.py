"""What the door does by itself: opens and closes rounds on their dates, reminds the silent, destroys keys."""

import contextlib
import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from smtplib import SMTPException
from typing import Any

from sqlmodel import Session

from msf.base import db
from msf.base.clock import today
from msf.base.config import current
from msf.base.db import reading, transaction
from msf.base.errors import Refusal
from msf.base.keys import Keys
from msf.base.mail import Letter, sender_of
from msf.base.queue import where
from msf.invitations import queries as invitations
from msf.invitations.rules import slot_hash, token
from msf.respond import operations
from msf.respond.queries import KEEP_KEYS, outlived
from msf.responses import queries as responses
from msf.rounds import operations as round_book
from msf.rounds import queries as rounds
from msf.rounds.models import Round
from msf.rounds.rules import WrongState

log = logging.getLogger(__name__)

SYSTEM = "system"


def _keys() -> Keys:
    return Keys.at(current().keys)


def tick(now: datetime) -> None:
    """Everything that happens because a date has come; cheap where none has."""
    with reading() as session:
        opening = rounds.due_to_open(session, now)
        closing = rounds.due_to_close(session, now)
        waves = [(row.id, wave) for row in rounds.open_rounds(session) for wave in _due_waves(session, row, now)]
    facts: dict[str, Any] = {"keys": _keys(), "by": SYSTEM, "now": now}
    for round_id in opening:
        _try(round_id, partial(operations.open_round, **facts))
    for round_id in closing:
        _try(round_id, partial(operations.close_round, **facts))
    for round_id, wave in waves:
        _try(round_id, partial(operations.start_wave, wave=wave, now=now))
    _count(now)
    _destroy_outlived()


def _try(round_id: str, step: Callable[[Session, str], object]) -> None:
    """Do one step for one round; what goes wrong with it stops no other round."""
    try:
        with transaction() as session:
            step(session, round_id)
    except WrongState:
        log.info("Another worker was faster with round %s.", round_id)
    except Exception as error:
        log.error("A date of round %s could not be kept, and is tried again: %s", round_id, where(error))


def _due_waves(session: Session, row: Round, now: datetime) -> list[int]:
    here = today(now, rounds.zone_of(session, row))
    due = [day for day in row.reminder_days if row.opens_on + timedelta(days=day) <= here]
    return [day for day in due[-1:] if str(day) not in row.waves]


def _count(now: datetime) -> None:
    """Refresh the one total of each open round that is older than today."""
    with reading() as session:
        stale = [
            (row.id, here)
            for row in rounds.open_rounds(session)
            if (here := today(now, rounds.zone_of(session, row))) != row.answered_on
        ]
    for round_id, here in stale:
        _try(round_id, partial(_recount, here=here))


def _recount(session: Session, round_id: str, *, here: date) -> None:
    round_book.record_answered(session, round_id, answered=responses.filled(session, round_id), on=here)


def _destroy_outlived() -> None:
    """Destroy keys whose round has ended, should the job that does so have been given up."""
    with reading() as session:
        ended = outlived(session, _keys())
    for round_id in ended:
        _keys().destroy(round_id)


def finish_close(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Destroy the keys of an ended round and rewrite the files its slots were in; may be repeated."""
    round_id = payload["round_id"]
    with reading() as session:
        state = rounds.states(session, [round_id]).get(round_id)
    if state and state[1] not in KEEP_KEYS:
        _keys().destroy(round_id)
        db.scrub(db.current(), "slot")


def remind(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Write to one invited person, unless their slot is filled; either way the job ends alike and leaves no mark.

    What may fail is tried before the slot is looked at, so that a waiting job tells nothing. A letter that its
    receiver's server refuses is not tried again: a job that stayed would name somebody who has not answered.
    """
    sender = sender_of(current().mail)
    sender.check()
    with reading() as session:
        written = _reminder(session, payload["invitation_id"], now)
    if written is not None:
        with contextlib.suppress(OSError, SMTPException, Refusal):
            sender.send(written, sender=current().mail_from, now=now)


def _reminder(session: Session, invitation_id: str, now: datetime) -> Letter | None:
    place = invitations.addressed_place(session, invitation_id, now=now)
    if place is None:
        return None
    secret = _keys().tokens.read(place.round.id)
    found = responses.slot(session, slot_hash(token(secret, place.invited.n)))
    if found is None or found.spent:
        return None
    return invitations.letter_to(session, place, name="reminder", secret=secret)
