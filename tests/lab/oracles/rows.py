"""Attacks on rows: their order, every column they have and every column the database keeps beside them."""

import re
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tests.lab.clues import Clue, Label, Link, View, grouped, sortable
from tests.lab.snapshots import Row, Snapshot

BY_COLUMN = {"rowid": "rowid", "ctid": "ctid", "xmin": "xmin and xmax", "xmax": "xmin and xmax", "id": "primary key",
             "h": "primary key", "n": "any other column"}  # fmt: skip
BY_TABLE = {"audit_event": "audit entries", "job": "queue"}
_HEXES = re.compile(r"[0-9a-f]{32}")


def rows(view: View) -> Iterator[Clue]:
    """The order of rows and of every column, in the first copy, the last before the close and the one after it."""
    before: dict[str, list[Row]] = {}
    for snapshot in view.ends:
        for name, listed in snapshot.tables.items():
            about = [(label, (number, row)) for number, row in enumerate(listed) for label in view.labels(row)]
            if about and listed != before.get(name):
                for kind, found in grouped(about).items():
                    yield from _of_table(view, f"{name}{_moment(snapshot)}", name, kind, found)
            before[name] = listed


def _moment(snapshot: Snapshot) -> str:
    return {0: " before", 20: " while open"}.get(snapshot.step, "")


def _of_table(view: View, where: str, name: str, kind: str, found: Mapping[bytes, tuple[int, Row]]) -> Iterator[Clue]:
    numbers = {which: number for which, (number, _) in found.items()}
    yield from view.clue(oracle_of(name, "", "row order"), where, kind, numbers)
    for column in next(iter(found.values()))[1]:
        values = {which: row[column] for which, (_, row) in found.items() if row.get(column) is not None}
        yield from _of_column(view, f"{where}.{column}", name, column, kind, values)


def _of_column(view: View, where: str, name: str, column: str, kind: str, values: dict[bytes, Any]) -> Iterator[Clue]:
    if column == "ctid":
        values = {which: tuple(int(part) for part in text.strip("()").split(",")) for which, text in values.items()}
    moments = {which: moment for which, value in values.items() if (moment := time_in(value)) is not None}
    if moments and len(moments) == len(values):
        yield from view.clue(oracle_of(name, column, "times of rows"), where, kind, moments, moments=moments)
    yield from view.clue(oracle_of(name, column, "any other column"), where, kind, values)
    if all(isinstance(value, str | bytes) for value in values.values()):
        sizes = {which: len(value) for which, value in values.items()}
        yield from view.clue("size of rows", f"size of {where}", kind, sizes)
    ages = {which: age for which, value in values.items() if (age := age_of(value)) is not None}
    if len(ages) == len(values) and len({version for version, _ in ages.values()}) == 1:
        told = {which: seconds for which, (_, seconds) in ages.items()}
        yield from view.clue("time inside ids", where, kind, told, moments=told)


def oracle_of(table: str, column: str, otherwise: str) -> str:
    """Under which attack a table's column is counted."""
    if "session" in table:
        return "session rows"
    if table.startswith("pg_"):
        return "statistics views"
    return BY_TABLE.get(table) or BY_COLUMN.get(column) or otherwise


def time_in(value: Any) -> float | None:
    """The moment that a value means, where it is one and finer than a day."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return None if (value.hour, value.minute, value.second) == (0, 0, 0) else float(sortable(value)[1])
    plausible = isinstance(value, int | float) and not isinstance(value, bool)
    for unit in (1, 1e3, 1e6, 1e9) if plausible else ():
        if 1.5e9 < value / unit < 3e9 and (unit > 1 or value > 1e9):
            return float(value / unit)
    return None


def age_of(value: Any) -> tuple[int, float] | None:
    """Version and time of an id that is a UUID of a version which holds its time."""
    text = str(value).replace("-", "").lower()
    if not _HEXES.fullmatch(text):
        return None
    read = uuid.UUID(text)
    if read.variant != uuid.RFC_4122 or read.version not in (1, 6, 7):
        return None
    if read.version == 7:
        return 7, (read.int >> 80) / 1000 + (read.int >> 64 & 0xFFF) / 4096 / 1000
    ticks = read.time if read.version == 1 else (read.int >> 80) << 12 | read.int >> 64 & 0xFFF
    return read.version, (ticks - 0x01B21DD213814000) / 1e7


def changes(view: View) -> Iterator[Clue]:
    """In which copy a row first differs from the copy before; what is system-kept counts too."""
    before: dict[str, dict[Any, Row]] = {}
    first: dict[str, dict[Label, int]] = defaultdict(dict)
    for snapshot in view.snapshots:
        for name, listed in snapshot.tables.items():
            found = {_name_of(row, number): row for number, row in enumerate(listed)}
            for key, row in found.items() if name in before else ():
                if before[name].get(key) != row:
                    for label in view.labels(row):
                        first[name].setdefault(label, snapshot.step)
            before[name] = found
    for name, steps in first.items():
        for kind, values in grouped(steps.items()).items():
            yield from view.clue("changes between copies", name, kind, values)


def _name_of(row: Row, number: int) -> Any:
    """By what a row is known again in the next copy."""
    return row.get("id") or row.get("h") or number


def joins(view: View) -> Iterator[Link]:
    """Rows that name one person and one answer at once."""
    for snapshot in view.ends:
        for name, listed in snapshot.tables.items():
            pairs = {}
            for row in listed:
                named = dict(sorted(view.labels(row)))
                if "people" in named and "ratings" in named:
                    pairs[named["people"]] = named["ratings"]
            if pairs:
                yield Link("one row names both", f"{name}{_moment(snapshot)}", pairs)
