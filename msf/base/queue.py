"""Background work: rows of one leased table, written in the same transaction as the change that needs them.

A job runs at least once: whoever claims it holds a lease, and a job whose holder died is claimed again when the
lease runs out. So handlers are idempotent. A finished job leaves no row: what it did must be seen elsewhere.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from msf.base.clock import utcnow
from msf.base.db import Database, transaction
from msf.base.tables import new_id

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
ATTEMPTS = 8


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
    """Ask for `kind` to be run at `run_at`, once this transaction commits; a waiting job with `key` is not doubled.

    The payload holds identifiers only, never a token, an address or text that somebody wrote.
    """
    if key is not None and session.exec(select(Job.id).where(Job.key == key)).first() is not None:
        return
    session.add(Job(kind=kind, payload=dict(payload), run_at=run_at, key=key))
    session.flush()


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
    due = sa.or_(
        sa.and_(col(Job.state) == "ready", col(Job.run_at) <= now),
        sa.and_(col(Job.state) == "leased", col(Job.lease_until) < now),
    )
    job = session.exec(
        select(Job).where(due).order_by(col(Job.run_at)).limit(1).with_for_update(skip_locked=True)
    ).first()
    if job is None:
        return None
    job.state, job.attempts, job.lease_until = "leased", job.attempts + 1, now + LEASE
    session.add(job)
    return Claimed(job.id, job.kind, dict(job.payload), job.attempts, job.lease_until)


def finish(session: Session, claimed: Claimed) -> None:
    """Remove the row of a job that is done, if this worker still holds it."""
    session.exec(sa.delete(Job).where(col(Job.id) == claimed.id, col(Job.lease_until) == claimed.lease_until))


def fail(session: Session, claimed: Claimed, error: BaseException, *, now: datetime) -> None:
    """Put a failed job back with a growing pause, or set it aside as dead; only the kind of error is kept."""
    job = session.get(Job, claimed.id)
    if job is None:
        return
    job.last_error = type(error).__name__
    job.state = "dead" if job.attempts >= ATTEMPTS else "ready"
    job.run_at, job.lease_until = now + timedelta(seconds=min(3600, 5 * 3**job.attempts)), None
    session.add(job)


def run_due(
    handlers: Mapping[str, Handler], *, clock: Callable[[], datetime] = utcnow, database: Database | None = None
) -> int:
    """Run every job that is due, one after another, and return how many were finished."""
    done = 0
    while True:
        with transaction(database) as session:
            claimed = claim(session, now=clock())
        if claimed is None:
            return done
        done += _run(handlers, claimed, clock, database)


def _run(
    handlers: Mapping[str, Handler], claimed: Claimed, clock: Callable[[], datetime], database: Database | None
) -> int:
    try:
        handlers[claimed.kind](claimed.payload, now=clock())
    except Exception as error:  # a handler may fail in any way; the job must live on
        log.exception("A job of kind %s failed at attempt %s.", claimed.kind, claimed.attempts)
        with transaction(database) as session:
            fail(session, claimed, error, now=clock())
        return 0
    with transaction(database) as session:
        finish(session, claimed)
    return 1


def work(
    handlers: Mapping[str, Handler], *, stop: threading.Event, every: Callable[[datetime], None], pause: float = 1.0
) -> None:
    """Run due jobs until `stop` is set, calling `every` with the time before each look at the table."""
    while not stop.is_set():
        try:
            every(utcnow())
            run_due(handlers)
        except Exception:  # the database may be away for a minute; the worker outlives it
            log.exception("The worker could not reach its work and tries again.")
            stop.wait(5)
        stop.wait(pause)


def waiting(session: Session) -> dict[str, int]:
    """How many jobs are in each state, for the health check."""
    rows = session.exec(select(Job.state, sa.func.count()).group_by(Job.state)).all()
    return {state: count for state, count in rows}
