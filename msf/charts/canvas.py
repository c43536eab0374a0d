"""A sheet measured in points on which charts are drawn: words that wrap, lines and marks, and its SVG bytes."""

import io
import re
from functools import cache, lru_cache
from itertools import count
from threading import RLock
from typing import Any, Literal

from msf.charts.faces import FAMILIES, coverage, covered, path_of
from msf.charts.palette import INK

WIDTH = 453.5
"""160 mm, the width of a page's column, in points."""

LEADING = 1.28

LOCK = RLock()
"""Fonts and settings of the drawing library are shared in a process, so one chart is drawn at a time."""

_SETTINGS: Any = {"svg.hashsalt": "msf", "svg.fonttype": "path", "path.simplify": False}
_STYLED = re.compile(r' style="([^"]*)"')
_STYLE_SHEET = re.compile(r" *<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>\n")
_ABOUT = re.compile(r" *<metadata>.*?</metadata>\n", re.DOTALL)


class Canvas:
    """A white sheet `height` points high; x runs right and y runs down, both from the upper left corner."""

    def __init__(self, height: float) -> None:
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D

        self.height = height
        self.figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, facecolor="white")
        self._down = Affine2D().scale(1, -1).translate(0, height)
        self._order = count()

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 9,
        bold: bool = False,
        colour: str = INK,
        side: Literal["left", "center", "right"] = "left",
    ) -> None:
        """Write one line whose baseline is at `y`."""
        shown = covered(words)
        if shown.strip():
            self.figure.text(
                x,
                y,
                shown,
                transform=self._down,
                zorder=next(self._order),
                fontproperties=_face(size, bold, _usual(shown)),
                color=colour,
                ha=side,
                va="baseline",
                parse_math=False,
            )

    def line(self, x0: float, y0: float, x1: float, y1: float, *, colour: str, width: float = 0.75) -> None:
        from matplotlib.lines import Line2D

        stroke = Line2D((x0, x1), (y0, y1), transform=self._down, color=colour, linewidth=width, solid_capstyle="butt")
        stroke.set_zorder(next(self._order))
        self.figure.add_artist(stroke)

    def box(self, x: float, y: float, width: float, height: float, *, fill: str, edge: str | None = None) -> None:
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        self.shape(corners, fill=fill, edge=edge, width=0.6)

    def shape(
        self, corners: tuple[tuple[float, float], ...], *, fill: str, edge: str | None = None, width: float = 1.0
    ) -> None:
        from matplotlib.patches import Polygon

        self._patch(Polygon(corners, closed=True), fill=fill, edge=edge, width=width)

    def circle(self, x: float, y: float, radius: float, *, fill: str, edge: str | None = None) -> None:
        from matplotlib.patches import Circle

        self._patch(Circle((x, y), radius), fill=fill, edge=edge, width=1.0)

    def svg(self) -> bytes:
        """The sheet as an SVG file, with nothing in it that tells when or by what it was drawn."""
        from matplotlib import rc_context

        file = io.BytesIO()
        with rc_context(_SETTINGS):
            nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
            self.figure.savefig(file, format="svg", metadata=nothing)
        return _plain(file.getvalue().decode()).encode()

    def _patch(self, patch: Any, *, fill: str, edge: str | None, width: float) -> None:
        patch.set(
            transform=self._down, zorder=next(self._order), facecolor=fill, edgecolor=edge or "none", linewidth=width
        )
        self.figure.add_artist(patch)


@lru_cache(maxsize=4096)
def width_of(words: str, size: float = 9, *, bold: bool = False) -> float:
    """How wide one line of words is, in points."""
    from matplotlib.textpath import text_to_path

    shown = covered(words)
    with LOCK:
        width, _, _ = text_to_path.get_text_width_height_descent(shown, _face(size, bold, _usual(shown)), False)
    return float(width)


@lru_cache(maxsize=1024)
def wrapped(words: str, room: float, size: float = 9, *, bold: bool = False) -> tuple[str, ...]:
    """The lines into which words break so that none is wider than `room`; a word too long is broken inside."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.extend(_broken(word, room, size, bold))
    return tuple(line for line in lines if line)


def _broken(word: str, room: float, size: float, bold: bool) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_of(pieces[-1] + letter, size, bold=bold) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _usual(words: str) -> bool:
    """Whether the first face has all of it, which spares the search through the others."""
    return coverage()[0].issuperset(words)


@cache
def _face(size: float, bold: bool, usual: bool) -> Any:
    """The shipped faces under names of our own, so that a font installed on the machine never takes their place."""
    from matplotlib.font_manager import FontProperties

    weight = "bold" if bold else "normal"
    if usual:
        return FontProperties(fname=str(path_of(FAMILIES[0], bold=bold)), weight=weight, size=size)
    _register()
    return FontProperties(family=[f"msf {name}" for name in FAMILIES], weight=weight, size=size)


@cache
def _register() -> None:
    from matplotlib.font_manager import FontEntry, fontManager

    for name in FAMILIES:
        for bold, weight in ((False, 400), (True, 700)):
            path = str(path_of(name, bold=bold))
            fontManager.ttflist.append(FontEntry(fname=path, name=f"msf {name}", weight=weight, size="scalable"))


def _plain(svg: str) -> str:
    """Styles as attributes, since a page that allows no inline style would drop them; no words about the file."""
    bare = _ABOUT.sub("", _STYLE_SHEET.sub("", svg))
    return _STYLED.sub(lambda found: _attributes(found[1]), bare)


def _attributes(style: str) -> str:
    pairs = (part.split(":", 1) for part in style.split(";") if part.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)
