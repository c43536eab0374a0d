"""Two services that know nothing of each other, each with everybody and everything that an address can name."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select
from werkzeug.test import TestResponse

from msf.accounts import operations as accounts
from msf.accounts.models import Account
from msf.accounts.rules import EMPLOYER_ROLES, ROLES
from msf.base.config import current
from msf.base.db import reading, transaction
from msf.base.keys import Keys
from msf.invitations import operations as invitations
from msf.invitations import queries as places
from msf.invitations.rules import token, token_text
from msf.reports import operations as reports
from msf.reports.models import Report, ReportFile, StoredBenchmark
from msf.respond import operations as door
from msf.responses.models import Answer, Comment
from msf.responses.operations.sums import enter
from msf.rounds import operations as rounds
from msf.rounds.models import Round
from msf.scoring.benchmarks import to_json
from tests.insights.books import sums
from tests.reports.samples import COLLEAGUES, PATIENTS, comparable, ratings
from tests.reports.samples import find as questionnaire

HASH = accounts.hashed("correct horse battery staple")


@dataclass
class Tenant:
    """A service with its employer: people by role, rounds by how far they came, and one of everything in them."""

    prefix: str
    service: str = ""
    employer: str = ""
    people: dict[str, str] = field(default_factory=dict)
    rounds: dict[str, str] = field(default_factory=dict)
    report: str = ""
    benchmark: str = ""
    programme: str = ""
    comment: str = ""
    nominee: str = ""
    codes: list[str] = field(default_factory=list)


def tenant(keys: Keys, prefix: str = "", *, now: datetime | None = None, name: str = "Dr {} Sample") -> Tenant:
    """A tenant with a round in nomination, one open, one whose comments wait, and one that everybody may read."""
    made, now = Tenant(prefix), now or datetime.now(UTC)
    with transaction() as session:
        _people(session, made, name)
        for state in ("nominating", "open", "closed", "released"):
            made.rounds[state] = _round(session, made, state, keys, now)
        for state in ("closed", "released"):
            _end(session, made, state, now)
        _release(session, made, now)
        made.programme = _programme(session, made)
    secret = keys.tokens.read(made.rounds["open"])
    with reading() as session:
        found = places.places(session, made.rounds["open"])
        made.codes = [token_text(token(secret, place.n)) for place in found]
    return made


def _people(session: Session, made: Tenant, name: str) -> None:
    made.service = accounts.create_organisation(session, name=f"{made.prefix} Service", kind="service").id
    made.employer = accounts.create_organisation(
        session, name=f"{made.prefix} Trust", kind="employer", served_by=made.service
    ).id
    for role in ROLES:
        account = accounts.create_account(
            session,
            organisation_id=made.employer if role in EMPLOYER_ROLES else made.service,
            name=name.format(made.prefix.title() or "Robin") if role == "practitioner" else f"{made.prefix} {role}",
            email=f"{made.prefix}{role}@example.org",
            roles=[role],
            password=None,
            profession="doctor" if role == "practitioner" else None,
        )
        account.password = HASH
        made.people[role] = account.id


def _round(session: Session, made: Tenant, state: str, keys: Keys, now: datetime) -> str:
    by = {"by": made.people["coordinator"], "now": now}
    row = rounds.create_round(
        session,
        organisation_id=made.employer,
        practitioner_id=made.people["practitioner"],
        colleague_questionnaire=COLLEAGUES,
        patient_questionnaire=PATIENTS,
        opens_on=now.date(),
        closes_on=now.date() + timedelta(weeks=4),
        **by,
    )
    rounds.start_nominating(session, row.id, **by)
    for number in range(5):
        person = invitations.nominate(
            session, row.id, family="colleagues", group="doctor", name=f"Colleague {number}",
            address=f"{made.prefix}{state}{number}@northvale.example", origin="organisation", **by,
        )  # fmt: skip
    if state == "nominating":
        made.nominee = person.id
        return row.id
    invitations.approve_all(session, row.id, family="colleagues", **by)
    invitations.add_cards(session, row.id, count=6, **by)
    rounds.approve_round(session, row.id, **by)
    if state == "open":
        door.open_round(session, row.id, keys=keys, **by)
    else:
        rounds.mark_open(session, row.id, seal_public=b"k" * 32, pool=60, **by)
    return row.id


def _end(session: Session, made: Tenant, state: str, now: datetime) -> None:
    round_id = made.rounds[state]
    asked = questionnaire(COLLEAGUES)
    for row in ratings(asked, 6, seed=3):
        session.add(Answer(round_id=round_id, block="colleagues:doctor", ratings=row.tobytes()))
    comment = Comment(
        round_id=round_id, question=f"{COLLEAGUES}:does_well", family="colleagues", text=f"{made.prefix} Kind."
    )
    session.add(comment)
    made.comment = comment.id if state == "closed" else made.comment
    rounds.mark_closed(
        session, round_id, partition={"colleagues": [["doctor"]]}, invited={"colleagues": {"doctor": 6}},
        origins={}, opened=6, unreadable=0, by="system", now=now, on=now.date(),
    )  # fmt: skip
    session.flush()
    reports.draft_report(session, round_id, now=now)


def _release(session: Session, made: Tenant, now: datetime) -> None:
    round_id = made.rounds["released"]
    row = session.exec(select(Report).where(col(Report.round_id) == round_id)).one()
    made.report = row.id
    made.benchmark = _benchmark(session, made)
    row.released_at = row.released_to_organisation_at = now
    row.facilitator_id = made.people["facilitator"]
    session.get_one(Round, round_id).state = "released_organisation"
    for ending in ("csv", "json", "pdf"):
        session.add(
            ReportFile(
                organisation_id=made.employer, report_id=row.id, name=f"report.{ending}", sha256="0" * 64, content=b"x"
            )
        )


def _benchmark(session: Session, made: Tenant) -> str:
    found = comparable(20)
    row = StoredBenchmark(
        organisation_id=made.service, questionnaire=found.questionnaire, family=found.family,
        stratum="/".join(found.stratum), until="2026-Q4", version=1, whole=True, practitioners=20,
        digest=found.digest, content=to_json(found),
    )  # fmt: skip
    session.add(row)
    return row.id


def _programme(session: Session, made: Tenant) -> str:
    """A book of a quarter that is over, of a questionnaire with which other tenants have none."""
    name = "dentist-colleagues/1" if made.prefix == "far" else "patients-remote/1"
    enter(session, made.service, name, sums(name, 6), quarter="2025-Q1")
    return name


class Caller:
    """Somebody's browser, signed in without the slow look at a password; its forms carry the right token."""

    def __init__(self, app: Flask, account_id: str = "", *, minutes_ago: float = 0) -> None:
        self.client: FlaskClient = app.test_client()
        self.token = ""
        if account_id:
            with reading() as session:
                mark = session.get_one(Account, account_id).fs_uniquifier
            given = int(time.time() - 60 * minutes_ago)
            with self.client.session_transaction() as kept:
                kept.update(_user_id=mark, _fresh=True, began=given, fs_cc="set", fs_paa=given)
        page = self.client.get("/account" if account_id else "/sign-in")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        assert found, f"{page.status}: {page.text[:500]}"
        self.token = found.group(1)

    def get(self, path: str) -> TestResponse:
        """Fetch, and follow nothing."""
        return self.client.get(path, buffered=True)

    def post(self, path: str, data: dict[str, object] | None = None) -> TestResponse:
        """Send a form with the right token against forgery."""
        return self.client.post(path, data={"csrf_token": self.token, **(data or {})})


def callers(app: Flask, made: Tenant) -> Iterator[tuple[str, Caller]]:
    """Everybody of a tenant in turn, and at last a stranger."""
    for role, account_id in made.people.items():
        yield role, Caller(app, account_id)
    yield "nobody", Caller(app)


def keys() -> Keys:
    """The keys of the installation that the test runs on."""
    return Keys.at(current().keys)
