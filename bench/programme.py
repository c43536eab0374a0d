"""Milliseconds and statements of the pages of programmes over the books of 20,000 rounds, and of a close's entry.

.venv/bin/python -m bench.programme --engine sqlite

Rounds are simulated a quarter at a time; each quarter is entered at once, which gives the same sums as one by one. A
sample of single rounds is then entered as closes do it. On a busy machine threads of the linear algebra wait for each
other; OPENBLAS_NUM_THREADS=1 before the command gives it one.
"""

import argparse
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from msf.accounts import operations as accounts
from msf.app import create_app
from msf.base import config, db
from msf.base.config import settings as read_settings
from msf.base.db import Database, transaction
from msf.instruments import find
from msf.responses.operations.sums import enter
from msf.responses.rules.programme import shape_of
from msf.scoring.programme import Programme, of_ratings
from tests.engines import PostgresqlEngine, SqliteEngine
from tests.pages import Visitor

NAME = "doctor-colleagues/1"
RATERS, MISSING = 15, 0.05
FIRST = 2020
PASSWORD = "a calm clinic by the sea"
EMAIL = "kit@service.example"


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill a database and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.programme", description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=20_000)
    parser.add_argument("--quarters", type=int, default=20)
    parser.add_argument("--times", type=int, default=15)
    chosen, _ = parser.parse_known_args(arguments)
    with tempfile.TemporaryDirectory() as folder, _database(chosen.engine, Path(folder)):
        app = create_app(config.current())
        service = _service()
        size = max(6, chosen.rounds // chosen.quarters)
        rounds = f"{size * chosen.quarters:,} rounds of about {RATERS} raters"
        threads = os.environ.get("OPENBLAS_NUM_THREADS", "as many as there are processors")
        print(f"{chosen.engine}: {rounds} in {chosen.quarters} quarters; threads of linear algebra: {threads}\n")
        took = [_timed(lambda q=q: _fill(service, q, size)) for q in quarters(chosen.quarters)]  # type: ignore[misc]
        print(f"{'simulating and entering a quarter at once, ms, median':<58}{statistics.median(took):>9.0f}")
        _entries(service, quarters(chosen.quarters)[-1])
        _pages(app, quarters(chosen.quarters)[-1], chosen.times)


def quarters(count: int) -> list[str]:
    """The names of so many quarters, all of them over."""
    return [f"{FIRST + at // 4}-Q{at % 4 + 1}" for at in range(count)]


@contextlib.contextmanager
def _database(engine: str, folder: Path) -> Iterator[Database]:
    """A migrated database of its own, the one that the app and every transaction work on."""
    home = folder / "home"
    home.mkdir()
    server = SqliteEngine(folder) if engine == "sqlite" else PostgresqlEngine(lasting=True)
    try:
        url = server.fresh(home)
        config.use(
            read_settings({"MSF_HOME": str(home), "MSF_DATABASE_URL": url, "MSF_BASE_URL": "http://localhost",
                           "MSF_SECRET_KEY": "only for measurements " * 3})
        )  # fmt: skip
        db.use(db.connect(url))
        yield db.current()
        db.current().engine.dispose()
    finally:
        server.stop()


def _service() -> str:
    """A service with somebody who reads its programmes."""
    with transaction() as session:
        service = accounts.create_organisation(session, name="Service", kind="service")
        accounts.create_account(
            session, organisation_id=service.id, name="Kit Coordinator", email=EMAIL, roles=["coordinator"],
            password=PASSWORD,
        )  # fmt: skip
        return service.id


def simulated(practitioners: int, seed: int) -> Programme:
    """The sums of so many practitioners whose raters agree as little as real ones do."""
    shape, dice = shape_of(find(NAME)), np.random.default_rng(seed)
    index = np.repeat(np.arange(practitioners), dice.integers(8, 2 * RATERS - 7, practitioners))
    level = dice.normal(4.3, 0.25, practitioners)
    given = level[index][:, None] + dice.normal(0, 0.5, (len(index), 1))
    given = np.rint(given + dice.normal(0, 0.5, (len(index), shape.items))).clip(1, shape.points)
    given[dice.random(given.shape) < MISSING] = shape.nonanswers[2]
    own = np.rint(level[:, None] + dice.normal(0, 0.5, (practitioners, shape.items))).clip(1, shape.points)
    return of_ratings(
        shape, given.astype(np.int8), index, practitioners, shown=np.ones((practitioners, shape.items), bool),
        own=own.astype(np.int8), asked={"doctor": len(index), "nurse": len(index) // 2},
        origins={"practitioner": len(index), "organisation": len(index) // 2},
    )  # fmt: skip


def _fill(service: str, quarter: str, size: int) -> None:
    found = simulated(size, seed=int(quarter[:4]) * 4 + int(quarter[-1]))
    with transaction() as session:
        enter(session, service, NAME, found, quarter=quarter)


def _entries(service: str, quarter: str) -> None:
    """What a close spends on its sums and on its book, one round at a time into a full book."""
    made, entered = [], []
    for seed in range(50):
        start = time.perf_counter()
        found = simulated(1, seed)
        made.append(1000 * (time.perf_counter() - start))
        entered.append(_timed(lambda found=found: _enter(service, quarter, found)))  # type: ignore[misc]
    print(f"{'simulating and summing one round, ms, median of 50':<58}{statistics.median(made):>9.1f}")
    print(f"{'entering one round in a full book with its commit, ms':<58}{statistics.median(entered):>9.1f}\n")


def _enter(service: str, quarter: str, found: Programme) -> None:
    with transaction() as session:
        enter(session, service, NAME, found, quarter=quarter)


def _pages(app: Flask, last: str, times: int) -> None:
    app.config["TESTING"] = True
    client = app.test_client()
    Visitor(client).sign_in(EMAIL, PASSWORD)
    counted = _counting()
    print(f"{'page':<49}{'first ms':>10}{'median ms':>11}{'best ms':>9}{'CPU ms':>8}{'statements':>12}{'KB':>6}")
    for path in ("/programmes", f"/programmes/{NAME}", f"/programmes/{NAME}?period={last}", f"/programmes/{NAME}.json"):
        runs = []
        for _ in range(times + 1):
            counted.clear()
            runs.append(_fetched(client, path))
        wall, cpu = zip(*((run.wall, run.cpu) for run in runs), strict=True)
        print(
            f"{path:<49}{wall[0]:>10.0f}{statistics.median(wall[1:]):>11.0f}{min(wall[1:]):>9.0f}"
            f"{statistics.median(cpu[1:]):>8.0f}{len(counted):>12}{runs[-1].size / 1024:>6.0f}"
        )


class Run(NamedTuple):
    """One fetch: milliseconds on the clock and of the processor, and bytes."""

    wall: float
    cpu: float
    size: int


def _counting() -> list[str]:
    """A list that every statement is added to."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found.append(statement)

    sa.event.listen(db.current().engine, "before_cursor_execute", note)
    return found


def _fetched(client: FlaskClient, path: str) -> Run:
    wall, cpu = time.perf_counter(), time.process_time()
    answer = client.get(path)
    found = Run(1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu), len(answer.data))
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return found


def _timed(work: Callable[[], None]) -> float:
    """Milliseconds that it takes."""
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
