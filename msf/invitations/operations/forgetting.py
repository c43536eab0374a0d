"""Forgetting who was asked, once a round has been over for long enough; how many were asked stays with the round."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from msf.base.retention import Tally, Tenant, together
from msf.invitations.models import Invitation, Nominee
from msf.rounds.models import Round, SelfAssessment
from msf.rounds.queries import batch, counted, outdated


def forget_addresses(session: Session, tenants: Sequence[Tenant], *, now: datetime, dry: bool) -> Tally:
    """Delete everybody who was proposed or invited, and what a practitioner wrote for a round that was cancelled."""
    ended = sa.func.coalesce(col(Round.closed_on), col(Round.cancelled_on))
    due = select(Round.id).where(outdated(tenants, "addresses", ended, now=now), _anything())
    ids = due if dry else batch(session, due)
    cancelled = select(Round.id).where(col(Round.id).in_(ids), Round.state == "cancelled")
    found = together(
        counted(session, "people", ids, Nominee),
        counted(session, "invitations", ids, Invitation),
        counted(session, "own answers", cancelled, SelfAssessment),
    )
    if not dry:
        session.execute(sa.delete(Nominee).where(col(Nominee.round_id).in_(ids)))
        session.execute(sa.delete(Invitation).where(col(Invitation.round_id).in_(ids)))
        session.execute(sa.delete(SelfAssessment).where(col(SelfAssessment.round_id).in_(cancelled)))
    return found


def _anything() -> sa.ColumnElement[bool]:
    of_it = [sa.exists().where(col(table.round_id) == col(Round.id)) for table in (Nominee, Invitation)]
    own = sa.exists().where(col(SelfAssessment.round_id) == col(Round.id))
    return sa.or_(*of_it, sa.and_(col(Round.state) == "cancelled", own))
