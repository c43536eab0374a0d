"""A migration that adds a column, a counter or a tie to a closed table is caught before anything is written."""

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from msf.base.db import Database
from tests.house.closed import faults


def migrated(database: Database, words: str) -> list[str]:
    """What the lint says of the schema after one more migration, which is taken back again."""
    with database.engine.connect() as connection:
        change = connection.begin()
        LEAKY[words](Operations(MigrationContext.configure(connection)))
        found = faults(connection)
        change.rollback()
    return found


def timed(op: Operations) -> None:
    op.add_column("slot", sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))


def numbered(op: Operations) -> None:
    op.add_column("answer", sa.Column("number", sa.Integer, nullable=True))


def tied(op: Operations) -> None:
    with op.batch_alter_table("comment", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.add_column(sa.Column("invitation_id", sa.String(32), nullable=True))
        batch.create_foreign_key("leak", "invitation", ["invitation_id"], ["id"])


def widened(op: Operations) -> None:
    with op.batch_alter_table("answer", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.alter_column("block", type_=sa.String(800), existing_type=sa.String(400))


def rebuilt(op: Operations) -> None:
    """A table made again without the words that keep row numbers away; on PostgreSQL, with a counter."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE TABLE fresh AS SELECT * FROM answer")
        op.drop_table("answer")
        op.rename_table("fresh", "answer")
    else:
        op.execute("ALTER TABLE answer ADD COLUMN number SERIAL")


def triggered(op: Operations) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE TRIGGER leak AFTER UPDATE ON slot BEGIN UPDATE round SET pool = pool; END")
    else:
        op.execute("CREATE FUNCTION leak() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
        op.execute("CREATE TRIGGER leak AFTER UPDATE ON slot FOR EACH ROW EXECUTE FUNCTION leak()")


LEAKY = {step.__name__: step for step in (timed, numbered, tied, widened, rebuilt, triggered)}


def test_the_closed_tables_hold_what_the_promise_allows_and_no_leaky_migration_passes(database: Database) -> None:
    with database.engine.connect() as connection:
        assert faults(connection) == []
    silent = [words for words in LEAKY if not migrated(database, words)]
    assert silent == []
    assert any("created_at" in fault for fault in migrated(database, "timed"))
    with database.engine.connect() as connection:
        assert faults(connection) == [], "a leak was not taken back"
