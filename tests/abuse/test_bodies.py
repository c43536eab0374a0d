"""Whatever body is sent, to whatever address, by whomever: a calm answer, and nothing half stored."""

import gzip
import itertools
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urljoin, urlsplit

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from msf.base.db import Database
from tests.abuse.test_foreign import NAMING, everything
from tests.abuse.town import Caller, Tenant

CALM = {200, 302, 303, 308, 400, 403, 404, 405, 409, 410, 413, 415, 422, 429}
FORM = "application/x-www-form-urlencoded"
DOOR = ("/give", "/give/withdraw")


def part(name: str, value: str = "x", *, file: str = "") -> str:
    """One part of a multipart body."""
    named = f'name="{name}"' + (f'; filename="{file}"' if file else "")
    return f"--b\r\nContent-Disposition: form-data; {named}\r\n\r\n{value}\r\n"


def bodies(token: str) -> Iterator[tuple[str, str, bytes]]:
    """Bodies that break readers: what they are, their content type, and their bytes; each with a right token."""
    sent = f"csrf_token={quote(token)}&step=send&code={'0' * 26}&"
    ahead = part("csrf_token", token) + part("step", "send")
    many = "multipart/form-data; boundary=b"
    yield "too many parts", many, (ahead + "".join(part(f"f{n}") for n in range(5000)) + "--b--\r\n").encode()
    yield "too many fields", FORM, (sent + "&".join(f"f{n}=1" for n in range(20_000))).encode()
    yield (
        "one name often",
        FORM,
        (sent + "&".join("name=x&code=1&item.listens=3&addresses=a" for _ in range(5000))).encode(),
    )
    yield "nested names", FORM, (sent + "a" + "[b]" * 20_000 + "=1").encode()
    yield "ten megabytes", FORM, (sent + "name=" + "x" * 10_000_000).encode()
    yield "nearly a megabyte", FORM, (sent + "name=" + "%00" * 300_000).encode()
    yield "files", many, (ahead + part("addresses", "x" * 90_000, file="../../x.csv") + "--b--\r\n").encode()
    yield "part without end", many, (ahead + '--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nx').encode()
    yield "part without name", many, (ahead + "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n").encode()
    yield "long part header", many, (ahead + part("n" * 200_000) + "--b--\r\n").encode()
    yield "no boundary", "multipart/form-data", b"name=x"
    yield "gzip", FORM, gzip.compress((sent + "name=" + "x" * 5_000_000).encode())
    yield "json", "application/json", json.dumps({"csrf_token": token, "name": {"a": [1]}}).encode()
    yield "deep json", "application/json", b"[" * 100_000
    yield "xml", "text/xml", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    yield "not utf-8", FORM, sent.encode() + b"name=\xff\xfe%ff%fe&reason=%c0%80&address=%ed%a0%80"
    yield "utf-16", FORM + "; charset=utf-16", (sent + "name=x").encode("utf-16")
    yield "nul", FORM, (sent + "name=a%00b&reason=%00&address=%00&group=%00&decision=%00").encode()
    yield "noise", "application/octet-stream", bytes(range(256)) * 40
    yield "bad type", "a/b/c;;;=\u00e9".encode().decode("latin-1"), b"name=x"


def calm(answer: TestResponse, told: object) -> None:
    """Fail where an answer is a fault, or tells of the inside."""
    assert answer.status_code in CALM, f"{told}: {answer.status}"
    assert b"Traceback" not in answer.data, told
    assert b"root:" not in answer.data, told


def targets(app: Flask, town: Tenant) -> Iterator[tuple[str, str]]:
    """Every address that takes a POST, in a round that is far enough, with a role that may."""
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or set()) or rule.endpoint == "security.logout":
            continue
        state = NAMING.get(rule.rule, "")
        ids = {"round_id": town.rounds.get(state, ""), "comment_id": town.comment, "nominee_id": town.nominee}
        ids |= {"family": "colleagues", "account_id": town.people["auditor"], "organisation_id": town.service}
        roles = sorted(app.extensions["doors"][rule.endpoint.rpartition(".")[0]])
        role = next((role for role in ("coordinator", "moderator") if role in roles), roles[0])
        role = "" if role == "anyone" else role
        yield re.sub(r"<(?:[^:>]+:)?([^>]+)>", lambda found, ids=ids: ids.get(found[1], "x"), rule.rule), role  # type: ignore[misc]


READERS = ("/give", "/sign-in", "/nominees", "/self/colleagues")
"""How the addresses end that stand for all: the door, the sign-in, short and long boxes, and the long form."""


@pytest.mark.sqlite
def test_no_body_is_a_fault_anywhere_and_none_is_half_stored(app: Flask, home_town: Tenant, database: Database) -> None:
    callers: dict[str, Caller] = {}
    made: dict[str, list[tuple[str, str, bytes]]] = {}
    before = everything(database)
    for path, role in targets(app, home_town):
        if not path.endswith(READERS):
            continue
        who = callers.setdefault(role, Caller(app, home_town.people.get(role, "")))
        made[role] = made.get(role) or list(bodies(who.token))
        for name, kind, body in made[role]:
            answer = who.client.post(path, data=body, content_type=kind)
            calm(answer, f"{name} to {path}")
            if name == "ten megabytes":
                assert answer.status_code == 413, path
                assert "larger than the service takes" in answer.text
            if name == "json" and not path.startswith("/give"):
                assert answer.status_code in {400, 415, 422, 429}, path
    assert everything(database) == before


@pytest.mark.sqlite
def test_without_its_token_no_form_does_anything(app: Flask, home_town: Tenant, database: Database) -> None:
    before, other = everything(database), Caller(app).token
    callers: dict[str, Caller] = {}
    for path, role in targets(app, home_town):
        who = callers.setdefault(role, Caller(app, home_town.people.get(role, "")))
        for data in ({}, {"csrf_token": "x" * 5000}, {"csrf_token": other}):
            answer = who.client.post(path, data={**data, "everybody": "yes"})
            expected = {400, 422} if path not in DOOR else {422, 404}
            assert answer.status_code in expected, f"{path} without its token: {answer.status}"
    assert everything(database) == before


def test_strange_addresses_lead_nowhere(app: Flask, home_town: Tenant) -> None:
    staff = Caller(app, home_town.people["coordinator"])
    climbs = ("..%2f..%2f", "%2e%2e/", "..%5c", "....//", "%00", "..;/", "%c0%ae%c0%ae/", "./", "//", "~root/")
    for climb, end in itertools.product(climbs, ("app.py", "msf.db", "etc/passwd", "app.css%00.png")):
        answer = staff.client.get(f"/static/{climb}{end}", buffered=True)
        assert answer.status_code in {308, 400, 404}, f"{climb}{end}: {answer.status}"
    for path in ("/reports?page=" + "9" * 400, "/rounds?page=-1&page=x&state=%00", "/rounds?state=" + "x" * 50_000,
                 "/people?page=%ff", "/give?code=" + "0" * 26, "/sign-in?next=//evil.example", "/%00", "/%ff",
                 "/rounds/" + "x" * 30_000, "/rounds/%F0%9F%99%82", "/reports/x.pdf%00",
                 "/?" + "a=1&" * 5000):  # fmt: skip
        calm(staff.get(path), path)
    for method in ("HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "PROPFIND", "BREW"):
        for path in ("/give", "/rounds", f"/rounds/{home_town.rounds['open']}/desk/close", "/sign-in"):
            answer = staff.client.open(path, method=method)
            calm(answer, f"{method} {path}")
            assert method in ("HEAD", "OPTIONS") or answer.status_code == 405
            assert method != "HEAD" or answer.data == b""


@pytest.mark.sqlite
def test_signing_in_leads_to_no_other_site(app: Flask, home_town: Tenant) -> None:
    person = {"email": "nearcoordinator@example.org", "password": "correct horse battery staple"}
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example"):
        visitor = Caller(app)
        data = {"csrf_token": visitor.token, **person, "next": elsewhere}
        answer = visitor.client.post(f"/sign-in?{urlencode({'next': elsewhere})}", data=data)
        assert answer.status_code in {200, 302, 303}
        leads = urlsplit(urljoin("http://localhost/sign-in", answer.headers.get("Location", "/")))
        assert leads.netloc == "localhost" and "\\" not in leads.path and not leads.path.startswith("//"), leads


WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "yes", "release", "redact", "withhold", "approve", "reject", "doctor", "5", "-1", "0" * 26]),
    st.sampled_from(["\0", "\udcff", "\u202e", "9" * 30, "é" * 2000, "=1+1", "{{7*7}}", "2027-02-30"]),
)
NAMES = (
    "name", "address", "email", "group", "decision", "reason", "addresses", "count", "spans", "facilitator_id",
    "practitioner_id", "organisation", "roles", "profession", "k", "checks", "closes_on-day", "closes_on-month",
    "closes_on-year", "opens_on-day", "opens_on-month", "opens_on-year", "colleague_questionnaire", "code", "receipt",
    "step", "language", "confirmed", "item.listens", "item.", "text.does_well", "text.", "reminder_days", "everybody",
    "patient_questionnaire", "password", "new_password", "new_password_confirm", "next", "key_mode", "passphrase",
)  # fmt: skip


def test_random_forms_to_every_address_as_every_role_are_answered_calmly(app: Flask, home_town: Tenant) -> None:
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = True
    places = [path for path, _ in targets(app, home_town)]
    roles = ("coordinator", "practitioner", "case_manager", "moderator", "quality_reviewer", "administrator", "")
    callers = {role: Caller(app, home_town.people.get(role, "")) for role in roles}

    @settings(max_examples=120, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(
        path=st.sampled_from(places),
        role=st.sampled_from(roles),
        form=st.dictionaries(st.sampled_from(NAMES), st.lists(WORDS, min_size=1, max_size=2), max_size=8),
    )
    def send(path: str, role: str, form: dict[str, list[str]]) -> None:
        who = callers[role]
        body = urlencode({"csrf_token": who.token, **form}, doseq=True, errors="surrogateescape")
        answer = who.client.post(path, data=body.encode("ascii"), content_type=FORM)
        calm(answer, f"{role} to {path}: {form}")

    send()
