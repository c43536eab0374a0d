"""How many chose each answer: stacked bars that part at the satisfactory line, with the counts printed in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from msf.charts.canvas import WIDTH, Canvas
from msf.charts.letters import LEADING, width_of, wrapped
from msf.charts.palette import GRID, INK, QUIET, ink_on, steps
from msf.charts.rows import Counts, Scale, Words

_LABEL = 156.0
_GAP = 12.0
_ROW = 36.0
_BAR = 15.0
_EDGE = "#5A6872"


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the satisfactory line stands, and how long a bar of everybody's answers is."""

    line: float
    whole: float


@dataclass(frozen=True, slots=True)
class _Segment:
    x: float
    width: float
    count: int
    colour: str


def distribution(rows: Sequence[Counts], *, scale: Scale, words: Words | None = None) -> bytes:
    """A bar a row: what is left of the line is below satisfactory. Every bar of a chart has the same unit of length."""
    return drawn(rows, scale, words or Words()).svg()


def drawn(rows: Sequence[Counts], scale: Scale, words: Words) -> Canvas:
    """The distribution on its sheet."""
    key = _key_places(scale)
    top = (key[-1][2] if key else 0) + 18
    labels = [wrapped(row.label, _LABEL) for row in rows]
    heights = [max(_ROW, len(lines) * 9 * LEADING + 12) for lines in labels]
    canvas = Canvas(top + (sum(heights) or _ROW) + 4)
    frame = _frame(rows, scale, _count_room(rows, words))
    _key(canvas, scale, key)
    y = top
    for row, lines, height in zip(rows, labels, heights, strict=True):
        canvas.line(0, y, WIDTH, y, colour=GRID, width=0.5)
        _words_of(canvas, row, lines, words, y + height / 2)
        _bar(canvas, _segments(row, scale, frame), y + height / 2)
        y += height
    if rows:
        canvas.line(frame.line, top, frame.line, y, colour=INK, width=1)
    else:
        canvas.text(0, top + _ROW / 2, words.nothing, colour=QUIET)
    return canvas


def _count_room(rows: Sequence[Counts], words: Words) -> float:
    counts = [words.count(sum(row.counts)) for row in rows]
    counts += [words.unrated.format(n=row.unrated) for row in rows if row.unrated]
    return max((width_of(text, 8.5) for text in counts), default=0.0)


def _frame(rows: Sequence[Counts], scale: Scale, count_room: float) -> _Frame:
    """A quarter of the width at least below the line and three quarters at least above, so that charts compare."""
    below, above = 1, 3
    for row in rows:
        share = sum(row.counts[: scale.satisfactory_from - 1]) / max(sum(row.counts), 1)
        below, above = max(below, ceil(share * 4)), max(above, ceil((1 - share) * 4) if sum(row.counts) else 0)
    left, right = _LABEL + _GAP, WIDTH - count_room - _GAP
    whole = (right - left) * 4 / (below + above)
    return _Frame(line=left + whole * below / 4, whole=whole)


def _segments(row: Counts, scale: Scale, frame: _Frame) -> list[_Segment]:
    """The bar's parts from left to right, those of nobody left out."""
    each = frame.whole / max(sum(row.counts), 1)
    x = frame.line - each * sum(row.counts[: scale.satisfactory_from - 1])
    found = []
    for count, colour in zip(row.counts, steps(scale.size, scale.satisfactory_from), strict=True):
        if count:
            found.append(_Segment(x, count * each, count, colour))
        x += count * each
    return found


def _bar(canvas: Canvas, segments: list[_Segment], middle: float) -> None:
    for part in segments:
        canvas.box(part.x, middle - _BAR / 2, part.width, _BAR, fill=part.colour, edge=_EDGE)
    narrow = [part for part in segments if width_of(str(part.count), 8.5) + 3 > part.width]
    for part in segments:
        if part not in narrow:
            at = part.x + part.width / 2
            canvas.text(at, middle + 3.1, str(part.count), size=8.5, colour=ink_on(part.colour), side="center")
    for part, at in zip(narrow, _apart(narrow), strict=True):
        canvas.text(at, middle - _BAR / 2 - 2.5, str(part.count), size=7.5, side="center")


def _apart(parts: list[_Segment]) -> list[float]:
    """Where the counts of narrow parts stand above the bar: over their part, pushed right until none touch."""
    places: list[float] = []
    free = 0.0
    for part in parts:
        half = width_of(str(part.count), 7.5) / 2 + 1.5
        places.append(max(part.x + part.width / 2, free + half))
        free = places[-1] + half
    return places


def _words_of(canvas: Canvas, row: Counts, lines: tuple[str, ...], words: Words, middle: float) -> None:
    first = middle - (len(lines) - 1) * 9 * LEADING / 2 + 3.2
    for place, line in enumerate(lines):
        canvas.text(0, first + place * 9 * LEADING, line)
    lift = 5 if row.unrated else 0
    canvas.text(WIDTH, middle + 3.2 - lift, words.count(sum(row.counts)), size=8.5, colour=QUIET, side="right")
    if row.unrated:
        canvas.text(WIDTH, middle + 14 - lift, words.unrated.format(n=row.unrated), size=8, colour=QUIET, side="right")


def _key_places(scale: Scale) -> list[tuple[tuple[str, ...], float, float]]:
    """The words of each point with the place of their colour: in a row, on further rows where they do not fit."""
    x, y = 0.0, 4.0
    places = []
    for label in scale.labels:
        lines = wrapped(label, WIDTH - 20, 8.5)
        wide = 13 + max((width_of(line, 8.5) for line in lines), default=0) + 12
        if x and x + wide - 12 > WIDTH:
            x, y = 0.0, y + 13
        places.append((lines, x, y))
        if len(lines) > 1:
            x, y = 0.0, y + len(lines) * 11
        else:
            x += wide
    return places


def _key(canvas: Canvas, scale: Scale, places: list[tuple[tuple[str, ...], float, float]]) -> None:
    for (lines, x, y), colour in zip(places, steps(scale.size, scale.satisfactory_from), strict=True):
        canvas.box(x + 0.5, y - 3, 9, 9, fill=colour, edge=_EDGE)
        for place, line in enumerate(lines):
            canvas.text(x + 13, y + 4.6 + place * 11, line, size=8.5, colour=QUIET)
