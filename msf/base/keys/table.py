"""A table of secrets in a database of its own, for several machines that share no folder."""

import os
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from msf.base import db
from msf.base.errors import Refusal
from msf.base.keys.store import LENGTH, KeyMissing, checked, whole

_SECRET = sa.Table(
    "secret",
    sa.MetaData(),
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)
_VALUE = sa.select(_SECRET.c.value).where(
    _SECRET.c.kind == sa.bindparam("kind"), _SECRET.c.name == sa.bindparam("name")
)
_BOTH = sa.select(_SECRET.c.kind, _SECRET.c.value).where(
    _SECRET.c.name == sa.bindparam("name"), _SECRET.c.kind.in_([sa.bindparam("one"), sa.bindparam("other")])
)
_MAKING = 7_360_361  # any number: whoever makes the table holds this PostgreSQL lock, so that two starts do not collide


class SameDatabase(Refusal):
    """The keys would lie in the database of the answers, where every backup would hold both."""

    status = 500
    title = "Keys need a place of their own"
    message = "MSF_KEYS names the database that holds the answers. Keys must never be kept in the same database."
    remedy = "Set MSF_KEYS to a folder, or to another database that has a user and backups of its own."


def refuse_same(keys: Path | str, database_url: str) -> None:
    """`SameDatabase` where keys would lie in the database at `database_url`, as far as the two addresses tell.

    Two names of one database are seen when the keys are first used: the tables of answers are there.
    """
    if isinstance(keys, str) and _place(keys) == _place(database_url):
        raise SameDatabase


def _place(url: str) -> tuple[str, ...]:
    parsed = sa.make_url(url)
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return (kind, str(Path(parsed.database or "").resolve()))
    host = parsed.host or str(parsed.query.get("host", ""))
    here = "" if host in ("localhost", "127.0.0.1", "::1") else host.lower()
    return (kind, here, str(parsed.port or 5432), parsed.database or "")


@dataclass(frozen=True)
class KeyTable:
    """The secrets of one `kind` in the database at `url`; the table is made when it is first used."""

    url: str
    kind: str
    size: int | None = LENGTH

    def write(self, name: str, secret: bytes) -> None:
        """Keep `secret` under `name`; refuses to replace one that is there."""
        values = {"kind": self.kind, "name": checked(name), "value": secret}
        try:
            with self._open() as connection:
                connection.execute(sa.insert(_SECRET).values(values))
        except IntegrityError as error:
            raise FileExistsError("There is a key of this name.") from error

    def once(self, name: str, secret: bytes) -> bytes:
        """Keep `secret` unless there is one, and return the one that is kept, whichever process was first."""
        if not self.has(name):
            try:
                self.write(name, secret)
            except FileExistsError:
                return self.read(name)
        return self.read(name)

    def replace(self, name: str, secret: bytes) -> None:
        """Put `secret` in the place of the one that is there, and rewrite the table so that nothing of it is left."""
        with self._open() as connection:
            changed = connection.execute(self._update(name).values(value=secret)).rowcount
        if not changed:
            raise FileNotFoundError("There is no key of this name.")
        db.scrub(_database(self.url, os.getpid()), "secret")

    def read(self, name: str) -> bytes:
        """The secret called `name`; `KeyMissing` where it is gone, cut short, or the database cannot be reached."""
        try:
            with self._open() as connection:
                found = connection.execute(_VALUE, {"kind": self.kind, "name": checked(name)}).scalar()
        except SQLAlchemyError as error:
            raise KeyMissing from error
        return whole(found or b"", self.size)

    def read_both(self, other: "KeyTable", name: str) -> tuple[bytes, bytes]:
        """The secrets called `name` of this kind and of another one, in one query."""
        try:
            with self._open() as connection:
                facts = {"name": checked(name), "one": self.kind, "other": other.kind}
                found = {kind: value for kind, value in connection.execute(_BOTH, facts)}
        except SQLAlchemyError as error:
            raise KeyMissing from error
        return whole(found.get(self.kind, b""), self.size), whole(found.get(other.kind, b""), other.size)

    def has(self, name: str) -> bool:
        """Whether there is a row called `name`, readable or not."""
        with self._open() as connection:
            return connection.execute(_VALUE, {"kind": self.kind, "name": checked(name)}).first() is not None

    def names(self) -> list[str]:
        """Every name kept here, in order."""
        query = sa.select(_SECRET.c.name).where(_SECRET.c.kind == self.kind).order_by(_SECRET.c.name)
        with self._open() as connection:
            return list(connection.execute(query).scalars())

    def kinds(self) -> list[str]:
        """Every kind of which there is a secret in the table."""
        with self._open() as connection:
            return list(connection.execute(sa.select(_SECRET.c.kind).distinct().order_by(_SECRET.c.kind)).scalars())

    def destroy(self, name: str) -> None:
        """Overwrite the secret called `name`, rewrite the table, and remove what is left; nothing where there is none.

        In this order a destruction that is broken off leaves a row, so that it is seen and done again.
        """
        with self._open() as connection:
            if not connection.execute(self._update(name).values(value=secrets.token_bytes(LENGTH))).rowcount:
                return
        db.scrub(_database(self.url, os.getpid()), "secret")
        with self._open() as connection:
            connection.execute(sa.delete(_SECRET).where(_SECRET.c.kind == self.kind, _SECRET.c.name == name))

    def _update(self, name: str) -> sa.Update:
        return sa.update(_SECRET).where(_SECRET.c.kind == self.kind, _SECRET.c.name == checked(name))

    def _open(self) -> Connection:
        return _each_by_itself(_database(self.url, os.getpid())).connect()


def _each_by_itself(database: db.Database) -> Engine:
    """An engine whose every statement is kept at once, as there is never more than one to keep."""
    return database.plain if database.sqlite else database.engine.execution_options(isolation_level="AUTOCOMMIT")


_opened: dict[tuple[str, int], db.Database] = {}
_opening = threading.Lock()


def _database(url: str, process: int) -> db.Database:
    """The database at `url`, opened once in each process; `SameDatabase` where answers are in it."""
    with _opening:
        if (url, process) not in _opened:
            _opened[url, process] = _connected(url)
        return _opened[url, process]


def let_go() -> None:
    """Close every connection of this process to keys; the next use opens another."""
    with _opening:
        for database in _opened.values():
            database.engine.dispose()
        _opened.clear()


def _connected(url: str) -> db.Database:
    """The database at `url` with its table made."""
    _make_room(url)
    opened = db.connect(url)
    try:
        _prepare(opened)
    except BaseException:
        opened.engine.dispose()
        raise
    return opened


def _prepare(opened: db.Database) -> None:
    with opened.writer() as session, session.begin():
        connection = session.connection()
        if not opened.sqlite:
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_MAKING})"))
        if sa.inspect(connection).has_table("slot"):
            raise SameDatabase
        _SECRET.create(connection, checkfirst=True)


def _make_room(url: str) -> None:
    """A file that is its owner's alone, where the database is one file."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        path = Path(parsed.database)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
