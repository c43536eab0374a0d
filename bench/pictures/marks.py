"""Axes and marks that the pictures share, on the canvas and in the colours of the charts of a report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from msf.charts.canvas import WIDTH, Canvas
from msf.charts.letters import width_of
from msf.charts.palette import GRID, INK, LINE, QUIET, TEAL

SMALL = 8.5
PALE = "#E7EBED"
SCALE = ((1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5"))
SHARE = ((0, "0%"), (0.25, "25%"), (0.5, "50%"), (0.75, "75%"), (1, "100%"))


@dataclass(frozen=True, slots=True)
class Axis:
    """Values from `low` to `high` between two places of the sheet."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value stands, to a hundredth of a point, so that the last digits of floats draw nothing."""
        inside = min(max(float(value), self.low), self.high)
        return round(self.start + (self.end - self.start) * (inside - self.low) / (self.high - self.low), 2)


def across(
    canvas: Canvas, ticks: Sequence[tuple[float, str]], *, left: float, top: float, bottom: float, right: float = 445
) -> Axis:
    """An axis from left to right with a line and words at every tick."""
    axis = Axis(ticks[0][0], ticks[-1][0], left, right)
    for value, words in ticks:
        canvas.line(axis.at(value), top, axis.at(value), bottom, colour=GRID)
        canvas.text(axis.at(value), top - 4, words, size=SMALL, colour=QUIET, side="center")
    return axis


def upward(
    canvas: Canvas, ticks: Sequence[tuple[float, str]], *, left: float, right: float, top: float, bottom: float
) -> Axis:
    """An axis from bottom to top, its words to the left of its lines."""
    axis = Axis(ticks[0][0], ticks[-1][0], bottom, top)
    for value, words in ticks:
        canvas.line(left, axis.at(value), right, axis.at(value), colour=GRID)
        canvas.text(left - 5, axis.at(value) + 3, words, size=SMALL, colour=QUIET, side="right")
    return axis


def ends(canvas: Canvas, axis: Axis, y: float, low: str, high: str) -> None:
    """The words of the two ends of an axis."""
    canvas.text(axis.start - 3, y, low, size=SMALL, colour=QUIET)
    canvas.text(axis.end + 3, y, high, size=SMALL, colour=QUIET, side="right")


def span(canvas: Canvas, axis: Axis, low: float, high: float, y: float, *, colour: str, width: float = 2) -> None:
    """An interval."""
    canvas.line(axis.at(low), y, axis.at(high), y, colour=colour, width=width)
    for end in (axis.at(low), axis.at(high)):
        canvas.line(end, y - 3, end, y + 3, colour=colour, width=width)


def diamond(canvas: Canvas, x: float, y: float, *, colour: str, fill: str = "#FFFFFF", size: float = 5.5) -> None:
    """A mark that differs from a dot without colour too."""
    canvas.shape(((x - size, y), (x, y - size), (x + size, y), (x, y + size)), fill=fill, edge=colour, width=1.5)


def curve(canvas: Canvas, points: Iterable[tuple[float, float]], *, colour: str, width: float = 1.5) -> None:
    """A line through all points, there and back, since a shape is closed."""
    there = [(round(x, 2), round(y, 2)) for x, y in points]
    canvas.shape((*there, *there[-2:0:-1]), fill="none", edge=colour, width=width)


def dashed(canvas: Canvas, points: Sequence[tuple[float, float]], *, colour: str, width: float = 1) -> None:
    """Every other piece of a line."""
    for (x0, y0), (x1, y1) in list(pairwise(points))[::2]:
        canvas.line(round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2), colour=colour, width=width)


def columns(
    canvas: Canvas, counts: Sequence[int], *, left: float, bottom: float, wide: float, high: float, colour: str = TEAL
) -> None:
    """A column for each count with the count over it; `high` is the height of the largest."""
    most = max(counts)
    for place, count in enumerate(counts):
        x, tall = left + place * wide, round(high * count / most, 2)
        if count:
            canvas.box(x + 1, bottom - tall, wide - 2, tall, fill=colour)
            canvas.text(x + wide / 2, bottom - tall - 2.5, str(count), size=8, side="center")
    canvas.line(left, bottom, left + wide * len(counts), bottom, colour=LINE)


def signed(value: float, digits: int) -> str:
    """A difference with its sign, the minus as wide as the plus."""
    return f"{value:+.{digits}f}".replace("-", "−")


def rule(canvas: Canvas, y: float) -> None:
    """A pale line over the whole sheet, between rows."""
    canvas.line(0, y, WIDTH, y, colour=GRID, width=0.5)


def row(canvas: Canvas, y: float, words: str, more: str = "") -> None:
    """The words of a row, and quieter ones under them."""
    canvas.text(0, y + (-1 if more else 3), words)
    canvas.text(0, y + 10, more, size=SMALL, colour=QUIET)


def key(canvas: Canvas, y: float, entries: Sequence[tuple[str, str, str]]) -> None:
    """Marks and what they mean, side by side: `(mark, colour, words)`."""
    x = 2.0
    for mark, colour, words in entries:
        if mark == "line":
            canvas.line(x, y - 3, x + 16, y - 3, colour=colour, width=2)
        elif mark == "dash":
            dashed(canvas, [(x, y - 3), (x + 6, y - 3), (x + 10, y - 3), (x + 16, y - 3)], colour=colour, width=1.5)
        elif mark == "box":
            canvas.box(x + 3, y - 7.5, 9, 9, fill=colour)
        elif mark == "diamond":
            diamond(canvas, x + 8, y - 3, colour=colour)
        else:
            canvas.circle(x + 8, y - 3, 4, fill=colour if mark == "dot" else "#FFFFFF", edge=colour)
        canvas.text(x + 21, y, words, size=SMALL, colour=INK)
        x += 21 + width_of(words, SMALL) + 16
