"""A page of a programme as sections of words, tables and charts in reading order, which the template only lays out."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from msf.reports.rules.shapes import Bullets, Head, Note, Table, Text

__all__ = ["Block", "Bullets", "Folded", "Head", "Note", "Picture", "Section", "Table", "Text", "table"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its message: `title` and `sentence` stand beside it, `behind` holds its numbers."""

    title: str
    sentence: str
    svg: bytes
    behind: Table
    kind: Literal["picture"] = "picture"

    @property
    def source(self) -> str:
        """The chart inside its own address, so that the page is one answer to one question."""
        return "data:image/svg+xml;base64," + b64encode(self.svg).decode("ascii")


@dataclass(frozen=True, slots=True)
class Folded:
    """A table for those who want to look closer."""

    summary: str
    table: Table
    kind: Literal["folded"] = "folded"


Block = Text | Note | Bullets | Table | Picture | Folded


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    id: str
    title: str
    blocks: tuple[Block, ...]


def table(caption: str, head: str, rows: Sequence[tuple[str, ...]], *, words: tuple[int, ...] = ()) -> Table:
    """A table whose columns are parted by `|` in `head`; all but the first, and those in `words`, hold numbers."""
    names = head.split("|")
    heads = tuple(Head(name, numeric=at > 0 and at not in words) for at, name in enumerate(names))
    return Table(caption, heads, tuple(rows))
