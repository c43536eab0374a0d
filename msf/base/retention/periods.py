"""For how long each kind of thing is kept, and what an organisation may choose instead: less, never more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from msf.base import audit
from msf.base.clock import start_of, today
from msf.base.errors import Refusal


@dataclass(frozen=True, slots=True)
class Period:
    """How long one kind of thing is kept: `days` by default and at most, `least` at least, counted from `since`."""

    label: str
    since: str
    days: int
    least: int = 1


PERIODS: Mapping[str, Period] = {
    "addresses": Period("Names and addresses of people who were asked", "the round closed or was cancelled", 30),
    "ratings": Period("Single ratings", "the report was released", 92),
    "originals": Period("Comments as they were before a moderator shortened them", "the report was released", 92),
    "reports": Period("Reports with their comments", "the report was released", 2192, least=365),
    "audit": Period("Entries of the audit trail", "they were written", 2192, least=365),
}
"""By the name an operator uses. 92 days are three months; 2,192 are six years, a five-year cycle and one more."""


class RetentionRefused(Refusal):
    """A number of days that an organisation may not choose."""

    status = 422
    title = "Choose another number of days"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message, remedy="Things can be kept for a shorter time than the default, never for longer.")
        self.field = field


def checked(chosen: Mapping[str, int | str]) -> dict[str, int]:
    """The chosen days by period, those equal to the default left out; `RetentionRefused` where one may not be.

    >>> checked({"addresses": "14", "ratings": 92})
    {'addresses': 14}
    """
    days = {name: _checked(name, given) for name, given in chosen.items()}
    return {name: number for name, number in days.items() if number != PERIODS[name].days}


def _checked(name: str, given: int | str) -> int:
    if name not in PERIODS:
        raise RetentionRefused(f"There is no period called {name}.", field=name)
    period, written = PERIODS[name], str(given).strip()
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0
    if not period.least <= number <= period.days:
        message = f"{period.label}: give a whole number of days from {period.least} to {period.days}."
        raise RetentionRefused(message, field=name)
    return number


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organisation as a sweep sees it: the zone it lives by, and the days it chose."""

    id: str
    name: str
    zone: str
    chosen: Mapping[str, int] = field(default_factory=dict)

    def days(self, period: str) -> int:
        """For how many days it keeps things of this kind: never more than the default or less than the least.

        Whatever its row says: the record of what was done there must not be shortened in the table.
        """
        rule = PERIODS[period]
        return max(rule.least, min(self.chosen.get(period, rule.days), rule.days))

    @property
    def everything(self) -> dict[str, int]:
        """Its days by period."""
        return {period: self.days(period) for period in PERIODS}

    def until(self, period: str, now: datetime) -> date:
        """The last day whose things have been kept for long enough."""
        return today(now, self.zone) - timedelta(days=self.days(period))

    def before(self, period: str, now: datetime) -> datetime:
        """The moment before which things have been kept for long enough."""
        return start_of(self.until(period, now), self.zone)


INSTALLATION = Tenant(audit.INSTALLATION, "The installation itself", "UTC")
"""What belongs to no organisation."""
