"""Brakes on guessing."""

import datetime

import pytest
from werkzeug.test import TestResponse

from msf.accounts.guard import throttle


def test_ten_wrong_passwords_stop_an_account_from_everywhere_but_no_other(desks):
    desk = desks()
    token = desk.token()

    def attempt(name: str, address: str, password: str = "wrong") -> TestResponse:
        return desk.client.post(
            "/sign-in",
            data={"csrf_token": token, "email": f"{name}@example.org", "password": password},
            environ_base={"REMOTE_ADDR": address},
        )

    assert [attempt("coordinator", f"10.0.0.{number}").status_code for number in range(10)] == [200] * 10
    stopped = attempt("Coordinator", "10.0.1.1", "correct horse battery staple")
    assert stopped.status_code == 429
    assert "Too many tries" in stopped.text and "Wait a few minutes" in stopped.text
    assert attempt("moderator", "10.0.0.1").status_code == 200
    assert attempt("moderator", "10.0.0.1", "correct horse battery staple").status_code == 302


def test_an_unknown_account_is_stopped_like_a_known_one(desk):
    statuses = [desk.sign_in("nobody-here", "wrong").status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


def test_signing_in_well_is_not_counted(desks):
    assert {desks().sign_in("coordinator").status_code for _ in range(12)} == {302}


def test_looking_at_the_sign_in_page_is_not_counted(desk):
    assert {desk.client.get("/sign-in").status_code for _ in range(80)} == {200}


@pytest.mark.parametrize("name", ["coordinator", "nobody-here"])
def test_the_sixth_letter_in_an_hour_is_not_sent(desk, name):
    token = desk.token("/password")
    data = {"csrf_token": token, "email": f"{name}@example.org"}
    assert [desk.client.post("/password", data=data).status_code for _ in range(6)] == [200] * 5 + [429]


def test_one_address_cannot_try_every_account(desk):
    token = desk.token()
    statuses = [
        desk.client.post("/sign-in", data={"csrf_token": token, "email": f"n{number}", "password": "x"}).status_code
        for number in range(61)
    ]
    assert statuses == [200] * 60 + [429]


def test_the_keys_hold_no_address_and_mean_nothing_the_next_day(app, monkeypatch):
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        first = throttle.by_address()
        assert first == throttle.by_address()
        assert "192.0.2.7" not in first
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    monkeypatch.setattr(throttle, "utcnow", lambda: tomorrow)
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        assert throttle.by_address() != first
