"""The record as an auditor reads it: entries of the organisations they may see, the newest first, with names put in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from msf.accounts.models import Account, Organisation
from msf.accounts.queries.people import Person, tenants
from msf.accounts.rules.trail import ACTIONS, ACTORS, THINGS, details_of, format_of
from msf.base.audit import INSTALLATION, AuditEvent, LastCheck, last_check

PAGE = 50

# Rounds and reports are known here by the names of their tables only, as foreign keys are: this floor is below them.
_ROUND = sa.table("round", sa.column("id"), sa.column("reference"))
_REPORT = sa.table("report", sa.column("id"), sa.column("round_id"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: all where nothing is given. `thing` is a round's reference; times are whole moments in UTC."""

    organisation: str = ""
    person: str = ""
    action: str = ""
    thing: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry in words."""

    sequence: int | None
    at: datetime
    organisation: str
    person: str
    action: str
    thing: str
    details: str


@dataclass(frozen=True, slots=True)
class Trail:
    """One page of entries: its rows, its number from 1, how many pages and entries there are."""

    rows: Sequence[EntryRow]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Reading:
    """That somebody opened a report: who, in which role and when, and in which form."""

    at: datetime
    name: str
    roles: frozenset[str]
    form: str


@dataclass(frozen=True, slots=True)
class Readings:
    """One page of openings of a report: its rows, its number from 1, how many pages and openings there are."""

    rows: Sequence[Reading]
    number: int
    pages: int
    total: int


def audited(session: Session, person: Person) -> dict[str, str]:
    """The chains that `person` may read, by id, with their names: those of their tenants, and the installation's."""
    query = select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(tenants(session, person)))
    found = session.exec(query.order_by(col(Organisation.name)))
    return {each: name for each, name in found} | {INSTALLATION: "The installation"}


def actors(session: Session, chains: Iterable[str]) -> dict[str, str]:
    """Everybody who may be named in these chains, by id, and who acts without an account."""
    query = select(Account.id, Account.name).where(col(Account.organisation_id).in_(list(chains)))
    return ACTORS | {each: name for each, name in session.exec(query.order_by(col(Account.name), col(Account.id)))}


def trail(session: Session, person: Person, wanted: Wanted, *, number: int) -> Trail:
    """Page `number` of the entries; the nearest where there is no such page."""
    names = audited(session, person)
    events, number, pages, total = _page(session, _conditions(session, names, wanted), number)
    return Trail(_told(session, events, names), number, pages, total)


def _page(
    session: Session, conditions: Sequence[ColumnElement[bool]], number: int
) -> tuple[Sequence[AuditEvent], int, int, int]:
    """The entries of one page, its number, how many pages and how many entries there are."""
    total = session.execute(sa.select(sa.func.count()).select_from(AuditEvent).where(*conditions)).scalar_one()
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    return session.exec(_newest(conditions).limit(PAGE).offset((number - 1) * PAGE)).all(), number, pages, total


def every_entry(session: Session, person: Person, wanted: Wanted) -> Iterator[EntryRow]:
    """All of them, the newest first, read by the handful."""
    names = audited(session, person)
    query = _newest(_conditions(session, names, wanted)).execution_options(yield_per=500)
    with session.exec(query) as result:
        for found in result.partitions():
            yield from _told(session, found, names)


def checks(session: Session, person: Person) -> dict[str, LastCheck | None]:
    """What the last nightly check found, by the name of each chain that `person` may read and that has entries."""
    names = audited(session, person)
    here = select(AuditEvent.organisation_id).where(col(AuditEvent.organisation_id).in_(list(names))).distinct()
    begun = set(session.exec(here))
    return {name: last_check(session, each) for each, name in names.items() if each in begun}


def readings(session: Session, report_id: str, *, number: int) -> Readings:
    """Page `number` of who opened this report and when, the latest first."""
    conditions = [col(AuditEvent.object) == f"report {report_id}", col(AuditEvent.action) == "report.viewed"]
    events, number, pages, total = _page(session, conditions, number)
    people = _accounts(session, {each.actor for each in events})
    return Readings([_reading(each, people) for each in events], number, pages, total)


def _reading(event: AuditEvent, people: Mapping[str, Account]) -> Reading:
    person = people.get(event.actor)
    name = person.name if person else _without_account(event.actor)
    return Reading(event.at, name, person.role_names if person else frozenset(), format_of(event.details["format"]))


def _accounts(session: Session, ids: Iterable[str]) -> dict[str, Account]:
    return {each.id: each for each in session.exec(select(Account).where(col(Account.id).in_(list(ids))))}


def _without_account(actor: str) -> str:
    return ACTORS.get(actor, "Somebody whose account is deleted")


def _newest(conditions: Sequence[ColumnElement[bool]]) -> SelectOfScalar[AuditEvent]:
    newest = (col(AuditEvent.at).desc(), col(AuditEvent.organisation_id), col(AuditEvent.sequence).desc())
    return select(AuditEvent).where(*conditions).order_by(*newest, col(AuditEvent.id))


def _conditions(session: Session, names: Mapping[str, str], wanted: Wanted) -> list[ColumnElement[bool]]:
    chains = [each for each in names if wanted.organisation in ("", each)]
    found: list[ColumnElement[bool]] = [col(AuditEvent.organisation_id).in_(chains)]
    if wanted.person:
        found.append(col(AuditEvent.actor) == wanted.person)
    if wanted.action:
        found.append(col(AuditEvent.action) == wanted.action)
    if wanted.thing:
        found.append(col(AuditEvent.object).in_(_things_called(session, wanted.thing)))
    if wanted.since:
        found.append(col(AuditEvent.at) >= wanted.since)
    if wanted.before:
        found.append(col(AuditEvent.at) < wanted.before)
    return found


def _things_called(session: Session, reference: str) -> list[str]:
    """The round of this reference and its report, as entries name them."""
    known = _ROUND.c.reference == reference.strip().upper()
    rounds = session.execute(sa.select(_ROUND.c.id).where(known)).scalars().all()
    reports = session.execute(sa.select(_REPORT.c.id).where(_REPORT.c.round_id.in_(rounds))).scalars()
    return [*(f"round {each}" for each in rounds), *(f"report {each}" for each in reports)]


def _told(session: Session, found: Sequence[AuditEvent], names: Mapping[str, str]) -> list[EntryRow]:
    people = {each.id: each.name for each in _accounts(session, _people_in(found)).values()}
    things = {**names, **people} | _references(session, {each.object.rpartition(" ")[2] for each in found})
    return [
        EntryRow(
            each.sequence,
            each.at,
            names[each.organisation_id],
            people.get(each.actor) or _without_account(each.actor),
            ACTIONS.get(each.action, each.action),
            _thing(each.object, things),
            details_of(each.details),
        )
        for each in found
    ]


def _people_in(found: Iterable[AuditEvent]) -> set[str]:
    return {name for each in found for name in (each.actor, each.object.rpartition(" ")[2])}


def _thing(named: str, known: Mapping[str, str]) -> str:
    kind, _, identity = named.rpartition(" ")
    if not kind:
        return THINGS.get(identity) or known.get(identity, "")
    return f"{THINGS.get(kind, kind)} {known.get(identity, '(deleted)')}"


def _references(session: Session, ids: set[str]) -> dict[str, str]:
    """The references of rounds, by the ids of the rounds and of their reports."""
    rounds = sa.select(_ROUND.c.id, _ROUND.c.reference).where(_ROUND.c.id.in_(ids))
    reports = sa.select(_REPORT.c.id, _ROUND.c.reference).join(_ROUND, _ROUND.c.id == _REPORT.c.round_id)
    found = session.execute(sa.union_all(rounds, reports.where(_REPORT.c.id.in_(ids))))
    return {each: reference for each, reference in found}
