"""The database's schema brought up to date by the numbered migrations, on SQLite and PostgreSQL alike."""

import contextlib
from collections.abc import Callable, Iterator

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from msf.base.config import data
from msf.base.db import Database

LOCK = 7_360_360  # any number: whoever migrates holds this PostgreSQL lock, so that two starts do not collide


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema to `revision`."""
    _migrate(database, lambda config: command.upgrade(config, revision))


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to `revision`."""
    _migrate(database, lambda config: command.downgrade(config, revision))


def pending(database: Database) -> list[str]:
    """The migrations that the database lacks, in order; empty where it is up to date."""
    scripts = ScriptDirectory.from_config(_config())
    with database.engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
    return [script.revision for script in reversed(list(scripts.iterate_revisions("heads", here or "base")))]


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(data("migrations")))
    config.attributes["connection"] = connection
    return config


def _migrate(database: Database, step: Callable[[Config], None]) -> None:
    migrating = database.engine.connect().execution_options(sqlite_begin="IMMEDIATE")
    with migrating as connection, _loose(connection), connection.begin():
        if not database.sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        step(_config(connection))
        _whole(connection, database)


@contextlib.contextmanager
def _loose(connection: Connection) -> Iterator[None]:
    """Foreign keys off on SQLite: where a migration rebuilds a table, its children must not be deleted with it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    _pragma(connection, "foreign_keys=OFF")
    try:
        yield
    finally:
        _pragma(connection, "foreign_keys=ON")


def _pragma(connection: Connection, words: str) -> None:
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.cursor().execute(f"PRAGMA {words}")


def _whole(connection: Connection, database: Database) -> None:
    if database.sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise RuntimeError("The migration left a row whose parent is missing; nothing was changed.")
