"""The schema is brought up to date, and back, by migrations alone."""

import multiprocessing
from datetime import date

import pytest
import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import IntegrityError

from msf.base import schema
from msf.base.db import connect
from tests.house.test_schema import ID, _fill


def test_a_fresh_database_lacks_nothing_after_the_upgrade(empty_database):
    assert schema.pending(empty_database) != []
    schema.upgrade(empty_database)
    assert schema.pending(empty_database) == []


def test_the_databases_of_tests_are_up_to_date(database):
    assert schema.pending(database) == []


def _upgrade(url: str, start: object) -> None:
    database = connect(url)
    start.wait()  # type: ignore[attr-defined]
    schema.upgrade(database)
    database.engine.dispose()


def test_two_processes_that_upgrade_at_once_do_it_once(empty_database):
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    url = empty_database.engine.url.render_as_string(hide_password=False)
    both = [context.Process(target=_upgrade, args=(url, barrier)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    assert schema.pending(empty_database) == []


def _broken(_config: object) -> None:
    """A migration that leaves an account without its organisation."""
    op.execute(
        "INSERT INTO account (id, organisation_id, name, email, active, fs_uniquifier) "
        "VALUES ('p', 'nowhere', 'Sam', 's@example.org', true, 'f')"
    )


def test_a_migration_that_breaks_a_reference_changes_nothing(database, monkeypatch):
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    def step(config):
        with Operations.context(MigrationContext.configure(config.attributes["connection"])):
            _broken(config)

    with pytest.raises((RuntimeError, IntegrityError)):
        schema._migrate(database, step)
    with database.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM account")).scalar() == 0
        if database.sqlite:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_rounds_that_ended_before_such_days_were_kept_get_the_day_they_ended(empty_database):
    schema.upgrade(empty_database, "0001")
    _fill(empty_database)
    with empty_database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE round SET state = 'cancelled'"))
        connection.execute(
            sa.text("UPDATE audit_event SET action = 'round.cancel', object = 'round ' || :id"), {"id": ID}
        )
    schema.upgrade(empty_database)
    days = sa.select(sa.column("final_on", sa.Date), sa.column("cancelled_on", sa.Date)).select_from(sa.table("round"))
    with empty_database.engine.connect() as connection:
        assert connection.execute(days).one() == (date(2027, 3, 1), date(2027, 3, 1))


@pytest.mark.postgresql
def test_an_upgrade_takes_names_out_of_what_the_planner_has_copied(empty_database):
    copied = sa.text("SELECT count(*) FROM pg_stats WHERE tablename = 'account' AND attname IN ('name', 'email')")
    schema.upgrade(empty_database, "0001")
    with empty_database.engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO organisation (id, name, kind, zone) VALUES ('o', 'O', 'employer', 'UTC')")
        )
        connection.execute(
            sa.text(
                "INSERT INTO account (id, organisation_id, name, email, active, fs_uniquifier) SELECT 'a' || n, 'o',"
                " 'Ann Lee', 'a' || n || '@example.org', true, 'a' || n FROM generate_series(1, 50) AS n"
            )
        )
        connection.execute(sa.text("ANALYZE account"))
        assert connection.execute(copied).scalar() == 2
    schema.upgrade(empty_database)
    with empty_database.engine.begin() as connection:
        connection.execute(sa.text("ANALYZE account"))
        assert connection.execute(copied).scalar() == 0
