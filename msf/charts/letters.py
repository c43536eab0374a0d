"""Lines of words, measured and turned into outlines once each; a letter is one shape wherever it stands."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import Any
from xml.sax.saxutils import escape

from msf.charts.faces import FAMILIES, coverage, covered, path_of

LEADING = 1.28

UNITS = 6400.0
"""The size of letters in their own units: matplotlib's 100 points, in 64ths, so that every coordinate is whole."""

_TWO_DASHES = re.compile("-(?=-)")

_FONTS = Lock()
"""Fonts are shared in a process and may be used by one thread at a time."""

_SHAPES: dict[str, str] = {}
"""The path of each letter met so far, by its face and number; there are no more than the shipped fonts have."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One line of words: the names of its letters' shapes, and the SVG elements that put those in their places."""

    names: tuple[str, ...]
    places: str


@lru_cache(maxsize=2048)
def outline(words: str, *, bold: bool) -> Outline:
    """A line of words from its left end, y running up from its baseline, with the words before it as a comment."""
    from matplotlib.textpath import text_to_path

    shown = covered(words)
    with _FONTS:
        placed, paths, _ = text_to_path.get_glyphs_with_font(_font(shown, bold), shown)
    _SHAPES.update((name, _drawn(paths[name])) for name in paths if name not in _SHAPES)
    uses = [f'<use x="{x * 64:.0f}" y="{y * 64:.0f}" xlink:href="#{name}"/>' for name, x, y, _ in placed]
    comment = _TWO_DASHES.sub("- ", escape(shown))
    return Outline(tuple(paths), "\n".join([f"<!-- {comment} -->", *uses]))


def shape(name: str) -> str:
    """The path of one letter that an outline named."""
    return _SHAPES[name]


def width_of(words: str, size: float = 9, *, bold: bool = False) -> float:
    """How wide one line of words is, in points."""
    return _width(words, bold) * size / UNITS


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


@lru_cache(maxsize=4096)
def _width(words: str, bold: bool) -> float:
    """The width in `UNITS`, for every size at once."""
    from matplotlib.ft2font import LoadFlags

    shown = covered(words)
    with _FONTS:
        font = _font(shown, bold)
        font.set_text(shown, 0.0, flags=LoadFlags.NO_HINTING)
        return float(font.get_width_height()[0])


def _font(words: str, bold: bool) -> Any:
    """The first face where it has all the words, which spares the search through the others."""
    return _faces(FAMILIES[:1] if coverage()[0].issuperset(words) else FAMILIES, bold)


@cache
def _faces(families: tuple[str, ...], bold: bool) -> Any:
    """Faces opened by their files, so that a font installed on the machine never takes their place."""
    from matplotlib.font_manager import get_font

    font = get_font([str(path_of(name, bold=bold)) for name in families])
    font.set_size(100, 72)
    return font


def _drawn(path: tuple[Any, Any]) -> str:
    """The commands of an SVG path."""
    from matplotlib.path import Path

    letters = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
    points, codes = path
    segments = Path(points * 64, codes).iter_segments(simplify=False)
    return "".join(
        "z" if code == Path.CLOSEPOLY else letters[code] + " ".join(f"{number:.0f}" for number in ends)
        for ends, code in segments
    )
