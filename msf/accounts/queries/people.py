"""Every read of people and organisations, as small frozen objects; whoever is asked about is inside a given tenant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from msf.accounts.models import Account, Organisation, Role
from msf.base.audit import AuditEvent
from msf.base.errors import NotFound
from msf.base.retention import SWEPT, Tenant

PAGE = 25


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in, with the organisation they belong to."""

    id: str
    organisation_id: str
    organisation_name: str
    kind: str
    name: str
    email: str
    roles: frozenset[str]
    profession: str | None
    zone: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class People:
    """One page of people: its rows, its number from 1, how many pages and people there are."""

    rows: Sequence[Person]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Keepers:
    """One page of organisations with for how long they keep things."""

    rows: Sequence[Tenant]
    number: int
    pages: int
    total: int


def person(session: Session, account_id: str) -> Person:
    """The person with this account, active or not; `NotFound` where there is none."""
    found = session.exec(_joined().where(col(Account.id) == account_id)).first()
    if found is None:
        raise NotFound
    return _person(*found)


def people(session: Session, organisation_ids: Iterable[str], role: str | None = None) -> list[Person]:
    """Active people of these organisations by name; only those with `role` where one is given."""
    query = _joined().where(col(Account.organisation_id).in_(list(organisation_ids)), col(Account.active))
    if role is not None:
        query = query.where(col(Account.roles).any(col(Role.name) == role))
    return [_person(*row) for row in session.exec(_by_name(query)).all()]


def page_of_people(session: Session, organisation_ids: Iterable[str], *, number: int) -> People:
    """Page `number` of the people of these organisations, active or not; the nearest where there is no such page."""
    query = _joined().where(col(Account.organisation_id).in_(list(organisation_ids)))
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    rows = session.exec(_by_name(query).limit(PAGE).offset((number - 1) * PAGE)).all()
    return People([_person(*row) for row in rows], number, pages, total)


def person_of(session: Session, organisation_ids: Iterable[str], account_id: str) -> Person:
    """The person with this account, if of one of these organisations; `NotFound` otherwise."""
    found = person(session, account_id)
    if found.organisation_id not in set(organisation_ids):
        raise NotFound
    return found


def organisations(session: Session, ids: Iterable[str]) -> list[Organisation]:
    """These organisations by name."""
    query = select(Organisation).where(col(Organisation.id).in_(list(ids)))
    return list(session.exec(query.order_by(col(Organisation.name))).all())


def keepers(session: Session, ids: Iterable[str] | None = None) -> list[Tenant]:
    """Organisations (these, or all) by name, with for how long each keeps things."""
    query = select(Organisation).order_by(col(Organisation.name))
    found = session.exec(query if ids is None else query.where(col(Organisation.id).in_(list(ids))))
    return [Tenant(row.id, row.name, row.zone, dict(row.retention)) for row in found]


def page_of_keepers(session: Session, organisation_ids: Iterable[str], *, number: int) -> Keepers:
    """Page `number` of these organisations; the nearest where there is no such page."""
    every = keepers(session, organisation_ids)
    pages = max(1, -(-len(every) // PAGE))
    number = min(max(1, number), pages)
    return Keepers(every[(number - 1) * PAGE : number * PAGE], number, pages, len(every))


def keeper(session: Session, organisation_ids: Iterable[str], organisation_id: str) -> Tenant:
    """One of these organisations, with for how long it keeps things; `NotFound` where it is none of them."""
    found = keepers(session, {organisation_id} & set(organisation_ids))
    if not found:
        raise NotFound
    return found[0]


def last_swept(session: Session, ids: Iterable[str]) -> dict[str, datetime]:
    """When something of these organisations was last deleted because its time was over."""
    query = sa.select(col(AuditEvent.organisation_id), sa.func.max(col(AuditEvent.at)))
    of_them = query.where(col(AuditEvent.action) == SWEPT, col(AuditEvent.organisation_id).in_(list(ids)))
    return {row[0]: row[1] for row in session.execute(of_them.group_by(col(AuditEvent.organisation_id)))}


def tenants(session: Session, person: Person) -> list[str]:
    """The organisations whose rows `person` may read: their own, and for a service those that it serves."""
    if person.kind != "service":
        return [person.organisation_id]
    served = select(Organisation.id).where(col(Organisation.served_by) == person.organisation_id)
    return [person.organisation_id, *session.exec(served.order_by(col(Organisation.id))).all()]


def _joined() -> Select[Account, Organisation]:
    return select(Account, Organisation).join(Organisation, col(Organisation.id) == col(Account.organisation_id))


def _by_name(query: Select[Account, Organisation]) -> Select[Account, Organisation]:
    return query.order_by(col(Account.name), col(Account.id))


def _person(account: Account, organisation: Organisation) -> Person:
    return Person(
        id=account.id,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        kind=organisation.kind,
        name=account.name,
        email=account.email,
        roles=account.role_names,
        profession=account.profession,
        zone=organisation.zone,
        active=account.active,
    )


def organisation_named(session: Session, name: str) -> Organisation:
    """The organisation called `name`; `NotFound` where there is none."""
    found = session.exec(select(Organisation).where(Organisation.name == name)).first()
    if found is None:
        raise NotFound(f"There is no organisation called {name}.", remedy="Add it with “msf account organisation”.")
    return found
