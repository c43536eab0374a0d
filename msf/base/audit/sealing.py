"""Seals what a session recorded when it commits, under one lock for each organisation, taken last and in order."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event as events
from sqlalchemy.orm import Session as AnySession
from sqlmodel import Session, col, select

from msf.base.audit.chain import link
from msf.base.audit.events import INSTALLATION, OPERATOR, WAITING, AuditEvent, record
from msf.base.audit.heads import Head, heads
from msf.base.audit.key import audit_key, has_key, make_key
from msf.base.audit.rows import digest_of, loose
from msf.base.errors import Refusal
from msf.base.tables import new_id


class KeyThere(Refusal):
    """A new key was asked for while there is one."""

    title = "There is a key"
    message = "The key of the record is there, so no new one was made."
    remedy = "If it is the wrong one, take its file away first, and keep it."


def seal(session: AnySession) -> None:
    """Give every event that this session recorded its place and its seal; runs before each commit.

    All else is written before the lock is taken, so that whoever holds it waits for nobody.
    """
    waiting = [] if session.in_nested_transaction() else session.info.pop(WAITING, [])
    kept = [each for each in waiting if each in session]
    if not kept:
        return
    new = session.new
    unwritten = [each for each in kept if each in new]
    for each in unwritten:
        session.expunge(each)
    session.flush()
    key = audit_key()
    for organisation_id in sorted({each.organisation_id for each in kept}):
        _lock(session, organisation_id)
        _extend(session, key, [each for each in kept if each.organisation_id == organisation_id])
    session.add_all(unwritten)


def _lock(session: AnySession, organisation_id: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(f"audit {organisation_id}".encode()).digest()[:8], "big", signed=True)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.cast(number, sa.BigInteger))))


def _extend(session: AnySession, key: bytes, new: list[AuditEvent]) -> None:
    head = select(AuditEvent.sequence, AuditEvent.mac).where(
        AuditEvent.organisation_id == new[0].organisation_id, col(AuditEvent.sequence).is_not(None)
    )
    found = session.execute(head.order_by(col(AuditEvent.sequence).desc()).limit(1)).first()
    last, mac = (0, b"") if found is None else found
    for number, each in enumerate(_opening(session, new) + new if found is None else new, last + 1):
        each.sequence = number
        each.mac = mac = link(key, mac, each)


def _opening(session: AnySession, new: list[AuditEvent]) -> list[AuditEvent]:
    """An entry that seals, as a whole, what was recorded before there was a chain; none where nothing was."""
    organisation_id = new[0].organisation_id
    count, mark = digest_of(loose(session, organisation_id, without=[each.id for each in new]))
    if not count:
        return []
    first = AuditEvent(
        id=new_id(),
        organisation_id=organisation_id,
        at=new[0].at,
        actor="system",
        action="audit.begun",
        object="audit",
        details={"before": count, "digest": mark},
    )
    session.add(first)
    return [first]


def reseal(session: Session, *, reason: str, lost: Iterable[Head] = (), now: datetime) -> int:
    """Mark in every chain that the database was restored and the chain goes on from here; returns how many.

    `lost` are heads that were sent out: where one is further than the chain here, the entry names it as lost.
    """
    here = {head.organisation_id: head.sequence for head in heads(session)}
    furthest = _furthest(lost)
    for organisation_id in sorted({INSTALLATION, *here, *furthest}):
        gone = furthest.get(organisation_id)
        told: dict[str, Any] = {"reason": reason, "from": here.get(organisation_id, 0)}
        if gone is not None and gone.sequence > told["from"]:
            told |= {"lost": gone.sequence, "mac": gone.mac.hex()}
        _mark(session, organisation_id, told, now)
    return len({INSTALLATION, *here, *furthest})


def begin_again(session: Session, *, reason: str, now: datetime) -> int:
    """Make a new key where the old one is lost, and mark it in every chain; what came before cannot be checked."""
    if has_key():
        raise KeyThere
    make_key()
    found = {INSTALLATION: 0} | {head.organisation_id: head.sequence for head in heads(session)}
    for organisation_id, sequence in sorted(found.items()):
        _mark(session, organisation_id, {"reason": reason, "from": sequence, "key": "new"}, now)
    return len(found)


def _furthest(lost: Iterable[Head]) -> dict[str, Head]:
    found: dict[str, Head] = {}
    for head in lost:
        if head.organisation_id not in found or head.sequence > found[head.organisation_id].sequence:
            found[head.organisation_id] = head
    return found


def _mark(session: Session, organisation_id: str, told: dict[str, Any], now: datetime) -> None:
    record(
        session,
        organisation_id=organisation_id,
        actor=OPERATOR,
        action="audit.resealed",
        object="audit",
        at=now,
        details=told,
    )


events.listen(AnySession, "before_commit", seal)
