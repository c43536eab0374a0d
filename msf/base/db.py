"""One engine, a reading and a writing session, and one transaction a request, opened and committed at the door."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "temp_store=MEMORY",
    "busy_timeout=15000",
)


@dataclass(frozen=True)
class Database:
    """An engine with its two kinds of session; on SQLite the writing one takes the write lock when it begins.

    There the writers of one process wait for their `turn` first, since whoever waits for SQLite's own lock sleeps.
    """

    engine: Engine
    plain: Engine
    reader: sessionmaker[Session]
    writer: sessionmaker[Session]
    single: sessionmaker[Session]
    turn: threading.RLock = field(default_factory=threading.RLock)

    @property
    def sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"


def connect(url: str, *, echo: bool = False) -> Database:
    """Open the database at `url` (SQLite, or PostgreSQL through psycopg)."""
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    # Whoever asks for a page must not wait for minutes on a server that does not answer at all.
    hurry = {} if parsed.drivername == "sqlite" or "connect_timeout" in parsed.query else {"connect_timeout": 10}
    engine = create_engine(
        parsed, echo=echo, hide_parameters=True, pool_pre_ping=parsed.drivername != "sqlite", connect_args=hurry
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    writing = engine.execution_options(sqlite_begin="IMMEDIATE")
    plain = engine.execution_options(sqlite_begin="")
    return Database(
        engine,
        plain,
        sessionmaker(engine, class_=Session, expire_on_commit=False),
        sessionmaker(writing, class_=Session, expire_on_commit=False),
        sessionmaker(plain, class_=Session, expire_on_commit=False),
    )


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    if kind:
        connection.exec_driver_sql(f"BEGIN {kind}")


_current: list[Database] = []


def use(database: Database) -> None:
    """Make `database` the one that `transaction` and `reading` work on in this process; another one is let go."""
    for other in _current:
        if other is not database:
            other.engine.dispose()
    _current[:] = [database]


def current() -> Database:
    """The database this process works on; a programming error where none was chosen."""
    if not _current:
        raise RuntimeError("No database was chosen: call msf.base.db.use first.")
    return _current[0]


@contextlib.contextmanager
def transaction(database: Database | None = None) -> Iterator[Session]:
    """A writing session, committed at the end of the block, rolled back where the block raises."""
    chosen = database or current()
    with chosen.turn if chosen.sqlite else contextlib.nullcontext(), chosen.writer() as session, session.begin():
        yield session


@contextlib.contextmanager
def single_write(database: Database | None = None) -> Iterator[Session]:
    """A session for exactly one writing statement, the last one, which decides everything by itself.

    On SQLite each statement is a transaction of its own, kept when it returns, so that the write lock is held for
    nothing else; on PostgreSQL this is a transaction like any other.
    """
    with (database or current()).single() as session, session.begin():
        yield session


@contextlib.contextmanager
def reading(database: Database | None = None) -> Iterator[Session]:
    """A session for reading; nothing done in it is kept."""
    with (database or current()).reader() as session:
        yield session


@contextlib.contextmanager
def looking(database: Database | None = None) -> Iterator[Connection]:
    """A bare connection for a few prepared questions, without the session that would keep track of what was read."""
    with (database or current()).plain.connect() as connection:
        yield connection


class Unscrubbed(Exception):
    """Somebody is still reading the pages that hold deleted rows, so they could not be rewritten: try again later."""


def scrub(database: Database, table: str) -> None:
    """Rewrite the files so that deleted rows of `table` leave nothing behind; call it outside any transaction.

    Raises `Unscrubbed`, or the database's own error where it is locked, if the job has to be done again.
    """
    if database.sqlite:
        _scrub_file(database.engine)
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'VACUUM FULL "{table}"'))
        if connection.execute(_READERS).scalar():
            raise Unscrubbed("An older transaction can still see the deleted rows, so the rewrite kept them.")


_READERS = text(
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    " AND backend_xmin IS NOT NULL AND xact_start < statement_timestamp() - interval '1 second')"
)


def _scrub_file(engine: Engine) -> None:
    with contextlib.closing(engine.raw_connection()) as connection:
        raw: Any = connection.driver_connection
        # The log is emptied before the rewrite, so that it holds no old page, and after it, so that the file is new.
        _empty_log(raw)
        raw.execute("VACUUM")
        _empty_log(raw)


def _empty_log(raw: Any) -> None:
    busy, _frames, _moved = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise Unscrubbed("The write-ahead log still has a reader.")
