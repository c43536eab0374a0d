"""The letters that the site has sent, as the people they went to read them."""

import re
from collections.abc import Iterable
from pathlib import Path

from msf.base.config import Settings
from msf.base.mail import Caught, caught

_LINK = re.compile(r"https?://\S+")


class Letters:
    """The folder that catches letters; `fresh` tells those that came since it was last asked."""

    def __init__(self, settings: Settings) -> None:
        self._folder = Path(settings.mail.removeprefix("folder:"))
        self._seen: set[str] = set()

    def fresh(self) -> list[Caught]:
        """The letters that were not there before."""
        found = [letter for letter in caught(self._folder) if letter.id not in self._seen]
        self._seen |= {letter.id for letter in found}
        return found


def link(letter: Caught) -> str:
    """The first link of a letter."""
    found = _LINK.search(letter.text)
    assert found, letter.text
    return found.group()


def codes(letters: Iterable[Caught]) -> dict[str, str]:
    """The code behind the link in each letter, by address; the letter prints the same code in groups for typing."""
    found = {letter.to: link(letter).partition("#")[2] for letter in letters}
    for letter in letters:
        assert printed(letter).replace(" ", "") == found[letter.to]
    return found


def printed(letter: Caught) -> str:
    """The code as the letter prints it."""
    found = re.search(r"(?:[0-9a-z]{4} ){6}[0-9a-z]{2}", letter.text)
    assert found, letter.text
    return found.group()
