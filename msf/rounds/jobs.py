"""The letter that asks a practitioner to choose people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from msf.accounts.queries import person
from msf.base.clock import end_of, start_of
from msf.base.config import current
from msf.base.db import reading
from msf.base.mail import Letter, letter, sender_of
from msf.rounds.models import Round
from msf.rounds.rules import advised


def ask_nominations(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Write to the practitioner, if people are still being chosen; at least once."""
    with reading() as session:
        written = _request(session, payload["round_id"])
    if written is not None:
        sender_of(current().mail).send(written, sender=current().mail_from, now=now)


def _request(session: Session, round_id: str) -> Letter | None:
    row = session.get(Round, round_id)
    if row is None or row.state != "nominating":
        return None
    practitioner = person(session, row.practitioner_id)
    return letter(
        "nomination_request",
        to=practitioner.email,
        subject="Your feedback: please choose the people to ask",
        name=practitioner.name,
        invite=advised("colleagues", row.target_colleagues),
        patients=row.patient_questionnaire is not None,
        link=f"{current().base_url}/rounds/{row.id}",
        opens_at=start_of(row.opens_on, practitioner.zone),
        closes_at=end_of(row.closes_on, practitioner.zone),
        zone=practitioner.zone,
        service=current().service_name,
    )
