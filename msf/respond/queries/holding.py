"""What a key holder may know: the strict rounds that are locked with their key, and which of them wait."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from msf.accounts.models import Account, Organisation
from msf.base.clock import end_of
from msf.base.errors import NotFound
from msf.base.keys import KeyMissing, Keys
from msf.respond.queries.health import LIVE, seal_of
from msf.rounds.models import Round


@dataclass(frozen=True, slots=True)
class HeldRound:
    """A round that is locked with somebody's key; `given` says that they gave their share and another is needed."""

    id: str
    reference: str
    practitioner: str
    organisation: str
    state: str
    closes_at: datetime
    zone: str
    needed: int
    others: tuple[str, ...]
    given: bool

    @property
    def waits(self) -> bool:
        """Whether the holder can do something now."""
        return self.state == "awaiting_key_holder" and not self.given


def held_rounds(session: Session, account_id: str, *, keys: Keys) -> list[HeldRound]:
    """The rounds with sealed answers that are locked with this holder's key, those that wait for them first."""
    found = [_held(session, row, account_id, keys) for row in _locked_with(session, account_id)]
    return sorted(found, key=lambda each: (not each.waits, each.closes_at, each.reference))


def held_round(session: Session, account_id: str, round_id: str, *, keys: Keys) -> HeldRound:
    """One of them; `NotFound` where it is not this holder's, or is over."""
    found = [row for row in _locked_with(session, account_id) if row.id == round_id]
    if not found:
        raise NotFound
    return _held(session, found[0], account_id, keys)


def depends_on(session: Session, account_id: str) -> bool:
    """Whether sealed answers could need this holder's key."""
    return bool(_locked_with(session, account_id))


def _locked_with(session: Session, account_id: str) -> list[Round]:
    strict = select(Round).where(Round.key_mode == "strict", col(Round.state).in_(LIVE))
    return [row for row in session.exec(strict.order_by(Round.id)) if account_id in row.key_holders]


def _held(session: Session, row: Round, account_id: str, keys: Keys) -> HeldRound:
    organisation = session.get_one(Organisation, row.organisation_id)
    return HeldRound(
        id=row.id,
        reference=row.reference,
        practitioner=session.get_one(Account, row.practitioner_id).name,
        organisation=organisation.name,
        state=row.state,
        closes_at=end_of(row.closes_on, organisation.zone),
        zone=organisation.zone,
        needed=row.holders_needed,
        others=tuple(session.get_one(Account, each).name for each in row.key_holders if each != account_id),
        given=row.state == "awaiting_key_holder" and _given(row, account_id, keys),
    )


def _given(row: Round, account_id: str, keys: Keys) -> bool:
    """Whether this holder's share was left for the other one."""
    try:
        handed = seal_of(row.id, row.seal_public, keys).handed
    except KeyMissing:
        return False
    return any(holder != account_id for holder in handed)
