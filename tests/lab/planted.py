"""Invented rounds with one leak each, so that every attack is seen to win where there is something to find."""

import contextlib
import random
import sqlite3
import struct
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msf.responses.rules import new_pair
from tests.lab.case import PEOPLE, PROMPTS, Case, Rater
from tests.lab.snapshots import Snapshot

START = 1_800_000_000.0
PAGE = 8192


@dataclass
class Scene:
    """A round whose copies hold the least there must be, in an order that tells nothing; a plant adds its leak.

    `tables` and `files` are those of the copy after the close; `steps` changes the copy after each answer.
    """

    chance: random.Random = field(default_factory=lambda: random.Random(11))
    raters: list[Rater] = field(default_factory=list)
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)
    steps: dict[int, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.raters = [self._rater(number) for number in range(PEOPLE)]
        self.chance.shuffle(self.raters)
        people = self.mixed(
            [{"id": self.id(), "n": n, "address": each.address} for n, each in enumerate(self.shuffled())]
        )
        self.tables = {"invitation": people}

    def _rater(self, number: int) -> Rater:
        words = {prompt: "canary " + "".join(self.chance.choices("abcdefghijklmnop", k=16)) for prompt in PROMPTS}
        ratings = bytes(self.chance.randint(1, 5) for _ in range(18))
        return Rater(f"doctor{number}@northvale.example", f"Doctor {number}", ratings, words)

    def id(self) -> str:
        """A random id."""
        return f"{self.chance.getrandbits(128):032x}"

    def mixed(self, rows: Sequence[Any]) -> list[Any]:
        """The same in a random order."""
        return self.chance.sample(list(rows), len(rows))

    def shuffled(self) -> list[Rater]:
        """The raters in a random order."""
        return self.mixed(self.raters)

    def answers(self, table: str = "answer", **more: Callable[[int], Any]) -> None:
        """A table of answers in a random order, with columns worked out from the place in the order of answering."""
        rows = [
            {"ratings": rater.ratings, **{name: value(number) for name, value in more.items()}}
            for number, rater in enumerate(self.raters)
        ]
        self.tables[table] = self.mixed(rows)

    def case(self, engine: str = "sqlite") -> Case:
        """The round as the attacks get it."""
        shots = []
        known = self.tables["invitation"]
        for step in range(PEOPLE + 2):
            last = step == PEOPLE + 1
            tables = {"invitation": known, **self.steps.get(step, {}), **(self.tables if last else {})}
            files = self.files if last else {}
            shots.append(Snapshot(step, files, frozenset(files), self.times if last else {}, tables))
        times = [START + 60 * number for number in range(PEOPLE)]
        return Case(
            engine, 1, "ab" * 16, self.raters, times, b"t" * 32, new_pair()[0], 1000, 30, shots, self.exports
        )  # fmt: skip


# ---- plants for rows


def row_order(scene: Scene) -> None:
    scene.tables["answer"] = [{"ratings": rater.ratings} for rater in scene.raters]


def column(name: str, table: str = "answer") -> Callable[[Scene], None]:
    """A column that counts."""
    return lambda scene: scene.answers(table, **{name: lambda number: 7 + 3 * number})


def sizes(scene: Scene) -> None:
    scene.answers(blob=lambda number: "x" * (number + 20))


def places(scene: Scene) -> None:
    scene.answers(ctid=lambda number: f"({number // 7},{number % 7 + 1})")


def moments(scene: Scene) -> None:
    scene.answers(saved=lambda number: datetime.fromtimestamp(START + 60 * number + 1, UTC).isoformat())


def ages(scene: Scene) -> None:
    def first_version(number: int) -> str:
        ticks = int((START + 60 * number) * 1e7) + 0x01B21DD213814000
        fields = (ticks & 0xFFFFFFFF, ticks >> 32 & 0xFFFF, ticks >> 48 & 0xFFF | 0x1000, 0x80, number * 37 % 256, 99)
        return uuid.UUID(fields=fields).hex

    scene.answers(mark=first_version)


def changes(scene: Scene) -> None:
    for step in range(PEOPLE + 1):
        rows = [
            {"id": f"{n:032x}", "ratings": rater.ratings if n < step else b""} for n, rater in enumerate(scene.raters)
        ]
        scene.steps[step] = {"draft": scene.mixed(rows)}


def both_in_a_row(scene: Scene) -> None:
    scene.tables["pair"] = scene.mixed([{"who": each.address, "what": each.ratings} for each in scene.raters])


def detail(table: str) -> Callable[[Scene], None]:
    """Rows of a table that say what was answered inside their details."""

    def plant(scene: Scene) -> None:
        scene.tables[table] = [{"details": {"of": rater.ratings.hex()}} for rater in scene.raters]

    return plant


# ---- plants for files


def lines(scene: Scene) -> None:
    said = (f"2027-01-15 08:{n:02}:00,000 DEBUG {each.ratings.hex()}" for n, each in enumerate(scene.raters))
    scene.files["logs/msf.log"] = "\n".join(said).encode()


def both_in_a_line(scene: Scene) -> None:
    said = [f"DEBUG {each.address} sent {each.ratings.hex()}" for each in scene.raters]
    scene.files["logs/msf.log"] = "\n".join(scene.mixed(said)).encode()


def dated_files(scene: Scene) -> None:
    for number, rater in enumerate(scene.raters):
        name = f"temp/{scene.id()}"
        scene.files[name], scene.times[name] = rater.ratings, START + number


def named_files(scene: Scene) -> None:
    for number, rater in enumerate(scene.raters):
        scene.files[f"temp/{number:03}"], scene.times[f"temp/{number:03}"] = rater.ratings, START


def export(scene: Scene) -> None:
    scene.exports["page"] = "\n".join(rater.comments["does_well"] for rater in scene.raters)


def other_file(scene: Scene) -> None:
    scene.files["reports/cache"] = b"".join(b"%d:" % n + each.ratings for n, each in enumerate(scene.raters))


# ---- plants for SQLite's own files


@contextlib.contextmanager
def written(scene: Scene, *, wal: bool = False) -> Iterator[sqlite3.Connection]:
    """A real file of SQLite that a plant writes; what is in it when the block ends becomes part of the scene."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "msf.db"
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete=OFF")
            if wal:
                connection.execute("PRAGMA journal_mode=WAL")
            yield connection
            for name in ("msf.db", "msf.db-wal"):
                if (path.with_name(name)).exists():
                    scene.files[name] = path.with_name(name).read_bytes()


def _insert(scene: Scene, connection: sqlite3.Connection, filler: int, *, bare: bool = True) -> None:
    words = "WITHOUT ROWID" if bare else ""
    connection.execute(f"CREATE TABLE answer (id TEXT PRIMARY KEY, ratings BLOB, filler BLOB) {words}")
    for rater in scene.raters:
        connection.execute("INSERT INTO answer VALUES (?, ?, ?)", (scene.id(), rater.ratings, bytes(filler)))


def cells(scene: Scene) -> None:
    with written(scene) as connection:
        _insert(scene, connection, 0)


def pages(scene: Scene) -> None:
    with written(scene) as connection:
        _insert(scene, connection, 3000, bare=False)


def dead(scene: Scene) -> None:
    with written(scene) as connection:
        _insert(scene, connection, 0, bare=False)
        connection.execute("INSERT INTO answer VALUES ('z', x'00', x'00')")
        connection.execute("DELETE FROM answer WHERE id <> 'z'")


def free(scene: Scene) -> None:
    with written(scene) as connection:
        _insert(scene, connection, 3000, bare=False)
        connection.execute("CREATE TABLE other (id)")
        connection.execute("DROP TABLE answer")


def frames(scene: Scene) -> None:
    with written(scene, wal=True) as connection:
        _insert(scene, connection, 0)


# ---- plants for PostgreSQL's own files


def heap(rows: Sequence[tuple[int, int, bytes]]) -> bytes:
    """A page with these row versions (the transactions that made and ended each, and its bytes)."""
    page, at, pointers = bytearray(PAGE), PAGE, b""
    for xmin, xmax, content in rows:
        row = struct.pack("<III6sHHB", xmin, xmax, 0, bytes(6), 3, 0, 24).ljust(24, b"\0") + content
        at -= len(row) + -len(row) % 8
        page[at : at + len(row)] = row
        pointers += struct.pack("<I", at | 1 << 15 | len(row) << 17)
    page[12:16] = struct.pack("<HH", 24 + len(pointers), at)
    page[24 : 24 + len(pointers)] = pointers
    return bytes(page)


def live(scene: Scene) -> None:
    scene.files["heap/answer"] = heap([(9, 0, each.ratings) for each in scene.raters])


def ended(scene: Scene) -> None:
    scene.files["heap/answer"] = heap([(9, 12, each.ratings) for each in scene.raters])


def transactions(scene: Scene) -> None:
    rows = [(9 + number, 50, each.ratings) for number, each in enumerate(scene.raters)]
    scene.files["heap/answer"] = heap(scene.mixed(rows))


def index(scene: Scene) -> None:
    scene.files["heap/index answer"] = b"".join(each.ratings for each in reversed(scene.raters)).rjust(PAGE, b"\0")


def server_log(scene: Scene) -> None:
    scene.files["pg_wal"] = b"....".join(each.ratings for each in scene.raters)


PLANTS: dict[str, Callable[[Scene], None]] = {
    "row order": row_order,
    "rowid": column("rowid"),
    "primary key": column("id"),
    "any other column": column("place"),
    "size of rows": sizes,
    "times of rows": moments,
    "time inside ids": ages,
    "changes between copies": changes,
    "one row names both": both_in_a_row,
    "audit entries": detail("audit_event"),
    "queue": detail("job"),
    "session rows": detail("session"),
    "log lines": lines,
    "log lines, the last of each": lines,
    "times of log lines": lines,
    "one log line names both": both_in_a_line,
    "names of files": named_files,
    "times of files": dated_files,
    "order in exports": export,
    "cell offset in page": cells,
    "page number": pages,
    "dead bytes": dead,
    "free-list pages": free,
    "frames of the write-ahead log": frames,
    "frames of the write-ahead log, the last of each": frames,
    "ctid": places,
    "xmin and xmax": column("xmin"),
    "place in heap pages": live,
    "place in index pages": index,
    "dead rows": ended,
    "transactions of dead rows": transactions,
    "records of the server's log": server_log,
    "statistics views": detail("pg_stats"),
    "place in other files": other_file,
}
"""A leak for each attack; that one slot is a person's and an answer's is what the residual shows."""
