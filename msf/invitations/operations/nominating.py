"""Proposing people and deciding about them, under the lock of their round."""

from datetime import datetime
from typing import Literal

from sqlmodel import Session, select

from msf.accounts.queries import person
from msf.base import mail
from msf.base.errors import NotFound
from msf.invitations import rules
from msf.invitations.models import Nominee
from msf.invitations.operations.places import check_room, invite_if_open
from msf.invitations.queries import invited_addresses, nominee
from msf.rounds.models import Round
from msf.rounds.operations import held, record_deed
from msf.rounds.queries import locked, practitioner_of, questionnaires_of
from msf.rounds.rules import CHOOSING, NAMES, RoundRefused, check_in, check_reason, plain

Origin = Literal["practitioner", "organisation"]


def nominate(
    session: Session,
    round_id: str,
    *,
    family: str,
    group: str,
    name: str,
    address: str,
    origin: Origin,
    by: str,
    now: datetime,
) -> Nominee:
    """Propose one person; somebody added by the organisation is approved at once, and invited if the round is open.

    A person whom both sides propose becomes `agreed`. Practitioners propose colleagues only, and never themselves.
    """
    round = held(session, round_id, by)
    check_in(round.state, CHOOSING, "propose people for it")
    check_group(round, family, group, origin)
    clean, written = _checked_name(name), _checked_address(address)
    _check_not_self(session, round, clean, written)
    found = session.exec(select(Nominee).where(Nominee.round_id == round_id, Nominee.address == written)).first()
    if found is None:
        check_room(session, round_id, family, 1)
        found = Nominee(
            organisation_id=round.organisation_id,
            round_id=round_id,
            family=family,
            group=group,
            name=clean,
            address=written,
            origin=origin,
            status="approved" if origin == "organisation" else "proposed",
        )
    else:
        _agree(session, found, family, origin)
    session.add(found)
    session.flush()
    record_deed(session, round, "nominee.proposed", by, now, {"family": family, "origin": found.origin})
    invite_if_open(session, round, now)
    return found


def _checked_name(name: str) -> str:
    try:
        clean = plain(name, field="name")
    except RoundRefused as refusal:
        raise rules.NomineeRefused(refusal.message, field="name") from None
    if not clean:
        raise rules.NomineeRefused("Enter the person’s name.", field="name")
    if len(clean) > NAMES:
        raise rules.NomineeRefused(f"Shorten the name to at most {NAMES} characters.", field="name")
    return clean


def _checked_address(address: str) -> str:
    try:
        return mail.address(address)
    except mail.AddressRefused as refusal:
        raise rules.NomineeRefused(f"{refusal.message} {refusal.remedy}", field="address") from None


def _check_not_self(session: Session, round: Round, name: str, address: str) -> None:
    owner = practitioner_of(session, round)
    if address == owner.email.strip().lower():
        raise rules.NomineeRefused("This is the practitioner’s own address. Choose somebody else.", field="address")
    if name.casefold() == " ".join(owner.name.split()).casefold():
        raise rules.NomineeRefused("This is the practitioner’s own name. Choose somebody else.", field="name")


def _agree(session: Session, found: Nominee, family: str, origin: Origin) -> None:
    """The same address again: from the other side it is agreement, from the same side a mistake."""
    other_side = found.origin not in (origin, "agreed")
    if found.family != family or not other_side or (origin == "practitioner" and found.status == "rejected"):
        raise rules.NomineeRefused("Somebody with this address is on the list already.", field="address")
    if found.status == "rejected":
        check_room(session, found.round_id, family, 1)
    found.origin = "agreed"
    if origin == "organisation":
        found.status, found.reason = "approved", None


def decide(session: Session, nominee_id: str, *, approve: bool, reason: str | None, by: str, now: datetime) -> Nominee:
    """Approve a proposed person, or reject one with a reason; never the practitioner, never once they are invited."""
    found, round = _held(session, nominee_id, by)
    if by == round.practitioner_id:
        raise rules.NotYoursToDecide
    check_in(round.state, CHOOSING, "decide about its people")
    status = "approved" if approve else "rejected"
    words = None if approve else check_reason(reason or "")
    if found.status == status:
        return found
    if not approve and found.address in invited_addresses(session, round.id):
        raise rules.AlreadyAsked
    if found.status == "rejected":
        check_room(session, round.id, found.family, 1)
    found.status, found.reason = status, words
    session.add(found)
    session.flush()
    record_deed(session, round, f"nominee.{status}", by, now, {"family": found.family})
    invite_if_open(session, round, now)
    return found


def approve_all(session: Session, round_id: str, *, family: str, by: str, now: datetime) -> int:
    """Approve everybody of a family who is still only proposed, and return how many they were."""
    round = held(session, round_id, by)
    if by == round.practitioner_id:
        raise rules.NotYoursToDecide
    check_in(round.state, CHOOSING, "decide about its people")
    query = select(Nominee).where(Nominee.round_id == round_id, Nominee.family == family, Nominee.status == "proposed")
    waiting = list(session.exec(query))
    for each in waiting:
        each.status = "approved"
        session.add(each)
    session.flush()
    record_deed(session, round, "nominee.approved", by, now, {"family": family, "people": len(waiting)})
    invite_if_open(session, round, now)
    return len(waiting)


def remove_nominee(session: Session, nominee_id: str, *, by: str, now: datetime) -> None:
    """Take back somebody who is proposed and not yet decided upon; the practitioner, only somebody they proposed."""
    found, round = _held(session, nominee_id, by)
    if by == round.practitioner_id and found.origin == "organisation":
        raise NotFound
    check_in(round.state, CHOOSING, "change its people")
    if found.status != "proposed":
        raise rules.AlreadyAsked(
            "It has been decided about this person, so they cannot be removed any more.",
            remedy="Ask your organisation if the decision should change.",
        )
    session.delete(found)
    session.flush()
    record_deed(session, round, "nominee.removed", by, now, {"family": found.family})


def _held(session: Session, nominee_id: str, by: str) -> tuple[Nominee, Round]:
    """The nominee as it is once the round is locked."""
    found = nominee(session, person(session, by), nominee_id)
    round = locked(session, found.round_id)
    session.refresh(found)
    return found, round


def check_group(round: Round, family: str, group: str, origin: Origin) -> None:
    if origin == "practitioner" and family != "colleagues":
        raise rules.NomineeRefused(
            "Patients are chosen by your organisation, not by you, so that nobody can doubt the choice.",
            field="family",
            remedy="Ask your organisation to invite patients.",
        )
    asked = questionnaires_of(round).get(family)
    if asked is None:
        raise rules.NomineeRefused("This round does not ask these people.", field="family")
    if group not in {each.id for each in asked.groups}:
        raise rules.NomineeRefused("Choose how this person works with the practitioner.", field="group")
