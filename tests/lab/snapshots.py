"""Copies of an installation at one moment: every file, and every row with what the database keeps beside it."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg

from tests.lab.disk import postgresql, sqlite

Row = Mapping[str, Any]
PEOPLE = 20

_BODY = re.compile(rb"\r?\n\r?\n.*", re.DOTALL)


@dataclass(frozen=True)
class Snapshot:
    """The installation after `step` answers, the keys apart; the last one was taken after the close.

    `files` are bytes by stable name, `changed` the names whose bytes are not those of the copy before, `times` when
    each file was written (seconds), `tables` every row in the order in which it lies there.
    """

    step: int
    files: Mapping[str, bytes]
    changed: frozenset[str]
    times: Mapping[str, float]
    tables: Mapping[str, list[Row]]


class Camera(Protocol):
    """Takes copies of one installation."""

    def take(self, step: int) -> Snapshot: ...


@dataclass
class Shelf:
    """The files of the home folder; only what changed since the last look is read again."""

    home: Path
    seen: dict[str, tuple[tuple[int, int], bytes]] = field(default_factory=dict)

    def files(self) -> dict[str, bytes]:
        """Every file but the keys, by its path.

        The folder that catches letters is there for tests and the demo; who reads it holds every code, as whoever runs
        the mail does. So of a letter the heads are kept, and its body, which holds the code, is left out.
        """
        found = {}
        for path in sorted(self.home.rglob("*")):
            name = path.relative_to(self.home).as_posix()
            if path.is_file() and not name.startswith("keys/"):
                content = self.read(path)
                found[name] = _BODY.sub(b"", content) if name.startswith("mail/") else content
        return found

    def read(self, path: Path) -> bytes:
        """The bytes of `path`, from memory where size and time are the same."""
        stat = path.stat()
        mark = (stat.st_mtime_ns, stat.st_size)
        kept = self.seen.get(str(path))
        if kept is None or kept[0] != mark or path.suffix in (".db-shm",):
            kept = self.seen[str(path)] = (mark, path.read_bytes())
        return kept[1]

    def times(self) -> dict[str, float]:
        """When each file was last written."""
        listed = {path.relative_to(self.home).as_posix(): path for path in self.home.rglob("*") if path.is_file()}
        return {name: path.stat().st_mtime for name, path in listed.items() if not name.startswith("keys/")}


@dataclass
class SqliteCamera:
    """Copies an installation on SQLite; rows are read out of the copy, never through the live database."""

    home: Path
    _before: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._shelf = Shelf(self.home)

    def take(self, step: int) -> Snapshot:
        """Copy everything."""
        files = self._shelf.files()
        changed = frozenset(name for name, content in files.items() if self._before.get(name) != content)
        image = sqlite.merged(files["msf.db"], files.get("msf.db-wal", b""))
        self._before = files
        return Snapshot(step, files, changed, self._shelf.times(), rows_of(image.content))


def rows_of(content: bytes) -> dict[str, list[Row]]:
    """Every row of a database file without a log, each table in the order of its own tree."""
    with contextlib.closing(sqlite3.connect(":memory:")) as opened:
        # A file marked as one with a log cannot be opened from memory.
        opened.deserialize(content[:18] + b"\x01\x01" + content[20:])
        opened.row_factory = sqlite3.Row
        listed = opened.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: list(_rows(opened, name, "WITHOUT ROWID" in words)) for name, words in listed}


def _rows(opened: sqlite3.Connection, name: str, bare: bool) -> Iterator[Row]:
    what = "*" if bare else "rowid AS rowid, *"
    for row in opened.execute(f'SELECT {what} FROM "{name}"'):
        yield dict(row)


ENDS = frozenset({0, PEOPLE, PEOPLE + 1})
"""The copies in which everything is looked at: before the first answer, after the last, and after the close."""

_SYSTEM = "ctid::text AS ctid, xmin::text::bigint AS xmin, xmax::text::bigint AS xmax, tableoid::bigint AS tableoid"
_STATISTICS = ("pg_stat_user_tables", "pg_stat_user_indexes", "pg_statio_user_tables", "pg_stat_activity",
               "pg_stats WHERE schemaname = 'public'")  # fmt: skip
_FILES = """
    SELECT pg_relation_filepath(c.oid), coalesce('toast of ' || o.relname, 'index ' || i.relname, c.relname)
    FROM pg_class c LEFT JOIN pg_class o ON o.reltoastrelid = c.oid
    LEFT JOIN pg_index x ON x.indexrelid = c.oid LEFT JOIN pg_class i ON i.oid = x.indrelid
    WHERE c.relkind IN ('r', 'i', 't', 'm') AND pg_relation_filepath(c.oid) IS NOT NULL
"""


@dataclass
class PostgresqlCamera:
    """Copies an installation on PostgreSQL, with the server's own files of that database and its log."""

    home: Path
    url: str
    _before: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._shelf = Shelf(self.home)
        self._connection = psycopg.connect(self.url, autocommit=True, row_factory=psycopg.rows.dict_row)
        self._data = Path(self._value("SHOW data_directory"))
        self._folder = (
            self._data / "base" / str(self._value("SELECT oid FROM pg_database WHERE datname = current_database()"))
        )
        self._timed = self._value("SHOW track_commit_timestamp") == "on"
        self._log_at = postgresql.position(self._value("SELECT pg_current_wal_flush_lsn()::text"))
        self._connection.execute("ALTER SYSTEM SET wal_keep_size = '512MB'")  # no stretch of it goes before it is read
        self._connection.execute("SELECT pg_reload_conf()")
        self._connection.execute("CHECKPOINT")
        self._unchanged = {path.name: _mark(path) for path in self._folder.iterdir()}
        self._tables = [
            row["tablename"]
            for row in self._ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        ]

    def take(self, step: int) -> Snapshot:
        """Copy everything, after the server has written out what it holds in memory."""
        self._connection.execute("CHECKPOINT")
        files = self._shelf.files() | self._heap() | {"pg_wal": self._log()}
        changed = frozenset(name for name, content in files.items() if self._before.get(name) != content)
        self._before = files
        return Snapshot(step, files, changed, self._shelf.times(), self._rows(all=step in ENDS))

    def close(self) -> None:
        """Let the database go."""
        self._connection.close()

    def _heap(self) -> dict[str, bytes]:
        """The files of tables, oversized values and indexes that are not as they were when the round was made."""
        names = {path: name for path, name in (tuple(row.values()) for row in self._ask(_FILES))}
        found: dict[str, bytes] = {}
        for path in sorted(self._folder.iterdir()):
            with contextlib.suppress(FileNotFoundError):
                if self._unchanged.get(path.name) != _mark(path) and not path.name.startswith("pg_internal"):
                    relative = path.relative_to(self._data).as_posix()
                    name = names.get(relative, f"other {path.name.partition('_')[2]}")
                    found[f"heap/{name}"] = found.get(f"heap/{name}", b"") + self._shelf.read(path)
        return found

    def _log(self) -> bytes:
        """What was added to the server's own log since the last copy."""
        start, self._log_at = self._log_at, postgresql.position(self._value("SELECT pg_current_wal_flush_lsn()::text"))
        parts = []
        at = start
        while at < self._log_at:
            end = min((at // postgresql.SEGMENT + 1) * postgresql.SEGMENT, self._log_at)
            with (self._data / "pg_wal" / postgresql.segment(at)).open("rb") as file:
                file.seek(at % postgresql.SEGMENT)
                parts.append(file.read(end - at))
            at = end
        return postgresql.unpaged(b"".join(parts), start)

    def _rows(self, *, all: bool) -> dict[str, list[Row]]:
        more = ", pg_xact_commit_timestamp(xmin) AS committed" if self._timed else ""
        tables = {name: self._ask(f'SELECT {_SYSTEM}{more}, * FROM "{name}"') for name in self._tables}
        return tables | {name.split()[0]: self._ask(f"SELECT * FROM {name}") for name in _STATISTICS if all}

    def _ask(self, query: str) -> list[Row]:
        return list(self._connection.execute(query).fetchall())

    def _value(self, query: str) -> Any:
        return next(iter(self._ask(query)[0].values()))


def _mark(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size
