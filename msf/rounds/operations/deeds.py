"""Holding a round while something is done to it, and the record of what was done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from msf.accounts.queries import person
from msf.base import audit
from msf.rounds.models import Round
from msf.rounds.queries import locked, visible

SYSTEM = "system"
"""Who acts where no person does; it may touch every round."""


def held(session: Session, round_id: str, by: str) -> Round:
    """The round, locked, if `by` may see it (or is the system or an operator); `NotFound` otherwise."""
    if by not in (SYSTEM, audit.OPERATOR):
        visible(session, person(session, by), round_id)
    return locked(session, round_id)


def record_deed(
    session: Session, round: Round, action: str, by: str, at: datetime, details: Mapping[str, Any] | None = None
) -> None:
    """Audit what was done to a round: counts and states only, never names or words."""
    audit.record(
        session,
        organisation_id=round.organisation_id,
        actor=by,
        action=action,
        object=f"round {round.id}",
        at=at,
        details=dict(details or {}),
    )
