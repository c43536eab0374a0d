"""Deleting what was kept for long enough: counted first or for good, batch by batch, and the files rewritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from msf.base import audit
from msf.base.db import reading, transaction
from msf.base.queue import defer
from msf.base.retention.periods import PERIODS, Tenant

Tally = dict[str, dict[str, int]]
"""How much of what, by the id of the organisation it belongs to."""

SWEPT = "retention.swept"
"""The action of the audit entry that a sweep leaves behind."""


class Step(Protocol):
    """Counts everything that is due (`dry`), or deletes some of it; an empty tally says that nothing is left."""

    def __call__(self, session: Session, tenants: Sequence[Tenant], *, now: datetime, dry: bool) -> Tally: ...


@dataclass(frozen=True, slots=True)
class Sweep:
    """One kind of thing that is deleted after its time, and the tables that are rewritten afterwards."""

    name: str
    step: Step
    tables: tuple[str, ...]

    @property
    def label(self) -> str:
        """What it deletes, in words."""
        return PERIODS[self.name].label if self.name in PERIODS else "Work that was given up a month ago"


def sweep(chosen: Sweep, tenants: Sequence[Tenant], *, now: datetime, by: str = "system") -> Tally:
    """Delete what is due, batch by batch, each with its audit entries and the rewriting of its files asked for.

    The rewriting is a job of its own, tried until it is done: deleted rows leave no bytes behind.
    """
    total: Tally = {}
    while found := _batch(chosen, tenants, now=now, by=by):
        total = together(total, found)
    return total


def _batch(chosen: Sweep, tenants: Sequence[Tenant], *, now: datetime, by: str) -> Tally:
    with transaction() as session:
        found = chosen.step(session, tenants, now=now, dry=False)
        for organisation_id, counts in found.items():
            audit.record(
                session,
                organisation_id=organisation_id,
                actor=by,
                action=SWEPT,
                object=chosen.name,
                at=now,
                details=dict(counts),
            )
        if found:
            defer(session, "accounts.scrub", {"tables": list(chosen.tables)}, run_at=now)
    return found


def due(chosen: Sweep, tenants: Sequence[Tenant], *, now: datetime) -> Tally:
    """What `sweep` would delete now; nothing is written."""
    with reading() as session:
        return chosen.step(session, tenants, now=now, dry=True)


def together(*tallies: Tally) -> Tally:
    """The counts of several tallies, added.

    >>> together({"a": {"people": 2}}, {"a": {"people": 1, "rounds": 1}})
    {'a': {'people': 3, 'rounds': 1}}
    """
    whole: Tally = {}
    for tally in tallies:
        for organisation_id, counts in tally.items():
            for what, number in counts.items():
                of_it = whole.setdefault(organisation_id, {})
                of_it[what] = of_it.get(what, 0) + number
    return whole
