"""Every write at the anonymous door: opening, taking sealed answers, taking them back, reminding, and the close."""

import secrets
from datetime import datetime
from typing import Any

from sqlmodel import Session

from msf.base.answers import AnswerSheet
from msf.base.clock import today
from msf.base.keys import Keys
from msf.base.queue import defer
from msf.invitations import operations as invitation_book
from msf.invitations import queries as invitations
from msf.invitations.rules import POOL, slot_hash, token
from msf.respond.queries import Place, healthy_key, keep_open
from msf.respond.rules import LinkSpent, NothingToWithdraw, receipt_hash, same_receipt
from msf.responses import operations as ballot_box
from msf.responses import queries as responses
from msf.responses.rules import Sheet, new_pair, pack, seal
from msf.rounds import operations as round_book
from msf.rounds import queries as rounds
from msf.rounds.rules import after


def open_round(session: Session, round_id: str, *, keys: Keys, by: str, now: datetime) -> None:
    """Make both keys and the whole pool of detached slots, and only then invite the approved nominees."""
    row = rounds.locked(session, round_id)
    private, public = new_pair()
    secret = secrets.token_bytes(32)
    round_book.mark_open(session, round_id, seal_public=public, pool=POOL, by=by, now=now)
    keys.destroy(row.id)
    keys.tokens.write(row.id, secret)
    keys.seals.write(row.id, private)
    ballot_box.make_slots(session, round_id, hashes=(slot_hash(token(secret, n)) for n in range(POOL)))
    invitation_book.invite_approved(session, round_id, now=now)


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
    """Take a sealed answer back unread, before the close; the link works again afterwards."""
    h = slot_hash(given)
    found = responses.slot(session, h)
    if found is None:
        raise NothingToWithdraw
    row = rounds.locked(session, found.round_id, for_share=True)
    code = receipt_hash(receipt)
    if row.state != "open" or not ballot_box.empty_slot(session, row.id, h=h, receipt_hash=code):
        raise NothingToWithdraw


def close_round(session: Session, round_id: str, *, keys: Keys, by: str, now: datetime) -> None:
    """The close, whole or not at all: open, shuffle, pool, write answers and comments apart, delete the slots.

    The keys are destroyed after the commit by `respond.finish_close`, which this defers.
    """
    row = rounds.locked(session, round_id)
    after(row.state, "close")
    healthy_key(row.id, row.seal_public, keys)
    asked = rounds.questionnaires_of(row)
    invited = invitations.invited_counts(session, round_id)
    opened = ballot_box.open_slots(
        session,
        round_id,
        private=keys.seals.read(round_id),
        groups={
            family: [group.id for group in questionnaire.groups if invited.get(family, {}).get(group.id)]
            for family, questionnaire in asked.items()
        },
        items={questionnaire.reference_name: len(questionnaire.items) for questionnaire in asked.values()},
        least=row.k,
    )
    zone = rounds.zone_of(session, row)
    round_book.mark_closed(
        session,
        round_id,
        partition=opened.partition,
        invited=invited,
        origins=invitations.origin_counts(session, round_id),
        opened=opened.answers + opened.declined,
        unreadable=opened.unreadable,
        by=by,
        now=now,
        on=today(now, zone),
    )
    _finish_later(session, round_id, now)
    defer(session, "reports.draft", {"round_id": round_id}, run_at=now, key=f"draft:{round_id}")


def cancel_round(session: Session, round_id: str, *, reason: str, by: str, now: datetime) -> None:
    """End a round before its close and destroy whatever was collected, unread."""
    rounds.locked(session, round_id)
    round_book.cancel_round(session, round_id, reason=reason, by=by, now=now)
    ballot_box.destroy_slots(session, round_id)
    _finish_later(session, round_id, now)


def _finish_later(session: Session, round_id: str, now: datetime) -> None:
    defer(session, "respond.finish_close", {"round_id": round_id}, run_at=now, key=f"finish:{round_id}")


def start_wave(session: Session, round_id: str, *, wave: int, now: datetime) -> int:
    """Defer one identical job for every invitation that has an address; who has answered is not looked up here."""
    row = rounds.locked(session, round_id)
    if row.state != "open" or str(wave) in row.waves:
        return 0
    zone = rounds.zone_of(session, row)
    round_book.record_wave(session, round_id, wave=wave, on=today(now, zone))
    addressed = invitations.addressed(session, round_id)
    for invitation_id in addressed:
        payload = {"invitation_id": invitation_id, "wave": wave}
        defer(session, "respond.remind", payload, run_at=now, key=f"remind:{invitation_id}:{wave}")
    return len(addressed)
