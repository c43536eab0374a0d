"""What one family gave, rater by item, and what each published figure rests on in it, as rows for the oracle."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import lcm

import numpy as np
from numpy.typing import NDArray

from msf.instruments import Questionnaire
from msf.reports.rules.cells import ALL, Block, Cell
from msf.reports.rules.tallies import FamilyTally, tally
from msf.scoring.counts import Ratings
from msf.scoring.disclosure import DETAIL, Mask
from msf.scoring.oracle import Figures, unsafe_sums

Place = tuple[Block, str, str]
LARGE = 2**62  # from here on numpy's own whole numbers may not hold a coefficient


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """The `ratings[R, I]` of a family whose raters stand in `blocks[index[R]]`, as they were frozen at the close."""

    questionnaire: Questionnaire
    family: str
    ratings: Ratings
    index: NDArray[np.integer]
    blocks: tuple[tuple[str, ...], ...]

    def tally(self) -> FamilyTally:
        """The same, counted."""
        return tally(self.family, self.ratings, self.index, self.blocks, self.questionnaire.scale.size)

    def valid(self) -> Mask:
        """Who answered what with a value: `[R, I]`."""
        return np.asarray((self.ratings >= 1) & (self.ratings <= self.questionnaire.scale.size))

    def members(self, block: Block) -> Mask:
        """Who stands in a block `[R]`; nobody in one that is not among the frozen ones."""
        if block == ALL:
            return np.ones(len(self.index), bool)
        return np.asarray(self.index == (self.blocks.index(block) if block in self.blocks else -1))


def exposed(given: Given, cells: Iterable[Cell], *, least: int) -> str | None:
    """What gives fewer than `least` raters away where these cells of the family are published; None where nothing does.

    Three looks, each over all figures at once. Values: the unknowns are rater by item with a value; a mean, its limits
    and each count of a distribution rest on the same people, so one row stands for them. Numbers of answers: the
    unknowns are whether each rater of a block gave a value. Distributions: as values, for ten people.
    """
    places: dict[Place, set[str]] = {}
    for cell in cells:
        places.setdefault((cell.block, cell.scope, cell.id), set()).add(cell.statistic)
    spread = [place for place, found in places.items() if any(name.startswith("count_") for name in found)]
    valid = given.valid()
    looks = (
        ("values", list(places), valid, least),
        ("numbers of answers", [place for place in places if place[1] == "item"], np.ones_like(valid), least),
        ("distributions", spread, valid, DETAIL),
    )
    for name, some, who, people in looks:
        if some and unsafe_sums(rows(given, some, who), owners(given), least=people) is not None:
            return name
    return None


def owners(given: Given) -> NDArray[np.integer]:
    """Whose each unknown is, in the order of the columns of `rows`."""
    raters, items = given.ratings.shape
    return np.repeat(np.arange(raters), items)


def rows(given: Given, places: Iterable[Place], who: Mask) -> Figures:
    """One row a figure, one column for each rater by item: a sum for an item, a weighted sum of items for a domain."""
    columns = _columns(given.questionnaire)
    blocks: dict[Block, Figures] = {}
    found = []
    for block, _, name in places:
        if block not in blocks:
            blocks[block] = (given.members(block)[:, None] & who).astype(np.int64)
        own = columns[name]
        weights = _weights(blocks[block][:, own])
        row = np.zeros(who.shape, weights.dtype)
        row[:, own] = blocks[block][:, own] * weights
        found.append(row.ravel())
    return np.array(found).reshape(len(found), who.size)


def _columns(questionnaire: Questionnaire) -> dict[str, list[int]]:
    """The columns of every item and, by the domain's name, of all its items."""
    found: dict[str, list[int]] = {}
    for place, item in enumerate(questionnaire.items):
        found.setdefault(item.domain, []).append(place)
    return found | {item.id: [place] for place, item in enumerate(questionnaire.items)}


def _weights(own: Figures) -> Figures:
    """What makes a mean of item means a sum in whole numbers, of any size: each item divided by how many answered."""
    people = [max(int(count), 1) for count in own.sum(axis=0)]
    whole = lcm(*people)
    return np.array([whole // count for count in people], np.int64 if whole < LARGE else object)
