"""The oldest entries taken away after their time, with an entry that says how far, so that the rest still holds."""

import logging
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from msf.base.audit.events import WAITING, AuditEvent, record
from msf.base.audit.verifying import verify

log = logging.getLogger(__name__)


def prune(session: Session, organisation_id: str, *, before: datetime, now: datetime) -> int:
    """Delete the organisation's entries up to the first that is not older than `before`; returns how many went.

    The last entry always stays, and the chain goes on from it. Entries from before the chain go with its first ones.
    None goes while one of them is wrong: whoever made them look old would have them deleted, and the chain say so.
    """
    of_it = col(AuditEvent.organisation_id) == organisation_id
    until = _until(session, organisation_id, before.astimezone(UTC))
    if until is None:
        return 0
    new = [each.id for each in session.info.get(WAITING, [])]
    fault = verify(session, organisation_id, without=new).fault
    if fault is not None and (fault.sequence or 0) <= until:
        log.error("Old entries of the record of %s stay: entry %s %s", organisation_id, fault.sequence, fault.what)
        return 0
    mac = session.exec(select(AuditEvent.mac).where(of_it, AuditEvent.sequence == until)).one()
    loose = sa.and_(col(AuditEvent.sequence).is_(None), col(AuditEvent.id).not_in(new))
    old = sa.or_(col(AuditEvent.sequence) <= until, loose)
    gone = session.connection().execute(sa.delete(AuditEvent).where(of_it, old)).rowcount
    record(
        session,
        organisation_id=organisation_id,
        actor="system",
        action="audit.pruned",
        object="audit",
        at=now,
        details={"through": until, "mac": (mac or b"").hex(), "entries": gone},
    )
    return gone


def _until(session: Session, organisation_id: str, before: datetime) -> int | None:
    """The number of the last entry to go, or nothing where none does."""
    number = col(AuditEvent.sequence)
    of_it = (col(AuditEvent.organisation_id) == organisation_id, number.is_not(None))
    first, last = session.execute(sa.select(sa.func.min(number), sa.func.max(number)).where(*of_it)).one()
    young = session.execute(sa.select(sa.func.min(number)).where(*of_it, col(AuditEvent.at) >= before)).scalar()
    if first is None:
        return None
    until = min(last, young or last) - 1
    return until if until >= first else None
