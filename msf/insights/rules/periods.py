"""Which books of a programme may be shown, what their time is called, and which of them somebody chose; pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

from msf.base.errors import Refusal
from msf.rounds.rules.periods import named
from msf.scoring.disclosure import PRACTITIONERS

ALL = "all"
GRACE = timedelta(days=1)
"""How long after its last day a quarter is still kept back: somewhere its last day may not be over yet."""

_MONTHS = (
    ("January", "March"), ("April", "June"), ("July", "September"), ("October", "December"),
)  # fmt: skip


class NoSuchPeriod(Refusal):
    """The address names a period in which this programme has nothing to show."""

    status = 404
    title = "There is no such period"
    message = "This programme has no such period to show."


class Book(Protocol):
    """What is known of a book without its sums: its first and last quarter and how many people are in it."""

    @property
    def since(self) -> str: ...
    @property
    def until(self) -> str: ...
    @property
    def practitioners(self) -> int: ...
    @property
    def raters(self) -> int: ...


B = TypeVar("B", bound=Book)


def over(quarter: str, today: date) -> bool:
    """Whether a quarter is over for everybody.

    >>> [over("2027-Q1", date(2027, 4, day)) for day in (1, 2)]
    [False, True]
    """
    return today > named(quarter).last + GRACE


def shown(books: Iterable[B], today: date) -> list[B]:
    """The books that may be read: of time that is over, and of enough practitioners; in their order."""
    return [book for book in books if over(book.until, today) and book.practitioners > PRACTITIONERS]


def chosen(books: Sequence[B], period: str) -> list[B]:
    """The books of `period`: all of them, or the one that ends with this quarter; `NoSuchPeriod` where there is none.

    Only whole books can be chosen, none of which overlap, so that no two choices differ by less than a book.
    """
    if period == ALL:
        return list(books)
    found = [book for book in books if book.until == period]
    if not found:
        names = ", ".join([ALL, *(book.until for book in reversed(books))])
        raise NoSuchPeriod(remedy=f"Choose one of these: {names}.")
    return found


def spoken(since: str, until: str) -> str:
    """The months from a first to a last quarter.

    >>> spoken("2027-Q1", "2027-Q1"), spoken("2026-Q4", "2027-Q2")
    ('January to March 2027', 'October 2026 to June 2027')
    """
    first, last = named(since), named(until)
    year = "" if first.year == last.year else f" {first.year}"
    return f"{_MONTHS[first.number - 1][0]}{year} to {_MONTHS[last.number - 1][1]} {last.year}"
