"""Every read of rounds: small frozen rows for lists, the round itself for whoever may see it, and what is due."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from msf.accounts.models import Account, Organisation
from msf.accounts.queries import Person, tenants
from msf.base.clock import today
from msf.base.errors import NotFound
from msf.base.retention import Tally, Tenant
from msf.instruments import Questionnaire, find
from msf.rounds.models import Round, SelfAssessment
from msf.rounds.rules.states import BEFORE_CLOSE, UNRELEASED

PAGE = 25
BATCH = 200

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list: its rows, its number from 1, how many pages and rows there are."""

    rows: Sequence[T]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round as a line of a list."""

    id: str
    reference: str
    practitioner: str
    organisation: str
    state: str
    opens_on: date
    closes_on: date


def page_of(session: Session, query: sa.Select[T], number: int, *, size: int = PAGE) -> Page[T]:
    """Page `number` of `query` (the nearest one where there is no such page)."""
    total = session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    rows = session.execute(query.limit(size).offset((number - 1) * size)).scalars().all()
    return Page(rows, number, pages, total)


def locked(session: Session, round_id: str, *, for_share: bool = False) -> Round:
    """The round, held until this transaction ends: alone, or shared with others who only need it to stay as it is.

    `NotFound` where there is none. On SQLite the writing session holds the whole database already.
    """
    query = select(Round).where(Round.id == round_id).with_for_update(read=for_share)
    found = session.exec(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def mine(session: Session, person: Person) -> ColumnElement[bool]:
    """The condition that a round is one `person` may see: their own, or as staff one of their tenants'."""
    own = col(Round.practitioner_id) == person.id
    if not person.roles - {"practitioner"}:
        return own
    seen: list[str] = tenants(session, person)
    return sa.or_(own, col(Round.organisation_id).in_(seen))


def visible(session: Session, person: Person, round_id: str) -> Round:
    """The round, if `person` may see it; `NotFound` otherwise."""
    found = session.exec(select(Round).where(Round.id == round_id, mine(session, person))).first()
    if found is None:
        raise NotFound
    return found


def about(session: Session, person: Person, round_id: str) -> bool:
    """Whether the round is about `person`."""
    return session.exec(select(Round.practitioner_id).where(Round.id == round_id)).first() == person.id


def rounds_of(session: Session, person: Person, *, state: str | None = None, page: int = 1) -> Page[RoundRow]:
    """The rounds `person` may see, the latest opening first, by page and, where given, in one state."""
    query = sa.select(Round).where(mine(session, person))
    if state is not None:
        query = query.where(col(Round.state) == state)
    found = page_of(session, query.order_by(col(Round.opens_on).desc(), col(Round.reference)), page)
    people = _names(session, Account, {row.practitioner_id for row in found.rows})
    places = _names(session, Organisation, {row.organisation_id for row in found.rows})
    rows = [
        RoundRow(
            r.id, r.reference, people[r.practitioner_id], places[r.organisation_id], r.state, r.opens_on, r.closes_on
        )
        for r in found.rows
    ]
    return Page(rows, found.number, found.pages, found.total)


def _names(session: Session, table: type[Account] | type[Organisation], ids: set[str]) -> dict[str, str]:
    found = session.execute(sa.select(col(table.id), col(table.name)).where(col(table.id).in_(ids)))
    return {row_id: name for row_id, name in found}


def zone_of(session: Session, round: Round) -> str:
    """The time zone by which the round's organisation lives."""
    return session.exec(select(Organisation.zone).where(Organisation.id == round.organisation_id)).one()


def practitioner_of(session: Session, round: Round) -> Account:
    """Whose round it is."""
    return session.exec(select(Account).where(Account.id == round.practitioner_id)).one()


def self_assessments(session: Session, round_id: str) -> list[SelfAssessment]:
    """The practitioner's own answers, one entry a questionnaire, colleagues' questionnaire first."""
    query = select(SelfAssessment).where(SelfAssessment.round_id == round_id)
    return list(session.exec(query.order_by(SelfAssessment.questionnaire)))


def counted_before(session: Session, round: Round, questionnaire: str, *, first: date, last: date) -> bool:
    """Whether this practitioner has another round with the questionnaire, closed and shown, in these days."""
    query = select(Round).where(Round.practitioner_id == round.practitioner_id, Round.id != round.id)
    return any(
        asked.reference_name == questionnaire and bool((other.partition or {}).get(family))
        for other in session.exec(query.where(col(Round.closed_on).between(first, last)))
        for family, asked in questionnaires_of(other).items()
    )


def questionnaires_of(round: Round) -> dict[str, Questionnaire]:
    """The round's questionnaires by family, colleagues first."""
    named = {"colleagues": round.colleague_questionnaire, "patients": round.patient_questionnaire}
    return {family: find(name) for family, name in named.items() if name is not None}


def due_to_open(session: Session, now: datetime) -> list[str]:
    """Ids of approved rounds whose opening day has come where their organisation lives."""
    return _due(session, "approved", lambda round, day: round.opens_on <= day <= round.closes_on, now)


def due_to_close(session: Session, now: datetime) -> list[str]:
    """Ids of open rounds whose last day is over where their organisation lives."""
    return _due(session, "open", lambda round, day: round.closes_on < day, now)


def _due(session: Session, state: str, is_due: Callable[[Round, date], bool], now: datetime) -> list[str]:
    query = select(Round, Organisation.zone).join(Organisation, col(Organisation.id) == col(Round.organisation_id))
    found = session.exec(query.where(Round.state == state).order_by(Round.id))
    return [round.id for round, zone in found if is_due(round, today(now, zone))]


def states(session: Session, round_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Reference and state of each of these rounds that there is, by id."""
    query = select(Round.id, Round.reference, Round.state).where(col(Round.id).in_(round_ids))
    return {round_id: (reference, state) for round_id, reference, state in session.exec(query)}


def open_rounds(session: Session) -> list[Round]:
    """Every round that takes answers now."""
    return list(session.exec(select(Round).where(Round.state == "open").order_by(Round.id)))


def outdated(tenants: Sequence[Tenant], period: str, day: Any, *, now: datetime) -> ColumnElement[bool]:
    """The condition that what `period` names, counted from the round's `day` (a column), was kept for long enough."""
    until: dict[date, list[str]] = {}
    for tenant in tenants:
        until.setdefault(tenant.until(period, now), []).append(tenant.id)
    of_some = (sa.and_(col(Round.organisation_id).in_(ids), day <= last) for last, ids in until.items())
    return sa.or_(sa.false(), *of_some)


def batch(session: Session, due: SelectOfScalar[str]) -> list[str]:
    """Some of the rounds that are `due`, locked; none where no round is."""
    return list(session.exec(due.order_by(col(Round.id)).limit(BATCH).with_for_update()))


def counted(session: Session, what: str, ids: Sequence[str] | SelectOfScalar[str], rows: Any) -> Tally:
    """How many `rows` (a table with a `round_id`) these rounds have, by organisation, as `what`."""
    query = sa.select(col(Round.organisation_id), sa.func.count()).join(rows, rows.round_id == col(Round.id))
    found = session.execute(query.where(col(Round.id).in_(ids)).group_by(col(Round.organisation_id)))
    return {organisation_id: {what: number} for organisation_id, number in found}


def undecided(session: Session, tenants: Iterable[Tenant], *, now: datetime) -> dict[str, int]:
    """How many rounds of each of them nothing is deleted of, since nobody released or cancelled them."""
    closed = col(Round.state).in_(UNRELEASED)
    query = sa.select(sa.func.count()).select_from(Round)
    found = {}
    for tenant in tenants:
        stale = sa.and_(col(Round.state).in_(BEFORE_CLOSE), col(Round.closes_on) <= tenant.until("addresses", now))
        of_it = query.where(col(Round.organisation_id) == tenant.id, sa.or_(closed, stale))
        if number := session.scalar(of_it):
            found[tenant.id] = number
    return found
