"""Who may take a step of a round's report: nobody who has a part in the round."""

import hashlib

from sqlmodel import Session

from msf.accounts.queries import person
from msf.reports.rules.moderation import NotForYou
from msf.rounds.models import Round
from msf.rounds.queries import locked, visible


def round_for(session: Session, round_id: str, by: str) -> Round:
    """The round, locked, for somebody who may see it and has no part in it."""
    visible(session, person(session, by), round_id)
    round = locked(session, round_id)
    if round.practitioner_id == by:
        raise NotForYou
    return round


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal, by which bytes are known again."""
    return hashlib.sha256(content).hexdigest()
