"""Background work: rows of one leased table, written in the same transaction as the change that needs them.

A job runs at least once: whoever claims it holds a lease, and a job whose holder died is claimed again when the
lease runs out. So handlers are idempotent. A finished job leaves no row: what it did must be seen elsewhere.
"""

import logging
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from msf.base.clock import utcnow
from msf.base.db import Database, transaction
from msf.base.tables import new_id

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
FAR = timedelta(hours=26)
"""Further ahead than any work is asked for, that of the coming night included, and than any lease or pause reaches.

A time beyond it was written by a clock that was since put right.
"""
ATTEMPTS = 8
HELPING = 20


class Job(SQLModel, table=True):
    """One piece of work that waits (`ready`), is held by a worker (`leased`) or was given up (`dead`)."""

    __tablename__ = "job"
    __table_args__ = (
        sa.CheckConstraint("state IN ('ready', 'leased', 'dead')", name="state"),
        sa.Index("ix_job_due", "state", "run_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    kind: str = Field(max_length=60)
    payload: dict[str, Any] = Field(sa_column=sa.Column(sa.JSON, nullable=False))
    key: str | None = Field(default=None, unique=True, max_length=200)
    run_at: datetime
    lease_until: datetime | None = None
    attempts: int = 0
    state: str = Field(default="ready", max_length=10)
    last_error: str | None = Field(default=None, max_length=200)


class Handler(Protocol):
    """What runs a job: it gets the payload and the time, and opens its own transactions."""

    def __call__(self, payload: Mapping[str, Any], *, now: datetime) -> None: ...


def defer(session: Session, kind: str, payload: Mapping[str, Any], *, run_at: datetime, key: str | None = None) -> None:
    """Ask for `kind` to be run at `run_at`, at most `FAR` ahead, once this transaction commits.

    Nothing is added while there is a job with the same `key`, whether it waits, runs or was given up.
    The payload holds identifiers only, never a token, an address or text that somebody wrote.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = Job(kind=kind, payload=dict(payload), run_at=run_at, key=key).model_dump()
    session.exec(insert(Job).values(row).on_conflict_do_nothing(index_elements=["key"]))


@dataclass(frozen=True)
class Claimed:
    """A job that this worker holds until `lease_until`."""

    id: str
    kind: str
    payload: dict[str, Any]
    attempts: int
    lease_until: datetime


def claim(session: Session, *, now: datetime) -> Claimed | None:
    """Take the job that has waited longest, or one whose holder died; `None` where nothing is due."""
    while (job := _next(session, now)) is not None:
        if job.attempts < ATTEMPTS:
            job.state, job.attempts, job.lease_until = "leased", job.attempts + 1, now + LEASE
            return Claimed(job.id, job.kind, dict(job.payload), job.attempts, job.lease_until)
        # It took a worker down at every attempt: no other worker should follow.
        job.state, job.last_error, job.lease_until = "dead", "WorkerDied", None
        session.flush()
    return None


def _next(session: Session, now: datetime) -> Job | None:
    far = now + FAR
    due = sa.or_(
        sa.and_(col(Job.state) == "ready", sa.or_(col(Job.run_at) <= now, col(Job.run_at) > far)),
        sa.and_(col(Job.state) == "leased", sa.or_(col(Job.lease_until) < now, col(Job.lease_until) > far)),
    )
    waiting = select(Job).where(due).order_by(col(Job.run_at)).limit(1)
    return session.exec(waiting.with_for_update(skip_locked=True)).first()


def finish(session: Session, claimed: Claimed) -> None:
    """Remove the row of a job that is done, if this worker still holds it."""
    session.exec(sa.delete(Job).where(col(Job.id) == claimed.id, col(Job.lease_until) == claimed.lease_until))


def fail(session: Session, claimed: Claimed, error: BaseException, *, now: datetime) -> None:
    """Put a failed job back with a growing pause, or set it aside as dead; only the kind of error is kept.

    Does nothing where the lease ran out meanwhile and another worker holds the job.
    """
    job = session.get(Job, claimed.id, with_for_update=True)
    if job is None or job.lease_until != claimed.lease_until:
        return
    job.last_error = type(error).__name__
    job.state = "dead" if job.attempts >= ATTEMPTS else "ready"
    job.run_at, job.lease_until = now + timedelta(seconds=min(3600, 5 * 3**job.attempts)), None
    session.add(job)


def run_due(
    handlers: Mapping[str, Handler],
    *,
    clock: Callable[[], datetime] = utcnow,
    database: Database | None = None,
    most: int | None = None,
) -> int:
    """Run the jobs that are due, one after another, at `most` so many, and return how many were finished."""
    done = tried = 0
    while most is None or tried < most:
        with transaction(database) as session:
            claimed = claim(session, now=clock())
        if claimed is None:
            break
        tried += 1
        done += _run(handlers, claimed, clock, database)
    return done


def _run(
    handlers: Mapping[str, Handler], claimed: Claimed, clock: Callable[[], datetime], database: Database | None
) -> int:
    try:
        handlers[claimed.kind](claimed.payload, now=clock())
    except Exception as error:  # a handler may fail in any way; the job must live on
        log.error("A job of kind %s failed at attempt %s: %s", claimed.kind, claimed.attempts, where(error))
        with transaction(database) as session:
            fail(session, claimed, error, now=clock())
        return 0
    with transaction(database) as session:
        finish(session, claimed)
    return 1


def where(error: BaseException) -> str:
    """The kind of `error` and the lines of code it came through; never its message, which may quote an address."""
    return "\n".join([type(error).__name__, *traceback.format_tb(error.__traceback__)])


def work(
    handlers: Mapping[str, Handler], *, stop: threading.Event, every: Callable[[datetime], None], pause: float = 1.0
) -> None:
    """Run due jobs until `stop` is set, calling `every` with the time before each look at the table.

    A long line of letters is taken in helpings, so that what falls due in between is seen and a stop is heard.
    """
    while not stop.is_set():
        looked = _outlived(lambda: every(utcnow()))
        done = _outlived(lambda: run_due(handlers, most=HELPING))
        if done != HELPING:
            stop.wait(pause if looked is not _FAILED and done is not _FAILED else 5)


_FAILED = object()


def _outlived(step: Callable[[], object]) -> object:
    """What `step` gives, or `_FAILED`: the database may be away for a minute, and the worker outlives it."""
    try:
        return step()
    except Exception as error:
        log.error("The worker could not reach its work and tries again: %s", where(error))
        return _FAILED


def given_up(session: Session) -> list[Job]:
    """The jobs that were set aside, by kind and date; what each is about is an identifier, never a person's words."""
    dead = select(Job).where(col(Job.state) == "dead").order_by(col(Job.kind), col(Job.run_at))
    return list(session.exec(dead))


def revive(session: Session, *, now: datetime, kind: str | None = None) -> int:
    """Let jobs that were set aside (of one `kind`, or all) be tried again from now on; how many there were."""
    dead = col(Job.state) == "dead" if kind is None else sa.and_(col(Job.state) == "dead", col(Job.kind) == kind)
    again = sa.update(Job).where(dead).values(state="ready", attempts=0, run_at=now, last_error=None)
    return int(session.connection().execute(again).rowcount)


def waiting(session: Session) -> dict[str, int]:
    """How many jobs are in each state, for the health check."""
    rows = session.exec(select(Job.state, sa.func.count()).group_by(Job.state)).all()
    return {state: count for state, count in rows}
