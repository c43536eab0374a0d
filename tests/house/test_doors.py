"""Every page stands behind a guard, the list of pages is known, and nobody gets in without signing in."""

import importlib
import pkgutil
import re

import pytest
from flask import Blueprint, Flask

import msf
from msf.accounts.guard import ANYONE, BARE
from msf.app import DOORS
from tests.house.routes import COMMAND, STORED, lines_of

pytestmark = pytest.mark.sqlite


def test_every_page_has_a_guard(app: Flask):
    doors = app.extensions["doors"]
    open_to_all = {rule.endpoint for rule in app.url_map.iter_rules() if "." not in rule.endpoint}
    assert open_to_all <= BARE
    assert set(app.blueprints) <= set(doors)
    assert all(doors.values())


def test_every_blueprint_in_the_code_is_in_the_table_of_doors():
    found = {}
    for info in pkgutil.walk_packages(msf.__path__, "msf."):
        if {"views", "api", "mailbox"} & set(info.name.split(".")):
            module = importlib.import_module(info.name)
            found |= {id(thing): info.name for thing in vars(module).values() if isinstance(thing, Blueprint)}
    assert len(found) >= 4
    in_table = {id(door.blueprint) for door in DOORS}
    assert {name for key, name in found.items() if key not in in_table and "demo" not in name} == set()


def test_the_list_of_pages_is_the_stored_one(app: Flask):
    assert lines_of(app) == STORED.read_text().splitlines(), f"If this is meant, run {COMMAND} and look at the change."


def test_nobody_gets_in_without_signing_in(app: Flask):
    tried = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in BARE or app.extensions["doors"][rule.endpoint.rpartition(".")[0]] == ANYONE:
            continue
        url = re.sub(r"<(?:[^:>]+:)?[^>]+>", "0" * 32, rule.rule)
        for method in set(rule.methods or ()) - {"OPTIONS"}:
            answer = app.test_client().open(url, method=method)
            tried += 1
            assert answer.status_code in {302, 303, 401, 403, 404, 405}, f"{method} {url} answered {answer.status}"
            if answer.status_code in {302, 303}:
                assert answer.location.startswith("/sign-in"), f"{method} {url} leads to {answer.location}"
    assert tried >= 10


def test_a_page_that_nobody_guards_is_not_there(app: Flask):
    stray = Blueprint("stray", __name__)
    stray.add_url_rule("/stray", "page", lambda: "inside")
    app._got_first_request = False
    app.register_blueprint(stray)
    assert app.test_client().get("/stray").status_code == 404
