"""Signing in and out."""

import re
import time
from urllib.parse import urljoin, urlsplit

import pytest

from msf.accounts import operations
from msf.base.clock import utcnow
from msf.base.db import transaction

LONG = "x" * 10_000
PASSWORD = "correct horse battery staple"


def without_tokens(html: str) -> str:
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", html)


def test_the_right_password_opens_the_door_and_leads_to_the_start_page(desk):
    answer = desk.sign_in("coordinator")
    assert (answer.status_code, answer.location) == (302, "/")
    assert desk.client.get("/").location == "/rounds"
    assert "The coordinator" in desk.client.get("/account").text


def test_an_administrator_starts_with_the_people(desk):
    desk.sign_in("administrator")
    assert desk.client.get("/").location == "/people"


def test_the_address_may_be_typed_in_capitals_and_with_spaces(desk):
    assert desk.send("/sign-in", email=" COORDINATOR@Example.ORG ", password="correct horse battery staple").location


@pytest.mark.sqlite
@pytest.mark.parametrize("letter", ["é", "é"])
def test_a_password_is_the_same_however_its_accents_are_composed(desk, town, letter):
    with transaction() as session:
        operations.set_password(session, town.accounts["moderator"], password="très grand café".replace("é", letter))
    assert desk.sign_in("moderator", "très grand café").status_code == 302


def test_a_wrong_password_an_unknown_account_and_a_closed_one_look_alike(desks, town):
    with transaction() as session:
        operations.deactivate_account(session, town.accounts["adviser"], by="system", now=utcnow())
    pages = set()
    for name, password in [("coordinator", "wrong"), ("nobody-here", "wrong"), ("adviser", None)]:
        desk = desks()
        answer = desk.sign_in(name, password) if password else desk.sign_in(name)
        shown = without_tokens(answer.text).replace(f"{name}@example.org", "ADDRESS")
        pages.add((answer.status_code, shown, tuple(name for name, _ in answer.headers if name != "Content-Length")))
        assert not desk.inside()
    assert len(pages) == 1, "The pages differ."
    assert "is not right" in pages.pop()[1]


def test_a_wrong_password_and_an_unknown_account_cost_the_same_work(desk, town):
    def cost(name: str) -> float:
        token, spent = desk.token(), []
        for _ in range(4):
            before = time.thread_time()
            desk.client.post(
                "/sign-in", data={"csrf_token": token, "email": f"{name}@example.org", "password": "wrong"}
            )
            spent.append(time.thread_time() - before)
        return min(spent)

    known, unknown = cost("coordinator"), cost("nobody-here")
    assert 0.6 < known / unknown < 1.6, (known, unknown)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("", ""),
        ("coordinator@example.org", ""),
        ("", "correct horse battery staple"),
        ("coordinator@example.org\0", "correct horse battery staple"),
        ("coordinator@example.org", "correct\0horse"),
        ("coordinator@example.org", LONG),
        (LONG + "@example.org", "wrong"),
        ("' OR 1=1 --@example.org", "wrong"),
        ("ﷺ@ﷺ.ﷺ", "ﷺ" * 500),
        ("coordinator@example.org\r\nBcc: x@example.org", "wrong"),
    ],
)
def test_odd_input_is_refused_in_the_same_words(desk, email, password):
    answer = desk.send("/sign-in", email=email, password=password)
    assert answer.status_code == 200
    assert answer.text.count("The email address or the password is not right") == 1
    assert not desk.inside()


def test_without_the_token_against_forgery_nobody_signs_in_or_out(desk):
    answer = desk.client.post(
        "/sign-in", data={"email": "coordinator@example.org", "password": "correct horse battery staple"}
    )
    assert (answer.status_code, desk.inside()) == (400, False)
    desk.sign_in("coordinator")
    assert desk.client.post("/sign-out").status_code == 400
    assert desk.inside()


def test_json_is_not_a_way_in(desk):
    token = desk.token()
    for body in ("{}", "[1]", '"x"', "{", '{"email": "coordinator@example.org"}'):
        answer = desk.client.post(
            "/sign-in", data=body, content_type="application/json", headers={"X-CSRFToken": token}
        )
        assert answer.status_code == 415


def test_an_authentication_token_is_not_a_way_in(app, desk, town):
    with app.test_request_context():
        account = app.extensions["security"].datastore.find_user(email="coordinator@example.org")
        token = account.get_auth_token()
    assert desk.client.get("/account", headers={"Authentication-Token": token}).status_code == 303
    assert desk.client.get(f"/account?auth_token={token}").status_code == 303


def test_somebody_signed_in_is_led_on_from_the_sign_in_page(desk):
    desk.sign_in("coordinator")
    assert desk.client.get("/sign-in").location == "/"


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "http://localhost@evil.example/",
    "http://localhost.evil.example/",
    "\0//evil.example",
]


@pytest.mark.sqlite
@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_never_leads_to_another_site(desks, target):
    for way in ("query", "form"):
        desk = desks()
        data = {"csrf_token": desk.token(), "email": "coordinator@example.org", "password": PASSWORD}
        if way == "form":
            answer = desk.client.post("/sign-in", data=data | {"next": target})
        else:
            answer = desk.client.post("/sign-in", data=data, query_string={"next": target})
        assert answer.status_code in (200, 302)
        place = re.sub(r"[\x00-\x20]", "", answer.headers.get("Location", "/")).replace("\\", "/")
        assert urlsplit(urljoin("http://localhost/sign-in", place)).netloc == "localhost", answer.location


def test_signing_in_leads_back_to_the_page_that_was_asked_for(desk):
    asked = desk.client.get("/account?from=letter")
    assert asked.status_code == 303
    page = desk.client.get(asked.location)
    answer = desk.client.post(
        asked.location,
        data={
            "csrf_token": re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1],
            "email": "coordinator@example.org",
            "password": "correct horse battery staple",
        },
    )
    assert answer.location == "/account?from=letter"


def test_after_signing_out_even_a_copied_cookie_is_worthless(desks):
    desk, thief = desks(), desks()
    desk.sign_in("coordinator")
    thief.client.set_cookie("msf", desk.client.get_cookie("msf").value, domain="localhost")
    assert thief.inside()
    left = desk.sign_out()
    assert left.location == "/sign-in"
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not desk.inside()
    assert not thief.inside()


def test_an_account_that_is_switched_off_is_out_at_once(desk, town):
    desk.sign_in("coordinator")
    assert desk.inside()
    with transaction() as session:
        operations.deactivate_account(session, town.accounts["coordinator"], by="system", now=utcnow())
    assert not desk.inside()
    with transaction() as session:
        operations.activate_account(session, town.accounts["coordinator"], by="system", now=utcnow())
    assert not desk.inside()
    assert desk.sign_in("coordinator").status_code == 302
