"""A report as words, tables, charts and quotations in reading order: what every format lays out and none adds to."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from msf import charts


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Note:
    """A caution, set in a box of its own."""

    text: str
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without an order of its own."""

    items: tuple[str, ...]
    kind: Literal["list"] = "list"


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that a chart is drawn from; equal drawings give equal bytes."""

    shape: Literal["domain_profile", "item_profile", "blocks", "distribution"]
    rows: tuple[charts.Row | charts.Counts, ...]
    scale: charts.Scale
    family: str
    words: charts.Words


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its message: `title` and `sentence` stand beside it, `alt` is read out in its place."""

    name: str
    title: str
    sentence: str
    alt: str
    drawing: Drawing
    kind: Literal["chart"] = "chart"

    @property
    def image(self) -> str:
        """The file name under which the picture travels."""
        return f"{self.name}.svg"


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one column; the cells of a numeric one stand to the right."""

    text: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as wide as the head; the first cell of each names the row."""

    caption: str
    head: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    first_is_header: bool = True
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Quotes:
    """What people wrote, in their own words, under the question they answered."""

    title: str
    quotes: tuple[str, ...]
    kind: Literal["quotes"] = "quotes"


Block = Text | Note | Bullets | Chart | Table | Quotes


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; a section of level 2 belongs to the level 1 before it."""

    id: str
    title: str
    level: Literal[1, 2]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One report, whole."""

    title: str
    subtitle: str
    language: str
    reference: str
    version: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]

    def blocks(self) -> Iterator[Block]:
        """Every block in reading order."""
        for section in self.sections:
            yield from section.blocks

    def charts(self) -> Iterator[Chart]:
        """Every chart in reading order."""
        return (block for block in self.blocks() if isinstance(block, Chart))

    def chart(self, name: str) -> Chart | None:
        """The chart called `name`, if there is one."""
        return next((chart for chart in self.charts() if chart.name == name), None)

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries and lists; each chart names its image file."""
        plain = asdict(self)
        for section, written in zip(self.sections, plain["sections"], strict=True):
            for block, shape in zip(section.blocks, written["blocks"], strict=True):
                if isinstance(block, Chart):
                    shape["image"] = block.image
        return plain
