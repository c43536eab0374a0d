"""A service with an employer and people of every kind, and a desk from which one of them signs in."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from msf.accounts import operations
from msf.base.db import Database, transaction
from msf.base.mail import Caught, caught

PASSWORD = "correct horse battery staple"
_HASH = operations.hashed(PASSWORD)
ROLES = ("administrator", "coordinator", "moderator", "quality_reviewer", "facilitator", "adviser")


@dataclass
class Town:
    """Two services, each with an employer; `accounts` holds ids by the first part of the address."""

    organisations: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def town(database: Database) -> Town:
    """A service and its employer with one person for each role, and a second service with its own."""
    made = Town()
    with transaction(database) as session:
        for prefix in ("", "other-"):
            service = operations.create_organisation(session, name=f"{prefix}service", kind="service")
            employer = operations.create_organisation(
                session, name=f"{prefix}employer", kind="employer", served_by=service.id
            )
            made.organisations |= {service.name: service.id, employer.name: employer.id}
            for role, at in [*((role, service) for role in ROLES[:2]), ("practitioner", employer)]:
                _person(session, made, f"{prefix}{role}", role, at.id)
        for role in ROLES[2:]:
            _person(session, made, role, role, made.organisations["service"])
        _person(session, made, "case_manager", "case_manager", made.organisations["employer"])
    return made


def _person(session, made: Town, name: str, role: str, organisation_id: str) -> None:
    account = operations.create_account(
        session,
        organisation_id=organisation_id,
        name=f"The {name}",
        email=f"{name}@example.org",
        roles=[role],
        password=None,
        profession="doctor" if role == "practitioner" else None,
    )
    account.password = _HASH
    made.accounts[name] = account.id


class Desk:
    """Somebody with a browser: sends the forms of the sign-in pages with their token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def token(self, url: str = "/sign-in") -> str:
        """The token against forgery of the page at `url`."""
        return token_in(self.client.get(url).text)

    def send(self, url: str, **fields: str | list[str]) -> TestResponse:
        """Open the page and send its form."""
        return self.client.post(url, data={"csrf_token": self.token(url), **fields})

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        """Sign in as `name` at example.org."""
        return self.send("/sign-in", email=f"{name}@example.org", password=password)

    def sign_out(self) -> TestResponse:
        """Press the button in the header."""
        return self.client.post("/sign-out", data={"csrf_token": self.token("/account")})

    def inside(self) -> bool:
        """Whether this browser is signed in."""
        return self.client.get("/account").status_code == 200


def token_in(html: str) -> str:
    """The first token against forgery in a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    assert found, html[:2000]
    return found.group(1)


@pytest.fixture
def desks(app: Flask, town: Town) -> Callable[[], Desk]:
    """Makes desks, each with cookies of its own."""
    return lambda: Desk(app.test_client())


@pytest.fixture
def desk(desks: Callable[[], Desk]) -> Desk:
    """One desk."""
    return desks()


@pytest.fixture
def letters(home: Path) -> Callable[[int], list[Caught]]:
    """Waits until this many letters were sent and returns them, the newest first."""

    def wait(count: int) -> list[Caught]:
        deadline = time.monotonic() + 20
        while len(found := caught(home / "mail")) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(found) == count, [letter.subject for letter in found]
        return found

    return wait
