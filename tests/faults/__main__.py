"""Every fault in full, on SQLite and PostgreSQL side by side, and a table of the counts; `make faults` runs it."""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from msf.base import config, db, schema
from msf.base.config import settings as read_settings
from tests.engines import PostgresqlEngine, SqliteEngine
from tests.faults import clocks, kills, outages, post, races
from tests.faults.children import ROOT, Nursery
from tests.faults.ground import Ground
from tests.faults.ledger import HEAD, Tally
from tests.faults.post import Letters

LETTERS_HEAD = "| fault | engine | times | letters due | people reached | missing | once more |\n" + (
    "| --- | --- |" + " ---: |" * 5
)
MINUTE = 60.0
Plan = Callable[[Ground], Any]


def main() -> None:
    """Run both engines, or the one that is named, and print the tables; the exit status is 1 where anything was off."""
    asked = _asked()
    if asked.engine:
        for found in _all(asked):
            sys.stdout.write(json.dumps({type(found).__name__: asdict(found)}) + "\n")
            sys.stdout.flush()
        return
    began = time.monotonic()
    lanes = [_lane(asked, engine) for engine in ("sqlite", "postgresql")]
    found = [json.loads(line) for lane in lanes for line in lane.communicate()[0].splitlines()]
    _print(found, asked, time.monotonic() - began)
    raise SystemExit(any(lane.returncode for lane in lanes) or not _holds(found))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000, help="SIGKILLs while answers come in, on each engine")
    parser.add_argument(
        "--closes",
        type=int,
        default=100,
        help="SIGKILLs before each step of a close; opening: a quarter",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", default="answers,steps,races,outages,clocks,post", help="which parts, by comma")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="only this one, as lines of JSON")
    return parser.parse_args()


def _lane(asked: argparse.Namespace, engine: str) -> "subprocess.Popen[str]":
    told = [f"--{name}={getattr(asked, name)}" for name in ("kills", "closes", "seed", "parts")]
    command = [sys.executable, "-m", "tests.faults", f"--engine={engine}", *told]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _all(asked: argparse.Namespace) -> Iterator[Tally | Letters]:
    with _engine(asked.engine) as engine:
        for part, plans in _plans(asked, engine).items():
            for number, plan in enumerate(plans if part in asked.parts else ()):
                began = time.monotonic()
                with _ground(engine, asked.seed + number) as ground:
                    found = plan(ground)
                yield from found if isinstance(found, tuple) else (found,)
                sys.stderr.write(f"{asked.engine}: {found} in {time.monotonic() - began:.0f} s\n")


def _plans(asked: argparse.Namespace, engine: SqliteEngine | PostgresqlEngine) -> dict[str, list[Plan]]:
    each, few = asked.closes, max(1, asked.closes // 5)
    only: list[Plan] = [lambda ground: outages.full_pages(ground, few)]
    if isinstance(engine, PostgresqlEngine):
        only = [lambda ground: outages.restarted(ground, 1, stop=engine.crash, start=engine.start, seconds=MINUTE)]
    return {
        "answers": [lambda ground: kills.submissions(ground, asked.kills)],
        "steps": [
            lambda ground: kills.opening(ground, max(1, each // 4)),
            lambda ground: kills.closing(ground, each),
            lambda ground: kills.finishing(ground, each),
            lambda ground: kills.workers(ground, each),
        ],
        "races": [
            lambda ground: races.one_token(ground, few),
            lambda ground: races.one_form(ground, few),
            lambda ground: races.close_among_answers(ground, few),
            lambda ground: races.cancel_among_answers(ground, few),
            lambda ground: races.two_closers(ground, few),
        ],
        "outages": [
            lambda ground: outages.full_disk(ground, few),
            lambda ground: outages.full_keys(ground, few),
            lambda ground: outages.gone(ground, few, seconds=0.5),
            lambda ground: outages.gone(ground, 1, seconds=MINUTE),
            *only,
        ],
        "clocks": [lambda ground: clocks.moved(ground, max(1, few // 4))],
        "post": [
            lambda ground: post.killed_between(ground, few),
            lambda ground: post.dead_during_reminders_and_close(ground, max(1, few // 4)),
        ],
    }


@contextmanager
def _engine(name: str) -> Iterator[SqliteEngine | PostgresqlEngine]:
    with tempfile.TemporaryDirectory() as folder:
        if name == "sqlite":
            yield SqliteEngine(Path(folder))
            return
        # Without the shortcuts of the other tests: what is committed here must outlive a crash of the server.
        server = PostgresqlEngine(lasting=True)
        yield server
        server.stop()


@contextmanager
def _ground(engine: SqliteEngine | PostgresqlEngine, seed: int) -> Iterator[Ground]:
    with tempfile.TemporaryDirectory(prefix="msf-faults-") as folder:
        home = Path(folder) / "home"
        home.mkdir()
        url = engine.empty(home) if isinstance(engine, PostgresqlEngine) else engine.fresh(home)
        opened = db.connect(url)
        schema.upgrade(opened)
        db.use(opened)
        chosen = read_settings(
            {
                "MSF_HOME": str(home),
                "MSF_DATABASE_URL": url,
                "MSF_BASE_URL": "http://localhost",
                "MSF_SECRET_KEY": "f" * 40,
            }
        )
        config.use(chosen)
        nursery = Nursery(Path(folder))
        yield Ground(chosen, nursery, opened, random.Random(seed))
        nursery.stop()
        opened.engine.dispose()
        engine.drop(url)


def _print(found: list[dict[str, Any]], asked: argparse.Namespace, seconds: float) -> None:
    tallies = [Tally(**each["Tally"]) for each in found if "Tally" in each]
    letters = [Letters(**each["Letters"]) for each in found if "Letters" in each]
    tallies.sort(key=lambda tally: tally.fault)
    command = f"python -m tests.faults --kills {asked.kills} --closes {asked.closes} --seed {asked.seed}"
    lines = [f"`{command}`, {seconds / 60:.0f} minutes", "", HEAD, *(tally.line() for tally in tallies)]
    lines += [_total(tallies).line(), "", LETTERS_HEAD, *(each.line() for each in letters)]
    sys.stdout.write("\n".join(lines) + "\n")


def _total(tallies: list[Tally]) -> Tally:
    total = Tally("all", "both")
    for tally in tallies:
        for name, value in asdict(tally).items():
            if isinstance(value, int):
                setattr(total, name, getattr(total, name) + value)
    return total


def _holds(found: list[dict[str, Any]]) -> bool:
    tallies = [Tally(**each["Tally"]) for each in found if "Tally" in each]
    return bool(tallies) and all(tally.holds for tally in tallies)


if __name__ == "__main__":
    main()
