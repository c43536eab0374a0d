"""What a rater's page must know, looked up through the token in memory."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlmodel import Session, col

from msf.accounts.models import Account, Organisation
from msf.base.clock import end_of
from msf.base.keys import KeyMissing, Keys
from msf.instruments import Questionnaire, find
from msf.invitations.models import Invitation
from msf.invitations.rules import slot_hash, token
from msf.respond.queries.health import fitting_public
from msf.respond.rules import LinkSpent, same_receipt
from msf.responses.models import Slot
from msf.responses.rules import size_of
from msf.rounds.models import Round


@dataclass(frozen=True, slots=True)
class Slip:
    """What the database alone says about a token: its slot and the round that belongs to, but nobody's group."""

    h: bytes
    spent: bool
    receipt_hash: bytes | None
    round_id: str
    state: str
    pool: int
    pools: dict[str, list[list[str]]] | None
    k: int
    seal_public: bytes | None
    closes_on: date
    colleague_questionnaire: str | None
    patient_questionnaire: str | None
    practitioner: str
    organisation: str
    zone: str

    def sent_with(self, receipt: str) -> bool:
        """Whether the slot was filled by the form with this receipt (a double click, a lost connection)."""
        return same_receipt(self.receipt_hash, receipt)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a token leads: the slot, the round and the questionnaire, with the family of its owner.

    `group` stands for every group of the owner's pool; `pooled` says whether there is more than one.
    """

    h: bytes
    round_id: str
    questionnaire: Questionnaire
    family: str
    group: str
    practitioner: str
    organisation: str
    closes_at: datetime
    zone: str
    pooled: bool
    k: int
    size: int
    seal_public: bytes


# Statements are written once: putting one together costs more than running it, and the door runs them all day.
_SLIP = (
    sa.select(
        col(Slot.sealed).is_not(None),
        col(Slot.receipt_hash),
        *(col(Round.id), col(Round.state), col(Round.pool), col(Round.pools), col(Round.k)),
        *(col(Round.seal_public), col(Round.closes_on)),
        *(col(Round.colleague_questionnaire), col(Round.patient_questionnaire)),
        *(col(Account.name), col(Organisation.name), col(Organisation.zone)),
    )
    .join(Round, col(Round.id) == col(Slot.round_id))
    .join(Account, col(Account.id) == col(Round.practitioner_id))
    .join(Organisation, col(Organisation.id) == col(Round.organisation_id))
    .where(col(Slot.h) == sa.bindparam("h"))
)
_OWNER = sa.select(col(Invitation.family), col(Invitation.group)).where(
    col(Invitation.round_id) == sa.bindparam("round_id"), col(Invitation.n) == sa.bindparam("n")
)
_KEEP = sa.select(col(Round.id)).where(col(Round.id) == sa.bindparam("round_id")).with_for_update(read=True)


def slip_of(connection: Connection, given: bytes) -> Slip:
    """What the slot of the token `given` says; `LinkSpent` where there is no such slot."""
    h = slot_hash(given)
    row = connection.execute(_SLIP, {"h": h}).first()
    if row is None:
        raise LinkSpent
    facts: tuple[Any, ...] = tuple(row)
    return Slip(h, *facts)


def place_of(connection: Connection, keys: Keys, given: bytes, slip: Slip, *, now: datetime) -> Place:
    """The place that the token `given` opens; `LinkSpent` where it opens none, whatever the reason.

    `KeyMissing` where what is written could not be opened at the close.
    """
    closes_at = end_of(slip.closes_on, slip.zone)
    if slip.spent or slip.state != "open" or now > closes_at:
        raise LinkSpent
    secret, kept = keys.both(slip.round_id)
    seal_public = fitting_public(slip.round_id, slip.seal_public, kept)
    family, group = _owner(connection, secret, given, slip)
    pool = _pool_of(slip, family, group)
    named = {"colleagues": slip.colleague_questionnaire, "patients": slip.patient_questionnaire}
    questionnaires = {family: find(name) for family, name in named.items() if name is not None}
    return Place(
        h=slip.h,
        round_id=slip.round_id,
        questionnaire=questionnaires[family],
        family=family,
        group=pool[0],
        practitioner=slip.practitioner,
        organisation=slip.organisation,
        closes_at=closes_at,
        zone=slip.zone,
        pooled=len(pool) > 1,
        k=slip.k,
        size=size_of(questionnaires.values()),
        seal_public=seal_public,
    )


def _pool_of(slip: Slip, family: str, group: str) -> list[str]:
    """The groups that answers of this one are sealed together with; by itself in a round opened before there were any.

    What is sealed is the first of them, and not the group, so that even an opened box is one of many people's.
    """
    pools = (slip.pools or {}).get(family, [])
    return next((pool for pool in pools if group in pool), [group])


def _owner(connection: Connection, secret: bytes, given: bytes, slip: Slip) -> tuple[str, str]:
    """Family and group of whoever was asked with this token.

    There is a slot for the token, so a secret that it does not come from is not the round's.
    """
    n = number_of(given, secret, slip.pool)
    if n is None:
        raise KeyMissing
    row = connection.execute(_OWNER, {"round_id": slip.round_id, "n": n}).first()
    if row is None:
        raise LinkSpent
    return row[0], row[1]


def number_of(given: bytes, secret: bytes, pool: int) -> int | None:
    """The place in the pool that `given` is the token of, worked out from the secret and kept nowhere."""
    return next((n for n in range(pool) if token(secret, n) == given), None)


def keep_open(session: Session, round_id: str) -> None:
    """Let no close begin before this transaction ends; on SQLite the one writing statement sees to that by itself."""
    if session.get_bind().dialect.name != "sqlite":
        session.connection().execute(_KEEP, {"round_id": round_id})
