"""The shipped fonts and what they can draw, so that no reader ever meets an empty box in place of a letter."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).resolve().parents[1] / "static" / "fonts"

FAMILIES = (
    "NotoSans",
    "NotoSansArabic",
    "NotoSansDevanagari",
    "NotoSansGurmukhi",
    "NotoSansBengali",
    "NotoSansGujarati",
    "NotoEmoji",
    "NotoSansMath",
    "NotoSansSymbols2",
    "NotoSansSymbols",
)
"""In the order in which a character is looked for."""

# Controls, and the marks that turn the direction of the text around them: a comment could use those to
# show other words than it holds. A PDF may not hold U+FEFF or U+FFFE to U+FFFF at all.
_STRIPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\uffff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")


def path_of(family: str, *, bold: bool = False) -> Path:
    """The file of one face; the regular one where a family has no bold."""
    strong = FONTS / f"{family}-Bold.ttf"
    return strong if bold and strong.is_file() else FONTS / f"{family}-Regular.ttf"


@cache
def coverage() -> tuple[frozenset[str], ...]:
    """The characters of each family, in the order of `FAMILIES`, as the fonts' own tables tell them."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - heavy, and only reports need it

    found = []
    for family in FAMILIES:
        with TTFont(path_of(family), lazy=True) as font:
            found.append(frozenset(chr(code) for code in font.getBestCmap() if _drawable(code)))
    return tuple(found)


def covered(text: str) -> str:
    """`text` with nothing in it that the shipped fonts cannot draw.

    Control characters go; each run of letters that no font has becomes "[?]", or "[?×12]" for twelve of them.
    """
    return _replaced(text)[0]


def uncovered(text: str) -> int:
    """How many characters of `text` (a letter with its marks is one) no shipped font can draw."""
    return _replaced(text)[1]


def _drawable(code: int) -> bool:
    """Whether a PDF may hold the character: not private, not a control, not half of a pair."""
    return unicodedata.category(chr(code)) not in {"Co", "Cc", "Cs"} or chr(code) == "\n"


def _replaced(text: str) -> tuple[str, int]:
    clean = _STRIPPED.sub("", _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))).replace("\t", " ")
    if set(clean) <= coverage()[0] | {"\n"}:
        return clean, 0
    pieces: list[str] = []
    missing = run = 0
    for cluster in _clusters(clean):
        shown = _shown(cluster)
        if shown is None:
            run += 1
            continue
        missing, run = missing + run, _close(pieces, run)
        pieces.append(shown)
    missing, run = missing + run, _close(pieces, run)
    return "".join(pieces), missing


def _close(pieces: list[str], run: int) -> int:
    """Write the mark for a finished run of missing letters; the next run starts at nothing."""
    if run:
        pieces.append("[?]" if run == 1 else f"[?×{run}]")
    return 0


def _clusters(text: str) -> Iterator[str]:
    """Each character together with the marks and joiners that follow it, and what a joiner ties to it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _continues(text[place - 1], text[place]):
            yield text[start:place]
            start = place


def _continues(before: str, letter: str) -> bool:
    return before == "\u200d" or letter in _JOINERS or unicodedata.category(letter)[0] == "M"


def _shown(cluster: str) -> str | None:
    """The cluster where one font has all of it, a space for an unknown space, else None."""
    if cluster == "\n":
        return cluster
    marks = set(cluster) - _JOINERS
    if any(marks <= face for face in coverage()):
        return cluster
    return " " if cluster.isspace() else None
