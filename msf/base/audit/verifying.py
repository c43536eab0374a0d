"""Walks a chain entry by entry and names the first that is not what was sealed, or that is not there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlmodel import col

from msf.base.audit.chain import link
from msf.base.audit.diagnosis import diagnosis
from msf.base.audit.events import AuditEvent
from msf.base.audit.heads import Head
from msf.base.audit.key import audit_key
from msf.base.audit.rows import Row, digest_of, loose, marks, rows

_REWRITTEN = "is not the one whose seal was sent out: the chain was written anew"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry of a chain that is wrong; it has no `sequence` where it has no place in the chain."""

    organisation_id: str
    sequence: int | None
    at: datetime | None
    action: str
    what: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One chain as it was found: up to which entry it holds, and how many entries it says nothing about.

    `before` are older than the chain, `pruned` went after their time, `unchecked` were sealed under a key that is lost.
    """

    organisation_id: str
    through: int = 0
    mac: bytes = b""
    before: int = 0
    pruned: int = 0
    unchecked: int = 0
    fault: Fault | None = None


def chains(session: Session) -> list[str]:
    """Every organisation that has entries, in order."""
    query = sa.select(col(AuditEvent.organisation_id)).distinct().order_by(col(AuditEvent.organisation_id))
    return list(session.scalars(query))


def verify(
    session: Session, organisation_id: str, *, heads: Iterable[Head] = (), without: Iterable[str] = ()
) -> Checked:
    """Check one chain to its end, or to the first fault; `heads` of it that were sent out show a tail that is cut.

    `without` names entries that this session has recorded and not sealed yet. `AuditKeyMissing` where there are sealed
    entries but no key.
    """
    walk = _Walk(session, organisation_id, heads, without)
    fault = walk.begin()
    for row in () if fault else rows(session, organisation_id):
        if fault := walk.step(row):
            break
    return replace(walk.found, fault=fault or walk.end())


class _Walk:
    """A chain on its way from the first entry to the last."""

    def __init__(self, session: Session, organisation_id: str, heads: Iterable[Head], without: Iterable[str]) -> None:
        self._session, self._organisation_id, self._without = session, organisation_id, list(without)
        self._sent = {head.sequence: head.mac for head in heads if head.organisation_id == organisation_id}
        # What the chain tells of itself; these entries are checked on the way like all others.
        told = marks(session, organisation_id)
        again = [row for row in told if row.action == "audit.resealed"]
        self._pruned = {row.details["through"]: row.details["mac"] for row in told if row.action == "audit.pruned"}
        self._lost = [(row.sequence or 0, row.details.get("lost", 0)) for row in again]
        self._key_since = max((row.sequence or 0 for row in again if row.details.get("key") == "new"), default=0)
        self._key = b""
        self.found = Checked(organisation_id)

    def begin(self) -> Fault | None:
        """Start at the first entry there is: number 1, or the one behind those that went after their time."""
        first = next(rows(self._session, self._organisation_id), None)
        before, digest = digest_of(loose(self._session, self._organisation_id, without=self._without))
        self.found = replace(self.found, before=before)
        if first is None:
            return None
        self._key = audit_key()
        told = first.details if first.action == "audit.begun" and first.sequence == 1 else {}
        if before != told.get("before", 0) or (before and digest != told.get("digest")):
            return self._outside(before, told.get("before", 0))
        return self._skip((first.sequence or 0) - 1, first)

    def _outside(self, count: int, sealed: int) -> Fault:
        """What has no place in the chain is not what was there when the chain began."""
        some = next(loose(self._session, self._organisation_id, without=self._without), None) if not sealed else None
        if some is not None:
            return self._fault(None, some, "was inserted: it has no seal")
        what = f"from before the chain are not those it began with: {sealed} then, {count} now"
        return Fault(self._organisation_id, None, None, "", what)

    def _skip(self, gone: int, first: Row) -> Fault | None:
        """Pass over what was taken away after its time, if the chain says so."""
        if gone in self._pruned:
            mac = bytes.fromhex(self._pruned[gone])
            self.found = replace(self.found, through=gone, mac=mac, pruned=gone)
            if self._differs(gone, mac):
                return self._fault(gone + 1, first, _REWRITTEN)
        return None

    def step(self, row: Row) -> Fault | None:
        """Take one entry, or tell what is wrong with it."""
        number = self.found.through + 1
        if row.sequence != number:
            return self._fault(number, row, f"is missing; the next one there is {row.sequence}")
        if number < self._key_since:
            self.found = replace(self.found, unchecked=self.found.unchecked + 1)
        elif row.mac != link(self._key, self.found.mac, row):
            return self._fault(number, row, diagnosis(self._session, self._key, self.found.mac, row))
        if self._differs(number, row.mac or b""):
            return self._fault(number, row, _REWRITTEN)
        self.found = replace(self.found, through=number, mac=row.mac or b"")
        return None

    def end(self) -> Fault | None:
        """Whether a head that was sent out lies behind the last entry."""
        furthest = max((number for number in self._sent if not self._excused(number)), default=0)
        if furthest <= self.found.through:
            return None
        what = f"is missing: the end is cut, entry {furthest} was sent out as the last"
        return Fault(self._organisation_id, self.found.through + 1, None, "", what)

    def _differs(self, number: int, mac: bytes) -> bool:
        """Whether another seal was sent out for this entry, and it was not lost at a restore."""
        return self._sent.get(number, mac) != mac and not self._excused(number)

    def _excused(self, number: int) -> bool:
        return any(resealed <= number <= lost for resealed, lost in self._lost)

    def _fault(self, number: int | None, row: Row, what: str) -> Fault:
        return Fault(self._organisation_id, number, row.at, row.action, what)
