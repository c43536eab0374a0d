"""An administrator sees how long things are kept and may shorten it, after being asked; nobody may lengthen it."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlmodel import select

from msf.accounts.models import Organisation
from msf.base.audit import AuditEvent
from msf.base.clock import utcnow
from msf.base.config import Settings
from msf.base.db import reading, transaction
from msf.base.queue import Job
from msf.cli import msf
from msf.rounds import operations as rounds
from tests.accounts.conftest import PASSWORD, Town
from tests.pages import Visitor


def _employer(town: Town) -> tuple[dict[str, int], list[dict[str, int]]]:
    """What the employer chose, and the details of every time it was chosen."""
    with reading() as session:
        row = session.get_one(Organisation, town.organisations["employer"])
        events = select(AuditEvent).where(AuditEvent.action == "retention.set").order_by(AuditEvent.at)
        return row.retention, [event.details for event in session.exec(events)]


def _cancelled_round(town: Town) -> None:
    """A round that was cancelled twenty days ago, with the practitioner's own answers."""
    then = utcnow() - timedelta(days=20)
    subject = town.accounts["practitioner"]
    with transaction() as session:
        facts = {"colleague_questionnaire": "doctor-colleagues/1", "patient_questionnaire": None}
        made = rounds.create_round(
            session, organisation_id=town.organisations["employer"], practitioner_id=subject, opens_on=then.date(),
            closes_on=then.date() + timedelta(days=28), by=town.accounts["coordinator"], now=then, **facts,
        )  # fmt: skip
        by = {"by": town.accounts["coordinator"], "now": then}
        rounds.start_nominating(session, made.id, **by)
        rounds.save_self_assessment(
            session, made.id, questionnaire="doctor-colleagues/1", ratings=bytes([4] * 18), comments={}, by=subject,
            on=then.date(),
        )  # fmt: skip
        rounds.cancel_round(session, made.id, reason="Wrong person", **by)


def test_times_are_shortened_on_a_page_that_asks_first_and_never_lengthened(town: Town, page: Visitor) -> None:
    _cancelled_round(town)
    page.sign_in("administrator@example.org", PASSWORD)
    seen = page.get("/retention").text
    assert "employer 30 92 92 2,192 2,192" in seen
    assert "employer nothing Never yet 0" in seen
    assert "other-employer" not in seen
    address = f"/retention/{town.organisations['employer']}"
    page.get(f"/retention/{town.organisations['other-employer']}", status=404)
    for wrong in ("31", "a month"):
        page.get(address)
        assert "There is a problem" in page.submit({"addresses": wrong}, button="Continue", status=422).text
        assert _employer(town) == ({}, [])
    page.get(address)
    asked = page.submit({"addresses": "14"}, button="Continue")
    assert "14 days instead of 30" in asked.text
    assert "The coming night then deletes: own answers: 1" in asked.text
    assert _employer(town) == ({}, [])
    done = page.submit(button="Yes, keep them for these times")
    assert "employer 14 92 92 2,192 2,192" in done.text
    assert "employer own answers: 1 Never yet 0" in done.text
    assert _employer(town) == ({"addresses": 14}, [{"addresses": 14}])


@pytest.mark.sqlite
def test_the_command_line_shows_shortens_counts_and_deletes(
    town: Town, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("home", "database_url", "secret_key"):
        monkeypatch.setenv(f"MSF_{name.upper()}", str(getattr(settings, name)))

    def run(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(msf, ["retention", *words])
        assert done.exit_code == status, done.output
        return done.output

    _cancelled_round(town)
    with transaction() as session:
        session.add(Job(kind="reports.draft", payload={}, run_at=utcnow() - timedelta(days=31), state="dead"))
    for wrong in (("--addresses", "31"), ("--addresses", "two"), ("--reports", "364")):
        assert "give a whole number of days" in run("set", "employer", *wrong, status=1)
    run("set", "employer", status=2)
    run("set", "employer", "--ratings", "60")
    assert "14 days" in run("set", "employer", "--addresses", "14")
    assert _employer(town)[0] == {"addresses": 14, "ratings": 60}
    assert "14 days (shortened from 30)" in run("show", "employer")
    counted = run("run", "--dry-run")
    assert "employer own answers: 1" in counted
    assert "Work that was given up a month ago: The installation itself pieces of work: 1" in counted
    assert run("run", "--dry-run") == counted
    assert counted.replace("Nothing was deleted.\n", "") == run("run")
    assert "own answers" not in run("run", "--dry-run")
    with reading() as session:
        assert session.exec(select(Job)).all() == []
