"""Letters to invited people; the token in them is worked out in memory and is neither stored nor logged."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from msf.accounts.queries import person
from msf.base.clock import end_of
from msf.base.config import current
from msf.base.db import reading
from msf.base.keys import Keys
from msf.base.mail import Letter, letter, sender_of
from msf.invitations import queries
from msf.invitations.rules import token, token_groups, token_text
from msf.rounds.models import Round
from msf.rounds.queries import questionnaires_of, zone_of


def send(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Send one person their invitation, if the round still takes answers.

    The letter leaves at least once: where the sender fails the job runs again, and nothing is marked either way.
    """
    with reading() as session:
        written = _invitation(session, payload["invitation_id"], now)
    if written is not None:
        sender_of(current().mail).send(written, sender=current().mail_from, now=now)


def _invitation(session: Session, invitation_id: str, now: datetime) -> Letter | None:
    """The letter, or nothing where the invitation is gone, has no address, or the round takes no answers."""
    invited = queries.invitation(session, invitation_id)
    row = session.get(Round, invited.round_id) if invited else None
    if invited is None or row is None or not invited.address or row.state != "open":
        return None
    zone = zone_of(session, row)
    closes_at = end_of(row.closes_on, zone)
    if now > closes_at:
        return None
    practitioner = person(session, row.practitioner_id)
    code = token_text(token(Keys.below(current().keys).tokens.read(row.id), invited.n))
    return letter(
        "invitation",
        to=invited.address,
        subject=f"Feedback for {practitioner.name}",
        name=invited.name,
        practitioner=practitioner.name,
        organisation=practitioner.organisation_name,
        link=f"{current().base_url}/give#{code}",
        door=f"{current().base_url}/give",
        code=token_groups(code),
        closes_at=closes_at,
        zone=zone,
        minutes=questionnaires_of(row)[invited.family].minutes,
        family=invited.family,
        k=row.k,
        service=current().service_name,
    )
