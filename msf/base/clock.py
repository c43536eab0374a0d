"""The one place that reads the clock; everything below the doors is handed the time."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def utcnow() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


def today(now: datetime, zone: str) -> date:
    """The calendar day of `now` where people live by `zone`."""
    return now.astimezone(ZoneInfo(zone)).date()


def end_of(day: date, zone: str) -> datetime:
    """The last minute of `day` in `zone`, as an aware UTC time."""
    return datetime.combine(day, time(23, 59), ZoneInfo(zone)).astimezone(UTC)


def start_of(day: date, zone: str) -> datetime:
    """The first minute of `day` in `zone`, as an aware UTC time."""
    return datetime.combine(day, time(0, 0), ZoneInfo(zone)).astimezone(UTC)


def day(given: date | datetime, zone: ZoneInfo) -> str:
    """A day in words: 3 March 2027; of a time, the day where people live.

    >>> day(date(2027, 3, 3), ZoneInfo("Europe/London"))
    '3 March 2027'
    """
    local = _local(given, zone) if isinstance(given, datetime) else given
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def moment(given: datetime, zone: ZoneInfo) -> str:
    """A time in words with its zone.

    >>> moment(datetime(2027, 7, 3, 22, 59, tzinfo=UTC), ZoneInfo("Europe/London"))
    '3 July 2027, 23:59 (London time)'
    """
    place = zone.key.rsplit("/", 1)[-1].replace("_", " ")
    return f"{day(given, zone)}, {_local(given, zone):%H:%M} ({place}{'' if place == 'UTC' else ' time'})"


def _local(given: datetime, zone: ZoneInfo) -> datetime:
    return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(zone)


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
