"""Taking sealed answers, and taking one back unread."""

from typing import Any

from sqlmodel import Session

from msf.base.answers import AnswerSheet
from msf.base.errors import NotFound
from msf.invitations.rules import slot_hash
from msf.respond.queries import Place, keep_open
from msf.respond.rules import LinkSpent, NothingToWithdraw, receipt_hash, same_receipt
from msf.responses import operations as ballot_box
from msf.responses import queries as responses
from msf.responses.rules import Sheet, pack, seal
from msf.rounds import queries as rounds


def hand_in(session: Session, place: Place, *, sealed: bytes, receipt: str) -> None:
    """Put a sealed answer in its slot; the same form sent again changes nothing and raises nothing.

    `LinkSpent` where the slot was filled otherwise, or where the round closed in between.
    """
    keep_open(session, place.round_id)
    code = receipt_hash(receipt)
    if not ballot_box.fill_slot(
        session, place.round_id, h=place.h, sealed=sealed, receipt_hash=code, seal_public=place.seal_public
    ):
        found = responses.slot(session, place.h)
        if found is None or not same_receipt(found.receipt_hash, receipt):
            raise LinkSpent


def sealed_answers(place: Place, sheet: AnswerSheet) -> bytes:
    """The answers in a box that nobody opens before the close; made before the transaction, to keep that short."""
    return _sealed(place, ratings=sheet.ratings, comments=dict(sheet.comments))


def sealed_refusal(place: Place) -> bytes:
    """A refusal to answer in its box; from outside it is an answer like any other."""
    return _sealed(place, declined=True)


def _sealed(place: Place, **answer: Any) -> bytes:
    sheet = Sheet(place.round_id, place.questionnaire.reference_name, place.family, place.group, **answer)
    return seal(pack(sheet, size=place.size), place.seal_public)


def withdraw(session: Session, given: bytes, *, receipt: str) -> None:
    """Take a sealed answer back unread, before the close; the link works again afterwards.

    Whatever the reason why it cannot be done, the database is asked the same, so that its time tells nothing either.
    """
    h = slot_hash(given)
    found = responses.slot(session, h)
    round_id = found.round_id if found else ""
    takes = _takes_answers(session, round_id)
    emptied = ballot_box.empty_slot(session, round_id, h=h, receipt_hash=receipt_hash(receipt))
    if not (takes and emptied):
        raise NothingToWithdraw


def _takes_answers(session: Session, round_id: str) -> bool:
    """Whether there is this round and it is open; it stays so until the transaction ends."""
    try:
        return rounds.locked(session, round_id, for_share=True).state == "open"
    except NotFound:
        return False
