"""PostgreSQL's heap pages, dead tuples, oversized values and write-ahead log, byte by byte.

Source of the layout: https://www.postgresql.org/docs/current/storage-page-layout.html
"""

import re
import struct
from collections import defaultdict
from dataclasses import dataclass

PAGE = 8192
CHUNK = 1996
SEGMENT = 16 * 1024 * 1024
_NORMAL = 1


@dataclass(frozen=True, slots=True)
class Tuple:
    """One row version in a heap file: where it lies, the transactions that made and ended it, and its bytes."""

    page: int
    pointer: int
    start: int
    xmin: int
    xmax: int
    content: bytes

    @property
    def end(self) -> int:
        """The first byte of the file behind it."""
        return self.start + len(self.content)


def tuples(heap: bytes) -> list[Tuple]:
    """Every row version that a line pointer of the heap leads to, live or dead."""
    return [each for number in range(len(heap) // PAGE) for each in _tuples(heap, number)]


def _tuples(heap: bytes, number: int) -> list[Tuple]:
    base = number * PAGE
    (lower,) = struct.unpack_from("<H", heap, base + 12)
    found = []
    for pointer in range((min(lower, PAGE) - 24) // 4 if lower else 0):
        (packed,) = struct.unpack_from("<I", heap, base + 24 + 4 * pointer)
        offset, flags, length = packed & 0x7FFF, packed >> 15 & 3, packed >> 17
        if flags == _NORMAL and length >= 24:
            start = base + offset
            xmin, xmax = struct.unpack_from("<II", heap, start)
            found.append(Tuple(number, pointer + 1, start, xmin, xmax, heap[start : start + length]))
    return found


def large_values(content: bytes, size: int) -> dict[int, bytes]:
    """Every value of `size` bytes that was stored in chunks beside its row, by its number, dead or alive.

    Looks for the chunks' own heads at any byte, so it finds them in rewritten pages and in the log too.
    """
    pieces: dict[int, dict[int, bytes]] = defaultdict(dict)
    whole, last = divmod(size, CHUNK)
    lengths = {number: CHUNK for number in range(whole)} | ({whole: last} if last else {})
    for number, length in lengths.items():
        head = struct.pack("<iI", number, (length + 4) << 2)
        for found in re.finditer(re.escape(head), content):
            if found.start() >= 4:
                (value,) = struct.unpack_from("<I", content, found.start() - 4)
                pieces[value].setdefault(number, content[found.end() : found.end() + length])
    joined = {value: b"".join(part for _, part in sorted(parts.items())) for value, parts in pieces.items()}
    return {value: box for value, box in joined.items() if len(box) == size}


def position(text: str) -> int:
    """The byte of the log that a position such as `0/1A2B3C` stands for."""
    high, low = text.split("/")
    return int(high, 16) << 32 | int(low, 16)


def segment(at: int) -> str:
    """The name of the file that holds byte `at` of the log."""
    return f"{1:08X}{at >> 32:08X}{(at & 0xFFFFFFFF) // SEGMENT:08X}"


def unpaged(log: bytes, start: int) -> bytes:
    """A stretch of the log that begins at byte `start`, without the heads of its pages, so that records are whole."""
    parts = []
    at = start
    while at < start + len(log):
        head = 0 if at % PAGE else (40 if at % SEGMENT == 0 else 24)
        end = min((at // PAGE + 1) * PAGE, start + len(log))
        parts.append(log[at - start + head : end - start])
        at = end
    return b"".join(parts)
