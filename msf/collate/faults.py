"""What is wrong with a row or a whole file of answers, in words that are safe to print and to open in a spreadsheet."""

from dataclasses import dataclass
from typing import Final

from msf.base.errors import Refusal

MOST_SHOWN: Final = 60


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Why a row is not counted: the line it begins on (from 1), the column at fault ("" for the row), the reason."""

    line: int
    column: str
    reason: str


class CollateRefused(Refusal):
    """Nothing, or not everything, could be done with this file; the message says why."""

    status = 422
    title = "This file could not be collated"


def shown(text: str) -> str:
    """A piece of the file in quotation marks, cut short, with nothing in it that a terminal would obey.

    >>> shown("a\\x1b[2J")
    '“a\\\\x1b[2J”'
    """
    safe = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text[:MOST_SHOWN])
    return f"“{safe}{'…' * (len(text) > MOST_SHOWN)}”"
