"""Every role at every address with what belongs to another service: not found, or the door of another role."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from msf.accounts.guard import ANYONE, BARE
from msf.base.db import Database, reading
from msf.reports import queries as shelf
from msf.reports.models import Report
from msf.rounds.models import Round
from tests.abuse.town import Caller, Tenant, callers, keys, tenant

PLAIN = {
    "/", "/account", "/account/confirm", "/account/password", "/audit", "/audit/entries.csv", "/benchmarks", "/give",
    "/give/withdraw", "/healthz", "/keys", "/keys/forget", "/keys/make", "/keys/passphrase", "/password", "/people",
    "/people/new", "/programmes", "/programmes/export", "/reports", "/retention", "/rounds", "/rounds/new",
    "/sign-in", "/sign-out",
}  # fmt: skip
"""Addresses that name nothing. What their forms name is tried below."""

SECRET = {"/password/<token>", "/static/<path:filename>"}
"""Addresses that name no row: a signed secret of its own, and files that are the same for everybody."""

NAMING = {
    "/benchmarks/<set_id>": "released",
    "/keys/<round_id>": "open",
    "/people/<account_id>/activate": "account",
    "/people/<account_id>/deactivate": "account",
    "/programmes/<key>/<version>": "programme",
    "/programmes/<key>/<version>.<ending>": "programme",
    "/reports/<report_id>": "released",
    "/reports/<report_id>.<ending>": "released",
    "/reports/<report_id>/readers": "released",
    "/retention/<organisation_id>": "organisation",
    "/reports/<report_id>/charts/<name>.svg": "released",
    "/rounds/<round_id>": "open",
    "/rounds/<round_id>/approve": "nominating",
    "/rounds/<round_id>/cards": "open",
    "/rounds/<round_id>/cards/revoke": "open",
    "/rounds/<round_id>/cards/sheet": "open",
    "/rounds/<round_id>/comments": "closed",
    "/rounds/<round_id>/comments/<comment_id>": "closed",
    "/rounds/<round_id>/comments/<comment_id>/agree": "closed",
    "/rounds/<round_id>/comments/<comment_id>/original": "closed",
    "/rounds/<round_id>/comments/<comment_id>/release": "closed",
    "/rounds/<round_id>/comments/<comment_id>/return": "closed",
    "/rounds/<round_id>/comments/<comment_id>/undo": "closed",
    "/rounds/<round_id>/comments/finish": "closed",
    "/rounds/<round_id>/desk": "open",
    "/rounds/<round_id>/desk/cancel": "open",
    "/rounds/<round_id>/desk/close": "open",
    "/rounds/<round_id>/desk/extend": "open",
    "/rounds/<round_id>/desk/open": "open",
    "/rounds/<round_id>/nominees": "nominating",
    "/rounds/<round_id>/nominees/<nominee_id>/decide": "nominating",
    "/rounds/<round_id>/nominees/<nominee_id>/remove": "nominating",
    "/rounds/<round_id>/patients": "open",
    "/rounds/<round_id>/release": "released",
    "/rounds/<round_id>/release/organisation": "released",
    "/rounds/<round_id>/release/void": "released",
    "/rounds/<round_id>/report": "released",
    "/rounds/<round_id>/review": "released",
    "/rounds/<round_id>/review/comments/<comment_id>/agree": "closed",
    "/rounds/<round_id>/review/comments/<comment_id>/return": "closed",
    "/rounds/<round_id>/self": "nominating",
    "/rounds/<round_id>/self/<family>": "nominating",
    "/rounds/<round_id>/start": "nominating",
}
"""Addresses that name something, and the round of a tenant with which somebody at home gets an answer from them."""

LATER = {
    "/keys/<round_id>",
    "/rounds/<round_id>/comments/<comment_id>/agree",
    "/rounds/<round_id>/comments/<comment_id>/original",
    "/rounds/<round_id>/comments/<comment_id>/return",
    "/rounds/<round_id>/review/comments/<comment_id>/agree",
    "/rounds/<round_id>/review/comments/<comment_id>/return",
}
"""Addresses that answer at home only in states that no round of the town has reached."""

NOTED = {"audit_event", "job"}
SENT = {"everybody": "yes", "reason": "Because.", "decision": "release", "name": "Eve", "group": "doctor", "count": "5"}


@pytest.mark.sqlite
def test_every_address_is_in_the_table(app: Flask) -> None:
    known = PLAIN | SECRET | set(NAMING)
    assert {rule.rule for rule in app.url_map.iter_rules()} == known, "Say in this table what a new address names."
    assert not {rule.rule for rule in app.url_map.iter_rules() if rule.arguments} & PLAIN


def ids(of: Tenant, rule: Rule, inner: Tenant | None = None) -> dict[str, str]:
    """What an address needs, from one tenant; with `inner`, what stands behind the round from another."""
    other = inner or of
    state = NAMING[rule.rule]
    with reading() as session:
        report = session.get_one(Report, of.report)
        document = shelf.opened_of(session, report, session.get_one(Round, report.round_id)).document
    charts = [block.name for section in document.sections for block in section.blocks if hasattr(block, "drawing")]
    values = {
        "account_id": of.people["auditor"],
        "organisation_id": of.service,
        "round_id": of.rounds.get(state, ""),
        "report_id": of.report,
        "set_id": of.benchmark,
        "comment_id": other.comment,
        "nominee_id": other.nominee,
        "key": of.programme.partition("/")[0],
        "version": of.programme.partition("/")[2],
        "family": "colleagues",
        "ending": "csv",
        "name": charts[0],
    }
    return {name: values[name] for name in rule.arguments}


def paths(app: Flask, of: Tenant, inner: Tenant | None = None) -> Iterator[tuple[Rule, str]]:
    """Every address that names something, with the names of one tenant."""
    urls = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.rule in NAMING and (inner is None or {"comment_id", "nominee_id"} & rule.arguments):
            found = ids(of, rule, inner)
            yield rule, urls.build(rule.endpoint, found, method=min((rule.methods or set()) & {"GET", "POST"}))


def everything(database: Database) -> dict[str, list[str]]:
    """Every row of every table but those that note what people did."""
    with database.engine.connect() as connection:
        names = sorted(set(sa.inspect(connection).get_table_names()) - NOTED)
        return {name: sorted(map(repr, connection.execute(sa.text(f'SELECT * FROM "{name}"')))) for name in names}


def test_nobody_finds_what_belongs_to_another_service(app: Flask, home_town: Tenant, database: Database) -> None:
    far = tenant(keys(), "far")
    there = [*paths(app, far), *paths(app, home_town, far)]
    own = set(home_town.rounds.values())
    before, tried = everything(database), 0
    for role, caller in callers(app, home_town):
        for rule, path in there:
            expected = expected_of(app, rule, role)
            methods = sorted((rule.methods or set()) & {"GET", "POST"})
            if expected != 404:  # the table of doors asks no database, and knows no methods
                methods = methods[-1:] if database.sqlite else []
            for method in methods:
                answer = caller.get(path) if method == "GET" else caller.post(path, SENT)
                allowed = {expected}
                if expected == 404 and rule.rule in LATER and own & set(path.split("/")):
                    allowed = {404, 200, 409, 410}  # about one's own round: asked first, or not in this state
                assert answer.status_code in allowed, f"{role} {method} {path} answered {answer.status}"
                assert "far" not in answer.text.lower(), f"{role} {method} {path} tells something"
                tried += 1
        for path, data in named_in_forms(home_town, far):
            answer = caller.post(path, data)
            assert answer.status_code in {303, 403, 404, 409, 422}, f"{role} {path} answered {answer.status}"
            assert answer.status_code != 303 or role == "nobody"
    assert everything(database) == before
    assert tried > (300 if database.sqlite else 100)


def expected_of(app: Flask, rule: Rule, role: str) -> int:
    """404 for whoever the door is open to, 403 for every other role, the sign-in page for strangers."""
    name = rule.endpoint.rpartition(".")[0]
    if rule.endpoint in BARE or app.extensions["doors"][name] == ANYONE:
        return 404
    if role == "nobody":
        return 303
    if role not in app.extensions["doors"][name]:
        return 403
    return 403 if role not in NARROW.get(rule.endpoint, {role}) else 404


NARROW = {
    "rounds.start": {"coordinator"},
    "nominees.decide": {"case_manager", "coordinator"},
    "nominees.approve": {"case_manager", "coordinator"},
}
"""Pages narrower than the door of their blueprint."""


def named_in_forms(home: Tenant, far: Tenant) -> Iterator[tuple[str, dict[str, object]]]:
    """Forms at home that name somebody or something of the other service."""
    days = {f"{day}-{part}": value for day, year in (("opens_on", 2031), ("closes_on", 2032))
            for part, value in (("day", "1"), ("month", "2"), ("year", str(year)))}  # fmt: skip
    asked = {"colleague_questionnaire": "doctor-colleagues/1", "k": "5", "reminder_days": "7"}
    wanted = dict.fromkeys(("target_colleagues", "target_patients", "floor_colleagues", "floor_patients"), "9")
    yield "/rounds/new", {"practitioner_id": far.people["practitioner"], **asked, **wanted, **days}
    person = {"name": "Eve", "email": "eve@example.org", "roles": ["moderator"]}
    yield "/people/new", {**person, "organisation": far.service}
    yield f"/rounds/{home.rounds['released']}/release", {"facilitator_id": far.people["facilitator"]}


@pytest.mark.sqlite
def test_at_home_each_of_these_addresses_answers_somebody(app: Flask, home_town: Tenant) -> None:
    people, silent = dict(callers(app, home_town)), []
    for rule, path in paths(app, home_town):
        roles = app.extensions["doors"][rule.endpoint.rpartition(".")[0]]
        ask = Caller.get if "GET" in (rule.methods or set()) else Caller.post
        order = sorted(roles, key=lambda role: (role != "coordinator", role != "practitioner", role))
        if rule.rule not in LATER and not any(
            ask(people[role], path).status_code in {200, 303, 409, 422} for role in order
        ):
            silent.append(rule.rule)
    assert not silent
