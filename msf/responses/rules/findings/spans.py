"""Stretches of a text with what they seem to be, and how overlapping ones are made one."""

from collections.abc import Iterable
from dataclasses import dataclass

KINDS: dict[str, str] = {
    "safeguarding": "danger or harm",
    "name": "name",
    "nhs_number": "NHS number",
    "registration": "registration",
    "mail": "email address",
    "web": "web address",
    "phone": "phone number",
    "postcode": "postcode",
    "date": "date",
    "practitioner": "the practitioner",
    "person": "name after a title",
    "role": "who is writing",
    "ward": "place",
    "age": "age",
    "number": "long number",
    "abuse": "insult",
}
"""What is looked for, by short name, with the words that moderators read; where two overlap, the earlier one counts."""

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
JOINED = frozenset({"name", "practitioner", "person"})
"""Kinds of which neighbours are one: a first name and a surname with a space between them."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start` up to `end`, counted in characters."""

    start: int
    end: int
    kind: str


def merged(found: Iterable[Span], text: str) -> tuple[Span, ...]:
    """`found` in order without overlap: what overlaps becomes one stretch, of the strongest kind in it.

    >>> merged([Span(0, 3, "date"), Span(2, 3, "name"), Span(4, 7, "name")], "Ann Lee x")
    (Span(start=0, end=7, kind='name'),)
    """
    result: list[Span] = []
    for span in sorted(found):
        if result and (span.start < result[-1].end or _neighbours(result[-1], span, text)):
            last = result.pop()
            kind = min(last.kind, span.kind, key=_RANK.__getitem__)
            span = Span(last.start, max(last.end, span.end), kind)
        result.append(span)
    return tuple(result)


def _neighbours(last: Span, span: Span, text: str) -> bool:
    between = text[last.end : span.start]
    near = len(between) <= 2 and not between.strip(" -\u2010\u2011\u00a0")
    return near and last.kind == span.kind and span.kind in JOINED


def pieces(text: str, spans: Iterable[Span]) -> list[tuple[str, Span | None]]:
    """`text` cut at the spans, in order: each piece with its span, or with nothing.

    >>> pieces("Ask Ann.", [Span(4, 7, "name")])
    [('Ask ', None), ('Ann', Span(start=4, end=7, kind='name')), ('.', None)]
    """
    cut: list[tuple[str, Span | None]] = []
    end = 0
    for span in spans:
        cut += [(text[end : span.start], None), (text[span.start : span.end], span)]
        end = span.end
    return [piece for piece in [*cut, (text[end:], None)] if piece[0]]
