"""Builds in which what was deleted at the close stays in the files."""

import contextlib
import re
from collections.abc import Iterator
from unittest.mock import patch

from sqlalchemy import text
from sqlmodel import Session

from msf.base import db
from msf.base.db import Database
from msf.responses.operations import opening


@contextlib.contextmanager
def unscrubbed() -> Iterator[None]:
    """No file is rewritten and no log is emptied."""
    with patch.object(db, "scrub", lambda database, table: None):
        yield


@contextlib.contextmanager
def undeleted() -> Iterator[None]:
    """SQLite keeps the bytes of deleted rows and PostgreSQL vacuums in place; no file is rewritten.

    SQLite runs as it comes, without `secure_delete` and `foreign_keys`, and the table is emptied in one sweep; row by
    row, its own tidying would overwrite a third of the answers by chance.
    """
    kept = tuple(re.sub("(secure_delete|foreign_keys)=ON", r"\1=OFF", pragma) for pragma in db.PRAGMAS)
    with (
        patch.object(db, "PRAGMAS", kept),
        patch.object(db, "scrub", emptied),
        patch.object(opening, "destroy_slots", swept),
    ):
        yield


def swept(session: Session, _round_id: str) -> None:
    """Every slot there is, deleted at once."""
    session.connection().execute(text("DELETE FROM slot"))


def emptied(database: Database, table: str) -> None:
    """What is cheap and looks like enough: SQLite's log is emptied, PostgreSQL's dead rows are swept."""
    if database.sqlite:
        with contextlib.closing(database.engine.raw_connection()) as connection:
            db._empty_log(connection.driver_connection)
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'VACUUM (TRUNCATE FALSE) "{table}"'))
