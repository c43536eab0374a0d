"""Adding patients: by pasted addresses, or as cards that are handed out to nobody by name."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from msf.base import mail
from msf.invitations import rules
from msf.invitations.models import Invitation, Nominee
from msf.invitations.operations.nominating import check_group
from msf.invitations.operations.places import check_room, invite_if_open, places
from msf.invitations.queries import cards_of, to_be_asked
from msf.rounds.models import Round
from msf.rounds.operations import held, record_deed
from msf.rounds.queries import practitioner_of, questionnaires_of
from msf.rounds.rules import CHOOSING, MOST, check_in


def add_patients(
    session: Session, round_id: str, *, addresses: str | Sequence[str], by: str, now: datetime, group: str | None = None
) -> int:
    """Add patients by their addresses, one a line, approved at once; all of them or, where a line is wrong, none."""
    round, group = _for_patients(session, round_id, by, group)
    lines = addresses.splitlines() if isinstance(addresses, str) else list(addresses)
    written = _read_lines(session, round, lines)
    check_room(session, round_id, "patients", len(written))
    session.add_all(
        Nominee(
            organisation_id=round.organisation_id,
            round_id=round_id,
            family="patients",
            group=group,
            name="",
            address=address,
            origin="organisation",
            status="approved",
        )
        for address in written
    )
    session.flush()
    record_deed(session, round, "patients.added", by, now, {"people": len(written)})
    invite_if_open(session, round, now)
    return len(written)


def _for_patients(session: Session, round_id: str, by: str, group: str | None) -> tuple[Round, str]:
    """The round, held, and the group patients go to; the practitioner never chooses patients."""
    round = held(session, round_id, by)
    if by == round.practitioner_id:
        raise rules.NotYoursToDecide("Patients are chosen by your organisation, not by you.")
    check_in(round.state, CHOOSING, "invite patients")
    asked = questionnaires_of(round).get("patients")
    if asked is None:
        raise rules.NomineeRefused("This round does not ask patients.", field="addresses")
    group = group or asked.groups[0].id
    check_group(round, "patients", group, "organisation")
    return round, group


def _read_lines(session: Session, round: Round, lines: Iterable[str]) -> list[str]:
    """The addresses of a pasted list, in order; `LinesRefused` names every line that is wrong."""
    known = set(session.exec(select(Nominee.address).where(Nominee.round_id == round.id)))
    own = practitioner_of(session, round).email.strip().lower()
    first: dict[str, int] = {}
    problems = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            message = _line_problem(line, number, first, known, own)
            problems += [rules.LineProblem(number, line.strip()[:80], message)] if message else []
    if not first and not problems:
        raise rules.NomineeRefused("Paste at least one email address.", field="addresses")
    if problems:
        raise rules.LinesRefused(problems)
    return list(first)


def _line_problem(line: str, number: int, first: dict[str, int], known: set[str], own: str) -> str | None:
    try:
        address = mail.address(line)
    except mail.AddressRefused as refusal:
        return f"{refusal.message} {refusal.remedy}"
    if address in first:
        return f"This address is on line {first[address]} already."
    first[address] = number
    if address in known:
        return "Somebody with this address is on the list already."
    return "This is the practitioner’s own address." if address == own else None


def add_cards(
    session: Session, round_id: str, *, count: int, by: str, now: datetime, group: str | None = None
) -> list[str]:
    """Make `count` places that are handed out on cards, to nobody by name, and return their ids."""
    round, group = _for_patients(session, round_id, by, group)
    if not 1 <= count <= MOST["patients"]:
        raise rules.NomineeRefused(f"Enter a number from 1 to {MOST['patients']}.", field="count")
    check_room(session, round_id, "patients", count)
    people = to_be_asked(session, round_id)["patients"] + count
    if people < round.k:
        remedy = f"Make at least {round.k - people + count} cards at once."
        raise rules.TooFewAsked("patients", people, round.k, remedy=remedy)
    made = places(session, round, [("patients", group, None, None)] * count)
    record_deed(session, round, "cards.made", by, now, {"cards": count})
    invite_if_open(session, round, now)
    return made


def revoke_cards(session: Session, round_id: str, *, by: str, now: datetime) -> int:
    """Make every card of the round useless from now on, and return how many there were; used or not, nobody looks.

    What was answered with a card stays sealed and counts, and can still be taken back with its receipt. New cards get
    new places.
    """
    round = held(session, round_id, by)
    if by == round.practitioner_id:
        raise rules.NotYoursToDecide("Cards are made and revoked by your organisation, not by you.")
    check_in(round.state, CHOOSING, "revoke its cards")
    ids = [card.id for card in cards_of(session, round_id)]
    statement = sa.update(Invitation).where(col(Invitation.id).in_(ids)).values(n=-1 - col(Invitation.n))
    session.connection().execute(statement)
    if ids:
        record_deed(session, round, "cards.revoked", by, now, {"cards": len(ids)})
    return len(ids)
