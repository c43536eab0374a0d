"""Clues: traces of people or of answers put in an order, and what is known by heart: marks by which a trace is told."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from tests.lab.case import KINDS, Case
from tests.lab.matching import Matcher
from tests.lab.snapshots import PEOPLE, Row, Snapshot

ENOUGH = PEOPLE // 2
"""A clue that does not place at least half of them is no clue."""

Label = tuple[str, bytes]
"""What a trace is about: its kind (`people`, `ratings` or a comment's question) and which one of them it is."""


@dataclass(frozen=True)
class Clue:
    """All twenty of one kind in the order that a trace suggests, or tied to their owners outright.

    `moments` are times of day (seconds) where the trace tells them. `where` says in which traces it was found.
    """

    oracle: str
    where: str
    kind: str
    order: tuple[bytes, ...]
    moments: Mapping[bytes, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Link:
    """Pairs of a person and an answer that one trace names together."""

    oracle: str
    where: str
    pairs: Mapping[bytes, bytes]


@dataclass
class View:
    """What one attacker looks at: copies, and marks, the byte strings by which a person or an answer is known."""

    case: Case
    snapshots: Sequence[Snapshot]
    marks: dict[bytes, Label]
    chance: random.Random
    _found: dict[bytes, frozenset[Label]] = field(default_factory=dict)

    @property
    def last(self) -> Snapshot:
        """The latest copy."""
        return self.snapshots[-1]

    @property
    def ends(self) -> list[Snapshot]:
        """The copies worth a close look: the first, the last before the close, and the one after it."""
        wanted = {0, PEOPLE, PEOPLE + 1}
        return [snapshot for snapshot in self.snapshots if snapshot.step in wanted]

    @cached_property
    def kinds(self) -> dict[str, frozenset[bytes]]:
        """Everybody and everything there is to be put in order, by kind."""
        found: dict[str, set[bytes]] = {}
        for kind, which in self.marks.values():
            found.setdefault(kind, set()).add(which)
        return {kind: frozenset(each) for kind, each in found.items()}

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self.marks)

    @cached_property
    def seen(self) -> dict[str, dict[bytes, int]]:
        """Which marks ever stood in which file, and in which copy first; only bytes that changed are searched."""
        found: dict[str, dict[bytes, int]] = {}
        for step, name, text in news(self.snapshots):
            known = found.setdefault(name, {})
            for mark in self._matcher.found(text) - known.keys():
                known[mark] = step
        return found

    @cached_property
    def lines(self) -> list[tuple[bytes, frozenset[Label]]]:
        """The lines of the latest copy's logs that name somebody or something, in order, and whom or what."""
        found: dict[tuple[str, int], set[Label]] = {}
        logs = {name: text for name, text in self.last.files.items() if name.startswith("logs/")}
        for name, text in logs.items():
            for at, mark in self._matcher.places(text):
                found.setdefault((name, text.rfind(b"\n", 0, at) + 1), set()).add(self.marks[mark])
        return [(line_at(logs[name], start), frozenset(labels)) for (name, start), labels in found.items()]

    def labels(self, row: Row) -> frozenset[Label]:
        """Whom or what a row is about."""
        return frozenset().union(*(self._of(value) for value in row.values()))

    def _of(self, value: Any) -> frozenset[Label]:
        if isinstance(value, str | bytes | memoryview):
            exact = value.encode() if isinstance(value, str) else bytes(value)
            if exact in self.marks:
                return frozenset({self.marks[exact]})
            return self.inside(exact) if 12 < len(exact) < 4000 else frozenset()
        return self.inside(repr(value).encode()) if isinstance(value, dict | list) else frozenset()

    def inside(self, text: bytes) -> frozenset[Label]:
        """Whom or what a text names."""
        if text not in self._found:
            self._found[text] = frozenset(self.marks[mark] for mark in self._matcher.found(text))
        return self._found[text]

    def _gap(self, ordered: Sequence[bytes], known: Mapping[bytes, tuple[str, Any]]) -> int:
        """Where something without a value goes: into the widest gap between numbers, else anywhere."""
        numbers = [known.get(which, ("", None))[1] for which in ordered]
        if not all(isinstance(number, float) for number in numbers):
            return self.chance.randint(0, len(ordered))
        return max(range(1, len(numbers)), key=lambda at: numbers[at] - numbers[at - 1])

    def forget(self) -> None:
        """Marks have changed: what was worked out from them does not hold."""
        self._found.clear()
        for name in ("_matcher", "seen", "kinds", "lines"):
            self.__dict__.pop(name, None)

    def clue(self, oracle: str, where: str, kind: str, values: Mapping[bytes, Any], **more: Any) -> Iterator[Clue]:
        """The order of `values`, if they tell some apart; ties fall at random, and so does what has no value."""
        known = {which: sortable(value) for which, value in values.items() if which in self.kinds[kind]}
        if len(known) < ENOUGH or len(set(known.values())) < 2:
            return
        ordered = sorted(known, key=lambda which: (known[which], self.chance.random()))
        for which in sorted(self.kinds[kind] - known.keys(), key=lambda _: self.chance.random()):
            ordered.insert(self._gap(ordered, known), which)
        if len(ordered) == PEOPLE:
            yield Clue(oracle, where, kind, tuple(ordered), **more)


def news(snapshots: Sequence[Snapshot]) -> Iterator[tuple[int, str, bytes]]:
    """For each copy and file, the bytes that were not there in the copy before."""
    before: dict[str, bytes] = {}
    for snapshot in snapshots:
        for name in sorted(snapshot.changed | (snapshot.files.keys() - before.keys())):
            yield snapshot.step, name, altered(before.get(name, b""), snapshot.files[name])
            before[name] = snapshot.files[name]


def altered(before: bytes, after: bytes) -> bytes:
    """The blocks of `after` that differ from those of `before`, each with the bytes around it."""
    size, edge = 4096, 80
    parts = [
        after[max(0, at - edge) : at + size + edge]
        for at in range(0, len(after), size)
        if after[at : at + size] != before[at : at + size]
    ]
    return b"\0".join(parts) if before else after


def line_at(text: bytes, start: int) -> bytes:
    """The line of `text` that begins at byte `start`."""
    end = text.find(b"\n", start)
    return text[start:] if end < 0 else text[start:end]


def sortable(value: Any) -> tuple[str, Any]:
    """`value` in a form that sorts beside any other."""
    if isinstance(value, bool | int | float):
        return ("number", float(value))
    if isinstance(value, datetime):
        return ("number", (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())
    if isinstance(value, bytes | memoryview):
        return ("bytes", bytes(value))
    return ("tuple", value) if isinstance(value, tuple) else ("text", str(value))


def grouped(labels: Iterable[tuple[Label, Any]]) -> dict[str, dict[bytes, Any]]:
    """The first value of each, by kind."""
    found: dict[str, dict[bytes, Any]] = {}
    for (kind, which), value in labels:
        found.setdefault(kind, {}).setdefault(which, value)
    return found


def forms(kind: str, which: bytes) -> list[bytes]:
    """How something may be written: as it is, and what a log or a dump makes of bytes."""
    if kind != "ratings":
        return [which]
    return [which, which.hex().encode(), repr(which)[2:-1].encode(), repr(which)[2:-1].replace("\\", "\\\\").encode()]


def marks_of_people(case: Case) -> dict[bytes, Label]:
    """What everybody's address stands for; names and ids are learned from the copies."""
    return {rater.address.encode(): ("people", rater.address.encode()) for rater in case.order}


def marks_of_answers(case: Case) -> dict[bytes, Label]:
    """Every answer and comment as it can be read after the close."""
    known = [(kind, rater.answer(kind)) for rater in case.order for kind in KINDS]
    return {form: label for label in known for form in forms(*label)}


def learn(view: View) -> None:
    """Whatever id stands in a row about one person or one answer becomes a mark of theirs; so on from row to row."""
    for _ in range(2):
        for snapshot in view.ends:
            for name, rows in snapshot.tables.items():
                if name != "slot":
                    _learn(view, rows)
        view.forget()


def _learn(view: View, rows: Sequence[Row]) -> None:
    for row in rows:
        labels = view.labels(row) if isinstance(row.get("id"), str) and len(row["id"]) == 32 else frozenset()
        if len(labels) == 1:
            view.marks.setdefault(row["id"].encode(), next(iter(labels)))
