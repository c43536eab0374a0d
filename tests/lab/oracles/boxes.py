"""Attacks with the sealing key: every sealed answer that can be found, in rows, in old pages and in logs, is opened."""

import contextlib
import struct
from collections.abc import Iterator, Mapping

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from msf.responses.rules import Unreadable, unpack
from tests.lab.case import Case
from tests.lab.clues import Clue, Label, View
from tests.lab.disk import postgresql, sqlite
from tests.lab.snapshots import Snapshot, rows_of


def opened(case: Case, box: bytes) -> Label | None:
    """The ratings in a sealed box; `None` where it is none of this round."""
    if len(box) != case.box_size:
        return None
    with contextlib.suppress(CryptoError, Unreadable):
        plain = SealedBox(PrivateKey(case.seal_private)).decrypt(box)
        return ("ratings", unpack(plain, round_id=case.round_id).ratings)
    return None


def marks_of_boxes(case: Case, snapshots: list[Snapshot]) -> dict[bytes, Label]:
    """What every slot of these copies turns out to hold: its name, its receipt and its box are marks of that answer."""
    marks: dict[bytes, Label] = {}
    for snapshot in snapshots:
        for row in snapshot.tables.get("slot", ()):
            if row["sealed"] and bytes(row["h"]) not in marks:
                label = opened(case, bytes(row["sealed"]))
                if label is not None:
                    marks |= dict.fromkeys((bytes(row["h"]), bytes(row["receipt_hash"])), label)
    return marks


def dug_up(view: View) -> Iterator[Clue]:
    """Boxes found in the bytes of one copy, in the order in which they lie there."""
    files = view.last.files
    found = {
        "free-list pages": lambda: _in_pages(view.case, sqlite.Image(files["msf.db"])) if "msf.db" in files else {},
        "frames of the write-ahead log": lambda: _in_frames(view, files),
        "dead rows": lambda: _in_chunks(view.case, files.get("heap/toast of slot", b"")),
    }
    for oracle, dig in found.items():
        labels = {label[1]: place for label, place in dig().items()}
        if labels:
            yield from view.clue(oracle, f"boxes after {view.last.step}", "ratings", labels)


def in_server_log(view: View) -> Iterator[Clue]:
    """Boxes in PostgreSQL's own log, from the first copy to the last."""
    log = b"".join(snapshot.files.get("pg_wal", b"") for snapshot in view.snapshots)
    labels = {label[1]: place for label, place in _in_chunks(view.case, log).items()}
    if labels:
        yield from view.clue("records of the server's log", "boxes in pg_wal", "ratings", labels)


def _in_chunks(case: Case, content: bytes) -> Mapping[Label, int]:
    """Large values are numbered from a counter, so their numbers tell which came first."""
    boxes = postgresql.large_values(content, case.box_size)
    return {label: number for number, box in boxes.items() if (label := opened(case, box)) is not None}


def _in_pages(case: Case, image: sqlite.Image) -> dict[Label, int]:
    """Sealed answers whose cell and overflow pages can still be put together, by the number of the first such page.

    A slot's row is a head, its name, the round's id, the box and the receipt; all that are filled are equally long.
    """
    round_id, found = case.round_id.encode(), {}
    head = 1 + 1 + 1 + 3 + 1
    payload = head + 32 + 32 + case.box_size + 32
    local = sqlite.local_of(payload, image.size) - head - 64
    at = image.content.find(round_id)
    while at >= 0:
        start = at + len(round_id)
        (first,) = struct.unpack(">I", image.content[start + local : start + local + 4].ljust(4, b"\0"))
        rest = b"".join(image.chain(first))
        label = opened(case, (image.content[start : start + local] + rest)[: case.box_size])
        if label is not None:
            found.setdefault(label, first)
        at = image.content.find(round_id, start)
    return found


def _in_frames(view: View, files: Mapping[str, bytes]) -> dict[Label, int]:
    """Every version of the database that the log still holds is opened; which of them first holds a box."""
    if not files.get("msf.db-wal"):
        return {}
    found: dict[Label, int] = {}
    known: dict[bytes, Label | None] = {}
    for number, image in enumerate(sqlite.versions(files["msf.db"], files["msf.db-wal"])):
        for row in rows_of(image.content).get("slot", ()):
            box = row["sealed"]
            if box and box not in known:
                known[box] = opened(view.case, box)
                if known[box] is not None:
                    found[known[box]] = number
    return found
