"""Where raters wait, unsorted in and by practitioner out, in a private file without a name that no failure leaves."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from itertools import groupby, islice
from typing import Final

from msf.collate.faults import CollateRefused, Fault, shown
from msf.collate.names import folded
from msf.collate.raters import FAMILIES, SELF, Rater, tidy

BATCH: Final = 5_000
CHUNK: Final = 8_192
# An empty name makes SQLite use a file of its own: mode 0600, unlinked as soon as it is open.
_PRIVATE = ""
_TABLES = """
pragma journal_mode = off;
pragma synchronous = off;
pragma secure_delete = on;
pragma cache_size = -12000;
create table rater (practitioner text, family int, line int, who int, ratings blob,
    primary key (practitioner, family, line)) without rowid;
create table said (practitioner text, family int, question int, place blob, line int, words text,
    primary key (practitioner, family, question, place, line)) without rowid;
create table name (folded text, practitioner text, primary key (folded, practitioner)) without rowid;
create table fault (line int, at int, col text, reason text, primary key (line, at)) without rowid;
"""
Row = tuple[int, bytes]
"""A rater's group and ratings."""


@contextmanager
def waiting(*, comments: bool = False) -> Iterator["Spool"]:
    """A spool; raises `CollateRefused` where there is no room for it."""
    try:
        with Spool(comments=comments) as spool:
            yield spool
    except sqlite3.Error as error:
        raise CollateRefused(
            f"The temporary file stopped: {error}.",
            remedy="Make room on the disk for temporary files, or set SQLITE_TMPDIR to a folder on another one.",
        ) from None


class Spool:
    """Raters and faults of one file; use as a context manager, after which nothing of it is left."""

    def __init__(self, *, comments: bool) -> None:
        self._comments = comments
        self._raters: list[tuple[str, int, int, int, bytes]] = []
        self._base = sqlite3.connect(_PRIVATE, isolation_level=None)
        self._base.executescript(_TABLES)
        self.rows = self.refused = 0

    def __enter__(self) -> "Spool":
        self._base.execute("begin")
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def add(self, line: int, rater: Rater) -> None:
        """Keep one rater; its line stands for it."""
        self.rows += 1
        self._raters.append((rater.practitioner, rater.family, line, rater.group, rater.ratings))
        if len(self._raters) >= BATCH:
            self.flush()
        if self._comments and any(rater.comments):
            self._say(line, rater)

    def flush(self) -> None:
        """Write what is held; sorted, so that a page of the file is touched once a batch."""
        self._base.executemany("insert into rater values (?, ?, ?, ?, ?)", sorted(self._raters))
        self._raters.clear()

    def _say(self, line: int, rater: Rater) -> None:
        """Comments lie in an order that follows from their words alone, so it tells nothing about who wrote them."""
        for question, text in enumerate(rater.comments):
            if words := tidy(text):
                place = sha256(f"{rater.practitioner}\n{question}\n{words}".encode()).digest()
                row = (rater.practitioner, rater.family, question, place, line, words)
                self._base.execute("insert into said values (?, ?, ?, ?, ?, ?)", row)

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Keep the faults of one row that is not counted."""
        self.rows += 1
        self._fault(faults)

    def _fault(self, faults: Iterable[Fault]) -> None:
        self.refused += 1
        rows = [(fault.line, at, fault.column, fault.reason) for at, fault in enumerate(faults)]
        self._base.executemany("insert into fault values (?, ?, ?, ?)", rows)

    def settle(self) -> None:
        """Take out whom only the whole file shows to be in doubt: names that would share a folder, second own views."""
        self.flush()
        for names in self._clashing():
            for name in names:
                others = ", ".join(shown(other) for other in names if other != name)
                reason = f"{shown(name)} would share a folder with {others}; write each name in one way only"
                self._take_out(name, range(len(FAMILIES)), Fault(0, "practitioner", reason))
        own = FAMILIES.index(SELF)
        twice = "select practitioner from rater where family = ? group by practitioner having count(*) > 1"
        for (name,) in self._base.execute(twice, [own]).fetchall():
            reason = f"{shown(name)} has more than one row of their own; which is right cannot be known"
            self._take_out(name, [own], Fault(0, "family", reason))

    def _clashing(self) -> list[list[str]]:
        with closing(self._base.cursor()) as cursor:
            for (name,) in cursor.execute("select distinct practitioner from rater"):
                self._base.execute("insert into name values (?, ?)", (folded(name), name))
        query = "select folded from name group by folded having count(*) > 1"
        same = "select practitioner from name where folded = ?"
        found = self._base.execute(query).fetchall()
        return [[name for (name,) in self._base.execute(same, each)] for each in found]

    def _take_out(self, name: str, families: Iterable[int], fault: Fault) -> None:
        for family in families:
            where = (name, family)
            lines = self._base.execute("select line from rater where practitioner = ? and family = ?", where).fetchall()
            for (line,) in lines:
                self._fault([Fault(line, fault.column, fault.reason)])
            for table in ("rater", "said"):
                self._base.execute(f"delete from {table} where practitioner = ? and family = ?", where)  # noqa: S608 - our own table

    @property
    def practitioners(self) -> int:
        """How many of them have a rater."""
        (count,) = self._base.execute("select count(distinct practitioner) from rater").fetchone()
        return int(count)

    def families(self) -> tuple[str, ...]:
        """Which families anybody in the file belongs to."""
        found = self._base.execute("select distinct family from rater order by family")
        return tuple(FAMILIES[family] for (family,) in found)

    def by_practitioner(self) -> Iterator[tuple[str, Iterator[tuple[str, Iterator[list[Row]]]]]]:
        """By name, then by family, then chunks of rows; each has to be used before the next is asked for."""
        query = "select practitioner, family, who, ratings from rater order by practitioner, family"
        with closing(self._base.cursor()) as cursor:
            for name, rows in groupby(cursor.execute(query), lambda row: row[0]):
                yield name, ((FAMILIES[family], _chunks(own)) for family, own in groupby(rows, lambda row: row[1]))

    def comments(self, practitioner: str) -> list[tuple[str, int, str]]:
        """Family, question and words of each comment, in the order to print them."""
        query = "select family, question, words from said where practitioner = ?"
        found = self._base.execute(query, [practitioner])
        return [(FAMILIES[family], question, words) for family, question, words in found]

    def faults(self) -> Iterator[Fault]:
        """Every fault by line; it has to be read to its end."""
        found = self._base.execute("select line, col, reason from fault order by line, at")
        return (Fault(*fault) for fault in found)


def _chunks(rows: Iterator[tuple[str, int, int, bytes]]) -> Iterator[list[Row]]:
    pairs = ((who, ratings) for _, _, who, ratings in rows)
    while chunk := list(islice(pairs, CHUNK)):
        yield chunk
