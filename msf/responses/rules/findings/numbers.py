"""Finds numbers that point at a person: NHS numbers by their check digit, registrations, phones, long numbers."""

from collections.abc import Iterator, Sequence

from msf.responses.rules.findings.spans import Span
from msf.responses.rules.findings.words import Word, listed

MOST = 16
"""How many figures, and how many groups of them, one number may have."""
_BETWEEN = frozenset(" -\u2010\u2011\u2012\u2013\u2014\u00a0\u202f\u2009.()/")
_BODIES = listed("gmc gdc gphc nmc hcpc gpc psni pin registration registered reg")
_RECORDS = listed("mrn hospital unit patient record chi nhs case")
_SHAPES = ([10], [3, 3, 4], [3, 7], [6, 4], [5, 5], [4, 3, 3])


def check_digit(nine: str) -> str:
    """The tenth figure of an NHS number (Modulus 11); empty where these nine can have none.

    Source: NHS Data Dictionary, NHS NUMBER.

    >>> check_digit("943476591")
    '9'
    """
    left = 11 - sum(int(figure) * weight for figure, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return "" if left == 10 else "0" if left == 11 else str(left)


def numbers(words: Sequence[Word]) -> Iterator[Span]:
    """Every number that is long enough to point at somebody."""
    for at, word in enumerate(words):
        if word.number:
            yield from _from(words, at)


def _from(words: Sequence[Word], at: int) -> Iterator[Span]:
    """What begins with this group of figures, taken with the groups that follow it closely."""
    first, before, sizes, figures = words[at], _before(words, at), list[int](), ""
    for end in range(at, min(at + MOST, len(words))):
        word = words[end]
        if (sizes and not _close(word)) or len(figures) + len(word.folded) > MOST:
            break
        figures += word.folded
        sizes.append(len(word.folded))
        kind = _kind(first, figures, sizes, before)
        if kind:
            yield Span(_begin(first, kind), word.end, kind)
    if len(first.folded) >= 5:
        yield Span(first.start, first.end, "number")


def _close(word: Word) -> bool:
    return word.number and 0 < len(word.gap) <= 3 and _BETWEEN.issuperset(word.gap)


def _kind(first: Word, figures: str, sizes: list[int], before: set[str]) -> str:
    if len(figures) == 10 and check_digit(figures[:9]) == figures[9]:
        return "nhs_number"
    if _phone(first, figures, sizes):
        return "phone"
    if sizes == [7] or (len(figures) in range(4, 9) and before & _BODIES):
        return "registration"
    if sizes in _SHAPES or (len(figures) in range(4, 13) and before & _RECORDS):
        return "number"
    return ""


def _before(words: Sequence[Word], at: int) -> set[str]:
    """The few words before this one, in the same sentence."""
    found = set()
    for back in range(at, max(at - 4, 0), -1):
        if any(sign in words[back].gap for sign in "!?;\n") or ". " in words[back].gap:
            break
        found.add(words[back - 1].folded)
    return found


def _phone(first: Word, figures: str, sizes: Sequence[int]) -> bool:
    """+44 and other countries’ codes, 00, or a British number that begins with 0."""
    if first.gap.endswith(("+", "(+")) or figures.startswith("00"):
        return 9 <= len(figures) <= 15 and len(sizes) <= 8
    return figures[0] == "0" and len(figures) in (10, 11) and sizes[0] >= 3 and len(sizes) <= 6


def _begin(first: Word, kind: str) -> int:
    """Where it begins, with the plus and the bracket of a phone number."""
    signs = len(first.gap) - len(first.gap.rstrip("+(")) if kind == "phone" else 0
    return first.start - signs
