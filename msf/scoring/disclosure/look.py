"""The last look at figures that were built: whatever would rest on too few people is named, and nothing is repaired."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from msf.scoring.counts import Counts
from msf.scoring.disclosure.floor import DETAIL, checked_least
from msf.scoring.disclosure.masks import Mask


class Exposed(NamedTuple):
    """A reason not to publish: on which item, how many people it rests on, and the fact."""

    item: int
    people: int
    fact: str


def gate(counts: Counts, per_block: Mask, family: Mask, detail: Mask, *, least: int = 5) -> tuple[Exposed, ...]:
    """Why figures may not be published, or nothing: the last look, exact, from counts alone.

    `counts[B, I]` are the valid answers of disjoint blocks, `per_block[B, I]` and `family[I]` the figures to be
    published, `detail[I]` the items published with distribution or own spread. The unknowns are rater by item, each
    owned by its rater. Figures of different items share no unknown, so a combination rests on at least the people of
    its part on one item. There, the published sums of disjoint blocks and of the family span exactly the sums of the
    shown blocks and of what the family less those blocks leaves: each of these has to have nobody or enough people.
    Domain figures are functions of shown item figures and add nothing. `msf.scoring.oracle` finds the same without
    this argument.
    """
    checked_least(least)
    rest = np.where(per_block, 0, counts).sum(axis=0)
    return (
        *_exposed(per_block & (counts < least), counts, "a block's figure rests on too few people"),
        *_exposed(family & (counts.sum(axis=0) == 0), rest, "a family's figure rests on nobody"),
        *_exposed(family & (rest > 0) & (rest < least), rest, "the family's figure less its blocks' rests on too few"),
        *_exposed(per_block & detail & (counts < DETAIL), counts, "a block too small for it comes with a distribution"),
        *_exposed(detail & (rest > 0) & (rest < DETAIL), rest, "a distribution rests on too few people"),
    )


def _exposed(where: Mask, people: Counts, fact: str) -> Iterator[Exposed]:
    for place in zip(*np.nonzero(where), strict=True):
        yield Exposed(int(place[-1]), int(people[place]), fact)
