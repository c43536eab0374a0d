"""When the work of the night falls due: each piece is asked for once, ahead of its time."""

from datetime import UTC, datetime, time, timedelta

from sqlmodel import col, select

from msf.base.db import reading, transaction
from msf.base.queue import Job, defer

HEADS = time(1, 30, tzinfo=UTC)
FORGETTING = time(2, 30, tzinfo=UTC)


def tick(now: datetime) -> None:
    """Ask for the work of the coming night, once."""
    heads, forgetting = next_at(HEADS, now), next_at(FORGETTING, now)
    keys = [f"heads:{heads.date()}", f"retention:{forgetting.date()}"]
    with reading() as session:
        there = session.exec(select(Job.key).where(col(Job.key).in_(keys))).all()
    if len(there) < len(keys):
        with transaction() as session:
            defer(session, "accounts.send_heads", {}, run_at=heads, key=keys[0])
            defer(session, "accounts.forget", {}, run_at=forgetting, key=keys[1])


def next_at(start: time, now: datetime) -> datetime:
    """When work that begins at `start` every night begins next.

    >>> next_at(time(2, 30, tzinfo=UTC), datetime(2027, 3, 1, 9, 0, tzinfo=UTC)).isoformat()
    '2027-03-02T02:30:00+00:00'
    """
    night = datetime.combine(now.astimezone(UTC).date(), start)
    return night if night > now else night + timedelta(days=1)
