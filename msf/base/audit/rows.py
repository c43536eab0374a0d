"""Entries as they are read for checking: plain rows, by the handful, in the order of the chain."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlmodel import col

from msf.base.audit.chain import canonical
from msf.base.audit.events import AuditEvent


class Row(NamedTuple):
    """One entry."""

    id: str
    organisation_id: str
    at: datetime
    actor: str
    action: str
    object: str
    details: dict[str, Any]
    sequence: int | None
    mac: bytes | None


_COLUMNS = [getattr(AuditEvent, name) for name in Row._fields]


def rows(session: Session, organisation_id: str, *, after: int = 0) -> Iterator[Row]:
    """The sealed entries of one organisation behind number `after`, in order."""
    query = sa.select(*_COLUMNS).where(
        col(AuditEvent.organisation_id) == organisation_id, col(AuditEvent.sequence) > after
    )
    yield from _stream(session, query.order_by(col(AuditEvent.sequence)))


def entries(session: Session, organisation_id: str) -> Iterator[Row]:
    """Every entry of one organisation, those from before the chain first."""
    yield from loose(session, organisation_id)
    yield from rows(session, organisation_id)


def marks(session: Session, organisation_id: str) -> list[Row]:
    """The entries that tell of the chain itself: begun again, or its start taken away."""
    query = sa.select(*_COLUMNS).where(
        col(AuditEvent.organisation_id) == organisation_id,
        col(AuditEvent.action).in_(("audit.pruned", "audit.resealed")),
        col(AuditEvent.sequence).is_not(None),
    )
    return [Row(*found) for found in session.execute(query.order_by(col(AuditEvent.sequence)))]


def loose(session: Session, organisation_id: str, *, without: Iterable[str] = ()) -> Iterator[Row]:
    """The entries of one organisation that have no place in the chain, the oldest first."""
    query = sa.select(*_COLUMNS).where(
        col(AuditEvent.organisation_id) == organisation_id,
        col(AuditEvent.sequence).is_(None),
        col(AuditEvent.id).not_in(list(without)),
    )
    with session.no_autoflush:
        yield from _stream(session, query.order_by(col(AuditEvent.at), col(AuditEvent.id)))


def _stream(session: Session, query: sa.Select[Any]) -> Iterator[Row]:
    """What is found, a few hundred at a time, so that years of entries fit."""
    with session.execute(query.execution_options(yield_per=500)) as result:
        for found in result:
            yield Row(*found)


def digest_of(found: Iterable[Row]) -> tuple[int, str]:
    """How many entries there are, and a digest over all of them."""
    count, mark = 0, hashlib.sha256()
    for each in found:
        mark.update(hashlib.sha256(canonical(each)).digest())
        count += 1
    return count, mark.hexdigest()
