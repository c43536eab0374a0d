"""Every write about people and organisations: new accounts, passwords, the end of sign-ins, accounts switched off."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from argon2 import PasswordHasher
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from msf.accounts.models import Account, Organisation, Role
from msf.accounts.rules import ROLES, AddressTaken, PasswordRefused, SignInChanged, check_roles, wrong_with
from msf.base.audit import record
from msf.base.errors import NotFound, Refusal
from msf.base.mail import address
from msf.base.retention import checked
from msf.base.tables import new_id

COST: dict[str, int] = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}
"""What one hash costs: 19 MiB of memory and some 30 ms, so that many sign-ins at once cannot exhaust a machine."""

_hasher = PasswordHasher(**COST)  # type: ignore[arg-type]


def create_organisation(
    session: Session, *, name: str, kind: str, zone: str = "Europe/London", served_by: str | None = None
) -> Organisation:
    """Add a tenant. `served_by` is the service that runs rounds for an employer."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refusal(f"There is no time zone called {zone}.", remedy="Use a name such as Europe/London.") from error
    made = Organisation(name=name, kind=kind, zone=zone, served_by=served_by)
    session.add(made)
    session.flush()
    return made


def add_organisation(
    session: Session, *, name: str, kind: str, zone: str, served_by: str | None, by: str, now: datetime
) -> Organisation:
    """Add a tenant on behalf of `by`."""
    made = create_organisation(session, name=name, kind=kind, zone=zone, served_by=served_by)
    about = f"organisation {made.id}"
    facts: dict[str, Any] = {"actor": by, "object": about, "at": now, "details": {"kind": kind}}
    record(session, organisation_id=made.id, action="organisations.added", **facts)
    return made


def create_account(
    session: Session,
    *,
    organisation_id: str,
    name: str,
    email: str,
    roles: Iterable[str],
    password: str | None,
    profession: str | None = None,
) -> Account:
    """Add somebody who signs in with `email`; without a password they set one through a link."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound
    given = check_roles(organisation.kind, roles)
    bare = address(email)
    _refuse_taken(session, bare)
    account = Account(
        organisation_id=organisation_id,
        name=name,
        email=bare,
        profession=profession,
        password=None if password is None else hashed(password, email=bare),
    )
    account.roles = _roles(session, given)
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise AddressTaken from error
    return account


def add_account(
    session: Session,
    *,
    organisation_id: str,
    name: str,
    email: str,
    roles: Iterable[str],
    profession: str | None,
    by: str,
    now: datetime,
    password: str | None = None,
) -> Account:
    """Add somebody on behalf of the administrator `by`; without a password they choose one through a link."""
    account = create_account(
        session,
        organisation_id=organisation_id,
        name=name,
        email=email,
        roles=roles,
        password=password,
        profession=profession,
    )
    _note(session, account, "accounts.added", by=by, now=now, details={"roles": sorted(account.role_names)})
    return account


def set_retention(
    session: Session, organisation_id: str, *, days: Mapping[str, int | str], by: str, now: datetime
) -> dict[str, int]:
    """Keep things for these days, all other periods being the default; returns what differs from it.

    `RetentionRefused` where a number is above the default.
    """
    chosen = checked(days)
    query = select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    organisation = session.exec(query.execution_options(populate_existing=True)).first()
    if organisation is None:
        raise NotFound
    organisation.retention = chosen
    session.add(organisation)
    record(
        session,
        organisation_id=organisation_id,
        actor=by,
        action="retention.set",
        object=f"organisation {organisation_id}",
        at=now,
        details=dict(chosen),
    )
    return chosen


def set_password(session: Session, account_id: str, *, password: str) -> None:
    """Give the account this password and end every sign-in it has."""
    account = _held(session, account_id)
    account.password = hashed(password, email=account.email)
    account.fs_uniquifier = new_id()


def change_sign_in(session: Session, account_id: str, *, was: str, columns: dict[str, Any], now: datetime) -> None:
    """Write what Flask-Security changed about an account whose `fs_uniquifier` still is `was`; else `SignInChanged`.

    So a reset link serves once, even where it is used twice at the same moment.
    """
    account = _held(session, account_id)
    if account.fs_uniquifier != was or not account.active:
        raise SignInChanged
    for name, value in columns.items():
        setattr(account, name, value)
    if "fs_uniquifier" in columns:
        _note(session, account, "accounts.password_changed", by=account.id, now=now)


def note_sign_in(session: Session, account: Account, *, now: datetime) -> None:
    """Record that somebody signed in; from where is kept nowhere."""
    _note(session, account, "accounts.signed_in", by=account.id, now=now)


def note_export(session: Session, organisation_id: str, *, entries: int, by: str, now: datetime) -> None:
    """Record that an auditor took entries of the record away as a sheet."""
    facts: dict[str, Any] = {"actor": by, "object": "audit", "at": now, "details": {"entries": entries}}
    record(session, organisation_id=organisation_id, action="audit.exported", **facts)


def end_sign_ins(session: Session, account_id: str) -> None:
    """End every sign-in of the account, wherever its cookie is, and every reset link."""
    _held(session, account_id).fs_uniquifier = new_id()


def deactivate_account(session: Session, account_id: str, *, by: str, now: datetime) -> None:
    """Switch the account off: nobody signs in with it, and every sign-in it has ends."""
    account = _held(session, account_id)
    account.active = False
    account.fs_uniquifier = new_id()
    _note(session, account, "accounts.deactivated", by=by, now=now)


def activate_account(session: Session, account_id: str, *, by: str, now: datetime) -> None:
    """Switch the account on again."""
    account = _held(session, account_id)
    account.active = True
    _note(session, account, "accounts.activated", by=by, now=now)


def hashed(password: str, *, email: str = "") -> str:
    """The password as it is kept; `PasswordRefused` where it is no good one. Composed as the sign-in page does."""
    plain = unicodedata.normalize("NFKD", password)
    if wrong := wrong_with(plain, email=email):
        raise PasswordRefused(f"{wrong}.")
    return _hasher.hash(plain)


def _refuse_taken(session: Session, email: str) -> None:
    if session.exec(select(Account.id).where(col(Account.email) == email)).first() is not None:
        raise AddressTaken


def _roles(session: Session, names: frozenset[str]) -> list[Role]:
    known = {role.name: role for role in session.exec(select(Role)).all()}
    return [known.get(name) or Role(name=name, description=ROLES[name]) for name in sorted(names)]


def _held(session: Session, account_id: str) -> Account:
    query = select(Account).where(col(Account.id) == account_id).with_for_update()
    account = session.exec(query.execution_options(populate_existing=True)).first()
    if account is None:
        raise NotFound
    return account


def _note(
    session: Session, account: Account, action: str, *, by: str, now: datetime, details: dict[str, Any] | None = None
) -> None:
    facts: dict[str, Any] = {"actor": by, "object": f"account {account.id}", "at": now, "details": details}
    record(session, organisation_id=account.organisation_id, action=action, **facts)
