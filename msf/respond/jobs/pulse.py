"""The worker's watch over how fast answers come in, in its memory alone: no time of an answer is ever written."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msf.base.db import reading
from msf.respond.rules import Pulse
from msf.responses import queries as responses
from msf.rounds import queries as rounds

LOOK = timedelta(seconds=20)

_pulses: dict[str, Pulse] = {}
_looked: dict[str, datetime] = {}


def watch(now: datetime, *, closing: Iterable[str] = ()) -> list[str]:
    """Look at the totals every 20 seconds, and before a close; the rounds that have ended and had a burst.

    A burst is written with the daily total, or after the end of the round, so that the row tells no minute either.
    """
    last = _looked.get("at")
    if last is not None and timedelta(0) <= now - last < LOOK and not closing:
        return []
    _looked["at"] = now
    with reading() as session:
        totals = responses.filled_by_round(session, [row.id for row in rounds.open_rounds(session)])
    for round_id, total in totals.items():
        _pulses.setdefault(round_id, Pulse()).see(total, at=now)
    ended = {round_id: _pulses.pop(round_id) for round_id in _pulses.keys() - totals.keys()}
    return [round_id for round_id, pulse in ended.items() if pulse.unusual]


def unusual(round_id: str) -> bool:
    """Whether this worker has seen a burst in a round that is open."""
    pulse = _pulses.get(round_id)
    return pulse is not None and pulse.unusual
