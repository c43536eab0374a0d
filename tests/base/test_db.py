"""What the database promises: no lost update, foreign keys, and no trace of what was deleted."""

import multiprocessing
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from msf.base import db, schema
from msf.base.audit import AuditEvent
from msf.base.db import Database, Unscrubbed, connect, reading, scrub, transaction
from msf.base.queue import Job

CANARY = b"the canary sang at seventeen minutes past"


def _url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def _count_up(url: str, times: int) -> None:
    database = connect(url)
    for _ in range(times):
        with transaction(database) as session:
            job = session.get_one(Job, "counter")
            job.attempts += 1
    database.engine.dispose()


@pytest.mark.sqlite
def test_two_processes_that_read_change_and_write_lose_nothing(database, make):
    with transaction() as session:
        session.add(Job(id="counter", kind="count", payload={}, run_at=make.now))
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_count_up, args=(_url(database), 150)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    with reading() as session:
        assert session.get_one(Job, "counter").attempts == 300


@pytest.mark.sqlite
def test_readers_are_not_held_up_by_a_writer(database, now):
    with transaction() as writing:
        writing.add(Job(id="a", kind="k", payload={}, run_at=now))
        writing.flush()
        with reading() as session:
            assert session.get(Job, "a") is None


def test_a_transaction_that_raises_leaves_nothing(database, now):
    with pytest.raises(ZeroDivisionError), transaction() as session:
        session.add(Job(id="a", kind="k", payload={}, run_at=now))
        session.flush()
        raise ZeroDivisionError
    with reading() as session:
        assert session.get(Job, "a") is None


def test_what_is_read_is_not_kept_when_it_is_changed(database, now):
    with transaction() as session:
        session.add(Job(id="a", kind="k", payload={}, run_at=now))
    with reading() as session:
        session.get_one(Job, "a").kind = "changed"
        session.flush()
    with reading() as session:
        assert session.get_one(Job, "a").kind == "k"


def test_foreign_keys_are_on(session: Session):
    with pytest.raises(IntegrityError):
        session.exec(sa.text("INSERT INTO account_role (account_id, role_id) VALUES ('nobody', 7)"))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("trusted_schema", 0)],
)
def test_every_connection_keeps_the_promises_of_the_file(database, pragma, value):
    scrub(database, "slot")
    schema.upgrade(database)
    with database.engine.connect() as first, database.engine.connect() as second:
        for connection in (first, second):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_times_come_back_aware_and_in_utc(session, now):
    session.add(AuditEvent(id="a", organisation_id="o", at=now, actor="system", action="a", object="o", details={}))
    session.flush()
    session.expire_all()
    found = session.get_one(AuditEvent, "a").at
    assert found == now
    assert found.utcoffset() is not None
    assert found.utcoffset().total_seconds() == 0


def test_errors_do_not_quote_what_was_stored(session, now):
    row = {"id": "a", "kind": CANARY.decode(), "payload": "{}", "run_at": now, "attempts": 0, "state": "nonsense"}
    with pytest.raises(IntegrityError) as caught:
        session.exec(sa.insert(Job).values(**{**row, "payload": {}}))
    assert CANARY.decode() not in str(caught.value).replace(str(caught.value.orig), "")


def test_without_a_chosen_database_nothing_can_be_opened(monkeypatch):
    monkeypatch.setattr(db, "_current", [])
    with pytest.raises(RuntimeError, match="No database was chosen"), transaction():
        pass


def _fill_slots(session: Session) -> None:
    session.exec(
        sa.text(
            "INSERT INTO organisation (id, name, kind, zone, retention) "
            "VALUES ('o', 'O', 'service', 'Europe/London', '{}')"
        )
    )
    session.exec(
        sa.text(
            "INSERT INTO account (id, organisation_id, name, email, active, fs_uniquifier) "
            "VALUES ('p', 'o', 'Sam', 's@example.org', true, 'f')"
        )
    )
    session.exec(
        sa.text(
            "INSERT INTO round (id, organisation_id, practitioner_id, reference, state, colleague_questionnaire, k, "
            "target_colleagues, target_patients, floor_colleagues, floor_patients, opens_on, closes_on, "
            "reminder_days, waves, pool, key_mode, key_holders, holders_needed, burst, asked_staff, created_at) "
            "VALUES ('r', 'o', 'p', 'R-2', 'open', 'q/1', 5, 1, 1, 1, 1, "
            "'2027-03-01', '2027-03-02', '[]', '{}', 0, 'standard', '[]', 1, false, '[]', '2027-03-01 00:00:00')"
        )
    )
    slot = sa.text("INSERT INTO slot (h, round_id, sealed) VALUES (:h, 'r', :sealed)")
    for number in range(40):
        session.exec(slot, params={"h": bytes([number]) * 32, "sealed": CANARY * 40})


def _holds_canary(files: list[Path]) -> bool:
    return any(CANARY in file.read_bytes() for file in files if file.is_file())


@pytest.mark.sqlite
def test_a_scrub_leaves_no_deleted_byte_in_any_file(database, home):
    with transaction() as session:
        _fill_slots(session)
    assert _holds_canary(list(home.rglob("*")))
    with transaction() as session:
        session.exec(sa.text("DELETE FROM slot"))
    assert _holds_canary(list(home.rglob("*"))), "the log still holds it, or this test shows nothing"
    scrub(database, "slot")
    assert not _holds_canary(list(home.rglob("*")))


@pytest.mark.postgresql
def test_a_scrub_leaves_no_deleted_byte_in_the_tables_of_the_server(empty_database):
    database = empty_database
    schema.upgrade(database)
    with transaction(database) as session:
        session.exec(sa.text("ALTER TABLE slot ALTER COLUMN sealed SET STORAGE EXTERNAL"))
        _fill_slots(session)
        folder = Path(session.exec(sa.text("SHOW data_directory")).one()[0])
        number = session.exec(sa.text("SELECT oid FROM pg_database WHERE datname = current_database()")).one()[0]
    tables = folder / "base" / str(number)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("CHECKPOINT"))
        assert _holds_canary(list(tables.iterdir()))
        connection.execute(sa.text("DELETE FROM slot"))
        connection.execute(sa.text("CHECKPOINT"))
        assert _holds_canary(list(tables.iterdir())), "deleted rows stay in place, or this test shows nothing"
        scrub(database, "slot")
        connection.execute(sa.text("CHECKPOINT"))
    assert not _holds_canary(list(tables.iterdir()))


@pytest.mark.sqlite
def test_a_scrub_that_a_reader_holds_up_says_so(database, monkeypatch):
    monkeypatch.setattr(db, "PRAGMAS", (*db.PRAGMAS[:-1], "busy_timeout=100"))
    impatient = connect(_url(database))
    with transaction() as session:
        _fill_slots(session)
    with reading() as reader:
        reader.exec(sa.text("SELECT count(*) FROM slot")).one()
        with transaction() as session:
            session.exec(sa.text("DELETE FROM slot"))
        with pytest.raises(Unscrubbed):
            scrub(impatient, "slot")
    scrub(impatient, "slot")
    impatient.engine.dispose()


@pytest.mark.postgresql
def test_a_rewrite_that_an_old_transaction_made_useless_is_told(database: Database) -> None:
    reader = connect(_url(database))
    with reader.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connection.exec_driver_sql("SELECT 1 FROM slot")
        time.sleep(1.2)
        with pytest.raises(Unscrubbed):
            scrub(database, "job")
    reader.engine.dispose()
    scrub(database, "job")
