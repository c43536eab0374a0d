"""Days are the days of the people concerned, also when their clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest

from msf.base.clock import end_of, start_of, today, utcnow


def test_now_is_aware_and_in_utc():
    assert utcnow().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Europe/London", date(2027, 7, 2)), ("America/New_York", date(2027, 7, 1)), ("UTC", date(2027, 7, 1))],
)
def test_today_is_the_day_where_people_live(zone, day):
    assert today(datetime(2027, 7, 1, 23, 30, tzinfo=UTC), zone) == day


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (date(2027, 1, 10), datetime(2027, 1, 10, 0, 0, tzinfo=UTC), datetime(2027, 1, 10, 23, 59, tzinfo=UTC)),
        (date(2027, 7, 10), datetime(2027, 7, 9, 23, 0, tzinfo=UTC), datetime(2027, 7, 10, 22, 59, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 0, 0, tzinfo=UTC), datetime(2027, 3, 28, 22, 59, tzinfo=UTC)),
        (date(2027, 10, 31), datetime(2027, 10, 30, 23, 0, tzinfo=UTC), datetime(2027, 10, 31, 23, 59, tzinfo=UTC)),
    ],
)
def test_a_day_starts_and_ends_on_the_clock_of_its_zone(day, start, end):
    assert start_of(day, "Europe/London") == start
    assert end_of(day, "Europe/London") == end
    assert today(start, "Europe/London") == day == today(end, "Europe/London")
