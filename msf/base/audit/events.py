"""The table of events and the one way into it: `record`, in the transaction of the deed."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from msf.base.audit.key import ready
from msf.base.tables import new_id

INSTALLATION = "installation"
"""In place of an organisation's id: what was done to the installation as a whole has a chain of its own."""

OPERATOR = "operator"
"""Who acts on the command line, where nobody has signed in."""

WAITING = "msf.audit"
"""Where a session keeps the events that are sealed when it commits."""


class AuditEvent(SQLModel, table=True):
    """Who did what to which thing, and when. No foreign keys: an event outlives what it speaks of.

    `sequence` counts from 1 in each organisation and `mac` chains the entries; both are empty in entries that are
    older than the chain, and until the transaction commits.
    """

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
    """Add one event by `actor`, an account's id, `system` or `operator`; it is sealed when the session commits.

    `details` holds counts and states, never text or names. `AuditKeyMissing` where the chain could not go on.
    """
    ready(session)
    event = AuditEvent(
        organisation_id=organisation_id,
        at=at.astimezone(UTC),
        actor=actor,
        action=action,
        object=object,
        # As it will be read again: a number used as a key comes back as text.
        details=json.loads(json.dumps(details or {}, allow_nan=False)),
    )
    session.add(event)
    session.info.setdefault(WAITING, []).append(event)
