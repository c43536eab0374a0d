"""Charts of a programme: how many people an area takes to be reliable, and how its items were answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from msf.charts.canvas import WIDTH, Canvas
from msf.charts.letters import LEADING, width_of, wrapped
from msf.charts.palette import GRID, INK, LINE, QUIET, family_colour, ink_on, steps

_EDGE = "#5A6872"
_SMALL = 8.5
_LINE = _SMALL * LEADING


@dataclass(frozen=True, slots=True)
class Curve:
    """One area: its name, and its reliability (0 to 1) with 1, 2, .. people who answer."""

    label: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Shares:
    """One item: how many ratings lay below satisfactory, between that and the top, and at the top; how many gave none.

    `counts` is None where the item may not be shown.
    """

    label: str
    counts: tuple[int, int, int] | None
    unrated: int = 0


@dataclass(frozen=True, slots=True)
class ProgrammeWords:
    """The few words that these charts add themselves; give others for another language.

    `targets` names lines across the curves, by their height.
    """

    share: str = "Reliability: the share of the differences that is the practitioners’ own"
    raters: str = "people who answer"
    targets: tuple[tuple[float, str], ...] = ((0.7, "7 of 10"), (0.8, "8 of 10"), (0.9, "9 of 10"))
    shares: tuple[str, str, str] = ("below satisfactory", "satisfactory, not the top answer", "the top answer")
    unrated: str = "not rated"
    ratings: str = "ratings"
    not_shown: str = "not shown"
    nothing: str = "Nothing to show"


# ---- reliability by number of people

_LEFT, _RIGHT, _TOP, _DEPTH = 62.0, WIDTH - 150, 26.0, 220.0
_EVERY = 12


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where numbers of people and reliabilities lie on the sheet."""

    most: int

    def x(self, people: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (people - 1) / max(self.most - 1, 1)

    def y(self, reliability: float) -> float:
        return _TOP + _DEPTH * (1 - min(max(reliability, 0.0), 1.0))


def reliability_curve(curves: Sequence[Curve], *, family: str, words: ProgrammeWords | None = None) -> bytes:
    """One line a domain over the whole scale from 0 to 1, named at its end, with the targets as lines across."""
    return curves_drawn(curves, family, words or ProgrammeWords()).svg()


def curves_drawn(curves: Sequence[Curve], family: str, words: ProgrammeWords) -> Canvas:
    """The curves on their sheet."""
    order = sorted(curves, key=lambda curve: -curve.values[-1])
    frame = _Frame(max((len(curve.values) for curve in order), default=1))
    labels = [wrapped(f"{curve.label}, {curve.values[-1]:.2f}", WIDTH - _RIGHT - 34, _SMALL) for curve in order]
    rooms = [len(lines) * _LINE + 3 for lines in labels]
    canvas = Canvas(max(_TOP + _DEPTH, _TOP + sum(rooms)) + 34)
    canvas.text(0, 10, words.share, size=_SMALL, colour=QUIET)
    _grid(canvas, frame, words)
    if not order:
        canvas.text((_LEFT + _RIGHT) / 2, _TOP + _DEPTH * 0.6, words.nothing, colour=QUIET, side="center")
    middles = _spread([frame.y(curve.values[-1]) for curve in order], rooms, _TOP - 6, canvas.height - 34)
    for place, (curve, lines, middle) in enumerate(zip(order, labels, middles, strict=True)):
        _curve(canvas, frame, curve, place, family_colour(family))
        _named(canvas, frame, curve, place, lines, middle, family_colour(family))
    return canvas


def _grid(canvas: Canvas, frame: _Frame, words: ProgrammeWords) -> None:
    """The two ends of the scale, the targets with their names, and the numbers of people below."""
    for height, name in ((1.0, ""), *words.targets, (0.0, "")):
        y = frame.y(height)
        canvas.line(_LEFT, y, _RIGHT, y, colour=LINE if name else GRID, width=0.75)
        canvas.text(_LEFT - 5, y + 3, f"{height:.1f}", size=_SMALL, side="right")
        canvas.text(_LEFT - 9 - width_of("0.0", _SMALL), y + 3, name, size=7.5, colour=QUIET, side="right")
    for people in (1, *range(10, frame.most + 1, 10)):
        x = frame.x(people)
        canvas.line(x, _TOP + _DEPTH, x, _TOP + _DEPTH + 3, colour=LINE, width=0.75)
        canvas.text(x, _TOP + _DEPTH + 13, str(people), size=_SMALL, colour=QUIET, side="center")
    canvas.text((_LEFT + _RIGHT) / 2, _TOP + _DEPTH + 26, words.raters, size=_SMALL, colour=QUIET, side="center")


def _curve(canvas: Canvas, frame: _Frame, curve: Curve, place: int, colour: str) -> None:
    """The line with its own marks on it, which stand at other numbers of people for each line."""
    points = tuple((frame.x(people), frame.y(value)) for people, value in enumerate(curve.values, 1))
    if len(points) > 1:
        canvas.shape((*points, *points[-2:0:-1]), fill="none", edge=colour, width=1.3)
    for x, y in points[(3 + 2 * place) % _EVERY :: _EVERY]:
        _mark(canvas, x, y, place, colour)


def _named(
    canvas: Canvas, frame: _Frame, curve: Curve, place: int, lines: tuple[str, ...], middle: float, colour: str
) -> None:
    """The name at the end of the line, led to where names beside each other have to move apart."""
    x, y = frame.x(len(curve.values)), frame.y(curve.values[-1])
    canvas.line(x + 1, y, _RIGHT + 16, middle, colour=LINE, width=0.5)
    _mark(canvas, _RIGHT + 22, middle, place, colour)
    first = middle - (len(lines) - 1) * _LINE / 2 + 3
    for at, line in enumerate(lines):
        canvas.text(_RIGHT + 30, first + at * _LINE, line, size=_SMALL)


def _mark(canvas: Canvas, x: float, y: float, place: int, colour: str) -> None:
    """One of six marks, told apart by shape and filling."""
    size, fill = 3.2, colour if place % 6 < 3 else "#FFFFFF"
    if place % 3 == 0:
        canvas.circle(x, y, size, fill=fill, edge=colour)
    elif place % 3 == 1:
        canvas.box(x - size + 0.3, y - size + 0.3, 2 * size - 0.6, 2 * size - 0.6, fill=fill, edge=colour)
    else:
        canvas.shape(((x, y - size - 0.6), (x + size + 0.6, y + size), (x - size - 0.6, y + size)), fill=fill,
                     edge=colour)  # fmt: skip


def _spread(wanted: Sequence[float], rooms: Sequence[float], top: float, bottom: float) -> list[float]:
    """The middles of labels `rooms` high, in order, as near to where they are `wanted` as leaves each its room.

    >>> _spread([10, 11], [10, 10], 0, 100), _spread([98, 99], [10, 10], 0, 100)
    ([10, 20.0], [85.0, 95.0])
    """
    found: list[float] = []
    for middle, room in zip(wanted, rooms, strict=True):
        least = found[-1] + (rooms[len(found) - 1] + room) / 2 if found else top + room / 2
        found.append(max(middle, least))
    limit = bottom
    for at in range(len(found) - 1, -1, -1):
        found[at] = min(found[at], limit - rooms[at] / 2)
        limit = found[at] - rooms[at] / 2
    return found


# ---- how items were answered

_LABEL, _GAP, _ROW, _BAR = 150.0, 12.0, 34.0, 15.0
_BAR_LEFT, _BAR_RIGHT = _LABEL + _GAP, 350.0
_UNRATED, _UNRATED_WIDTH = _BAR_RIGHT + 16, 26.0


def item_shares(rows: Sequence[Shares], *, words: ProgrammeWords | None = None) -> bytes:
    """A bar of all ratings a row, parted in three and marked in per cent; beside it those that rated nothing, and n."""
    return shares_drawn(rows, words or ProgrammeWords()).svg()


def shares_drawn(rows: Sequence[Shares], words: ProgrammeWords) -> Canvas:
    """The bars on their sheet."""
    top = _key(None, words) + 26
    labels = [wrapped(row.label, _LABEL) for row in rows]
    heights = [max(_ROW, len(lines) * 9 * LEADING + 12) for lines in labels]
    canvas = Canvas(top + (sum(heights) or _ROW) + 4)
    _key(canvas, words)
    canvas.text(_BAR_LEFT, top - 4, "0%", size=8, colour=QUIET)
    canvas.text(_BAR_RIGHT, top - 4, "100%", size=8, colour=QUIET, side="right")
    canvas.text(_UNRATED, top - 4, words.unrated, size=8, colour=QUIET)
    canvas.text(WIDTH, top - 4, words.ratings, size=8, colour=QUIET, side="right")
    y = top
    for row, lines, height in zip(rows, labels, heights, strict=True):
        canvas.line(0, y, WIDTH, y, colour=GRID, width=0.5)
        first = y + height / 2 - (len(lines) - 1) * 9 * LEADING / 2 + 3.2
        for place, line in enumerate(lines):
            canvas.text(0, first + place * 9 * LEADING, line)
        _row(canvas, row, words, y + height / 2)
        y += height
    if not rows:
        canvas.text(0, top + _ROW / 2, words.nothing, colour=QUIET)
    return canvas


def _key(canvas: Canvas | None, words: ProgrammeWords) -> float:
    """What each colour is, in lines that fit; how far down they reach. Without a canvas it only measures."""
    x, y = 0.0, 8.0
    for name, colour in zip(words.shares, steps(3, 2), strict=True):
        wide = 13 + width_of(name, _SMALL) + 14
        if x and x + wide - 14 > WIDTH:
            x, y = 0.0, y + 13
        if canvas is not None:
            canvas.box(x + 0.5, y - 7.6, 9, 9, fill=colour, edge=_EDGE)
            canvas.text(x + 13, y, name, size=_SMALL, colour=QUIET)
        x += wide
    return y


def _row(canvas: Canvas, row: Shares, words: ProgrammeWords, middle: float) -> None:
    if row.counts is None:
        canvas.text((_BAR_LEFT + _BAR_RIGHT) / 2, middle + 3, words.not_shown, size=_SMALL, colour=QUIET, side="center")
        return
    ratings = sum(row.counts)
    _parts(canvas, row.counts, middle)
    canvas.text(WIDTH, middle + 3, f"{ratings:,}", size=_SMALL, colour=QUIET, side="right")
    _silent(canvas, row.unrated, ratings + row.unrated, middle)


def _silent(canvas: Canvas, unrated: int, people: int, middle: float) -> None:
    """A small column for those that rated nothing, as long as their share of everybody."""
    share = unrated / people if people else 0.0
    canvas.box(_UNRATED, middle - 4, _UNRATED_WIDTH, 8, fill="#FFFFFF", edge=GRID)
    if unrated:
        canvas.box(_UNRATED, middle - 4, _UNRATED_WIDTH * share, 8, fill=LINE)
    canvas.text(_UNRATED + _UNRATED_WIDTH + 4, middle + 3, _percent(share), size=_SMALL, colour=QUIET)


def _parts(canvas: Canvas, counts: tuple[int, int, int], middle: float) -> None:
    """The three parts; a share stands in its part, or above it where that is too narrow."""
    whole, total = _BAR_RIGHT - _BAR_LEFT, max(sum(counts), 1)
    edges = [_BAR_LEFT + whole * sum(counts[:at]) / total for at in range(4)]
    free = _BAR_LEFT - _GAP
    for (left, right), count, colour in zip(pairwise(edges), counts, steps(3, 2), strict=True):
        if not count:
            continue
        text, at = _percent(count / total), (left + right) / 2
        canvas.box(left, middle - _BAR / 2, right - left, _BAR, fill=colour, edge=_EDGE)
        if width_of(text, _SMALL) + 4 <= right - left:
            canvas.text(at, middle + 3.1, text, size=_SMALL, colour=ink_on(colour), side="center")
            continue
        at = max(at, free + width_of(text, 7.5) / 2 + 1.5)
        canvas.text(at, middle - _BAR / 2 - 2.5, text, size=7.5, colour=INK, side="center")
        free = at + width_of(text, 7.5) / 2 + 1.5


def _percent(share: float) -> str:
    """A share in whole per cent, and under 1% in words of a sign."""
    return "<1%" if 0 < share < 0.005 else f"{100 * share:.0f}%"
