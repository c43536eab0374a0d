"""Many runs of one build, scored together; and the whole lab: the sound build, what is tried again, the leaky ones."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.engines import PostgresqlEngine, SqliteEngine
from tests.lab.crowds import GROUPS, Crowd, crowd_of, named_by_group
from tests.lab.driver import ALIKE, House
from tests.lab.leaky import BUILDS, Build
from tests.lab.levels import LEVELS, RESIDUALS, SERVER_LOG, evidence, guesses
from tests.lab.verdict import BROKEN, FULL, Board, Key, Rule, Score, best, breakers, count, suspects

Say = Callable[[str], None]
LEAST = 5
"""People that every sealed answer has to be one of."""
DRAWN_EVERY = 5
"""Pages, PDFs and data files are drawn and read in one run of so many."""


@dataclass(frozen=True)
class Outcome:
    """What the lab found on one engine.

    `board` is the sound build's; `again` scores the guesses that reached a limit on as many fresh runs; `fallen` are
    those that reached it twice. `broken` says for each leaky build which attacks broke it, at which level and how far.
    `crowds` are of rounds with small groups: of the product, and of a build that seals each answer with its own group.
    """

    engine: str
    runs: int
    board: Board
    again: Mapping[Key, Score]
    fallen: Mapping[Key, Score]
    broken: Mapping[str, Mapping[str, tuple[str, float]]]
    crowds: tuple[Crowd, Crowd]

    @property
    def residuals(self) -> dict[str, float]:
        """How much is matched where the documentation says that it can be."""
        levels = [*RESIDUALS, *([SERVER_LOG] if self.engine == "postgresql" else [])]
        found = {level: best(self.board, [level]) for level in levels}
        return {level: score[1].share if score else 0.0 for level, score in found.items()}

    @property
    def passed(self) -> bool:
        """Whether the sound build stood, every leaky build fell, and the residuals are where they are said to be."""
        traced = not self.fallen and all(self.broken.values()) and min(self.residuals.values()) >= BROKEN
        pooled, apart = self.crowds
        return traced and pooled.fewest >= LEAST and apart.fewest == min(GROUPS.values())


def sound(house: House, *, runs: int, seed: int) -> Board:
    """The board of the product as it is."""
    board: Board = {}
    for number in range(runs):
        case = house.record(seed * 1_000_003 + number, drawn=number % DRAWN_EVERY == 0)
        count(board, case, guesses(case, evidence(case)))
    return board


def leaky(house: House, build: Build, *, runs: int, seed: int) -> Board:
    """The board of one leaky build."""
    board: Board = {}
    for number in range(runs):
        with build.patch():
            case = house.record(seed * 1_000_003 + number, alter=build.alter)
        count(board, case, guesses(case, evidence(case)))
    return board


def whole(house: House, *, runs: int, leaky_runs: int, seed: int, say: Say) -> Outcome:
    """The full form on one engine."""
    say(f"{house.name}: {runs} runs of the product")
    board = sound(house, runs=runs, seed=seed)
    again, fallen = confirmed(house, board, FULL, runs=runs, seed=seed + 1, say=say)
    broken = {}
    for build in BUILDS:
        broken[build.name] = breakers(leaky(house, build, runs=leaky_runs, seed=seed + 2), list(LEVELS))
        say(f"{house.name}: {build.name}: " + (", ".join(broken[build.name]) or "NOT BROKEN"))
    return Outcome(house.name, runs, board, again, fallen, broken, small_groups(house.name, runs=leaky_runs, seed=seed))


def small_groups(engine: str, *, runs: int, seed: int) -> tuple[Crowd, Crowd]:
    """Of how many people a box could be that the sealing key opens: in the product, and where groups are sealed."""
    with house_on(engine, GROUPS) as house:
        pooled = crowd_of([house.record(seed * 1_000_003 + number) for number in range(runs)])
        with named_by_group():
            apart = crowd_of([house.record(seed * 1_000_003 + number) for number in range(runs)])
    return pooled, apart


def confirmed(
    house: House, board: Board, rule: Rule, *, runs: int, seed: int, say: Say
) -> tuple[dict[Key, Score], dict[Key, Score]]:
    """Try guesses that reached a limit again on fresh runs; those that reach it again are no luck."""
    reached = suspects(board, rule, LEVELS)
    if not reached:
        return {}, {}
    say(f"{house.name}: {len(reached)} of {len(board)} guesses reached a limit: {runs} fresh runs")
    fresh = sound(house, runs=runs, seed=seed)
    again = {key: fresh[key] for key in reached if key in fresh}
    return again, {key: score for key, score in again.items() if rule.beaten(score)}


@contextlib.contextmanager
def house_on(name: str, groups: Mapping[str, int] = ALIKE) -> Iterator[House]:
    """An installation of its own on one engine, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="msf-lab-") as folder:
        home = Path(folder) / "home"
        home.mkdir()
        engine = PostgresqlEngine() if name == "postgresql" else SqliteEngine(Path(folder))
        try:
            yield House(engine, home, groups)
        finally:
            engine.stop()
