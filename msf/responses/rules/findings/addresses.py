"""Finds addresses: of mail, of the web, and postcodes."""

import re
from collections.abc import Iterator, Sequence

from msf.responses.rules.findings.spans import Span
from msf.responses.rules.findings.words import Word, listed

MOST = 40
"""How many words one address may run over."""
_ENDS = listed("com org net uk co eu ie edu gov info io health nhs scot wales cymru example")
_POSTCODE = re.compile(
    r"(?:gir|[a-pr-uwyz](?:\d|\d\d|[a-hk-y]\d|[a-hk-y]\d\d|\d[a-hjkps-uw]|[a-hk-y]\d[abehmnprv-y]))"
    r"[ \u00a0-]{0,2}\d[abd-hjlnp-uw-z]{2}",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"(?:1st|2nd|3rd)\Z")
_AT = re.compile(r"@|[ \u00a0]{1,2}@[ \u00a0]{1,2}")


def addresses(words: Sequence[Word], text: str) -> Iterator[Span]:
    """Every address of mail or of the web, and every British postcode."""
    for at, word in enumerate(words):
        if at and _AT.fullmatch(word.gap):
            yield _mail(words, at)
        elif word.gap.endswith("@"):
            yield Span(word.start - 1, words[_right(words, at, "_.") - 1].end, "web")
        elif span := _web(words, at):
            yield span
        if len(word.folded) <= 3 and not word.number and (end := _postcode(words, at, text)):
            yield Span(word.start, end, "postcode")


def _mail(words: Sequence[Word], at: int) -> Span:
    start = _left(words, at - 1, "._-+%'’")
    end = _right(words, at, "._-")
    return Span(words[start].start, words[end - 1].end, "mail")


def _left(words: Sequence[Word], at: int, signs: str) -> int:
    """The first word of what hangs together up to word `at`, by these signs or by nothing."""
    least = max(0, at - MOST)
    while at > least and _hangs(words[at], signs):
        at -= 1
    return at


def _right(words: Sequence[Word], at: int, signs: str) -> int:
    """The word after what hangs together from word `at` on."""
    end = at + 1
    while end < min(at + MOST, len(words)) and _hangs(words[end], signs):
        end += 1
    return end


def _hangs(word: Word, signs: str) -> bool:
    return len(word.gap) <= 3 and all(sign in signs for sign in word.gap)


def _web(words: Sequence[Word], at: int) -> Span | None:
    word = words[at]
    if word.folded in {"http", "https"} and at + 1 < len(words) and words[at + 1].gap.startswith(":/"):
        return Span(word.start, words[_path(words, at + 1) - 1].end, "web")
    if word.folded == "www" and at + 1 < len(words) and words[at + 1].gap == ".":
        return Span(word.start, words[_path(words, at + 1) - 1].end, "web")
    if word.folded in _ENDS and word.gap == "." and at:
        start = _left(words, at, ".-")
        return Span(words[start].start, words[_path(words, at) - 1].end, "web")
    return None


def _path(words: Sequence[Word], at: int) -> int:
    return _right(words, at, ".-_~/?&=#%+:,@")


def _postcode(words: Sequence[Word], at: int, text: str) -> int:
    """Where the postcode that begins with word `at` ends; 0 where there is none."""
    if at and not words[at].gap:
        return 0
    for end in range(at + 1, min(at + 6, len(words))):
        last = words[end]
        alone = end + 1 == len(words) or words[end + 1].gap
        found = text[words[at].start : last.end]
        if len(found) > 10:
            return 0
        if len(last.folded) == 2 and alone and _POSTCODE.fullmatch(found) and not _ORDINAL.search(found):
            return last.end
    return 0
