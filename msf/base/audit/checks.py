"""The note of each night's check, and what an operator must know about the record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from msf.base.audit.events import INSTALLATION, OPERATOR, AuditEvent, record
from msf.base.audit.key import has_key, sealed
from msf.base.audit.outlet import outlet_of
from msf.base.audit.verifying import Checked
from msf.base.errors import Refusal

LATE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class LastCheck:
    """What the last check of a chain found: up to which entry it holds, and the entry that is wrong, if one is."""

    at: datetime
    through: int
    broken_at: int | None


def note_check(session: Session, found: Iterable[Checked], *, sent_to: str | None, now: datetime) -> None:
    """Record in every chain how far it holds, and for the installation that heads were sent out."""
    chains = list(found)
    for each in chains:
        told: dict[str, Any] = {"through": each.through}
        if each.fault is not None:
            told |= {"broken": each.fault.sequence or 0, "what": each.fault.what}
        _note(session, each.organisation_id, "audit.checked", told, now)
    if sent_to is not None:
        broken = sum(each.fault is not None for each in chains)
        _note(session, INSTALLATION, "audit.sent", {"to": sent_to, "chains": len(chains), "broken": broken}, now)


def _note(session: Session, organisation_id: str, action: str, told: dict[str, Any], now: datetime) -> None:
    facts: dict[str, Any] = {"actor": "system", "object": "audit", "at": now, "details": told}
    record(session, organisation_id=organisation_id, action=action, **facts)


def note_installation(session: Session, action: str, told: dict[str, Any], *, now: datetime) -> None:
    """Record what an operator did to the installation as a whole."""
    facts: dict[str, Any] = {"actor": OPERATOR, "object": INSTALLATION, "at": now, "details": told}
    record(session, organisation_id=INSTALLATION, action=action, **facts)


def note_health(session: Session, action: str, count: int, *, now: datetime) -> None:
    """Record for the installation that `count` things are amiss, where it was another number at the last note."""
    last = _last(session, INSTALLATION, action)
    if count != (last[1]["troubles"] if last else 0):
        _note(session, INSTALLATION, action, {"troubles": count}, now)


def last_check(session: Session, organisation_id: str) -> LastCheck | None:
    """What the last nightly check of one chain found."""
    found = _last(session, organisation_id, "audit.checked")
    return None if found is None else LastCheck(found[0], found[1]["through"], found[1].get("broken"))


def trouble(session: Session, setting: str, *, now: datetime) -> str:
    """What an operator must see to, in words, or nothing."""
    if not has_key():
        return "the key of the record is missing: put it back from the copy of the keys" if sealed(session) else ""
    return _broken(session) or _unsent(session, setting, now)


def _broken(session: Session) -> str:
    query = sa.select(col(AuditEvent.organisation_id)).distinct().where(col(AuditEvent.action) == "audit.checked")
    found = [last_check(session, each) for each in session.scalars(query).all()]
    wrong = any(last is not None and last.broken_at is not None for last in found)
    return "it does not hold: “msf audit verify” names the first wrong entry" if wrong else ""


def _unsent(session: Session, setting: str, now: datetime) -> str:
    try:
        if outlet_of(setting) is None:
            return "heads are sent nowhere, so a record cut short would not be noticed: set MSF_AUDIT_HEADS"
    except Refusal as refusal:
        return refusal.message
    sent = _last(session, INSTALLATION, "audit.sent")
    first = session.execute(sa.select(sa.func.min(AuditEvent.at))).scalar()
    since = sent[0] if sent else first
    if since is None or now - since < LATE:
        return ""
    return "heads were not sent for two days" if sent else "heads were never sent: is “msf work” running?"


def _last(session: Session, organisation_id: str, action: str) -> tuple[datetime, dict[str, Any]] | None:
    query = sa.select(col(AuditEvent.at), col(AuditEvent.details)).where(
        col(AuditEvent.organisation_id) == organisation_id, col(AuditEvent.action) == action
    )
    found = session.execute(query.order_by(col(AuditEvent.sequence).desc()).limit(1)).first()
    return None if found is None else (found[0], found[1])
