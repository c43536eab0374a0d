"""What one person may be called: the words and initials that a name and a mail address are worked out into."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msf.responses.rules.findings.ordinary import AFTER_NAMES, CALLED, FUNCTION, ORDINARY, PARTICLES, TITLES
from msf.responses.rules.findings.words import words_of

_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
"""Letters of languages that put no spaces between words: their names are looked for as they stand."""


@dataclass(frozen=True, slots=True)
class Forms:
    """Ways to write one person: single words, runs of words, initials, and names as they stand."""

    words: frozenset[str]
    runs: frozenset[tuple[str, ...]]
    initials: frozenset[str]
    literal: frozenset[str]


def forms_of(name: str | None, address: str | None = None) -> Forms:
    """Everything that this person may be called in a text.

    >>> found = forms_of("Dr Ann O'Brien", "ann.obrien2@example.org")
    >>> sorted(found.words), sorted(found.initials)
    (['ann', 'brien', 'obrien'], ['ao', 'aob'])
    """
    parts = _parts(name or "")
    words, runs, initials = set(_singles(parts)), set(_runs(parts)), _initials(parts)
    for local in _local(address or ""):
        if len(local) > 1:
            runs.add(local)
        elif len(local[0]) >= 4:
            words.add(local[0])
        elif len(local[0]) > 1:
            initials.add(local[0])
    literal = {part for part in re.split(r"[\s,]+", name or "") if _UNSPACED.search(part)}
    return Forms(frozenset(words), frozenset(runs), frozenset(initials), frozenset(literal))


def _parts(name: str) -> list[tuple[str, ...]]:
    """The words of a name, first name first, without titles and letters after it; each with its pieces."""
    sides = [_kept(side) for side in name.split(",")]
    sides = [side for side in sides if side]
    return [part for side in [*sides[1:2], *sides[:1], *sides[2:]] for part in side]


def _kept(side: str) -> list[tuple[str, ...]]:
    parts = [tuple(word.folded for word in words_of(part) if not word.number) for part in side.split()]
    while parts and (not parts[0] or parts[0][0] in TITLES):
        parts = parts[1:]
    return [part for part in parts if part and "".join(part) not in AFTER_NAMES]


def _singles(parts: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for part in parts:
        if len("".join(part)) > 1:
            yield "".join(part)
        for piece in part if len(part) > 1 else ():
            if len(piece) >= 3 and piece not in PARTICLES:
                yield piece
    yield from CALLED.get("".join(parts[0]), ()) if parts else ()


def _runs(parts: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Runs of several words: the whole name and a surname with its particles, with a first name or its letter."""
    for part in parts:
        yield part
        if part[0].startswith(("mc", "mac")) and len(part) == 1 and len(part[0]) > 5:
            head = 3 if part[0].startswith("mac") else 2
            yield (part[0][:head], part[0][head:])
    if len(parts) < 2:
        return
    yield tuple(piece for part in parts for piece in part)
    given, middle, last = parts[0], parts[1:-1], _surname(parts)
    for first in [given, (given[0][0],), *((short,) for short in CALLED.get("".join(given), ()))]:
        yield from (first + last, last + first, last)
        yield first + tuple(piece for part in parts[1:] for piece in part)
        yield from ((*first, part[0][0], *last) for part in middle)
    yield (*given, last[0][0])


def _surname(parts: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    start = len(parts) - 1
    while start > 1 and "".join(parts[start - 1]) in PARTICLES:
        start -= 1
    return tuple(piece for part in parts[start:] for piece in part)


def _initials(parts: Sequence[tuple[str, ...]]) -> set[str]:
    if len(parts) < 2:
        return set()
    last = _surname(parts)
    return {
        parts[0][0][0] + last[0][0],
        *(parts[0][0][0] + part[0][0] for part in parts[1:]),
        parts[0][0][0] + "".join(piece[0] for piece in last),
        "".join(part[0][0] for part in parts),
    }


def _local(address: str) -> Iterator[tuple[str, ...]]:
    pieces = tuple(word.folded for word in words_of(address.partition("@")[0]))
    if not pieces:
        return
    yield pieces
    letters = tuple(piece for piece in pieces if not piece.isdigit())
    if letters and letters != pieces and not {*letters} & (ORDINARY | FUNCTION):
        yield letters
