"""SQLite's file and write-ahead log, byte by byte: which page is free, which bytes of a page belong to a live cell.

Source of the layout: https://www.sqlite.org/fileformat2.html
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

LEAF_INDEX, INNER_INDEX, LEAF_TABLE, INNER_TABLE = 0x0A, 0x02, 0x0D, 0x05
_FRAME = 24


@dataclass(frozen=True)
class Image:
    """One database file without its log; pages are numbered from 1."""

    content: bytes

    @property
    def size(self) -> int:
        """Bytes of a page."""
        size = int.from_bytes(self.content[16:18], "big")
        return 65536 if size == 1 else size

    def page(self, number: int) -> bytes:
        """The bytes of one page."""
        return self.content[(number - 1) * self.size : number * self.size]

    @cached_property
    def free(self) -> frozenset[int]:
        """The pages of the free list, trunks and leaves."""
        found: set[int] = set()
        trunk = int.from_bytes(self.content[32:36], "big")
        while trunk and trunk not in found:
            page = self.page(trunk)
            following, leaves = struct.unpack_from(">II", page)
            found |= {trunk, *struct.unpack_from(f">{leaves}I", page, 8)}
            trunk = following
        return frozenset(found)

    def place(self, offset: int) -> tuple[str, int, int]:
        """What lies at `offset`: `cell`, `dead bytes`, `free page` or `other page`, the page and the place in it."""
        number, at = offset // self.size + 1, offset % self.size
        if number in self.free:
            return "free page", number, at
        page, start = self.page(number), 100 if number == 1 else 0
        if page[start] not in (LEAF_INDEX, INNER_INDEX, LEAF_TABLE, INNER_TABLE):
            return "other page", number, at
        live = any(first <= at < end for first, end in cells(page, start))
        return "cell" if live else "dead bytes", number, at

    def chain(self, number: int) -> Iterator[bytes]:
        """The content of a chain of overflow pages, as far as it can be followed."""
        seen: set[int] = set()
        while 0 < number <= len(self.content) // self.size and number not in seen:
            seen.add(number)
            page = self.page(number)
            yield page[4:]
            number = int.from_bytes(page[:4], "big")


def cells(page: bytes, start: int = 0) -> list[tuple[int, int]]:
    """First and last byte (exclusive) of each live cell of a b-tree page."""
    kind = page[start]
    count = int.from_bytes(page[start + 3 : start + 5], "big")
    pointers = start + (8 if kind in (LEAF_INDEX, LEAF_TABLE) else 12)
    starts = struct.unpack_from(f">{count}H", page, pointers)
    return [(at, at + _length(page, at, kind)) for at in starts]


def _length(page: bytes, at: int, kind: int) -> int:
    first = at + (4 if kind in (INNER_INDEX, INNER_TABLE) else 0)
    if kind == INNER_TABLE:
        return 4 + varint(page, first)[1]
    payload, used = varint(page, first)
    row = varint(page, first + used)[1] if kind == LEAF_TABLE else 0
    local = local_of(payload, len(page), table=kind == LEAF_TABLE)
    return first - at + used + row + local + (4 if local < payload else 0)


def local_of(payload: int, usable: int, *, table: bool = False) -> int:
    """How many bytes of a payload stay in its cell; the rest is in overflow pages."""
    most = usable - 35 if table else (usable - 12) * 64 // 255 - 23
    least = (usable - 12) * 32 // 255 - 23
    if payload <= most:
        return payload
    kept = least + (payload - least) % (usable - 4)
    return kept if kept <= most else least


def varint(page: bytes, at: int) -> tuple[int, int]:
    """A number in SQLite's variable length, and how many bytes it took."""
    value = 0
    for used in range(8):
        value = value << 7 | page[at + used] & 0x7F
        if page[at + used] < 0x80:
            return value, used + 1
    return value << 8 | page[at + 8], 9


@dataclass(frozen=True)
class Frame:
    """One page as the log holds it; `commit` is the file's size in pages where a transaction ends with it, else 0."""

    number: int
    page: int
    commit: int
    start: int
    content: bytes


def frames(log: bytes) -> list[Frame]:
    """The frames of a write-ahead log that are in force, in the order in which they were written."""
    if len(log) < 32:
        return []
    size, salts = int.from_bytes(log[8:12], "big"), log[16:24]
    found: list[Frame] = []
    for start in range(32, len(log) - _FRAME - size + 1, _FRAME + size):
        page, commit = struct.unpack_from(">II", log, start)
        if log[start + 8 : start + 16] != salts:
            break
        body = start + _FRAME
        found.append(Frame(len(found), page, commit, body, log[body : body + size]))
    return found


def versions(content: bytes, log: bytes) -> list[Image]:
    """The database as it was after each transaction that the log still holds; as it is, where the log is empty."""
    pages: dict[int, bytes] = {}
    found = []
    for frame in frames(log):
        pages[frame.page] = frame.content
        if frame.commit:
            found.append(Image(_patched(content, pages, frame.commit)))
    return found or [Image(content)]


def merged(content: bytes, log: bytes) -> Image:
    """The database with everything that its log holds."""
    written = frames(log)
    last = max((frame.number for frame in written if frame.commit), default=-1)
    pages = {frame.page: frame.content for frame in written[: last + 1]}
    return Image(_patched(content, pages, written[last].commit)) if pages else Image(content)


def _patched(content: bytes, pages: dict[int, bytes], count: int) -> bytes:
    size = len(next(iter(pages.values())))
    whole = bytearray(content[: count * size].ljust(count * size, b"\0"))
    for number, page in pages.items():
        if number <= count:
            whole[(number - 1) * size : number * size] = page
    return bytes(whole)
