"""What happens because a date has come: rounds open and close, reminders start, the daily total is counted."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from msf.base.clock import today
from msf.base.config import current
from msf.base.db import reading, transaction
from msf.base.keys import Keys
from msf.base.queue import where
from msf.respond import operations
from msf.respond.jobs.ending import destroy_outlived
from msf.respond.jobs.holders import Alarm
from msf.respond.jobs.pulse import unusual, watch
from msf.responses import queries as responses
from msf.rounds import operations as round_book
from msf.rounds import queries as rounds
from msf.rounds.models import Round
from msf.rounds.operations.tallies import record_burst
from msf.rounds.rules import WrongState

log = logging.getLogger(__name__)

SYSTEM = "system"

_alarm = Alarm()
_said: dict[str, str] = {}
"""What was last said of a round whose date could not be kept: it is tried every second, and said once."""


def tick(now: datetime) -> None:
    """Everything that happens because a date has come; cheap where none has."""
    with reading() as session:
        opening = rounds.due_to_open(session, now)
        closing = rounds.due_to_close(session, now)
        waves = [(row.id, wave) for row in rounds.open_rounds(session) for wave in _due_waves(session, row, now)]
    facts: dict[str, Any] = {"keys": Keys.at(current().keys), "by": SYSTEM, "now": now}
    bursts = watch(now, closing=closing)
    for round_id in opening:
        _try(round_id, partial(operations.open_round, **facts))
    for round_id in closing:
        _try(round_id, partial(operations.close_round, **facts))
    for round_id, wave in waves:
        _try(round_id, partial(operations.start_wave, wave=wave, now=now))
    for round_id in bursts:
        _try(round_id, record_burst)
    _count(now)
    try:
        destroy_outlived()
    finally:
        _alarm.look(now)


def _try(round_id: str, step: Callable[[Session, str], object]) -> None:
    """Do one step for one round; what goes wrong with it stops no other round."""
    try:
        with transaction() as session:
            step(session, round_id)
        _said.pop(round_id, None)
    except WrongState:
        log.info("Another worker was faster with round %s.", round_id)
    except Exception as error:
        if _said.get(round_id) != where(error):
            log.error("A date of round %s could not be kept, and is tried again: %s", round_id, where(error))
        _said[round_id] = where(error)


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
    answered = responses.filled(session, round_id)
    round_book.record_answered(session, round_id, answered=answered, on=here, burst=unusual(round_id))
