"""Every read of nominees and invitations: lists by page, counts by family, the places of a round, and the guidance."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from msf.accounts.queries import Person, person
from msf.base.clock import end_of
from msf.base.config import current
from msf.base.errors import NotFound
from msf.base.mail import Letter, letter
from msf.invitations.models import Invitation, Nominee
from msf.invitations.rules import Mix, mix_of, token, token_groups, token_text
from msf.rounds.models import Round
from msf.rounds.queries import Page, mine, page_of, questionnaires_of, zone_of


class Place(NamedTuple):
    """A place in the pool of slots and whose family and group it is; not whose it is."""

    id: str
    n: int
    family: str
    group: str


def invitation(session: Session, invitation_id: str) -> Invitation | None:
    """One invitation, or `None` where it is gone."""
    return session.get(Invitation, invitation_id)


def places(session: Session, round_id: str) -> list[Place]:
    """Every invited place of the round, in the order of the pool."""
    query = select(Invitation.id, Invitation.n, Invitation.family, Invitation.group)
    found = session.exec(query.where(Invitation.round_id == round_id).order_by(col(Invitation.n)))
    return [Place(*row) for row in found]


def invited_counts(session: Session, round_id: str) -> dict[str, dict[str, int]]:
    """How many were asked, by family and group."""
    return _nested(Counter((place.family, place.group) for place in places(session, round_id)))


def too_few(session: Session, round: Round) -> dict[str, int]:
    """The families of which somebody is to be asked, but fewer than a figure rests on, and how many.

    A card that was revoked opens nothing, so nobody can be behind it any more.
    """
    found = to_be_asked(session, round.id)
    return {family: people for family, people in sorted(found.items()) if 0 < people < round.k}


def to_be_asked(session: Session, round_id: str) -> Counter[str]:
    """How many of each family have a place that opens something, or are approved and wait for one."""
    asked = Counter(place.family for place in places(session, round_id) if place.n >= 0)
    asked.update(each.family for each in unasked(session, round_id))
    return asked


def unasked(session: Session, round_id: str) -> list[Nominee]:
    """Approved people without a place, in the order of random ids."""
    have = invited_addresses(session, round_id)
    query = select(Nominee).where(Nominee.round_id == round_id, Nominee.status == "approved").order_by(Nominee.id)
    return [each for each in session.exec(query) if each.address not in have]


def origin_counts(session: Session, round_id: str) -> dict[str, dict[str, int]]:
    """How many approved people were proposed by whom, by family and origin."""
    query = select(Nominee.family, Nominee.origin).where(Nominee.round_id == round_id, Nominee.status == "approved")
    return _nested(Counter((family, origin) for family, origin in session.exec(query)))


def _nested(counts: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    nested: dict[str, dict[str, int]] = {}
    for (family, inner), count in sorted(counts.items()):
        nested.setdefault(family, {})[inner] = count
    return nested


def nominee(
    session: Session, person: Person, nominee_id: str, *, round_id: str | None = None, own: bool = False
) -> Nominee:
    """One nominee of a round that `person` may see (of `round_id`, where given); `NotFound` otherwise.

    With `own`, only somebody whom the practitioner proposed.
    """
    query = select(Nominee).join(Round, col(Round.id) == col(Nominee.round_id))
    query = query.where(Nominee.id == nominee_id, mine(session, person))
    found = session.exec(query.where(_by_practitioner()) if own else query).first()
    if found is None or (round_id is not None and found.round_id != round_id):
        raise NotFound
    return found


def _by_practitioner() -> ColumnElement[bool]:
    return col(Nominee.origin).in_(["practitioner", "agreed"])


def nominees_of(session: Session, round_id: str, *, family: str, page: int = 1, own: bool = False) -> Page[Nominee]:
    """The people proposed in one family of a round, those to decide on first, by page.

    With `own`, only those whom the practitioner proposed: whom the organisation added, they do not learn.
    """
    rank = sa.case({"proposed": 0, "approved": 1}, value=Nominee.status, else_=2)
    query = sa.select(Nominee).where(col(Nominee.round_id) == round_id, col(Nominee.family) == family)
    query = query.where(_by_practitioner()) if own else query
    return page_of(session, query.order_by(rank, col(Nominee.name), col(Nominee.address)), page)


def invited_addresses(session: Session, round_id: str) -> set[str]:
    """Addresses that have an invitation in the round."""
    query = select(Invitation.address).where(Invitation.round_id == round_id, col(Invitation.address).is_not(None))
    return {address for address in session.exec(query) if address}


def named(session: Session, round_id: str) -> list[tuple[str | None, str | None]]:
    """Name and address, as far as they are known, of everybody who was proposed or invited."""
    proposed = session.exec(select(Nominee.name, Nominee.address).where(Nominee.round_id == round_id))
    invited = session.exec(select(Invitation.name, Invitation.address).where(Invitation.round_id == round_id))
    return sorted({*proposed, *invited}, key=lambda each: (each[1] or "", each[0] or ""))


def addressed(session: Session, round_id: str) -> list[str]:
    """Ids of the round's invitations that a letter can reach, whoever has answered."""
    query = select(Invitation.id).where(Invitation.round_id == round_id, col(Invitation.address).is_not(None))
    return list(session.exec(query.where(col(Invitation.bounced).is_(False)).order_by(Invitation.id)))


def cards_of(session: Session, round_id: str) -> list[Place]:
    """The places of the round that are handed out as cards, to nobody by name, and were not revoked."""
    query = select(Invitation.id, Invitation.n, Invitation.family, Invitation.group)
    query = query.where(Invitation.round_id == round_id, col(Invitation.address).is_(None), col(Invitation.n) >= 0)
    return [Place(*row) for row in session.exec(query.order_by(col(Invitation.n)))]


def chosen(session: Session, round_id: str, family: str) -> int:
    """How many places of a family are taken: people not rejected, and cards."""
    people = session.exec(
        select(sa.func.count()).where(
            Nominee.round_id == round_id, Nominee.family == family, Nominee.status != "rejected"
        )
    ).one()
    cards = [card for card in cards_of(session, round_id) if card.family == family]
    return people + len(cards)


def added_by_organisation(session: Session, round_id: str) -> int:
    """How many colleagues the organisation added by itself, as one number."""
    query = select(sa.func.count()).where(
        Nominee.round_id == round_id, Nominee.family == "colleagues", Nominee.origin == "organisation"
    )
    return session.exec(query).one()


def mix(session: Session, round_id: str, *, own: bool = False) -> dict[str, Mix]:
    """The guidance on the people of a round, by family; cards count as approved.

    With `own`, only of those whom the practitioner proposed.
    """
    round = session.get(Round, round_id)
    if round is None:
        raise NotFound
    counted = _statuses(session, round_id, own=own)
    targets = {"colleagues": round.target_colleagues, "patients": round.target_patients}
    return {
        family: mix_of(family, questionnaire.groups, counted.get(family, {}), target=targets[family], k=round.k)
        for family, questionnaire in questionnaires_of(round).items()
    }


def _statuses(session: Session, round_id: str, *, own: bool) -> dict[str, dict[str, Counter[str]]]:
    counted: dict[str, dict[str, Counter[str]]] = {}
    query = select(Nominee.family, Nominee.group, Nominee.status).where(Nominee.round_id == round_id)
    cards = [(card.family, card.group, "approved") for card in cards_of(session, round_id)]
    query = query.where(_by_practitioner()) if own else query
    for family, group, status in [*session.exec(query), *cards]:
        counted.setdefault(family, {}).setdefault(group, Counter())[status] += 1
    return counted


class AddressedPlace(NamedTuple):
    """An invitation that goes by mail, in a round that takes answers, with the round's last moment and time zone."""

    invited: Invitation
    address: str
    round: Round
    closes_at: datetime
    zone: str


def addressed_place(session: Session, invitation_id: str, *, now: datetime) -> AddressedPlace | None:
    """The invitation, or nothing where it is gone, has no address, or its round takes no answers."""
    invited = session.get(Invitation, invitation_id)
    round = session.get(Round, invited.round_id) if invited else None
    if invited is None or round is None or not invited.address or invited.bounced or round.state != "open":
        return None
    zone = zone_of(session, round)
    closes_at = end_of(round.closes_on, zone)
    return None if now > closes_at else AddressedPlace(invited, invited.address, round, closes_at, zone)


SUBJECTS = {"invitation": "Feedback for {}", "reminder": "Reminder: feedback for {}"}


def letter_to(session: Session, place: AddressedPlace, *, name: str, secret: bytes) -> Letter:
    """The letter `name` to this person, with the link and the code that only the round's `secret` gives."""
    practitioner = person(session, place.round.practitioner_id)
    code = token_text(token(secret, place.invited.n))
    return letter(
        name,
        to=place.address,
        subject=SUBJECTS[name].format(practitioner.name),
        name=place.invited.name,
        practitioner=practitioner.name,
        organisation=practitioner.organisation_name,
        link=f"{current().base_url}/give#{code}",
        door=f"{current().base_url}/give",
        code=token_groups(code),
        closes_at=place.closes_at,
        zone=place.zone,
        minutes=questionnaires_of(place.round)[place.invited.family].minutes,
        family=place.invited.family,
        k=place.round.k,
        service=current().service_name,
    )
