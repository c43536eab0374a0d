"""The tables are those of the models, every migration keeps rows, and the closed tables hold nothing more."""

import itertools
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import msf.app  # noqa: F401  (every slice's tables)
from msf.base import schema
from msf.base.db import Database
from tests.house.closed import faults

REVISIONS = [
    script.revision for script in reversed(list(ScriptDirectory.from_config(schema._config()).walk_revisions()))
]
ID = "a" * 32

CLOSED = {
    "slot": {"h": bytes, "round_id": str, "sealed": bytes, "receipt_hash": bytes},
    "answer": {"id": str, "round_id": str, "block": str, "ratings": bytes},
    "comment": {"id": str, "round_id": str, "question": str, "family": str, "text": str},
}
MARKS = re.compile(
    r"used|respon|answer|open|click|remind|sent|seen|submitted|done|complete|token|hash|(?<!invit)at$|_on$"
)


def test_the_models_are_what_the_migrations_make(database: Database):
    with database.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata)
    assert found == []


def test_the_conditions_of_the_models_are_in_the_database(database: Database):
    inspector = sa.inspect(database.engine)
    for table in SQLModel.metadata.sorted_tables:
        wanted = {str(check.name) for check in table.constraints if isinstance(check, sa.CheckConstraint)}
        assert wanted == {check["name"] for check in inspector.get_check_constraints(table.name)}, table.name


def test_there_is_one_newest_migration():
    assert len(ScriptDirectory.from_config(schema._config()).get_heads()) == 1
    assert REVISIONS[0] == "0001"


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_migration_goes_up_and_down_with_rows_in_every_table(empty_database: Database, revision: str):
    before = ["base", *REVISIONS][REVISIONS.index(revision)]
    if before != "base":
        schema.upgrade(empty_database, before)
    kept = _fill(empty_database)
    schema.upgrade(empty_database, revision)
    assert _counts(empty_database).items() >= kept.items(), "the way up lost rows"
    filled = _fill(empty_database)
    assert filled, "there is nothing to lose"
    schema.downgrade(empty_database, before)
    assert _counts(empty_database).items() >= kept.items(), "the way down lost rows"
    schema.upgrade(empty_database)
    assert schema.pending(empty_database) == []


def _fill(database: Database) -> dict[str, int]:
    """Put one row into each table that has none; returns how many rows each table then has."""
    found = sa.MetaData()
    found.reflect(database.engine)
    with database.engine.begin() as connection:
        for table in found.sorted_tables:
            if table.name != "alembic_version" and not connection.scalar(sa.select(sa.func.count()).select_from(table)):
                connection.execute(table.insert().values(_row(database, table)))
    return _counts(database)


def _counts(database: Database) -> dict[str, int]:
    names = set(sa.inspect(database.engine).get_table_names()) - {"alembic_version"}
    with database.engine.connect() as connection:
        return {
            name: connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one()
            for name in sorted(names)
        }


def _row(database: Database, table: sa.Table) -> dict[str, Any]:
    checks = sa.inspect(database.engine).get_check_constraints(table.name)
    return {column.name: _value(column, [check["sqltext"] for check in checks]) for column in table.columns}


def _value(column: sa.Column[Any], checks: list[str]) -> Any:
    kind = column.type.python_type if not isinstance(column.type, sa.JSON) else dict
    if kind is str and (column.primary_key or column.foreign_keys):
        return ID[: getattr(column.type, "length", None)]
    choice = [re.search(rf"\b{column.name}\b.*?'(\w+)'", check) for check in checks]
    chosen = next((match.group(1) for match in choice if match), None)
    if chosen is not None:
        return chosen
    least = [re.search(rf"\b{column.name}\b BETWEEN (\d+)|\b{column.name} >= (\d+) AND", check) for check in checks]
    if kind is int and any(least):
        return int(next(filter(None, (group for match in least if match for group in match.groups()))))
    values: dict[type, Any] = {
        str: "a" * min(getattr(column.type, "length", None) or 10, 10),
        int: 5,
        bool: True,
        bytes: b"\x01" * 32,
        dict: {},
        date: date(2027, 3, 1),
        datetime: datetime(2027, 3, 1, tzinfo=UTC if getattr(column.type, "timezone", False) else None),
    }
    return values[kind]


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_table_has_exactly_the_columns_the_promise_allows(database: Database, name: str):
    inspector = sa.inspect(database.engine)
    columns = {column["name"]: column["type"].python_type for column in inspector.get_columns(name)}
    assert columns == CLOSED[name]
    assert {key["referred_table"] for key in inspector.get_foreign_keys(name)} == {"round"}
    assert not any(column.get("autoincrement") is True for column in inspector.get_columns(name))


def test_the_closed_tables_have_their_exact_types_and_lead_to_nobody(database: Database):
    with database.engine.connect() as connection:
        assert faults(connection) == []


@pytest.mark.sqlite
@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_table_counts_no_rows_behind_the_scenes(database: Database, name: str):
    with database.engine.connect() as connection:
        words = connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name = '{name}'").scalar_one()
        assert "WITHOUT ROWID" in words
        with pytest.raises(sa.exc.OperationalError, match="rowid"):
            connection.exec_driver_sql(f"SELECT rowid FROM {name}")


def test_nothing_leads_to_a_slot_or_an_answer(database: Database):
    inspector = sa.inspect(database.engine)
    leading = [
        (name, key["referred_table"])
        for name in inspector.get_table_names()
        for key in inspector.get_foreign_keys(name)
        if key["referred_table"] in CLOSED
    ]
    assert sorted(leading) == [("comment_review", "comment"), ("finding", "comment")]


@pytest.mark.parametrize("name", ["invitation", "nominee"])
def test_who_is_asked_carries_no_mark_of_what_they_did(database: Database, name: str):
    names = [column["name"] for column in sa.inspect(database.engine).get_columns(name)]
    assert [each for each in names if MARKS.search(each)] == []
    assert MARKS.search("used_at")
    assert MARKS.search("last_reminder")


def test_every_table_knows_its_tenant(database: Database):
    """Directly, or through the round, report or comment that it belongs to; work and roles belong to nobody."""
    inspector = sa.inspect(database.engine)
    without = [
        name
        for name in inspector.get_table_names()
        if not {"organisation_id", "round_id"} & {column["name"] for column in inspector.get_columns(name)}
    ]
    assert set(without) <= {"alembic_version", "organisation", "account_role", "role", "job", "finding"}


def test_no_two_tables_share_a_name_with_different_words():
    names = [table.name for table in SQLModel.metadata.sorted_tables]
    assert all(a != f"{b}s" for a, b in itertools.permutations(names, 2))
