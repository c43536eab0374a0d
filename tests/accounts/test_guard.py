"""Doors: what has no guard stays shut, and every role opens what it should and nothing else."""

import pytest
from flask import Blueprint

from msf.accounts.guard import ANYONE, SIGNED_IN, guard, me, only
from msf.accounts.rules import ROLES
from msf.app import DOORS

ALL = ["administrator", "coordinator", "moderator", "quality_reviewer", "facilitator", "practitioner", "case_manager"]


def stray(name: str) -> Blueprint:
    made = Blueprint(name, __name__, url_prefix=f"/{name}")
    made.get("", endpoint="open")(lambda: me().name)
    made.get("/narrow", endpoint="narrow")(lambda: only("moderator").name)
    return made


def test_a_blueprint_without_a_guard_is_found_by_nobody(app, desk):
    app.register_blueprint(stray("stray"))
    assert desk.client.get("/stray").status_code == 404
    desk.sign_in("administrator")
    assert desk.client.get("/stray").status_code == 404


def test_a_page_outside_every_blueprint_is_found_by_nobody(app, desk):
    app.add_url_rule("/loose", "loose", lambda: "in")
    desk.sign_in("administrator")
    assert desk.client.get("/loose").status_code == 404


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ALL)
def test_a_door_opens_to_its_roles_alone(app, desk, name):
    guard(app, "study", frozenset({"moderator", "practitioner"}))
    app.register_blueprint(stray("study"))
    assert desk.client.get("/study").location == "/sign-in?next=/study"
    desk.sign_in(name)
    answer = desk.client.get("/study")
    if name in ("moderator", "practitioner"):
        assert (answer.status_code, answer.text) == (200, f"The {name}")
    else:
        assert answer.status_code == 403
        assert "You cannot open this page" in answer.text
    assert desk.client.get("/study/narrow").status_code == (200 if name == "moderator" else 403)


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ALL)
def test_only_an_administrator_sees_the_people(desk, name):
    desk.sign_in(name)
    expected = 200 if name == "administrator" else 403
    for path in ("/people", "/people/new"):
        assert desk.client.get(path).status_code == expected
    assert desk.client.get("/account").status_code == 200


def test_a_door_for_anyone_lets_a_page_ask_who_is_there(app, desk):
    guard(app, "hall", ANYONE)
    app.register_blueprint(stray("hall"))
    assert desk.client.get("/hall").status_code == 401
    desk.sign_in("moderator")
    assert desk.client.get("/hall").text == "The moderator"


def test_a_form_sent_after_the_session_ended_leads_to_the_sign_in_page(desk):
    answer = desk.client.post("/people/new", data={"name": "x"})
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_a_misspelt_role_is_noticed_when_the_app_starts(app):
    with pytest.raises(ValueError, match="moderater"):
        guard(app, "typo", frozenset({"moderater"}))


def test_every_door_of_the_table_names_real_roles():
    assert set(ROLES) == SIGNED_IN
    assert all(door.roles == ANYONE or door.roles <= SIGNED_IN for door in DOORS)
    assert all(door.csrf or door.roles == ANYONE for door in DOORS)


def test_a_bad_path_is_no_fault_of_ours(desk):
    paths = ("/%00", "/people/%00/deactivate", "/people/x%FF/deactivate", "/nothing", "/people/x/y", "/password/%00")
    assert {desk.client.get(path).status_code for path in paths} <= {302, 303, 404}
    desk.sign_in("administrator")
    assert {desk.client.get(path).status_code for path in paths[:-1]} == {404}
