"""Who may take a step of a round's report: nobody who has a part in the round."""

import hashlib

from sqlmodel import Session

from msf.accounts.queries import person
from msf.base.audit import fingerprint
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


def reader_for(session: Session, round_id: str, by: str) -> Round:
    """The same for somebody who reads comments before they are released, whom nobody asked to answer either."""
    round = round_for(session, round_id, by)
    check_reader(round, by)
    return round


def check_reader(round: Round, by: str) -> None:
    """Refuse to show what was said to somebody the round is about, or who was asked to answer."""
    if by == round.practitioner_id or by in round.asked_staff:
        raise NotForYou


def words_mark(comment_id: str, words: str) -> str:
    """What the record knows the words of a comment by; the same words elsewhere have another mark, and tie nothing."""
    return fingerprint(f"{comment_id}\n{words}".encode())


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal, by which bytes are known again."""
    return hashlib.sha256(content).hexdigest()
