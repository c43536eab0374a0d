"""What the door does by itself: dates where people live, reminders to the silent, one count a day, no traces."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from msf.app import HANDLERS
from msf.base import config, mail
from msf.base.config import Settings
from msf.base.db import Database, reading, transaction
from msf.base.queue import Job, run_due
from msf.invitations.models import Invitation
from msf.invitations.rules import token_groups
from msf.respond import jobs, operations
from msf.rounds.models import Round
from tests.faults.children import form
from tests.make import Make
from tests.respond.rounds import OpenRound, open_round

TODAY = datetime.now(UTC)
SUMMER = datetime(2027, 6, 30, 12, 0, tzinfo=UTC)


def letters(settings: Settings) -> list[mail.Caught]:
    return mail.caught(Path(settings.mail.removeprefix("folder:")))


def work(now: datetime) -> None:
    """Do everything that is due at `now`."""
    jobs.tick(now)
    run_due(HANDLERS, clock=lambda: now)


def waiting() -> list[dict[str, Any]]:
    """Every job as it stands, but for its random id and its person."""
    with reading() as session:
        return [
            row.model_dump(exclude={"id", "key", "payload"}) | {"payload": sorted(row.payload)}
            for row in session.exec(select(Job).where(Job.kind == "respond.remind"))
        ]


@pytest.fixture
def opened(client: FlaskClient, settings: Settings) -> OpenRound:
    """A round of sixteen colleagues and five patients that opened today, its invitations sent."""
    made = open_round(settings, now=TODAY, patients=5)
    work(TODAY)
    assert len(letters(settings)) == 21
    return made


def test_reminders_reach_only_the_silent_and_every_job_ends_alike(
    client: FlaskClient, opened: OpenRound, settings: Settings
) -> None:
    codes = opened.of("colleagues")
    for code in codes[:5]:
        assert client.post("/give", data=form(code, "abcdefgh0011")).status_code == 200
    client.post("/give", data={"code": codes[5], "receipt": "abcdefgh0012", "step": "decline"})
    before = len(letters(settings))
    later = TODAY + timedelta(days=7)
    jobs.tick(later)
    rows = waiting()
    assert len(rows) == 21
    assert all(row == rows[0] for row in rows)
    run_due(HANDLERS, clock=lambda: later)
    assert waiting() == []
    sent = letters(settings)[: len(letters(settings)) - before]
    assert len(sent) == 15
    assert all(letter.subject.startswith("Reminder") for letter in sent)
    answered = {token_groups(code) for code in codes[:6]}
    assert not any(code in letter.text for letter in sent for code in answered)
    assert all(any(token_groups(code) in letter.text for letter in sent) for code in codes[6:])


def test_a_wave_of_reminders_goes_out_once(opened: OpenRound, settings: Settings) -> None:
    later = TODAY + timedelta(days=7)
    for moment in (later, later + timedelta(minutes=1), later + timedelta(days=1)):
        work(moment)
    assert sum(letter.subject.startswith("Reminder") for letter in letters(settings)) == 21
    with reading() as session:
        assert list(session.get_one(Round, opened.id).waves) == ["7"]


def test_no_reminder_leaves_for_somebody_whose_letter_bounced_or_after_the_end(
    opened: OpenRound, settings: Settings
) -> None:
    with transaction() as session:
        for invited in session.exec(select(Invitation).where(Invitation.family == "colleagues")):
            invited.bounced = True
    work(TODAY + timedelta(days=7))
    assert sum(letter.subject.startswith("Reminder") for letter in letters(settings)) == 5
    with reading() as session:
        invitation_id = session.exec(select(Invitation.id).where(Invitation.family == "patients")).first()
    jobs.remind({"invitation_id": invitation_id, "wave": 14}, now=TODAY + timedelta(days=29))
    assert sum(letter.subject.startswith("Reminder") for letter in letters(settings)) == 5


def state(round_id: str) -> str:
    with reading() as session:
        return session.get_one(Round, round_id).state


@pytest.mark.parametrize(
    ("opens", "before", "after"),
    [
        # Summer time: the first of July begins at 23:00 in UTC.
        (date(2027, 7, 1), datetime(2027, 6, 30, 22, 59, 59, tzinfo=UTC), datetime(2027, 6, 30, 23, 0, tzinfo=UTC)),
        # Winter time: the first of December begins at midnight.
        (date(2027, 12, 1), datetime(2027, 11, 30, 23, 59, 59, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC)),
    ],
)
def test_a_round_opens_when_its_day_begins_where_its_organisation_lives(
    make: Make, opens: date, before: datetime, after: datetime
) -> None:
    make.now = before - timedelta(days=7)
    made = make.round("approved", opens_on=opens, closes_on=opens + timedelta(days=20))
    jobs.tick(before)
    assert state(made.id) == "approved"
    jobs.tick(after)
    assert state(made.id) == "open"


def test_a_round_closes_when_its_last_day_is_over_where_its_organisation_lives(make: Make) -> None:
    make.now = SUMMER
    made = make.round("open", closes_on=date(2027, 7, 15))
    jobs.tick(datetime(2027, 7, 15, 22, 59, 59, tzinfo=UTC))
    assert state(made.id) == "open"
    jobs.tick(datetime(2027, 7, 15, 23, 0, tzinfo=UTC))
    assert state(made.id) == "closed"


def answered(opened: OpenRound) -> tuple[int | None, date | None]:
    with reading() as session:
        row = session.get_one(Round, opened.id)
    return row.answered, row.answered_on


def test_the_total_of_answers_is_counted_once_a_day_and_rounded_down(client: FlaskClient, opened: OpenRound) -> None:
    assert answered(opened)[0] == 0
    for code in opened.of("colleagues")[:6]:
        client.post("/give", data=form(code, "abcdefgh0011"))
    jobs.tick(TODAY)
    assert answered(opened)[0] == 0
    jobs.tick(TODAY + timedelta(days=1))
    assert answered(opened)[0] == 5
    for code in opened.of("colleagues")[6:10]:
        client.post("/give", data=form(code, "abcdefgh0011"))
    jobs.tick(TODAY + timedelta(days=1, minutes=1))
    assert answered(opened)[0] == 5
    jobs.tick(TODAY + timedelta(days=2))
    assert answered(opened)[0] == 10


def test_while_a_round_is_open_no_token_receipt_comment_or_address_is_in_logs_jobs_or_database(
    client: FlaskClient,
    opened: OpenRound,
    settings: Settings,
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    codes, receipt, words = opened.of("colleagues"), "abcdefgh0011", "Canary wren at dusk"
    for code in codes[:4]:
        client.post("/give", data=form(code, receipt) | {"text.does_well": words})
    client.post("/give/withdraw", data={"code": codes[0], "receipt": receipt, "confirmed": "yes"})
    jobs.tick(TODAY + timedelta(days=7))
    secret = [*codes, *(token_groups(code) for code in codes), receipt, "abcd efgh 0011", words]
    with database.engine.connect() as connection:
        everything = "\n".join(_dump(connection))
    for row in waiting():
        assert row["payload"] == ["invitation_id", "wave"]
    run_due(HANDLERS, clock=lambda: TODAY + timedelta(days=7))
    assert not [each for each in secret if each in everything]
    assert not [each for each in [*secret, "northvale.example"] if each in caplog.text]
    if database.sqlite:
        database.engine.dispose()
        raw = b"".join(path.read_bytes() for path in settings.home.glob("msf.db*"))
        assert not [each for each in secret if each.encode() in raw]


def _dump(connection: Any) -> list[str]:
    import sqlalchemy as sa

    names = sa.inspect(connection).get_table_names()
    return [str(row) for name in names for row in connection.execute(sa.text(f'SELECT * FROM "{name}"'))]


def test_while_the_mail_server_is_away_no_row_tells_who_is_silent(
    client: FlaskClient, opened: OpenRound, settings: Settings
) -> None:
    for code in opened.of("colleagues")[:6]:
        client.post("/give", data=form(code, "abcdefgh0011"))
    with transaction() as session:
        deferred = operations.start_wave(session, opened.id, wave=7, now=TODAY)
    config.use(replace(settings, mail="smtp://127.0.0.1:9"))
    run_due(HANDLERS, clock=lambda: TODAY + timedelta(minutes=1))
    with reading() as session:
        left = session.exec(select(Job).where(Job.kind == "respond.remind")).all()
    assert len(left) == deferred
    assert {(job.state, job.attempts, job.last_error) for job in left} == {("ready", 1, "ConnectionRefusedError")}


def test_after_an_outage_one_reminder_goes_out_and_only_once(opened: OpenRound) -> None:
    for minute in range(3):
        jobs.tick(TODAY + timedelta(days=15, minutes=minute))
    with reading() as session:
        assert list(session.get_one(Round, opened.id).waves) == ["14"]


def test_a_round_that_cannot_be_closed_stops_no_other(client: FlaskClient, opened: OpenRound) -> None:
    opened.keys.seals.destroy(opened.id)
    jobs.tick(TODAY + timedelta(days=40))
    with reading() as session:
        assert session.get_one(Round, opened.id).state == "open"
