"""The session cookie: what it looks like, how long it lasts, where there is none; and what a request leaves open."""

import time
from dataclasses import replace

import itsdangerous
import pytest
from flask import Blueprint

from msf.accounts import queries
from msf.app import DOORS, create_app
from msf.base import db
from msf.base.db import reading


def cookies_of(answer) -> list[str]:
    return answer.headers.getlist("Set-Cookie")


def test_the_cookie_is_for_this_site_alone_and_ends_with_the_browser(desk):
    desk.sign_in("coordinator")
    cookie = desk.client.get_cookie("msf")
    assert (cookie.http_only, cookie.same_site, cookie.path, cookie.domain) == (True, "Lax", "/", "localhost")
    assert (cookie.secure, cookie.expires, cookie.max_age) == (False, None, None)


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(settings, town):
    app = create_app(replace(settings, base_url="https://feedback.example.org"))
    answer = app.test_client().get("/sign-in", base_url="https://feedback.example.org")
    (cookie,) = cookies_of(answer)
    assert cookie.startswith("__Host-msf=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_signing_in_changes_the_cookie_and_the_token_against_forgery(desk):
    token = desk.token()
    before = desk.client.get_cookie("msf").value
    desk.sign_in("coordinator")
    assert desk.client.get_cookie("msf").value != before
    assert desk.client.post("/sign-out", data={"csrf_token": token}).status_code == 400
    with desk.client.session_transaction() as kept:
        assert "began" in kept


@pytest.mark.sqlite
@pytest.mark.parametrize(("minutes", "inside"), [(29, True), (31, False)])
def test_half_an_hour_without_a_page_ends_the_session(desk, monkeypatch, minutes, inside):
    with monkeypatch.context() as patch:
        stamp = int(time.time()) - minutes * 60
        patch.setattr(itsdangerous.TimestampSigner, "get_timestamp", lambda _signer: stamp)
        desk.sign_in("coordinator")
    assert desk.inside() is inside


def test_every_page_starts_the_half_hour_again(desk, monkeypatch):
    with monkeypatch.context() as patch:
        stamp = int(time.time()) - 20 * 60
        patch.setattr(itsdangerous.TimestampSigner, "get_timestamp", lambda _signer: stamp)
        desk.sign_in("coordinator")
    old = desk.client.get_cookie("msf").value
    assert desk.inside()
    assert desk.client.get_cookie("msf").value != old


@pytest.mark.sqlite
@pytest.mark.parametrize(("hours", "inside"), [(7, True), (9, False), (-1, False)])
def test_eight_hours_end_the_session_however_busy(desk, hours, inside):
    desk.sign_in("coordinator")
    with desk.client.session_transaction() as kept:
        kept["began"] -= hours * 3600
    assert desk.inside() is inside


def test_a_session_that_does_not_say_when_it_began_is_none(desk):
    desk.sign_in("coordinator")
    with desk.client.session_transaction() as kept:
        del kept["began"]
    assert not desk.inside()


def test_a_cookie_signed_with_another_key_is_none(desk):
    desk.sign_in("coordinator")
    value = desk.client.get_cookie("msf").value
    desk.client.set_cookie("msf", value[:-4] + "AAAA", domain="localhost")
    assert not desk.inside()


def test_the_pages_of_people_who_answer_neither_read_nor_set_a_cookie(desk):
    desk.sign_in("coordinator")
    for path in ("/give", "/give/nothing-here", "/give/withdraw", "/healthz", "/static/app.css"):
        for fetch in (desk.client.get, desk.client.post):
            with fetch(path) as answer:
                assert cookies_of(answer) == [], path
                assert "Cookie" not in answer.headers.get("Vary", ""), path
                assert b"The coordinator" not in answer.get_data(), path


def test_a_bare_door_sees_no_session_even_where_a_page_reads_one(app, desk):
    bare = {door.blueprint.name for door in DOORS if not door.csrf}
    assert bare, "no blueprint is free of cookies"
    desk.sign_in("coordinator")
    with app.test_request_context("/give", headers={"Cookie": f"msf={desk.client.get_cookie('msf').value}"}):
        from flask import session

        assert dict(session) == {}


def test_health_is_told_without_a_word_about_the_database(client, town):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok", "text/plain")


def test_looking_at_a_page_waits_for_no_writer(desk, database):
    desk.sign_in("coordinator")
    with database.writer() as writer, writer.begin():
        held = writer.connection()
        held.exec_driver_sql("UPDATE account SET name = name")
        before = time.monotonic()
        assert desk.inside()
        assert time.monotonic() - before < 5


def test_a_request_keeps_no_connection(desk):
    pool = db.current().engine.pool
    for path in ("/sign-in", "/account", "/people", "/nothing", "/people/new"):
        desk.client.get(path)
        assert pool.checkedout() == 0
    desk.sign_in("administrator")
    for path in ("/account", "/people", "/people/0", "/people/new", "/account/password"):
        desk.client.get(path)
        assert pool.checkedout() == 0


def test_of_a_sign_in_nothing_is_written_down_but_that_it_was(desk, town):
    with reading() as session:
        before = queries.person(session, town.accounts["coordinator"])
        row = session.connection().exec_driver_sql("SELECT * FROM account ORDER BY id").all()
    desk.sign_in("coordinator")
    desk.client.get("/account")
    with reading() as session:
        assert queries.person(session, town.accounts["coordinator"]) == before
        [event] = session.connection().exec_driver_sql("SELECT actor, action, object, details FROM audit_event").all()
        who = town.accounts["coordinator"]
        assert (event[0], event[1], event[2]) == (who, "accounts.signed_in", f"account {who}")
        assert event[3] in ("{}", {})
        assert session.connection().exec_driver_sql("SELECT * FROM account ORDER BY id").all() == row


def test_a_blueprint_of_the_bare_kind_takes_forms_without_a_token(settings, town, monkeypatch):
    from msf import app as module

    stall = Blueprint("stall", __name__, url_prefix="/stall")
    stall.post("")(lambda: "taken")
    monkeypatch.setattr(module, "DOORS", (*DOORS, module.Door(stall, module.ANYONE, csrf=False)))
    client = create_app(settings).test_client()
    answer = client.post("/stall", data={"a": "b"})
    assert (answer.status_code, answer.text, cookies_of(answer)) == (200, "taken", [])
