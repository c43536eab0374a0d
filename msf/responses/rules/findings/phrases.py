"""A small language for phrases, and one pass over a text that finds them: every phrase looks a few words ahead only.

A phrase is a line of words: `a|b` either, `word?` perhaps, `word*` any word that begins so, `~2` up to two words of any
kind, `#` a number, `X` a capital letter, `<role>` one of a named set, which may hold runs of words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from msf.responses.rules.findings.words import Word

STEM = 4
"""How many letters a phrase has to begin with, so that it is looked up and not tried everywhere."""
_BREAKS = frozenset(".!?;:\n…")

Test = Callable[[Sequence[Word], int], int]
"""How many words from a place on are what is looked for: none where they are not."""


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of a phrase: tests of which one must hold, or how many words of any kind may stand here."""

    tests: tuple[Test, ...] = ()
    optional: bool = False
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """The steps of a phrase, and the words or stems that it may begin with."""

    steps: tuple[Step, ...]
    firsts: frozenset[str]


Sets = Mapping[str, Iterable[str]]


def read(lines: str, sets: Sets | None = None) -> tuple[Phrase, ...]:
    """The phrases of a text with one on each line; `sets` are what `<name>` stands for, one run of words each."""
    return tuple(_phrase(line.split(), sets or {}) for line in lines.splitlines() if line.strip())


def _phrase(pieces: Sequence[str], sets: Sets) -> Phrase:
    firsts = frozenset(first for option in pieces[0].split("|") for first in _firsts(option, sets))
    return Phrase(tuple(_step(piece, sets) for piece in pieces), firsts)


def _firsts(option: str, sets: Sets) -> Iterator[str]:
    if option.startswith("<"):
        for run in sets[option[1:-1]]:
            yield from _firsts(run.split()[0], sets)
    elif option.endswith("*"):
        yield option[:STEM] + "*"
    else:
        yield option


def _step(piece: str, sets: Sets) -> Step:
    if piece.startswith("~"):
        return Step(skip=int(piece[1:]))
    optional = piece.endswith("?")
    return Step(tuple(_test(option, sets) for option in piece.removesuffix("?").split("|")), optional)


def _test(option: str, sets: Sets) -> Test:
    if option == "#":
        return lambda words, at: int(words[at].number)
    if option == "X":
        return lambda words, at: int(len(words[at].folded) == 1 and words[at].capital)
    if option.startswith("<"):
        return _one_of(frozenset(sets[option[1:-1]]))
    if option.endswith("*"):
        return lambda words, at: int(words[at].folded.startswith(option[:-1]))
    return lambda words, at: int(words[at].folded == option)


def _one_of(runs: frozenset[str]) -> Test:
    longest = max(len(run.split()) for run in runs)

    def test(words: Sequence[Word], at: int) -> int:
        for count in range(min(longest, len(words) - at), 0, -1):
            if " ".join(word.folded for word in words[at : at + count]) in runs:
                return count
        return 0

    return test


class Phrasebook:
    """Phrases of several kinds, laid out by how they begin."""

    def __init__(self, phrases: Mapping[str, Iterable[Phrase]]) -> None:
        self._by_first: dict[str, list[tuple[str, Phrase]]] = {}
        for kind, found in phrases.items():
            for phrase in found:
                for first in sorted(phrase.firsts):
                    self._by_first.setdefault(first, []).append((kind, phrase))

    def find(self, words: Sequence[Word]) -> Iterator[tuple[int, int, str]]:
        """First word, word after the last, and kind of every phrase that stands in these words."""
        for at in range(len(words)):
            folded = words[at].folded
            for key in (folded, folded[:STEM] + "*", "#" if words[at].number else ""):
                for kind, phrase in self._by_first.get(key, ()):
                    end = _match(words, at, phrase.steps)
                    if end:
                        yield at, end, kind


def _match(words: Sequence[Word], at: int, steps: Sequence[Step], *, begun: bool = False) -> int:
    """The word after the phrase that begins with word `at`; 0 where it does not stand there."""
    if not steps:
        return at
    step, rest = steps[0], steps[1:]
    if step.skip:
        return _match_after_some(words, at, step.skip, rest)
    for test in step.tests:
        if at < len(words) and not (begun and _apart(words[at])):
            count = test(words, at)
            if count and (end := _match(words, at + count, rest, begun=True)):
                return end
    return _match(words, at, rest, begun=begun) if step.optional else 0


def _match_after_some(words: Sequence[Word], at: int, most: int, rest: Sequence[Step]) -> int:
    for end in range(at, min(at + most + 1, len(words))):
        if found := _match(words, end, rest, begun=True):
            return found
        if _apart(words[end]):
            return 0
    return 0


def _apart(word: Word) -> bool:
    """Whether a sentence ends before this word, or something longer than a comma stands there."""
    return len(word.gap) > 4 or not _BREAKS.isdisjoint(word.gap)
