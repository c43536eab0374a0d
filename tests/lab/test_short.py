"""The short form of the lab: the product stands, every build that is broken on purpose falls, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import Engine
from tests.lab.campaign import leaky, sound
from tests.lab.crowds import GROUPS, crowd_of, named_by_group
from tests.lab.driver import House
from tests.lab.leaky import BUILDS
from tests.lab.levels import LEVELS, RESIDUALS
from tests.lab.oracles.names import ATTACKS
from tests.lab.verdict import BROKEN, best, breakers, short, suspects

RUNS = {"sqlite": 4, "postgresql": 3}
SEED = 20
READ = {
    "sqlite": {"rowid", "cell offset in page", "frames of the write-ahead log"},
    "postgresql": {
        "ctid",
        "xmin and xmax",
        "place in heap pages",
        "place in index pages",
        "records of the server's log",
    },
}
EVERYWHERE = {
    "row order", "primary key", "any other column", "size of rows", "changes between copies", "log lines",
    "times of log lines", "names of files", "times of files", "order in exports", "one slot is both",
}  # fmt: skip


@pytest.fixture
def house(engine: Engine, home: Path) -> Iterator[House]:
    made = House(engine, home)
    yield made
    made.leave()


def test_nobody_is_matched_to_an_answer_by_anything_that_is_stored(house: House) -> None:
    board = sound(house, runs=RUNS[house.name], seed=SEED)
    assert suspects(board, short(len(board)), LEVELS) == {}
    for level in RESIDUALS:
        found = best(board, [level])
        assert found is not None and found[1].share >= BROKEN, f"the attack cannot even win with {level}"
    used = {oracle for key in board for oracle in key.oracles}
    assert used <= set(ATTACKS)
    assert READ[house.name] | EVERYWHERE <= used, "an attack reads nothing any more"


def test_a_stolen_sealing_key_leaves_every_answer_one_of_many_peoples_however_small_their_groups(
    engine: Engine, home: Path
) -> None:
    house = House(engine, home, GROUPS)
    try:
        pooled = crowd_of([house.record(SEED)])
        with named_by_group():
            apart = crowd_of([house.record(SEED)])
    finally:
        house.leave()
    assert pooled.boxes == apart.boxes == sum(GROUPS.values())
    assert pooled.fewest == GROUPS["nurse"] + GROUPS["allied"] + GROUPS["admin"]
    assert apart.fewest == 1, "the attack does not even see a group of one"


def test_every_build_that_is_broken_on_purpose_is_broken(house: House) -> None:
    """On PostgreSQL those whose leak lies in its own files; the full form breaks all of them on both."""
    chosen = [build for build in BUILDS if build.in_files or house.name == "sqlite"]
    stand = [build.name for build in chosen if not breakers(leaky(house, build, runs=1, seed=SEED), list(LEVELS))]
    assert stand == []
    assert len(BUILDS) == 9
