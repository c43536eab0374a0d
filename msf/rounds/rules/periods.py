"""The fixed periods in which figures of many rounds are counted: quarters of a year, none of which overlap; pure."""

from datetime import date, timedelta
from typing import NamedTuple


class Quarter(NamedTuple):
    """A quarter of a year, written like `2027-Q1`; quarters sort by time, and so do their names."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.number}"

    @property
    def first(self) -> date:
        """Its first day.

        >>> str(Quarter(2027, 2).first)
        '2027-04-01'
        """
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day.

        >>> str(Quarter(2027, 4).last)
        '2027-12-31'
        """
        ahead = Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)
        return ahead.first - timedelta(days=1)


def quarter_of(day: date) -> Quarter:
    """The quarter a day lies in.

    >>> str(quarter_of(date(2027, 3, 31))), str(quarter_of(date(2027, 4, 1)))
    ('2027-Q1', '2027-Q2')
    """
    return Quarter(day.year, (day.month + 2) // 3)


def named(text: str) -> Quarter:
    """The quarter of this name; a ValueError where it names none.

    >>> named("2027-Q3")
    Quarter(year=2027, number=3)
    """
    year, _, number = text.partition("-Q")
    if not (year.isdecimal() and len(year) == 4 and number in ("1", "2", "3", "4")):
        raise ValueError(f"{text!r} names no quarter of a year, unlike 2027-Q1")
    return Quarter(int(year), int(number))
