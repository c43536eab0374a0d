"""Means on the whole scale, a row a domain, item or block: others with their interval, oneself as a hollow diamond."""

from collections.abc import Sequence
from dataclasses import dataclass

from msf.charts.canvas import WIDTH, Canvas
from msf.charts.letters import LEADING, width_of, wrapped
from msf.charts.palette import AMBER, GRID, LINE, QUIET, family_colour
from msf.charts.rows import Row, Scale, Words

_GAP = 16.0
_ROW = 37.0


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the axis stands on the sheet."""

    scale: Scale
    left: float
    right: float
    top: float

    def x(self, value: float) -> float:
        inside = min(max(value, 1.0), float(self.scale.size))
        return self.left + (self.right - self.left) * (inside - 1) / max(self.scale.size - 1, 1)


def domain_profile(rows: Sequence[Row], *, scale: Scale, family: str, words: Words | None = None) -> bytes:
    """A row a domain, on the whole scale."""
    return _svg(rows, scale, family, words or Words(), label_room=134)


def item_profile(rows: Sequence[Row], *, scale: Scale, family: str, words: Words | None = None) -> bytes:
    """A row an item, with room for the item's own words."""
    return _svg(rows, scale, family, words or Words(), label_room=196)


def blocks(rows: Sequence[Row], *, scale: Scale, family: str, words: Words | None = None) -> bytes:
    """A row a block of people, for one domain."""
    return _svg(rows, scale, family, words or Words(), label_room=164)


def _svg(rows: Sequence[Row], scale: Scale, family: str, words: Words, *, label_room: float) -> bytes:
    return drawn(rows, scale, family, words, label_room=label_room).svg()


def drawn(rows: Sequence[Row], scale: Scale, family: str, words: Words, *, label_room: float) -> Canvas:
    """The profile on its sheet."""
    counts = max((width_of(words.count(row.n), 8.5) for row in rows if row.n is not None), default=0.0)
    left, right = label_room + _GAP, WIDTH - max(counts, 48) - _GAP - 8
    ends = _ends(scale, right - left)
    top = 16 + max(map(len, ends)) * 8.5 * LEADING + 14
    labels = [wrapped(row.label, label_room) for row in rows]
    heights = [max(_ROW, len(lines) * 9 * LEADING + 12) for lines in labels]
    canvas = Canvas(top + (sum(heights) or _ROW) + 4)
    frame = _Frame(scale, left, right, top)
    _key(canvas, rows, family, words)
    _axis(canvas, frame, ends)
    y = top
    for row, lines, height in zip(rows, labels, heights, strict=True):
        canvas.line(0, y, WIDTH, y, colour=GRID, width=0.5)
        _words_of(canvas, row, lines, words, y + height / 2)
        _marks_of(canvas, frame, row, family, words, y + height / 2)
        y += height
    if not rows:
        canvas.text(0, top + _ROW / 2, words.nothing, colour=QUIET)
    return canvas


def _ends(scale: Scale, room: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of the two ends of the axis, each within half of it."""
    first, last = (scale.labels[0], scale.labels[-1]) if scale.labels else ("", "")
    return wrapped(first, room / 2, 8.5), wrapped(last, room / 2, 8.5)


def _key(canvas: Canvas, rows: Sequence[Row], family: str, words: Words) -> None:
    """One line that names the two marks by showing them; only the marks that are used."""
    x = 4.0
    if any(row.mean is not None for row in rows):
        canvas.line(x, 7, x + 18, 7, colour=family_colour(family), width=2)
        _other(canvas, x + 9, 7, family)
        canvas.text(x + 23, 10, words.others, size=8.5, colour=QUIET)
        x += 23 + width_of(words.others, 8.5) + 18
    if any(row.self_value is not None for row in rows):
        _diamond(canvas, x + 7, 7)
        canvas.text(x + 18, 10, words.self_name, size=8.5, colour=QUIET)


def _axis(canvas: Canvas, frame: _Frame, ends: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    """Every point of the scale as a line with its number; the ends' words over them."""
    first = frame.top - 14 - max(map(len, ends)) * 8.5 * LEADING + 7
    for place, line in enumerate(ends[0]):
        canvas.text(frame.left - 3, first + place * 8.5 * LEADING, line, size=8.5)
    for place, line in enumerate(ends[1]):
        canvas.text(frame.right + 3, first + place * 8.5 * LEADING, line, size=8.5, side="right")
    for point in range(1, frame.scale.size + 1):
        at = frame.x(point)
        firm = point == frame.scale.satisfactory_from
        canvas.text(at, frame.top - 4, str(point), size=8, colour=QUIET, side="center")
        canvas.line(at, frame.top, at, canvas.height - 4, colour=LINE if firm else GRID, width=0.75 if firm else 0.5)


def _words_of(canvas: Canvas, row: Row, lines: tuple[str, ...], words: Words, middle: float) -> None:
    first = middle - (len(lines) - 1) * 9 * LEADING / 2 + 3.2
    for place, line in enumerate(lines):
        canvas.text(0, first + place * 9 * LEADING, line)
    if row.n is not None:
        canvas.text(WIDTH, middle + 3.2, words.count(row.n), size=8.5, colour=QUIET, side="right")


def _marks_of(canvas: Canvas, frame: _Frame, row: Row, family: str, words: Words, middle: float) -> None:
    """The numbers first, so that the marks lie over the white on which the numbers stand."""
    if row.self_value is not None:
        own = f"{words.self_name} {row.self_value:.1f}"
        _label(canvas, frame, frame.x(row.self_value), middle + 16, own, AMBER)
    if row.mean is None:
        lift = 9 if row.self_value is not None else -3
        _label(canvas, frame, (frame.left + frame.right) / 2, middle - lift, words.not_shown, QUIET)
    else:
        _others(canvas, frame, row, row.mean, family, words, middle)
    if row.self_value is not None:
        _diamond(canvas, frame.x(row.self_value), middle)


def _others(canvas: Canvas, frame: _Frame, row: Row, mean: float, family: str, words: Words, middle: float) -> None:
    colour = family_colour(family)
    _label(canvas, frame, frame.x(mean), middle - 9, words.mean(mean, row.bound), colour, bold=True)
    if row.low is not None and row.high is not None:
        canvas.line(frame.x(row.low), middle, frame.x(row.high), middle, colour=colour, width=2)
    _other(canvas, frame.x(mean), middle, family)


def _label(canvas: Canvas, frame: _Frame, x: float, y: float, text: str, colour: str, *, bold: bool = False) -> None:
    """A number on its mark, moved inwards where it would leave the axis, on white so that no line crosses it."""
    half = width_of(text, 8.5, bold=bold) / 2
    inside = min(max(x, frame.left - _GAP / 2 + half), frame.right + _GAP / 2 - half)
    canvas.box(inside - half - 1.5, y - 7, 2 * half + 3, 9, fill="#FFFFFF")
    canvas.text(inside, y, text, size=8.5, bold=bold, colour=colour, side="center")


def _other(canvas: Canvas, x: float, y: float, family: str) -> None:
    """A dot for colleagues, a square for patients: the shape tells them apart without colour."""
    colour = family_colour(family)
    if family == "patients":
        canvas.box(x - 3.6, y - 3.6, 7.2, 7.2, fill=colour)
    else:
        canvas.circle(x, y, 4, fill=colour)


def _diamond(canvas: Canvas, x: float, y: float) -> None:
    """Hollow and wider than the dot, so that both are seen where they meet."""
    size = 6.5
    canvas.shape(((x - size, y), (x, y - size), (x + size, y), (x, y + size)), fill="none", edge=AMBER, width=1.6)
