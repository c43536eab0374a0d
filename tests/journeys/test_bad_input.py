"""Whatever is sent, by whomever, gets a clear answer and stores nothing."""

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from msf.base.config import Settings
from msf.base.db import Database, transaction
from msf.instruments import find
from msf.respond import operations as door
from tests.make import Make
from tests.pages import Visitor
from tests.respond.rounds import OpenRound, open_round

ROLES = ("coordinator", "practitioner", "case_manager", "moderator", "quality_reviewer", "facilitator", "administrator")
STRANGE = (
    "0" * 32, "..%2Fx", "%00", "'%20OR%201=1--", "%F0%9F%99%82", "x" * 400, "%ED%A0%80", "%3Cscript%3Ealert(1)%3C",
)  # fmt: skip
EVIL = "=cmd|' /C calc'!A1 <script>alert(1)</script> {{ 7*7 }}"
CALM = frozenset({200, 302, 303, 400, 403, 404, 405, 409, 410, 413, 415, 422, 429})
BOXES = (
    "name", "address", "email", "group", "decision", "reason", "addresses", "count", "spans", "facilitator_id",
    "practitioner_id", "organisation", "roles", "profession", "k", "colleague_questionnaire", "patient_questionnaire",
    "target_colleagues", "floor_patients", "reminder_days", "checks", "everybody", "password", "new_password", "code",
    "receipt", "step", "language", "item.listens", "text.does_well", "opens_on-day", "opens_on-month", "opens_on-year",
    "closes_on-day", "closes_on-month", "closes_on-year",
)  # fmt: skip
NOTED = {"audit_event", "job"}
"""Tables that note what people did; every other table must not change."""


@pytest.fixture
def now() -> datetime:
    """Today, since pages read the clock."""
    return datetime.now(UTC)


def rows(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    with database.engine.connect() as connection:
        names = sorted(set(sa.inspect(connection).get_table_names()) - NOTED)
        return {name: connection.execute(sa.text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}


def send(client: FlaskClient, method: str, path: str, data: dict[str, object] | None = None) -> TestResponse:
    """Send a form with whatever is in it, also what is no UTF-8."""
    if data is None:
        return client.open(path, method=method)
    body = urlencode(data, doseq=True, errors="surrogateescape").encode("ascii")
    return client.open(path, method=method, data=body, content_type="application/x-www-form-urlencoded")


def address(rule: Rule, ids: Iterator[str]) -> str:
    """The address of a rule with something strange in every gap."""
    return re.sub(r"<[^>]*>", lambda _: next(ids), rule.rule)


def test_no_address_fails_for_anybody_whatever_is_sent_to_it(
    app: Flask, visitor: Callable[[], Visitor], make: Make, database: Database
) -> None:
    people = [make.practitioner() if role == "practitioner" else make.account(role) for role in ROLES]
    for person in [None, *people]:
        page = visitor()
        if person:
            page.sign_in(person.email)
        before = rows(database)
        _knock_everywhere(app, page, itertools.cycle(STRANGE))
        assert rows(database) == before


def _knock_everywhere(app: Flask, page: Visitor, ids: Iterator[str]) -> None:
    forged = {**page.token(), **{box: f"\0{EVIL}\udcff" for box in BOXES}}
    for rule, method in itertools.product(app.url_map.iter_rules(), ("GET", "POST", "PUT")):
        path = address(rule, ids)
        if (rule.endpoint, method) == ("security.logout", "POST"):
            continue
        answer = send(page.client, method, path, forged if method == "POST" else None)
        assert answer.status_code in CALM, f"{method} {path} answered {answer.status}"
        assert b"<script>alert" not in answer.data
        if method == "PUT":
            assert answer.status_code in {302, 303, 403, 404, 405}, f"{method} {path} answered {answer.status}"


def test_what_belongs_to_another_service_is_not_found(
    app: Flask, visitor: Callable[[], Visitor], make: Make, database: Database
) -> None:
    there = make.round("open", colleagues={"doctor": 5})
    far = make.organisation("Far Service", kind="service")
    near = make.organisation("Far Trust", served_by=far)
    homes = {role: near if role in {"practitioner", "case_manager"} else far for role in ROLES}
    own = {"practitioner": "doctor"}
    strangers = [make.account(role, at=homes[role], profession=own.get(role)) for role in ROLES]
    for person in strangers:
        page = visitor()
        page.sign_in(person.email)
        before = rows(database)
        for rule in app.url_map.iter_rules():
            if "<round_id>" in rule.rule:
                _finds_nothing(page, rule, there.id)
        assert rows(database) == before


def _finds_nothing(page: Visitor, rule: Rule, round_id: str) -> None:
    for method in sorted((rule.methods or set()) & {"GET", "POST"}):
        path = address(rule, itertools.chain([round_id], itertools.repeat("0" * 32)))
        sent = {**page.token(), "everybody": "yes"} if method == "POST" else None
        answer = send(page.client, method, path, sent)
        assert answer.status_code in {403, 404}, f"{method} {path} answered {answer.status}"


@pytest.mark.parametrize(
    ("who", "path", "good"),
    [
        ("practitioner", "nominees", {"name": "Ann Lee", "address": "ann@x.example", "group": "doctor"}),
        ("coordinator", "nominees", {"name": "Ann Lee", "address": "ann@x.example", "group": "doctor"}),
        ("coordinator", "patients", {"addresses": "ann@x.example"}),
        ("coordinator", "cards", {"count": "3"}),
        ("coordinator", "desk/cancel", {"reason": "Moved away"}),
        ("coordinator", "desk/extend", {"closes_on-day": "1", "closes_on-month": "2", "closes_on-year": "2031"}),
    ],
)
def test_one_wrong_box_of_a_form_stops_all_of_it(
    who: str, path: str, good: dict[str, str], page: Visitor, make: Make, database: Database
) -> None:
    practitioner = make.practitioner()
    here = make.round("nominating", practitioner=practitioner, colleagues={})
    page.sign_in(practitioner.email if who == "practitioner" else make.coordinator.email)
    token, before = page.token(), rows(database)
    for box, wrong in itertools.product(good, ("\0", "x\u202ey\n\0", EVIL * 2000, "\udcff\0", "٣٣٣٣٣٣", "-1e9")):
        if box in {"name", "reason"} and wrong in {"٣٣٣٣٣٣", "-1e9"}:
            continue  # a word like any other
        answer = send(page.client, "POST", f"/rounds/{here.id}/{path}", {**token, **good, box: wrong})
        assert answer.status_code in {400, 422}, f"{box}={wrong[:20]!r} answered {answer.status}"
    assert rows(database) == before
    assert page.get(f"/rounds/{here.id}").text.count("Choosing people to ask")


def test_after_the_close_a_good_code_looks_like_one_that_never_was(client: FlaskClient, settings: Settings) -> None:
    client.get("/give")
    opened: OpenRound = open_round(settings, now=datetime.now(UTC), groups={"doctor": 5})
    code = opened.of("colleagues")[0]
    answers = {f"item.{item}": "4" for item in find("doctor-colleagues").item_ids}
    sent = {"code": code, "receipt": "abcdefgh0011", "step": "send", **answers}
    assert client.post("/give", data=sent).status_code == 200
    with transaction() as session:
        door.close_round(session, opened.id, keys=opened.keys, by=opened.coordinator, now=datetime.now(UTC))
    unknown = client.post("/give", data={**sent, "code": "0" * 24 + "11"})
    assert unknown.status_code == 404
    for late in (sent, {"code": code}, {**sent, "step": "decline"}, {**sent, "code": opened.of("colleagues")[1]}):
        answer = client.post("/give", data=late)
        assert (answer.status_code, answer.data) == (unknown.status_code, unknown.data)
    back = {"code": code, "receipt": "abcdefgh0011", "confirmed": "yes"}
    never = {"code": "0" * 24 + "11", "receipt": "abcdefgh0011", "confirmed": "yes"}
    assert client.post("/give/withdraw", data=back).data == client.post("/give/withdraw", data=never).data


@pytest.mark.parametrize("path", ["/give", "/give/withdraw"])
def test_the_door_says_calmly_that_it_cannot_read_this(path: str, client: FlaskClient) -> None:
    names = ("code", "receipt", "step", "language", "confirmed")
    values = ("\0", "x" * 300_000, EVIL, "\udcff", "0" * 26)
    for name, value in itertools.product(names, values):
        answer = send(client, "POST", path, {"code": "0" * 26, "receipt": "0" * 12, "step": "send", name: value})
        assert answer.status_code in {200, 400, 404, 413, 422}, f"{name}={value[:20]!r} answered {answer.status}"
        assert b"<script>alert" not in answer.data
        assert answer.status_code != 200 or b"Take your answers back?" in answer.data
        assert "Set-Cookie" not in answer.headers
