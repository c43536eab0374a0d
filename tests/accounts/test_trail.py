"""The record as an auditor reads and filters it, and takes it away; and who opened a report, as its subject sees it."""

import ast
import csv
import dataclasses
import io
import re
from datetime import timedelta

import pytest
from sqlmodel import select

from msf.accounts.queries import EntryRow
from msf.accounts.rules.trail import ACTIONS
from msf.base import audit
from msf.base.audit import INSTALLATION, AuditEvent, note_check, note_installation, record
from msf.base.db import reading, transaction
from msf.base.retention import SWEPT
from msf.reports.operations import record_view
from msf.rounds.rules.states import MOVES
from tests.house.sources import modules
from tests.reports.closed import NOW, closed_round

RECORDING = {"record", "record_deed", "_note", "_mark", "note_installation", "note_health"}
NAME = re.compile(r"[a-z_]+\.[a-z_]+")


def _actions_in(path):
    """Every action that a call in this file records, as far as it is written out there."""
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) in RECORDING:
            for given in [*call.args, *(each.value for each in call.keywords if each.arg in ("action", None))]:
                for each in ast.walk(given):
                    if isinstance(each, ast.Constant) and NAME.fullmatch(str(each.value)):
                        yield each.value


def test_every_action_of_the_code_has_words_of_its_own():
    written = {action for path in modules("msf") for action in _actions_in(path)}
    made = {f"round.{verb}" for _, verb in MOVES} | {"nominee.approved", "nominee.rejected", SWEPT}
    assert (written | made) - set(ACTIONS) == set()
    assert len(written) > 25
    assert len(set(ACTIONS.values())) == len(ACTIONS)


@pytest.fixture
def story(make, now):
    """A round that was approved, an auditor, a second service, and a few more entries."""
    row = make.round("approved")
    auditor = make.account("auditor", name="Avery Auditor")
    far = make.organisation("Far Service", kind="service")
    with transaction() as session:
        facts = {"actor": "system", "object": "audit", "action": "audit.sent"}
        record(session, organisation_id=far.id, at=now, details={"secret": "of the far service"}, **facts)
        note_installation(session, "installation.migrated", {"migrations": ["=1+1", "0002"]}, now=now)
        late = now.replace(month=2, day=1, hour=23, minute=59)
        for number in range(60):
            record(
                session,
                organisation_id=row.organisation_id,
                actor=make.coordinator.id,
                action="round.extended",
                object=f"round {row.id}",
                at=late - timedelta(days=number),
                details={"days": number},
            )
    with transaction() as session:
        note_check(session, [audit.verify(session, row.organisation_id)], sent_to=None, now=now)
    return row, auditor


def _rows(page):
    return [[cell.text for cell in row.all("th", "td")] for row in page.all("table")[-1].all("tr")[1:]]


def test_an_auditor_reads_filters_and_takes_the_record_of_their_organisations_away(page, make, story):
    row, auditor = story
    here = page.sign_in(auditor.email)
    assert (here.url, here.heading) == ("/audit", "Record of what staff did")
    assert "Holds" in here.text and "Not checked yet" in here.text
    assert len(_rows(here)) == 50 and "secret" not in here.text
    assert 20 < len(_rows(page.get("/audit?page=2"))) <= 50
    found = page.submit({"action": "accounts.signed_in"}, button="Show")
    assert [cells[1:4] for cells in _rows(found)] == [[auditor.name, "Signed in", f"Account of {auditor.name}"]]

    page.get("/audit")
    found = page.submit({"thing": row.reference.lower(), "action": "round.approve"}, button="Show")
    assert [cells[1:4] for cells in _rows(found)] == [
        [make.coordinator.name, "Round: list of people approved", f"Round {row.reference}"]
    ]
    found = page.submit({"thing": "R-NOSUCH"}, button="Show")
    assert "No entry is like that" in found.text

    # Days are days in London: 1 February 23:59 is the last minute of that day in winter.
    days = "since-day=1&since-month=2&since-year=2027&until-day=1&until-month=2&until-year=2027"
    [only] = _rows(page.get(f"/audit?{days}&person={make.coordinator.id}&organisation={row.organisation_id}"))
    assert (only[0], only[4]) == ("1 February 2027, 23:59 (London time)", "days: 0")
    assert "page=2" in page.get("/audit?action=round.extended").links["2"]
    for wrong in (
        "until-day=31&until-month=2&until-year=2027",
        "until-day=31&until-month=12&until-year=9999",
        "person=nobody",
        "action=x",
    ):
        assert page.get(f"/audit?{wrong}", status=422).all("a")
        assert "There is a problem" in page.here.text
    assert page.get("/audit?page=99999").status == 200

    sheet = page.client.get("/audit/entries.csv?action=installation.migrated")
    rows = list(csv.reader(io.StringIO(sheet.text.removeprefix("\ufeff"))))
    assert len(rows[0]) == len(dataclasses.fields(EntryRow))
    assert [each[2:] for each in rows[1:]] == [
        ["The installation", "An operator", "Database brought up to date", "The installation", "migrations: =1+1, 0002"]
    ]
    with reading() as session:
        taken = session.exec(select(AuditEvent).where(AuditEvent.action == "audit.exported")).one()
    assert (taken.actor, taken.details) == (auditor.id, {"entries": 1})
    every = page.client.get("/audit/entries.csv").text
    assert every.count("\n") > 70 and "secret" not in every
    with reading() as session:
        assert {audit.verify(session, each).fault for each in (row.organisation_id, INSTALLATION)} == {None}


@pytest.mark.sqlite
def test_nobody_else_opens_the_record_and_an_auditor_opens_no_report(visitor, app, database):
    closed = closed_round()
    subject, other = visitor(), visitor()
    for role, desk in (("practitioner", subject), ("coordinator", other)):
        desk.sign_in(f"{role}@example.org")
        for path in ("/audit", "/audit/entries.csv"):
            assert desk.client.get(path).status_code == 403
    with transaction() as session:
        for actor, ending in (("quality_reviewer", "page"), ("facilitator", "pdf")):
            record_view(
                session,
                closed.report_id,
                organisation_id="o",
                ending=ending,
                by=closed.people[actor],
                now=NOW,
            )
        record_view(session, closed.report_id, organisation_id="o", ending="csv", by="operator", now=NOW)
        _release(session, closed)
    shown = subject.get(f"/reports/{closed.report_id}")
    readers = subject.get(shown.links["Who has opened your report"])
    assert {tuple(cells[:2] + cells[3:]) for cells in _rows(readers)} == {
        ("Dr practitioner", "Practitioner", "as a page"),
        ("An operator", "", "as CSV"),
        ("facilitator", "Facilitator", "as a PDF"),
        ("quality_reviewer", "Quality reviewer", "as a page"),
    }
    assert len(_rows(readers)) == 4
    assert "Who has opened" not in other.get(f"/reports/{closed.report_id}").text
    other.get(f"/reports/{closed.report_id}/readers", status=404)


def _release(session, closed):
    from msf.reports.models import Report
    from msf.rounds.models import Round

    session.get_one(Report, closed.report_id).released_at = NOW
    session.get_one(Round, closed.round_id).state = "released_practitioner"
