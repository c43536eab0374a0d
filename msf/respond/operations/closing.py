"""Ending a round: opened, shuffled and pooled in one step, or cancelled with everything destroyed unread."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session

from msf.accounts.models import Organisation
from msf.accounts.queries import Person, people
from msf.base.clock import today
from msf.base.keys import LENGTH, KeyMissing, Keys
from msf.base.queue import defer
from msf.invitations import queries as invitations
from msf.respond.queries import fitting_public
from msf.respond.rules import CannotOpen, HolderNeeded
from msf.responses import operations as ballot_box
from msf.responses import queries as responses
from msf.responses.rules.findings import RoundNames
from msf.responses.rules.programme import Books
from msf.rounds import operations as round_book
from msf.rounds import queries as rounds
from msf.rounds.models import Round
from msf.rounds.rules import after
from msf.rounds.rules.periods import named, quarter_of

Counts = Mapping[str, Mapping[str, int]]


def close_round(session: Session, round_id: str, *, keys: Keys, by: str, now: datetime) -> None:
    """The close of a round; a strict one takes no more answers from here on, and waits for its key holders."""
    row = rounds.locked(session, round_id)
    after(row.state, "close")
    if row.key_mode == "strict":
        _wait_for_holders(session, row, by=by, now=now)
        return
    close_with(session, row, _private(row, keys), by=by, now=now)


def _private(row: Round, keys: Keys) -> bytes:
    """What opens the answers of a standard round; `CannotOpen` where it is missing or anything else."""
    try:
        kept = keys.seals.read(row.id)
        fitting_public(row.id, row.seal_public, kept)
    except KeyMissing as error:
        raise CannotOpen from error
    if len(kept) != LENGTH:
        raise CannotOpen
    return kept


def _wait_for_holders(session: Session, row: Round, *, by: str, now: datetime) -> None:
    """Take no more answers, and write to every holder; `HolderNeeded` where that was done before."""
    if row.state == "awaiting_key_holder":
        raise HolderNeeded
    round_book.mark(session, row.id, "await_key_holder", by=by, now=now)
    for holder in row.key_holders:
        payload = {"round_id": row.id, "account_id": holder}
        defer(session, "respond.tell_holder", payload, run_at=now, key=f"holder:{row.id}:{holder}")


def close_with(session: Session, row: Round, private: bytes, *, by: str, now: datetime) -> None:
    """Open with `private`, whole or not at all: shuffle, pool, write answers and comments apart, delete the slots.

    The caller holds the lock on the round. The keys are destroyed after the commit by `respond.finish_close`, which
    this defers.
    """
    round_id = row.id
    asked = rounds.questionnaires_of(row)
    invited, origins = invitations.invited_counts(session, round_id), invitations.origin_counts(session, round_id)
    on = today(now, rounds.zone_of(session, row))
    opened = ballot_box.open_slots(
        session,
        round_id,
        private=private,
        groups={
            family: [group.id for group in questionnaire.groups if invited.get(family, {}).get(group.id)]
            for family, questionnaire in asked.items()
        },
        pools=row.pools or {},
        items={questionnaire.reference_name: len(questionnaire.items) for questionnaire in asked.values()},
        least=row.k,
        names=_names(session, row),
        books=_books(session, row, invited=invited, origins=origins, on=on),
    )
    round_book.mark_closed(
        session,
        round_id,
        partition=opened.partition,
        invited=invited,
        origins=origins,
        opened=opened.answers + opened.declined,
        unreadable=opened.unreadable,
        asked_staff=_asked_staff(session, row),
        by=by,
        now=now,
        on=on,
    )
    _finish_later(session, round_id, now)
    defer(session, "reports.draft", {"round_id": round_id}, run_at=now, key=f"draft:{round_id}")


def _books(session: Session, row: Round, *, invited: Counts, origins: Counts, on: date) -> Books:
    """Where this round's sums are entered: in the book of the service that runs it, for the quarter of its close."""
    own = session.get_one(Organisation, row.organisation_id)
    quarter, service = quarter_of(on), own.served_by or own.id
    # Before the look at who is in the book: another round of this practitioner may be closing at this moment.
    ballot_box.lock_books(session, service)

    def counted(questionnaire: str) -> bool:
        """Whether this practitioner is in the book already, which may be one of several quarters."""
        since = named(responses.book_since(session, service, questionnaire, str(quarter)))
        return rounds.counted_before(session, row, questionnaire, first=since.first, last=quarter.last)

    return Books(
        service_id=service,
        quarter=str(quarter),
        asked=invited,
        origins=origins,
        own={each.questionnaire: each.ratings for each in rounds.self_assessments(session, row.id)},
        counted=frozenset(filter(counted, (asked.reference_name for asked in rounds.questionnaires_of(row).values()))),
    )


def _names(session: Session, row: Round) -> RoundNames:
    """Who may be named in this round’s comments: people proposed or invited, staff who run it, the practitioner."""
    practitioner = rounds.practitioner_of(session, row)
    staff = [(each.name, each.email) for each in _staff(session, row) if each.id != practitioner.id]
    asked = invitations.named(session, row.id)
    return RoundNames.of([*asked, *staff], (practitioner.name, practitioner.email))


def _asked_staff(session: Session, row: Round) -> list[str]:
    """Accounts of staff who were asked to answer, and so may not read what was said."""
    asked = {address.casefold() for address in invitations.invited_addresses(session, row.id)}
    return sorted(each.id for each in _staff(session, row) if each.email.casefold() in asked)


def _staff(session: Session, row: Round) -> list[Person]:
    """Staff of the round’s organisation and of the service that runs its rounds."""
    own = session.get_one(Organisation, row.organisation_id)
    of = [own.id, *([own.served_by] if own.served_by else [])]
    return [each for each in people(session, of) if each.roles - {"practitioner"}]


def cancel_round(session: Session, round_id: str, *, reason: str, by: str, now: datetime) -> None:
    """End a round before its close and destroy whatever was collected, unread."""
    rounds.locked(session, round_id)
    round_book.cancel_round(session, round_id, reason=reason, by=by, now=now)
    ballot_box.destroy_slots(session, round_id)
    _finish_later(session, round_id, now)


def _finish_later(session: Session, round_id: str, now: datetime) -> None:
    defer(session, "respond.finish_close", {"round_id": round_id}, run_at=now, key=f"finish:{round_id}")
