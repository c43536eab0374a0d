"""The database's schema brought up to date by the numbered migrations, on SQLite and PostgreSQL alike."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from msf.base.config import data
from msf.base.db import Database


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
    with database.engine.connect() as connection:
        if database.sqlite:
            _pragma(connection, "foreign_keys=OFF")
        with connection.begin():
            step(_config(connection))
            _whole(connection, database)
        if database.sqlite:
            _pragma(connection, "foreign_keys=ON")


def _pragma(connection: Connection, words: str) -> None:
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.cursor().execute(f"PRAGMA {words}")


def _whole(connection: Connection, database: Database) -> None:
    if database.sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise RuntimeError("The migration left a row whose parent is missing; nothing was changed.")
