"""A text cut into its words: where each stands, how it reads without case, accents and invisible signs."""

import re
import unicodedata
from dataclasses import dataclass

_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n",
}  # fmt: skip
"""Letters that stay themselves when their accents are taken away."""

_OTHER_LETTERS = str.maketrans(_LETTERS)
_MARKS = "".join(chr(n) for n in range(0x300, 0x1A00) if unicodedata.category(chr(n)).startswith("M"))
_UNSEEN = "\u00ad\u034f\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufe0e\ufe0f\ufeff"
_WORD = re.compile(rf"\d+|(?:[^\W\d_]|[{_MARKS}{_UNSEEN}])+")
_DROPPED = re.compile(rf"[{_UNSEEN}]")


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters or of digits: its place, how it is written, how it is compared, and what stands before it."""

    start: int
    end: int
    written: str
    folded: str
    gap: str

    @property
    def number(self) -> bool:
        """Whether it is a run of digits."""
        return self.folded.isascii() and self.folded.isdigit()

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.written[:1].isupper()

    @property
    def capitals(self) -> bool:
        """Whether it is written in capital letters only."""
        return self.written.isupper()


def words_of(text: str) -> list[Word]:
    """The words of `text` in order; letters and digits that touch are words of their own.

    >>> [word.folded for word in words_of("O’Brien, José: Ward 7B")]
    ['o', 'brien', 'jose', 'ward', '7', 'b']
    """
    found = []
    end = 0
    for match in _WORD.finditer(text):
        written = match.group()
        found.append(Word(match.start(), match.end(), written, fold(written), text[end : match.start()]))
        end = match.end()
    return [word for word in found if word.folded]


def fold(written: str) -> str:
    """A word as it is compared: no case, no accents, no invisible signs, digits as 0 to 9.

    >>> fold("ŁÓDŹ"), fold("Ｓmi\\u200bth"), fold("٣")
    ('lodz', 'smith', '3')
    """
    if written.isascii():
        return written.lower()
    apart = unicodedata.normalize("NFKD", _DROPPED.sub("", written)).casefold().translate(_OTHER_LETTERS)
    kept = (sign for sign in apart if not unicodedata.category(sign).startswith("M"))
    return "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in kept)


def listed(words: str) -> frozenset[str]:
    """The words of a list in a text, with spaces or line ends between them."""
    return frozenset(words.split())
