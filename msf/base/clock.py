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
