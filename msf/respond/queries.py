"""What a rater's page must know, looked up through the token in memory, and what staff may know of an open round."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from msf.accounts import queries as accounts
from msf.base.clock import end_of
from msf.base.keys import KeyMissing, Keys
from msf.instruments import Questionnaire
from msf.invitations import queries as invitations
from msf.invitations.rules import slot_hash, token
from msf.respond.rules import LinkSpent
from msf.responses import queries as responses
from msf.responses.rules import public_of, size_of
from msf.rounds import queries as rounds
from msf.rounds.models import Round


@dataclass(frozen=True, slots=True)
class Place:
    """Where a token leads: the slot, the round and the questionnaire, with the family and group of its owner."""

    h: bytes
    round_id: str
    questionnaire: Questionnaire
    family: str
    group: str
    practitioner: str
    organisation: str
    closes_at: datetime
    zone: str
    small_group: bool
    k: int
    size: int
    seal_public: bytes


def place_of(session: Session, keys: Keys, given: bytes, *, now: datetime) -> Place:
    """The place that the token `given` opens; `LinkSpent` where it opens none, whatever the reason."""
    h = slot_hash(given)
    found = responses.slot(session, h)
    if found is None or found.spent:
        raise LinkSpent
    return _place(session, keys, h, found.round_id, now)


def _place(session: Session, keys: Keys, h: bytes, round_id: str, now: datetime) -> Place:
    row = session.get(Round, round_id)
    if row is None or row.state != "open":
        raise LinkSpent
    n = numbers(round_id, keys.tokens.read(round_id), row.pool).get(h)
    owner = next((place for place in invitations.places(session, round_id) if place.n == n), None)
    person = accounts.person(session, row.practitioner_id)
    closes_at = end_of(row.closes_on, person.zone)
    if now > closes_at or owner is None:
        raise LinkSpent
    questionnaires = rounds.questionnaires_of(row)
    counts = invitations.invited_counts(session, round_id).get(owner.family, {})
    return Place(
        h=h,
        round_id=round_id,
        questionnaire=questionnaires[owner.family],
        family=owner.family,
        group=owner.group,
        practitioner=person.name,
        organisation=person.organisation_name,
        closes_at=closes_at,
        zone=person.zone,
        small_group=owner.family == "colleagues" and counts.get(owner.group, 0) < row.k,
        k=row.k,
        size=size_of(questionnaires.values()),
        seal_public=healthy_key(row, keys),
    )


def numbers(round_id: str, secret: bytes, pool: int) -> dict[bytes, int]:
    """The number of every slot of a round by its hash, worked out from the secret and kept nowhere."""
    return {slot_hash(token(secret, n)): n for n in range(pool)}


def healthy_key(row: Round, keys: Keys) -> bytes:
    """The round's public key, once its private half was read and fits; `KeyMissing` where it could open nothing."""
    private = keys.seals.read(row.id)
    if row.seal_public is None or public_of(private) != row.seal_public:
        raise KeyMissing
    return row.seal_public


@dataclass(frozen=True, slots=True)
class KeyTrouble:
    """A round whose keys are not as they should be, and what it means."""

    reference: str
    trouble: str


def key_troubles(session: Session, keys: Keys) -> list[KeyTrouble]:
    """Every open round that cannot take answers, and every key that outlived its round."""
    troubles = []
    for row in rounds.open_rounds(session):
        try:
            keys.tokens.read(row.id)
            healthy_key(row, keys)
        except KeyMissing:
            troubles.append(
                KeyTrouble(row.reference, "a key of this open round is missing or wrong: answers are refused")
            )
    known = rounds.states(session, sorted({*keys.tokens.names(), *keys.seals.names()}))
    troubles += [
        KeyTrouble(reference, "keys of this ended round are still there: run “msf work --once” to destroy them")
        for reference, state in known.values()
        if state not in ("approved", "open", "awaiting_key_holder")
    ]
    return troubles
