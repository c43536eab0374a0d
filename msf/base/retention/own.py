"""What the installation keeps by itself: the entries of the audit trail, and work that was given up."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from msf.base.audit import AuditEvent, prune
from msf.base.queue import Job
from msf.base.retention.periods import INSTALLATION, Tenant
from msf.base.retention.sweeping import Tally

DEAD_FOR = timedelta(days=30)


def forget_entries(session: Session, tenants: Sequence[Tenant], *, now: datetime, dry: bool) -> Tally:
    """Take the oldest entries of each chain away; the last one always stays."""
    count = _old_entries if dry else _prune
    found = {tenant.id: count(session, tenant, now) for tenant in (*tenants, INSTALLATION)}
    return {organisation_id: {"entries": number} for organisation_id, number in found.items() if number}


def _prune(session: Session, tenant: Tenant, now: datetime) -> int:
    return prune(session, tenant.id, before=tenant.before("audit", now), now=now)


def _old_entries(session: Session, tenant: Tenant, now: datetime) -> int:
    of_it = col(AuditEvent.organisation_id) == tenant.id
    old = session.exec(select(sa.func.count()).where(of_it, col(AuditEvent.at) < tenant.before("audit", now))).one()
    every = session.exec(select(sa.func.count()).where(of_it)).one() if old else 0
    return min(old, every - 1) if old else 0


def forget_work(session: Session, tenants: Sequence[Tenant], *, now: datetime, dry: bool) -> Tally:
    """Delete work that was given up a month ago."""
    old = (col(Job.state) == "dead", col(Job.run_at) < now - DEAD_FOR)
    number = session.exec(select(sa.func.count()).select_from(Job).where(*old)).one()
    if number and not dry:
        session.execute(sa.delete(Job).where(*old))
    return {INSTALLATION.id: {"pieces of work": number}} if number else {}
