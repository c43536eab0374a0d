"""Random rounds with everything that happens in real ones, each built as a report and held against the exact oracle.

Run as `python -m tests.scoring.random_rounds --rounds 100000 --seed 1`. What rests on whom is worked out here from the
published cells and the answers alone; neither the rules that chose the cells nor the gate before a release are asked.
The oracle calculates in whole numbers of any size, so nothing it passes is passed by rounding. Policies known to be
unsafe go the same way and have to be found out, or the run fails.
"""

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import lcm

import numpy as np

from msf.instruments import BLANK, CANNOT_SAY, NOT_APPLICABLE, Questionnaire
from msf.reports.rules import ALL, FamilyTally, Part, part_of, pool, tally
from msf.scoring.disclosure import DETAIL, comment_mask, partition
from msf.scoring.oracle import unsafe_sums
from tests.reports.test_cells_build import GROUPS, survey

CODES = np.array([1, 2, 3, 4, 5, BLANK, NOT_APPLICABLE, CANNOT_SAY], np.int8)
CHUNK = 500
POINTS = 5


@dataclass(frozen=True)
class Side:
    """One family of a round: its answers `[R, I]`, the group of each rater, and how many of each group were asked."""

    questionnaire: Questionnaire
    ratings: np.ndarray
    group: np.ndarray
    asked: tuple[int, ...]
    questions: tuple[int, ...]

    @property
    def valid(self) -> np.ndarray:
        """Who gave which item a value."""
        return (self.ratings >= 1) & (self.ratings <= POINTS)

    @property
    def sizes(self) -> np.ndarray:
        """How many answered in each group."""
        return np.bincount(self.group, minlength=len(self.asked))


@cache
def asked_of(family: str, items: int) -> Questionnaire:
    """A questionnaire of so many items."""
    return replace(survey(items), family=family, key=f"trial-{family}")


def random_round(rng: np.random.Generator, *, most: int = 40) -> tuple[int, list[Side]]:
    """The floor and one or two families, some of them small, with declines, blanks and groups nobody answered for."""
    least = int(rng.integers(4, 9))
    groups = int(rng.integers(1, 5))
    sides = [_side(rng, "colleagues", groups, least, most)]
    if rng.random() < 0.5:
        sides.append(_side(rng, "patients", 1, least, most))
    return least, sides


def _side(rng: np.random.Generator, family: str, groups: int, least: int, most: int) -> Side:
    items = int(rng.integers(1, 6))
    around = rng.integers(max(least - 3, 0), least + 6, groups)
    asked = np.where(rng.random(groups) < 0.5, around, rng.integers(0, 14, groups) * (3 if groups == 1 else 1))
    asked = np.minimum(asked, most // groups)
    answered = rng.binomial(asked, rng.choice([1.0, 0.95, 0.7]))
    answered[rng.random(groups) < 0.1] = 0
    group = np.repeat(np.arange(groups), answered)
    lost = rng.choice([0, 0.05, 0.2, 0.5])
    shares = [(1 - lost) * share for share in (0.02, 0.03, 0.1, 0.25, 0.6)] + [lost / 3] * 3
    ratings = rng.choice(CODES, (len(group), items), p=shares)
    if rng.random() < 0.2 and len(group):  # a whole group cannot say anything about an item
        ratings[group == rng.integers(groups), rng.integers(items)] = CANNOT_SAY
    questions = (len(group), int(rng.integers(0, len(group) + 1)))
    return Side(asked_of(family, items), ratings, group, tuple(int(n) for n in asked), questions)


def counted(side: Side, least: int) -> FamilyTally:
    """The answers in the blocks that the close would freeze."""
    names = GROUPS[: len(side.asked)]
    by_group = tally(side.questionnaire.family, side.ratings, side.group, [(name,) for name in names], POINTS)
    present = {name: int(n) for name, n, asked in zip(names, side.sizes, side.asked, strict=True) if asked}
    found = partition(present, least=least, asked=True)
    return pool(by_group, found)


def places(part: Part, tallied: FamilyTally) -> set[tuple[object, str, str, bool]]:
    """Every block and thing that a figure is shown of, and whether with its distribution."""
    detail = {(cell.block, cell.id) for cell in part.cells if cell.statistic.startswith("count_")}
    shown = {(cell.block, cell.scope, cell.id, (cell.block, cell.id) in detail) for cell in part.cells}
    assert {block for block, *_ in shown} <= {ALL, *tallied.blocks}
    return shown


def members(side: Side, block: object) -> np.ndarray:
    """Who stands in a block of groups."""
    if block == ALL:
        return np.ones(len(side.group), bool)
    return np.isin(side.group, [GROUPS.index(name) for name in block])  # type: ignore[attr-defined]


def row(who: np.ndarray, columns: Sequence[int]) -> np.ndarray:
    """A mean of item means as a sum in whole numbers over rater by item; of one item, its sum."""
    people = [max(int(n), 1) for n in who[:, columns].sum(axis=0)]
    whole = lcm(*people)
    found = np.zeros(who.shape, np.int64)
    found[:, columns] = who[:, columns] * np.array([whole // n for n in people])
    return found.ravel()


def columns_of(questionnaire: Questionnaire, name: str) -> list[int]:
    """The columns of an item, or of all items of a domain."""
    return [place for place, item in enumerate(questionnaire.items) if name in (item.id, item.domain)]


def rests_on_few(rows: Sequence[np.ndarray], side: Side, least: int) -> bool:
    """Whether some combination of these figures rests on fewer than `least` raters."""
    if not rows:
        return False
    owner = np.repeat(np.arange(len(side.group)), side.ratings.shape[1])
    return unsafe_sums(np.array(rows), owner, least=least) is not None


def look(least: int, sides: Sequence[Side], found: Counter[str]) -> None:
    """Build the real parts of one round and count what they show and what of it is unsafe."""
    unsafe = False
    for side in sides:
        tallied = counted(side, least)
        part = part_of(side.questionnaire, [tallied], None, least=least)
        unsafe |= _of_part(part, tallied, side, least, found)
        found["cells"] += len(part.cells)
        found["withheld"] += part.families[side.questionnaire.family].withheld
    found["rounds"] += 1
    found["unsafe"] += unsafe


def _of_part(part: Part, tallied: FamilyTally, side: Side, least: int, found: Counter[str]) -> bool:
    shown = places(part, tallied)
    valid, asked = side.valid, side.questionnaire
    columns = {name: columns_of(asked, name) for _, _, name, _ in shown}
    who = {block: members(side, block)[:, None] for block, *_ in shown}
    # Means and limits; then numbers of answers and non-answers, of everybody in the block; then distributions.
    values = [row(who[block] & valid, columns[name]) for block, _, name, _ in shown]
    everybody = np.ones_like(valid)
    states = [row(who[block] & everybody, columns[name]) for block, scope, name, _ in shown if scope == "item"]
    spread = [row(who[block] & valid, columns[name]) for block, _, name, detail in shown if detail]
    found["figures"] += len(values) + len(states) + len(spread)
    family = part.families[asked.family]
    comments = comment_mask({str(n): n for n in side.questions}, answered=len(side.group), least=least)
    small = (family.n is not None and family.n < least) or any(int(name) < least for name in comments)
    wrong = any(
        cell.n != int(valid[:, columns[cell.id]][who[cell.block][:, 0]].sum(axis=0).min()) for cell in part.cells
    )
    unasked = bool(set(part.non_answers.get(asked.family, {})) - {cell.id for cell in part.cells if cell.block == ALL})
    return (
        small
        or wrong
        or unasked
        or rests_on_few(values, side, least)
        or rests_on_few(states, side, least)
        or rests_on_few(spread, side, DETAIL)
    )


def moves(rng: np.random.Generator, least: int, sides: Sequence[Side]) -> bool:
    """Whether giving the same values to other people changes which figures there are."""
    return any(_mask(side, least) != _mask(_permuted(rng, side), least) for side in sides)


def _permuted(rng: np.random.Generator, side: Side) -> Side:
    ratings = side.ratings.copy()
    ratings[side.valid] = rng.permutation(ratings[side.valid])
    return replace(side, ratings=ratings)


def _mask(side: Side, least: int) -> list[tuple[object, ...]]:
    part = part_of(side.questionnaire, [counted(side, least)], None, least=least)
    return [(cell.block, cell.scope, cell.id, cell.statistic, cell.n) for cell in part.cells]


# ---- policies that are known to be unsafe


Policy = Callable[[Side, int], list[np.ndarray]]


def hide_small(side: Side, least: int) -> list[np.ndarray]:
    """Groups under the floor are hidden and the total is shown."""
    return _groups_and_total(side, [group for group, people in enumerate(side.sizes) if people >= least], least)


def hide_two(side: Side, least: int) -> list[np.ndarray]:
    """Where one group is hidden, the smallest other is hidden as well."""
    shown = [group for group, people in enumerate(side.sizes) if people >= least]
    if shown and np.count_nonzero(side.sizes) - len(shown) == 1:
        shown.remove(min(shown, key=lambda group: side.sizes[group]))
    return _groups_and_total(side, shown, least)


def _groups_and_total(side: Side, shown: Sequence[int], least: int) -> list[np.ndarray]:
    if len(side.group) < least:
        return []
    blocks = [side.group == group for group in shown] + [np.ones(len(side.group), bool)]
    given = np.ones_like(side.valid)  # as if nobody left anything blank
    return [row(block[:, None] & given, [item]) for block in blocks for item in range(given.shape[1])]


def ignore_blanks(side: Side, least: int) -> list[np.ndarray]:
    """The blocks are right, but an item is shown for every block, however few of it answered the item."""
    blocks = counted(side, least).blocks
    return [
        row(members(side, block)[:, None] & side.valid, [item])
        for block in (ALL, *blocks)
        for item in range(side.ratings.shape[1])
        if len(side.group) >= least and blocks
    ]


def rater_scores(side: Side, least: int) -> list[np.ndarray]:
    """Only means of the whole family, but a domain's is made of raters' own means over what they answered."""
    valid = side.valid
    if not (valid.sum(axis=0) >= least).all() or not len(side.group):
        return []
    scores = []
    for domain in side.questionnaire.domains:
        own = valid[:, columns_of(side.questionnaire, domain.id)]
        score = np.zeros(valid.shape, np.int64)
        score[:, columns_of(side.questionnaire, domain.id)] = own * (
            60 // np.maximum(own.sum(axis=1, keepdims=True), 1)
        )
        scores.append(score.ravel())
    return [*(row(valid, [item]) for item in range(valid.shape[1])), *scores]


UNSAFE: dict[str, Policy] = {
    "small groups hidden, total shown": hide_small,
    "the smallest other hidden too": hide_two,
    "items by block whatever is blank": ignore_blanks,
    "domains from raters' own scores": rater_scores,
}


def bite(rng: np.random.Generator, found: Counter[str]) -> None:
    """Count the policies that give somebody away in a round: one of few raters where a search takes long."""
    for name, policy in UNSAFE.items():
        least, sides = random_round(rng, most=12 if policy is rater_scores else 40)
        found[name] += any(rests_on_few(policy(side, least), side, least) for side in sides)
    found["bitten"] += 1


# ---- many of them


def chunk(order: tuple[int, int, int, int]) -> Counter[str]:
    """So many rounds, and teeth in the first of them; the same for the same seed and place."""
    seed, place, rounds, teeth = order
    found: Counter[str] = Counter()
    start = time.process_time()
    rng = np.random.default_rng([seed, place])
    for number in range(rounds):
        least, sides = random_round(rng)
        look(least, sides, found)
        if number % 10 == 0:
            found["moved"] += moves(rng, least, sides)
            found["permuted"] += 1
    rng = np.random.default_rng([seed, place, 1])
    for _ in range(teeth):
        bite(rng, found)
    found["milliseconds"] = int(1000 * (time.process_time() - start))
    return found


def orders(seed: int, rounds: int) -> Iterator[tuple[int, int, int, int]]:
    """Chunks of rounds, with a tenth as many for the teeth."""
    for place, start in enumerate(range(0, rounds, CHUNK)):
        size = min(CHUNK, rounds - start)
        yield seed, place, size, max(size // 10, 1)


def run(rounds: int, seed: int, processes: int) -> Counter[str]:
    """All chunks together."""
    if processes == 1:
        return sum(map(chunk, orders(seed, rounds)), Counter())
    with multiprocessing.get_context("spawn").Pool(processes) as workers:
        return sum(workers.imap_unordered(chunk, orders(seed, rounds)), Counter())


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was found; 1 where a report was unsafe or an unsafe policy was not found out."""
    parser = argparse.ArgumentParser(prog="python -m tests.scoring.random_rounds", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args(arguments)
    start = time.perf_counter()
    found = run(chosen.rounds, chosen.seed, chosen.processes)
    wall, core = time.perf_counter() - start, found["milliseconds"] / 1000
    times = f"{wall:.0f} seconds, {core:.0f} of one core, {chosen.processes} processes, seed {chosen.seed}"
    sys.stdout.write(f"{told(found)}\n{times}\n")
    return int(bad(found))


def told(found: Counter[str]) -> str:
    """The counts as lines."""
    looked = [f"{name:<36}{found[name]:>12,}" for name in ("rounds", "withheld", "cells", "figures", "unsafe")]
    blind = f"masks moved by permuted answers     {found['moved']:>12,} of {found['permuted']:,}"
    teeth = [f"{name:<36}{found[name]:>12,} of {found['bitten']:,}" for name in UNSAFE]
    return "\n".join([*looked, blind, "known unsafe policies, rounds given away:", *teeth])


def bad(found: Counter[str]) -> bool:
    """Whether a report was unsafe, a mask saw answers, or an unsafe policy was not found out."""
    return found["unsafe"] + found["moved"] > 0 or not all(found[name] for name in UNSAFE)


if __name__ == "__main__":
    sys.exit(main())
