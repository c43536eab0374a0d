"""What may need a moderator’s eye in a comment: names, numbers, addresses, days, places, roles, danger, insults.

It helps whoever reads; it decides nothing, and nothing of it is shown to the practitioner or printed. Every detector
looks a bounded number of words around each word, so the work grows with the length of a text and no faster.
"""

from collections.abc import Callable, Iterator

from msf.responses.rules.findings.addresses import addresses
from msf.responses.rules.findings.dates import dates
from msf.responses.rules.findings.lexicon import BOOK
from msf.responses.rules.findings.names import RoundNames, known_people, titled_people
from msf.responses.rules.findings.numbers import numbers
from msf.responses.rules.findings.spans import KINDS, Span, merged, pieces
from msf.responses.rules.findings.words import Word, words_of

__all__ = ["KINDS", "RoundNames", "Span", "find_in", "pieces"]

Cut = Callable[[str], list[Word]]


def find_in(text: str, names: RoundNames, *, cut: Cut = words_of) -> tuple[Span, ...]:
    """What stands out in `text`, in order and without overlap; `cut` makes its words.

    >>> names = RoundNames.of([("Ann Lee", "ann.lee@example.org")])
    >>> [(span.kind, "Ask Ann on 3 May."[span.start : span.end]) for span in find_in("Ask Ann on 3 May.", names)]
    [('name', 'Ann'), ('date', '3 May')]
    """
    return merged(_all(text, cut(text), names), text)


def _all(text: str, words: list[Word], names: RoundNames) -> Iterator[Span]:
    yield from known_people(text, words, names)
    yield from titled_people(words)
    yield from numbers(words)
    yield from addresses(words, text)
    yield from dates(words)
    for start, end, kind in BOOK.find(words):
        yield Span(words[start].start, words[end - 1].end, kind)
