"""Attacks on bytes: where in a file a trace lies, in live cells, dead bytes, free pages, logs, heaps and indexes."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from tests.lab.clues import Clue, Label, View
from tests.lab.disk import postgresql, sqlite
from tests.lab.snapshots import Snapshot

Hits = Mapping[Label, tuple[int, ...]]
Order = dict[str, dict[Label, Any]]
_PAGE = postgresql.PAGE


def places(view: View) -> Iterator[Clue]:
    """The order in which traces lie in every file of the first copy, the last before the close and the one after."""
    before: dict[str, Hits] = {}
    for snapshot in view.ends:
        for name, content in snapshot.files.items():
            hits = found_in(view, name, snapshot)
            same, before[name] = hits == before.get(name), hits
            if len(hits) >= 2 and not same:
                sort = SORTS.get(name.partition("/")[0] if name.startswith("heap/") else name, _plain)
                for oracle, values in sort(snapshot, name, content, hits).items():
                    yield from _clues(view, oracle, f"{name} after {snapshot.step}", values)


def _clues(view: View, oracle: str, where: str, values: Mapping[Label, Any]) -> Iterator[Clue]:
    kinds: dict[str, dict[bytes, Any]] = defaultdict(dict)
    for (kind, which), value in values.items():
        kinds[kind][which] = value
    for kind, known in kinds.items():
        yield from view.clue(oracle, where, kind, known)


def found_in(view: View, name: str, snapshot: Snapshot) -> Hits:
    """At which bytes of a file each mark lies."""
    content = snapshot.files[name]
    found: dict[Label, list[int]] = defaultdict(list)
    for mark, step in view.seen.get(name, {}).items():
        at = content.find(mark) if step <= snapshot.step else -1
        while at >= 0:
            found[view.marks[mark]].append(at)
            at = content.find(mark, at + 1)
    return {label: tuple(sorted(places)) for label, places in found.items()}


def _plain(_snapshot: Snapshot, _name: str, _content: bytes, hits: Hits) -> Order:
    return {"place in other files": {label: at[0] for label, at in hits.items()}}


def _log_file(_snapshot: Snapshot, _name: str, _content: bytes, hits: Hits) -> Order:
    return {
        "log lines": {label: at[0] for label, at in hits.items()},
        "log lines, the last of each": {label: at[-1] for label, at in hits.items()},
    }


def _database(_snapshot: Snapshot, _name: str, content: bytes, hits: Hits) -> Order:
    """Cells grow from the end of a page, so within a page the later is the nearer to its start."""
    image = _image(content)
    found: Order = defaultdict(dict)
    for label, offsets in hits.items():
        for kind, page, at in map(image.place, offsets):
            if kind == "cell":
                found["cell offset in page"].setdefault(label, (page, -at))
                found["page number"].setdefault(label, page)
            else:
                found[{"free page": "free-list pages"}.get(kind, "dead bytes")].setdefault(label, (page, -at))
    return found


@lru_cache(maxsize=4)
def _image(content: bytes) -> sqlite.Image:
    return sqlite.Image(content)


def _write_ahead(_snapshot: Snapshot, _name: str, content: bytes, hits: Hits) -> Order:
    frames = sqlite.frames(content)
    starts = [frame.start for frame in frames]
    found: Order = defaultdict(dict)
    for label, offsets in hits.items():
        placed = [(bisect_right(starts, at), -at) for at in offsets]
        inside = [each for each in placed if each[0] and -each[1] < starts[each[0] - 1] + len(frames[0].content)]
        if inside:
            found["frames of the write-ahead log"][label] = inside[0]
            found["frames of the write-ahead log, the last of each"][label] = inside[-1]
        else:
            found["dead bytes"][label] = placed[0]
    return found


def _heap(_snapshot: Snapshot, name: str, content: bytes, hits: Hits) -> Order:
    if name.startswith("heap/index"):
        return {"place in index pages": {label: _downwards(at[0]) for label, at in hits.items()}}
    rows = sorted(postgresql.tuples(content), key=lambda row: row.start)
    starts = [row.start for row in rows]
    found: Order = defaultdict(dict)
    for label, offsets in hits.items():
        for at in offsets:
            number = bisect_right(starts, at) - 1
            row = rows[number] if number >= 0 and at < rows[number].end else None
            if row is None or row.xmax:
                found["dead rows"].setdefault(label, _downwards(at))
                if row is not None:
                    found["transactions of dead rows"].setdefault(label, (row.xmin, row.xmax))
            else:
                found["place in heap pages"].setdefault(label, _downwards(at))
    return found


def _downwards(at: int) -> tuple[int, int]:
    """Rows fill a page from its end."""
    return at // _PAGE, -(at % _PAGE)


def _records(_snapshot: Snapshot, _name: str, _content: bytes, hits: Hits) -> Order:
    return {"records of the server's log": {label: at[0] for label, at in hits.items()}}


SORTS: Mapping[str, Callable[[Snapshot, str, bytes, Hits], Order]] = {
    "msf.db": _database,
    "msf.db-wal": _write_ahead,
    "heap": _heap,
    "pg_wal": _records,
    "logs/msf.log": _log_file,
}


def appearances(view: View) -> Iterator[Clue]:
    """In which copy a trace first appears in a file, whatever the file."""
    for name, marks in view.seen.items():
        steps: dict[Label, int] = {}
        for mark, step in marks.items():
            steps[view.marks[mark]] = min(step, steps.get(view.marks[mark], step))
        yield from _clues(view, "changes between copies", f"bytes of {name}", steps)
