"""Steps that matter ask for the password again where it was given long ago, and lead back to where one was."""

import pytest
from flask import Flask

from msf.app import CONFIRMED
from msf.base.db import reading
from msf.reports.models import Report
from msf.rounds.models import Round
from tests.abuse.town import Caller, Tenant
from tests.make import PASSWORD


def state_of(round_id: str) -> str:
    """How far a round has come."""
    with reading() as session:
        return session.get_one(Round, round_id).state


def test_a_cookie_from_this_morning_ends_releases_and_takes_away_nothing(app: Flask, home_town: Tenant) -> None:
    people, ids = home_town.people, {"round_id": home_town.rounds["released"], "report_id": home_town.report}
    ids |= {"account_id": people["auditor"], "ending": "csv", "organisation_id": home_town.service}
    ids["comment_id"] = "0" * 32
    doors, tried = app.extensions["doors"], set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in CONFIRMED:
            continue
        role = min(doors[rule.endpoint.rpartition(".")[0]] - {"practitioner", "key_holder"})
        path = app.url_map.bind("localhost").build(rule.endpoint, {name: ids[name] for name in rule.arguments})
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            stale = Caller(app, people[role], minutes_ago=16 if method == "GET" else 26)
            answer = stale.get(path) if method == "GET" else stale.post(path, {"reason": "x"})
            assert answer.status_code == 303, f"{method} {path} as {role}: {answer.status}"
            assert answer.location.startswith("/account/confirm?next=/"), answer.location
        tried.add(rule.endpoint)
    assert tried == set(CONFIRMED)
    assert state_of(home_town.rounds["released"]) == "released_organisation"


@pytest.mark.sqlite
def test_the_password_opens_the_way_back_and_a_form_may_take_ten_minutes(app: Flask, home_town: Tenant) -> None:
    round_id = home_town.rounds["open"]
    path = f"/rounds/{round_id}/desk/cancel"
    writing = Caller(app, home_town.people["coordinator"], minutes_ago=16)
    asked = writing.get(path).location
    assert asked == f"/account/confirm?next={path}"
    wrong = writing.client.post(asked, data={"csrf_token": writing.token, "password": "not this one"})
    assert wrong.status_code == 200
    assert writing.get(path).location == asked
    right = writing.client.post(asked, data={"csrf_token": writing.token, "password": PASSWORD})
    assert (right.status_code, right.location) == (302, path)
    assert writing.get(path).status_code == 200
    slow = Caller(app, home_town.people["coordinator"], minutes_ago=24)
    assert slow.post(path, {"reason": "Moved away"}).location == f"/rounds/{round_id}/desk"
    assert state_of(round_id) == "cancelled"


@pytest.mark.sqlite
def test_practitioners_take_their_own_report_away_without_it(app: Flask, home_town: Tenant) -> None:
    own = Caller(app, home_town.people["practitioner"], minutes_ago=60)
    assert own.get(f"/reports/{home_town.report}.csv").data == b"x"
    guide = Caller(app, home_town.people["facilitator"], minutes_ago=60)
    assert (
        guide.get(f"/reports/{home_town.report}.csv").location == f"/account/confirm?next=/reports/{home_town.report}"
    )
    with reading() as session:
        assert session.get_one(Report, home_town.report).facilitator_id == home_town.people["facilitator"]
