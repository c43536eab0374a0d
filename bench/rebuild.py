"""Seconds to enter the books of many rounds again from what each left, on SQLite or on PostgreSQL."""

import argparse
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session

from msf.accounts.models import Account, Organisation
from msf.base import db
from msf.base.db import reading, transaction
from msf.instruments import Questionnaire, find
from msf.respond.operations import gaps, rebuild_quarter
from msf.responses.models import FamilySum, ProgrammeSum
from msf.responses.rules.programme import shape_of
from msf.rounds.models import Round
from msf.rounds.rules.periods import Quarter
from msf.scoring.programme import of_ratings, packed
from tests.engines import Engine, PostgresqlEngine, SqliteEngine

RATERS, DRAWN = 15, 200
ZERO = datetime(2027, 1, 1, tzinfo=UTC)


def main(arguments: Sequence[str] | None = None) -> None:
    """Leave the sums of so many rounds in a database without books, enter them, and print what it took."""
    parser = argparse.ArgumentParser(prog="python -m bench.rebuild", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20_000)
    parser.add_argument("--quarters", type=int, default=20)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    chosen, _ = parser.parse_known_args(arguments)
    with _database(chosen.engine):
        _leave(chosen.rounds, chosen.quarters)
        took = _rebuilt()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{chosen.rounds:,} rounds of {RATERS} raters in {chosen.quarters} quarters, {chosen.engine}.")
    print(f"{'whole s':>10}{'rounds/s':>10}{'median quarter s':>18}{'longest s':>12}{'peak MB':>10}")
    rate = chosen.rounds / sum(took)
    print(f"{sum(took):>10.1f}{rate:>10.0f}{statistics.median(took):>18.2f}{max(took):>12.2f}{peak:>10.0f}")


@contextmanager
def _database(engine: str) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        server: Engine = SqliteEngine(Path(folder)) if engine == "sqlite" else PostgresqlEngine()
        opened = db.connect(server.fresh(Path(folder)))
        db.use(opened)
        try:
            yield
        finally:
            opened.engine.dispose()
            if isinstance(server, PostgresqlEngine):
                server.stop()


def _leave(rounds: int, quarters: int) -> None:
    """What the closes of the rounds left, spread over the quarters: of two hundred that were drawn, again and again."""
    asked = find("doctor-colleagues/1")
    left = _drawn(asked)
    with transaction() as session:
        session.add(Organisation(id="s" * 32, name="Service", kind="service"))
        session.flush()
        session.add(Organisation(id="e" * 32, name="Northvale", kind="employer", served_by="s" * 32))
        session.flush()
    for start in range(0, rounds, 1000):
        numbers = range(start, min(start + 1000, rounds))
        with transaction() as session:
            _insert(session, asked, numbers, left, lambda number: _day(number * quarters // rounds, number))


def _drawn(asked: Questionnaire) -> list[str]:
    shape, dice = shape_of(asked), np.random.default_rng(1)
    found = []
    for _ in range(DRAWN):
        own = 4.2 + 0.4 * dice.normal()
        given = np.rint(own + dice.normal(0, 0.7, (RATERS, shape.items))).clip(1, shape.points).astype(np.int8)
        given[dice.random(given.shape) < 0.05] = 0
        sums = of_ratings(
            shape, given, np.zeros(RATERS, np.int64), 1, shown=np.ones((1, shape.items), bool), own=given[:1],
            asked={"doctor": 8, "nurse": 7, "admin": 3}, origins={"practitioner": 12, "organisation": 6},
        )  # fmt: skip
        found.append(json.dumps(packed(sums)))
    return found


def _day(quarter: int, number: int) -> date:
    first = Quarter(2022 + quarter // 4, quarter % 4 + 1).first
    return first + timedelta(days=number % 90)


def _insert(
    session: Session, asked: Questionnaire, numbers: range, left: Sequence[str], day: Callable[[int], date]
) -> None:
    ids = {number: f"{number:032}" for number in numbers}
    session.execute(sa.insert(Account), [
        {"id": ids[n], "organisation_id": "e" * 32, "name": f"Dr {n}", "email": f"{n}@bench.example",
         "active": True, "fs_uniquifier": ids[n]} for n in numbers
    ])  # fmt: skip
    session.execute(sa.insert(Round), [
        {"id": ids[n], "organisation_id": "e" * 32, "practitioner_id": ids[n], "reference": f"R{n}", "state": "closed",
         "colleague_questionnaire": asked.reference_name, "opens_on": day(n), "closes_on": day(n), "closed_on": day(n),
         "created_at": ZERO, "reminder_days": [], "waves": {}, "key_holders": [], "asked_staff": []} for n in numbers
    ])  # fmt: skip
    session.execute(sa.insert(FamilySum), [
        {"round_id": ids[n], "questionnaire": asked.reference_name, "family": asked.family, "raters": RATERS,
         "sums": json.loads(left[n % len(left)])} for n in numbers
    ])  # fmt: skip


def _rebuilt() -> list[float]:
    """Seconds for each quarter, as `msf programme rebuild` goes through them."""
    started = time.perf_counter()
    with reading() as session:
        (gap,) = gaps(session)
    took = [time.perf_counter() - started]
    carried, entered = None, 0
    for quarter in gap.quarters:
        started = time.perf_counter()
        with transaction() as session:
            done = rebuild_quarter(session, gap, quarter, carried=carried)
        carried, entered = done.carried, entered + done.entered
        took.append(time.perf_counter() - started)
    with reading() as session:
        assert session.scalar(sa.select(sa.func.sum(ProgrammeSum.practitioners))) == entered
    return took


if __name__ == "__main__":
    main()
