"""Setting, changing and resetting a password."""

import re
import threading
import time

import pytest

from msf.accounts import operations, queries
from msf.accounts.rules import SignInChanged
from msf.base.clock import utcnow
from msf.base.db import reading, transaction
from msf.base.mail import caught

NEW = "seven green lamps tonight"
OLD = "correct horse battery staple"


def link_in(text: str) -> str:
    return re.search(r"http://localhost(/password/\S+)", text)[1]


def ask(desk, name: str = "coordinator"):
    return desk.client.post("/password", data={"csrf_token": desk.token("/password"), "email": f"{name}@example.org"})


def test_the_link_in_the_letter_sets_a_password_once(desk, letters, town):
    assert ask(desk).status_code == 200
    (letter,) = letters(1)
    assert letter.to == "coordinator@example.org"
    link = link_in(letter.text)
    answer = desk.send(link, password=NEW, password_confirm=NEW)
    assert answer.location == "/sign-in"
    assert "Your password is set" in desk.client.get("/sign-in").text
    again = desk.client.get(link)
    assert again.location == "/password"
    assert "already used" in desk.client.get("/password").text
    assert desk.sign_in("coordinator", OLD).status_code == 200
    assert desk.sign_in("coordinator", NEW).status_code == 302
    assert [letter.subject.split(":")[0] for letter in letters(2)] == ["Your password was changed", "Set your password"]


def test_two_who_use_one_link_at_the_same_moment_do_not_both_get_in(desks, letters, town):
    desk = desks()
    ask(desk)
    link = link_in(letters(1)[0].text)
    passwords = [NEW, "eight brown bottles there"]
    parties = [(desks(), word) for word in passwords]
    tokens = [each.token(link) for each, _ in parties]
    start = threading.Barrier(2)
    places = [""] * 2

    def use(number: int) -> None:
        party, word = parties[number]
        start.wait()
        answer = party.client.post(
            link, data={"csrf_token": tokens[number], "password": word, "password_confirm": word}
        )
        places[number] = answer.location or str(answer.status_code)

    threads = [threading.Thread(target=use, args=[number]) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert places.count("/sign-in") == 1, places
    winner = places.index("/sign-in")
    assert desks().sign_in("coordinator", passwords[winner]).status_code == 302
    assert desks().sign_in("coordinator", passwords[1 - winner]).status_code == 200


def test_what_a_link_was_made_for_must_still_be_so_when_it_is_written(town):
    with transaction() as session, pytest.raises(SignInChanged):
        operations.change_sign_in(
            session, town.accounts["coordinator"], was="something else", columns={"password": "x"}, now=utcnow()
        )


def test_the_address_of_the_letter_does_not_come_from_the_request(app, letters, town):
    client = app.test_client()
    page = client.get("/password", base_url="http://127.0.0.1:5000")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
    client.post(
        "/password",
        data={"csrf_token": token, "email": "coordinator@example.org"},
        base_url="http://127.0.0.1:5000",
        headers={"X-Forwarded-Host": "evil.example"},
    )
    assert re.findall(r"https?://[^/\s]+", letters(1)[0].text) == ["http://localhost"] * 2


def test_known_unknown_and_switched_off_accounts_get_the_same_answer(desks, letters, town):
    with transaction() as session:
        operations.deactivate_account(session, town.accounts["adviser"], by="system", now=utcnow())
    pages = set()
    for name in ("coordinator", "nobody-here", "adviser"):
        answer = ask(desks(), name)
        shown = re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", answer.text)
        pages.add((answer.status_code, shown.replace(f"{name}@example.org", "ADDRESS")))
    assert len(pages) == 1, "The pages differ."
    assert "If there is an account with that address" in pages.pop()[1]
    assert [letter.to for letter in letters(1)] == ["coordinator@example.org"]


@pytest.mark.sqlite
@pytest.mark.parametrize("email", ["", "no address", "a@b", "coordinator@example.org\0", "x" * 10_000 + "@example.org"])
def test_an_odd_address_sends_nothing(desk, home, email):
    answer = desk.client.post("/password", data={"csrf_token": desk.token("/password"), "email": email})
    assert answer.status_code == 200
    time.sleep(0.1)
    assert caught(home / "mail") == []


@pytest.mark.sqlite
@pytest.mark.parametrize("tail", ["x", "%00", "%FF", "WzEsMl0.ZZZ.zzz", "x" * 3000, "../people"])
def test_a_made_up_link_leads_to_asking_for_a_new_one(desk, tail):
    answer = desk.client.get(f"/password/{tail}")
    assert answer.status_code in (302, 303, 404)
    assert answer.location in (None, "/password", "/sign-in?next=/people")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "Use at least 12 characters"),
        ("x" * 10_000, "Use at most 128 characters"),
        ("aaaaaaaaaaaaaaaaaaa", "Use at least 5 different characters"),
        ("coordinator@example.org", "other than your email address"),
        ("ﷺ" * 40, "Use at most 128 characters"),
        ("", "Enter a password"),
    ],
)
def test_a_poor_password_is_refused_in_words(desk, letters, password, words):
    ask(desk)
    link = link_in(letters(1)[0].text)
    answer = desk.send(link, password=password, password_confirm=password)
    assert (answer.status_code, words in answer.text) == (200, True)
    assert desk.send(link, password=NEW, password_confirm=NEW).location == "/sign-in"


def test_two_different_new_passwords_are_refused(desk, letters):
    ask(desk)
    answer = desk.send(link_in(letters(1)[0].text), password=NEW, password_confirm=NEW + "x")
    assert "not the same" in answer.text


def test_a_changed_password_ends_every_other_sign_in(desks, letters):
    desk, elsewhere = desks(), desks()
    desk.sign_in("coordinator")
    elsewhere.sign_in("coordinator")
    answer = desk.send("/account/password", password=OLD, new_password=NEW, new_password_confirm=NEW)
    assert answer.location == "/account"
    assert desk.inside()
    assert not elsewhere.inside()
    assert letters(1)[0].subject.startswith("Your password was changed")


@pytest.mark.parametrize("password", ["", "wrong", "x" * 10_000, "ﷺ" * 500])
def test_the_password_one_has_is_needed_to_change_it(desk, password):
    desk.sign_in("coordinator")
    answer = desk.send("/account/password", password=password, new_password=NEW, new_password_confirm=NEW)
    assert answer.status_code == 200
    assert (
        desk.client.post(
            "/account/confirm", data={"csrf_token": desk.token("/account"), "password": password}
        ).status_code
        == 200
    )
    desk.sign_out()
    assert desk.sign_in("coordinator", NEW).status_code == 200


def test_the_right_password_confirms_who_is_there(desk):
    desk.sign_in("coordinator")
    assert desk.send("/account/confirm", password=OLD).location == "/"


def test_a_letter_that_cannot_be_sent_spoils_nothing(settings, town, caplog):
    from dataclasses import replace

    from msf.app import create_app

    desk_app = create_app(replace(settings, mail="smtp://127.0.0.1:9"))
    client = desk_app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/password").text)[1]
    answer = client.post("/password", data={"csrf_token": token, "email": "coordinator@example.org"})
    assert answer.status_code == 200
    deadline = time.monotonic() + 20
    while not caplog.messages and time.monotonic() < deadline:
        time.sleep(0.02)
    assert caplog.messages == ["A letter about an account could not be sent: ConnectionRefusedError."]


def test_a_changed_password_is_on_record_without_its_words(desk, town):
    desk.sign_in("coordinator")
    desk.send("/account/password", password=OLD, new_password=NEW, new_password_confirm=NEW)
    with reading() as session:
        rows = (
            session.connection()
            .exec_driver_sql("SELECT action, actor, object, details FROM audit_event ORDER BY sequence")
            .all()
        )
        assert queries.person(session, town.accounts["coordinator"]).active
    who = town.accounts["coordinator"]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("accounts.signed_in", who, f"account {who}"),
        ("accounts.password_changed", who, f"account {who}"),
    ]
