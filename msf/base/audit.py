"""What staff did, one row an event, written in the transaction of the deed; nothing a rater does is ever recorded."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from msf.base.tables import new_id


class AuditEvent(SQLModel, table=True):
    """Who did what to which thing, and when. No foreign keys: an event outlives what it speaks of."""

    __tablename__ = "audit_event"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "sequence"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_id: str = Field(index=True, max_length=32)
    at: datetime
    actor: str = Field(max_length=32)
    action: str = Field(max_length=60)
    object: str = Field(max_length=80)
    details: dict[str, Any] = Field(sa_column=sa.Column(sa.JSON, nullable=False))
    sequence: int | None = None
    mac: bytes | None = None


def record(
    session: Session,
    *,
    organisation_id: str,
    actor: str,
    action: str,
    object: str,
    at: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    """Add one event by `actor`, an account's id or `system`; `details` holds counts and states, never text or names."""
    session.add(
        AuditEvent(
            organisation_id=organisation_id, at=at, actor=actor, action=action, object=object, details=details or {}
        )
    )
