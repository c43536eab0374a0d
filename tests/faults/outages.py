"""The database away, locked or full: pages say so, no receipt without a stored answer, and all recovers by itself.

A full disk is brought about by the operating system's limit on the size of a file, in the process that writes (the
server's own processes on PostgreSQL), and on SQLite also by its limit on pages. Writing fails at the same places as on
a full disk; the error has another number.
"""

import contextlib
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import sqlalchemy as sa

from msf.base.outage import AT_THE_DOOR, TITLE
from tests.faults.children import Child, fill_disk_of, until
from tests.faults.ground import Ground
from tests.faults.ledger import Ledger, Tally
from tests.faults.road import Road

SEGMENT = 16 * 1024 * 1024
"""What PostgreSQL's log needs in one file; a table that has grown to this can grow no further under the limit."""


def full_disk(ground: Ground, times: int) -> Tally:
    """No room for what raters send: each is told, and the same server takes it once there is room again."""
    tally = ground.tally("disk full while answers come in (limit on the size of files)")
    ledger = ground.opened(tally)
    server = ground.child("serve")
    port = server.told()
    ground.answers(ledger, port, 8)
    for _ in range(times):
        with _no_room(ground, server):
            _refused(ledger, port, least=1)
        ledger.settle(port)
        ledger.check()
        ledger.make_room(port)
        tally.times += 1
    server.kill()
    ground.finish(ledger)
    return tally


@contextlib.contextmanager
def _no_room(ground: Ground, server: Child) -> Iterator[None]:
    if ground.database.sqlite:
        log = Path(f"{ground.settings.home}/msf.db-wal")
        with ground.database.engine.connect() as connection:
            # What a log has held before it can hold again without growing.
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        server.fill_disk(log.stat().st_size if log.exists() else 0)
        yield
        server.fill_disk(None)
        return
    plain = ground.settings.database_url.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        _fill_up(connection)
        # Connections that are open already know no limit: they end, and the pool opens new ones.
        postmaster = _parent(connection.info.backend_pid)
        fill_disk_of(postmaster, SEGMENT)
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        try:
            yield
        finally:
            fill_disk_of(postmaster, None)
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _fill_up(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Grow the file that holds long values of slots to the limit, with rows that are then left dead in it."""
    row = connection.execute("SELECT h, round_id FROM slot WHERE sealed IS NULL LIMIT 1").fetchone()
    size = "SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE relname = 'slot'"
    grown = connection.execute(size).fetchone()
    connection.execute("ALTER TABLE slot SET (toast.autovacuum_enabled = off)")
    while grown is not None and int(str(grown[0])) < SEGMENT:
        assert row is not None
        left = SEGMENT - int(str(grown[0]))
        with connection.transaction(force_rollback=True):
            connection.execute(
                "UPDATE slot SET sealed = %s WHERE h = %s", (os.urandom(max(2_500, min(left, 4_000_000))), row[0])
            )
        grown = connection.execute(size).fetchone()


def _parent(pid: int) -> int:
    words = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return int(words[1])


def _refused(ledger: Ledger, port: int, *, least: int) -> None:
    """Six send at once; whoever gets no receipt is told so in plain words."""
    with ThreadPoolExecutor(6) as pool:
        raters = [*ledger.some(None, 2), *ledger.some(False, 4)]
        told = Counter(pool.map(lambda rater: ledger.again(port, rater), raters))
    assert set(told) <= {200, 503}, told
    assert told[503] >= least, told
    for rater in raters:
        if rater.sure is None:
            assert TITLE in rater.page and AT_THE_DOOR[0] in rater.page and AT_THE_DOOR[1] in rater.page


def full_pages(ground: Ground, times: int) -> Tally:
    """SQLite itself says that its disk is full."""
    tally = ground.tally("database or disk is full (limit on pages)")
    while tally.times < times:
        ledger = ground.opened(tally)
        with ground.servers() as [port]:
            ground.answers(ledger, port, 8)
        for _ in range(min(3, times - tally.times)):
            with ground.database.engine.connect() as connection:
                pages = connection.execute(sa.text("PRAGMA page_count")).scalar_one()
            with ground.servers(pages=pages + 4) as [port]:
                _refused(ledger, port, least=1)
            tally.times += 1
        ground.finish(ledger)
    return tally


def full_keys(ground: Ground, times: int) -> Tally:
    """No room for a key, or for a part of one: the round does not open, and opens by itself later."""
    tally = ground.tally("key folder full at opening")
    ledger = ground.approved(tally)
    for number in range(times):
        assert ground.end("open", ledger, weather={"disk": (number * 10) % 32}) in ("OSError", "OperationalError")
        assert (ledger.state(), ledger.slots()) == ("approved", 0)
        tally.times += 1
    ground.end("work")
    assert ledger.state() == "open"
    ledger = ground.learn(ledger)
    with ground.servers() as [port]:
        ground.answers(ledger, port, 8)
    ground.finish(ledger)
    return tally


def gone(ground: Ground, times: int, *, seconds: float, lasting: bool = True) -> Tally:
    """The database is away in the middle of submissions; servers and worker go on by themselves when it is back."""
    away = "database gone" if not ground.database.sqlite else "database locked by another writer"
    tally = ground.tally(f"{away} for {seconds:g} s")
    ledger = ground.opened(tally)
    with _road(ground) as (there, leave, back):
        server = there.child("serve", weather={"lock": 150})
        worker = there.child("work", lasting=True, weather={"lock": 150}) if lasting else None
        port = server.told()
        there.answers(ledger, port, 8)
        for _ in range(times):
            leave()
            began = time.monotonic()
            _refused(ledger, port, least=4)
            time.sleep(max(0.0, seconds - (time.monotonic() - began)))
            back()
            ledger.settle(port)
            ledger.check()
            ledger.make_room(port)
            tally.times += 1
        assert server.alive
        if worker is not None:
            # What the close leaves to be done is done by the worker that was there all the time.
            assert ground.end("close", ledger) == "done"
            until(lambda: not ground.jobs("respond.finish_close") and not ground.jobs("reports.draft"))
            assert worker.alive
            worker.kill()
        server.kill()
    ground.finish(ledger)
    return tally


@contextlib.contextmanager
def _road(ground: Ground):  # type: ignore[no-untyped-def]
    """The ground by a road, and what takes the database away and brings it back."""
    if not ground.database.sqlite:
        road = Road(ground.settings.database_url)
        yield ground.at_elsewhere(road.url), road.cut, road.mend
        road.close()
        return
    other = sqlite3.connect(ground.settings.home / "msf.db", isolation_level=None, check_same_thread=False)
    yield ground, lambda: other.execute("BEGIN IMMEDIATE"), lambda: other.execute("ROLLBACK")
    other.close()


def restarted(
    ground: Ground, times: int, *, stop: Callable[[], None], start: Callable[[], None], seconds: float
) -> Tally:
    """The database server itself is stopped at once, as in a crash, and started again."""
    tally = ground.tally(f"database server stopped at once and started after {seconds:g} s")
    ledger = ground.opened(tally)
    server = ground.child("serve")
    worker = ground.child("work", lasting=True)
    port = server.told()
    ground.answers(ledger, port, 8)
    for _ in range(times):
        stop()
        _refused(ledger, port, least=4)
        time.sleep(seconds)
        start()
        ledger.settle(port)
        ground.database.engine.dispose()
        ledger.check()
        tally.times += 1
    assert server.alive and worker.alive
    assert ground.end("close", ledger) == "done"
    until(lambda: not ground.jobs("respond.finish_close") and not ground.jobs("reports.draft"))
    worker.kill()
    server.kill()
    ground.finish(ledger)
    return tally
