"""Background work is lost by nobody: not by a crash, not by two workers, not by a handler that fails."""

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlmodel import select

from msf.base import queue
from msf.base.clock import utcnow
from msf.base.db import Database, connect, reading, transaction
from msf.base.queue import ATTEMPTS, LEASE, Job, claim, defer, fail, finish, run_due, waiting, work

CANARY = "ann.canary@example.org"


def _jobs(database: Database) -> list[Job]:
    with reading(database) as session:
        return list(session.exec(select(Job)).all())


def _defer(now: datetime, **more: object) -> None:
    with transaction() as session:
        defer(session, "greet", {"name": "Ann"}, run_at=now, **more)  # type: ignore[arg-type]


def _claim(now: datetime) -> queue.Claimed | None:
    with transaction() as session:
        return claim(session, now=now)


class Greeter:
    """Counts its calls; fails on the first `failures` of them."""

    def __init__(self, failures: int = 0) -> None:
        self.calls: list[dict] = []
        self.failures = failures

    def __call__(self, payload, *, now):
        self.calls.append(dict(payload))
        if len(self.calls) <= self.failures:
            raise OSError(f"could not write to {CANARY}")


def test_a_job_is_there_once_its_change_is_committed(database, now):
    _defer(now)
    greet = Greeter()
    assert run_due({"greet": greet}, clock=lambda: now) == 1
    assert greet.calls == [{"name": "Ann"}]
    assert _jobs(database) == []


def test_a_job_goes_when_its_change_is_rolled_back(database, now):
    with pytest.raises(ZeroDivisionError), transaction() as session:
        defer(session, "greet", {}, run_at=now)
        raise ZeroDivisionError
    assert _jobs(database) == []


def test_a_job_waits_for_its_time_and_the_oldest_goes_first(database, now):
    for minutes in (5, 1, 3):
        with transaction() as session:
            defer(session, "greet", {"minutes": minutes}, run_at=now + timedelta(minutes=minutes))
    greet = Greeter()
    assert run_due({"greet": greet}, clock=lambda: now) == 0
    run_due({"greet": greet}, clock=lambda: now + timedelta(minutes=4))
    assert greet.calls == [{"minutes": 1}, {"minutes": 3}]


def test_a_key_holds_one_job_until_it_is_done(database, now):
    _defer(now, key="once")
    _defer(now, key="once")
    _defer(now, key="other")
    _defer(now)
    _defer(now)
    assert len(_jobs(database)) == 4
    run_due({"greet": Greeter()}, clock=lambda: now)
    _defer(now, key="once")
    assert [job.key for job in _jobs(database)] == ["once"]


def _defer_with_key(url: str, barrier: object) -> None:
    database = connect(url)
    with transaction(database) as session:
        session.exec(select(Job)).all()
        barrier.wait()  # type: ignore[attr-defined]
        defer(session, "greet", {}, run_at=datetime.fromisoformat("2027-03-01T09:00:00+00:00"), key="once")
    database.engine.dispose()


@pytest.mark.postgresql
def test_two_transactions_that_ask_at_once_with_one_key_both_commit(database):
    """On SQLite writers take turns, so this can only happen on PostgreSQL."""
    url, barrier = database.engine.url.render_as_string(hide_password=False), threading.Barrier(2)
    both = [threading.Thread(target=_defer_with_key, args=(url, barrier)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)
    assert [job.key for job in _jobs(database)] == ["once"]


def test_what_one_worker_holds_no_other_gets(database, now):
    _defer(now)
    assert _claim(now) is not None
    assert _claim(now + LEASE) is None


def test_a_job_whose_holder_died_is_taken_over_when_the_lease_is_out(database, now):
    _defer(now)
    first = _claim(now)
    second = _claim(now + LEASE + timedelta(seconds=1))
    assert first is not None
    assert second is not None
    assert (second.id, second.attempts) == (first.id, 2)


def test_a_holder_that_comes_back_too_late_changes_nothing(database, now):
    _defer(now)
    first = _claim(now)
    second = _claim(now + LEASE + timedelta(seconds=1))
    with transaction() as session:
        finish(session, first)
    with transaction() as session:
        fail(session, first, OSError(), now=now)
    [job] = _jobs(database)
    assert (job.state, job.lease_until, job.last_error) == ("leased", second.lease_until, None)
    with transaction() as session:
        finish(session, second)
    assert _jobs(database) == []


def test_a_failed_job_is_tried_again_after_growing_pauses_and_set_aside_in_the_end(database, now):
    _defer(now)
    greet, at, pauses = Greeter(failures=99), now, []
    for _ in range(ATTEMPTS):
        assert run_due({"greet": greet}, clock=lambda at=at: at) == 0
        [job] = _jobs(database)
        pauses.append((job.run_at - at).total_seconds())
        at = job.run_at
    assert pauses == sorted(pauses)
    assert pauses[0] <= 30
    assert pauses[-1] == 3600
    assert (job.state, job.attempts, len(greet.calls)) == ("dead", ATTEMPTS, ATTEMPTS)
    assert run_due({"greet": greet}, clock=lambda: at + timedelta(days=30)) == 0
    assert len(greet.calls) == ATTEMPTS
    with reading() as session:
        assert waiting(session) == {"dead": 1}


def test_a_job_that_fails_once_is_done_the_next_time(database, now):
    _defer(now)
    greet = Greeter(failures=1)
    assert run_due({"greet": greet}, clock=lambda: now) == 0
    assert run_due({"greet": greet}, clock=lambda: now + timedelta(minutes=1)) == 1
    assert _jobs(database) == []


def test_a_job_that_kills_every_worker_is_set_aside(database, now):
    _defer(now)
    with transaction() as session:
        defer(session, "other", {}, run_at=now + timedelta(hours=1))
    at = now
    for _ in range(ATTEMPTS):
        assert _claim(at) is not None
        at += LEASE + timedelta(seconds=1)
    assert _claim(at) is None
    assert sorted((job.kind, job.state) for job in _jobs(database)) == [("greet", "dead"), ("other", "ready")]
    taken = _claim(now + timedelta(days=3))
    assert taken is not None
    assert taken.kind == "other"


def test_a_clock_that_was_ahead_holds_no_job_back_once_it_is_put_right(database, now):
    ahead = now + timedelta(days=40)
    _defer(ahead)
    assert _claim(ahead) is not None
    assert _claim(ahead + timedelta(minutes=1)) is None
    assert _claim(now) is not None
    assert _claim(now + timedelta(minutes=1)) is None
    _defer(ahead)
    assert run_due({"greet": Greeter()}, clock=lambda: now + timedelta(minutes=1)) == 1


def test_a_job_of_an_unknown_kind_is_kept_as_failed(database, now):
    _defer(now)
    assert run_due({}, clock=lambda: now) == 0
    [job] = _jobs(database)
    assert (job.state, job.last_error) == ("ready", "KeyError")


def test_neither_the_table_nor_the_log_quotes_what_an_error_says(database, now, caplog):
    _defer(now)
    with caplog.at_level(logging.DEBUG):
        run_due({"greet": Greeter(failures=1)}, clock=lambda: now)
    [job] = _jobs(database)
    assert job.last_error == "OSError"
    assert "greet" in caplog.text
    assert "OSError" in caplog.text
    assert "test_queue.py" in caplog.text, "where it happened is told"
    assert CANARY not in caplog.text
    assert "Ann" not in caplog.text


def test_a_long_line_of_jobs_is_taken_in_helpings(database, now):
    for _ in range(5):
        _defer(now)
    greet = Greeter()
    assert run_due({"greet": greet}, clock=lambda: now, most=3) == 3
    assert run_due({"greet": greet}, clock=lambda: now, most=3) == 2


def test_the_worker_looks_does_and_stops(database):
    stop, looked, done = threading.Event(), [], threading.Event()
    _defer(utcnow())
    worker = threading.Thread(
        target=work,
        args=({"greet": lambda payload, *, now: done.set()},),
        kwargs={"stop": stop, "every": looked.append, "pause": 0.01},
    )
    worker.start()
    assert done.wait(20)
    stop.set()
    worker.join(20)
    assert not worker.is_alive()
    assert looked
    assert _jobs(database) == []


# ---- a worker that is killed in the middle of its work


def _note(folder: str):
    def handler(payload, *, now):
        with (Path(folder) / f"{payload['number']}.done").open("ab") as file:
            file.write(b"x")
        time.sleep(0.004)

    return handler


def _work_until_killed(url: str, folder: str) -> None:
    queue.LEASE = timedelta(seconds=1)
    database = connect(url)
    handlers = {"note": _note(folder)}
    while True:
        run_due(handlers, database=database)
        time.sleep(0.02)


def _start(url: str, folder: Path) -> BaseProcess:
    worker = multiprocessing.get_context("spawn").Process(target=_work_until_killed, args=(url, str(folder)))
    worker.start()
    return worker


def _wait_until(reached, *, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < ends, "the worker did not get there"
        time.sleep(0.01)


def test_of_two_hundred_jobs_none_is_lost_when_workers_are_killed(database, tmp_path):
    url, folder = database.engine.url.render_as_string(hide_password=False), tmp_path / "done"
    folder.mkdir()
    with transaction() as session:
        for number in range(200):
            defer(session, "note", {"number": number}, run_at=utcnow())
    for share in (50, 120):
        worker = _start(url, folder)
        _wait_until(lambda share=share: len(list(folder.iterdir())) >= share)
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
        assert worker.exitcode == -signal.SIGKILL
        assert _jobs(database), "the worker was killed too late to show anything"
    worker = _start(url, folder)
    _wait_until(lambda: not _jobs(database))
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    runs = Counter({path.name: path.stat().st_size for path in folder.iterdir()})
    assert len(runs) == 200
    assert sum(runs.values()) <= 202, "each kill may repeat the one job that was running"
