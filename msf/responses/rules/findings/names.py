"""Finds the people of a round in a text: by name, in whatever form, by initials, and after a title."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from msf.responses.rules.findings.ordinary import ABBREVIATIONS, FUNCTION, ORDINARY, PARTICLES, TITLES
from msf.responses.rules.findings.people import Forms, forms_of
from msf.responses.rules.findings.spans import Span
from msf.responses.rules.findings.words import Word

LONGEST = 8
"""How many words a name may run over."""
_JOINS = frozenset(" .,-_'’‘`´‐‑–\u00a0\n\t\r()")
_ALWAYS_BEFORE_NAMES = TITLES - {"miss", "doctor", "nurse", "sister", "brother", "matron", "father", "lady", "lord"}


@dataclass(frozen=True)
class Known:
    """Some people’s names, laid out to be looked up word by word."""

    words: frozenset[str] = frozenset()
    runs: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    initials: frozenset[str] = frozenset()
    literal: frozenset[str] = frozenset()

    @classmethod
    def of(cls, people: Iterable[tuple[str | None, str | None]]) -> "Known":
        """These people, each with a name and a mail address, of which either may be missing."""
        forms = [forms_of(name, address) for name, address in people]
        return cls(
            frozenset().union(*(each.words for each in forms)),
            _by_first(forms),
            frozenset().union(*(each.initials for each in forms)),
            frozenset().union(*(each.literal for each in forms)),
        )


def _by_first(forms: Iterable[Forms]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, set[tuple[str, ...]]] = {}
    for run in {run for each in forms for run in each.runs if 1 < len(run) <= LONGEST}:
        found.setdefault(run[0], set()).add(run)
    return {first: tuple(sorted(runs, key=lambda run: (-len(run), run))) for first, runs in found.items()}


@dataclass(frozen=True)
class RoundNames:
    """Who may be named in the comments of a round: people who were asked or run it, and the practitioner."""

    others: Known = field(default_factory=Known)
    practitioner: Known = field(default_factory=Known)

    @classmethod
    def of(
        cls,
        others: Iterable[tuple[str | None, str | None]] = (),
        practitioner: tuple[str | None, str | None] = (None, None),
    ) -> "RoundNames":
        """The names and mail addresses of these people; either may be missing."""
        return cls(Known.of(others), Known.of([practitioner]))


def known_people(text: str, words: Sequence[Word], names: RoundNames) -> Iterator[Span]:
    """Every place where one of these people seems to be meant."""
    for kind, known in (("practitioner", names.practitioner), ("name", names.others)):
        yield from _literally(text, known.literal, kind)
        for at in range(len(words)):
            count = _run(words, at, known) or _single(words[at], known) or _initials(words, at, known)
            if count:
                yield Span(words[at].start, words[at + count - 1].end, kind)


def _literally(text: str, names: Iterable[str], kind: str) -> Iterator[Span]:
    for name in names:
        at = text.find(name)
        while at >= 0:
            yield Span(at, at + len(name), kind)
            at = text.find(name, at + len(name))


def _run(words: Sequence[Word], at: int, known: Known) -> int:
    """How many words from `at` on are one of the runs: the longest that fits, or none."""
    for run in known.runs.get(words[at].folded, ()):
        if at + len(run) <= len(words) and _stands(words[at : at + len(run)], run):
            return len(run)
    return 0


def _stands(words: Sequence[Word], run: tuple[str, ...]) -> bool:
    same = all(word.folded == piece for word, piece in zip(words, run, strict=True))
    together = all(len(word.gap) <= 4 and _JOINS.issuperset(word.gap) for word in words[1:])
    letters = [word for word in words if len(word.folded) == 1 and word.folded not in PARTICLES and not word.number]
    return same and together and (not letters or _meant(words, letters))


def _meant(words: Sequence[Word], letters: Sequence[Word]) -> bool:
    """Whether single letters beside a name are meant as letters of a name, so that “will I” is nobody."""
    rest = [word for word in words if len(word.folded) > 1 and word.folded not in PARTICLES]
    return all(word.capital for word in letters) and all(word.capital or not _ordinary(word.folded) for word in rest)


def _ordinary(folded: str) -> bool:
    return folded in ORDINARY or folded in FUNCTION or folded in PARTICLES


def _single(word: Word, known: Known) -> int:
    folded = word.folded
    if folded not in known.words:
        plural = len(folded) > 4 and folded[-1] == "s" and folded[:-1] in known.words
        return int(plural and not _ordinary(folded) and not _ordinary(folded[:-1]))
    if folded in FUNCTION or folded in PARTICLES:
        return int(word.capital and not _begins(word))
    return int(word.capital or folded not in ORDINARY)


def _begins(word: Word) -> bool:
    """Whether a sentence begins with this word."""
    return len(word.gap) == word.start or any(sign in word.gap for sign in ".!?:\n")


def _initials(words: Sequence[Word], at: int, known: Known) -> int:
    word = words[at]
    if len(word.folded) > 1:
        apart = word.folded not in ABBREVIATIONS and not (word.folded in FUNCTION and _shouted(words, at))
        return int(word.capitals and word.folded in known.initials and apart)
    joined, count = word.folded, 0
    for end in range(at + 1, min(at + 5, len(words))):
        if len(words[end].folded) != 1 or len(words[end].gap) > 2 or words[end].gap.strip(".-'’ \u00a0"):
            break
        joined += words[end].folded
        if joined in known.initials and _spelt(words[at : end + 1]):
            count = end + 1 - at
    return count


def _shouted(words: Sequence[Word], at: int) -> bool:
    beside = [*words[max(0, at - 1) : at], *words[at + 1 : at + 2]]
    return any(word.capitals and len(word.folded) > 1 for word in beside)


def _spelt(words: Sequence[Word]) -> bool:
    return all(word.capital for word in words) or all("." in word.gap for word in words[1:])


def titled_people(words: Sequence[Word]) -> Iterator[Span]:
    """Names of people nobody here knows, after a title: “Dr Somebody”, “Nurse Ann”."""
    for at, word in enumerate(words[:-1]):
        if word.folded not in TITLES:
            continue
        end = at + 1
        while end < min(at + 4, len(words)) and _named(words, at, end):
            end += 1
        if end > at + 1:
            yield Span(word.start, words[end - 1].end, "person")


def _named(words: Sequence[Word], title: int, at: int) -> bool:
    word, first = words[at], at == title + 1
    stop = "." in word.gap and not first and len(words[at - 1].folded) > 1
    near = len(word.gap) <= 2 and not word.gap.strip(" .-'’\u00a0") and not stop
    lower = (
        first and words[title].folded in _ALWAYS_BEFORE_NAMES and len(word.folded) > 2 and not _ordinary(word.folded)
    )
    capital = word.capital and (word.folded not in FUNCTION or len(word.folded) > 4)
    return near and not word.number and (capital or lower)
