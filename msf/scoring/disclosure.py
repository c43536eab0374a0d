"""Which figures about a family of raters may be shown: decided by counts and settings alone, never by the answers.

Three decisions build a report (`partition`, `item_mask`, `detail_mask`) and one looks at what was built (`gate`).
None of them sees an answer, so no permutation of answers can move what is hidden.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from msf.scoring.counts import Counts

FLOOR = 4  # the smallest `least` any organisation may choose
DETAIL = 10  # answers from which a distribution or an interval from the own spread may be shown
Mask = NDArray[np.bool_]


class Shown(NamedTuple):
    """Which items `[I]` are shown for every block, and which for the family as a whole."""

    per_block: Mask
    family: Mask


class Exposed(NamedTuple):
    """A reason not to publish: on which item, how many people it rests on, and the fact."""

    item: int
    people: int
    fact: str


def checked_least(least: int) -> int:
    """`least` itself, or a ValueError where it is under the floor that no setting may undercut.

    >>> checked_least(3)
    Traceback (most recent call last):
    ValueError: a figure has to rest on at least 4 people; 3 would not keep them confidential
    """
    if least < FLOOR:
        raise ValueError(f"a figure has to rest on at least {FLOOR} people; {least} would not keep them confidential")
    return least


def partition(answered: Mapping[str, int], *, least: int = 5, asked: bool = False) -> list[frozenset[str]]:
    """Pool the groups of one family into blocks of at least `least` raters; empty where the family is too small.

    Groups under `least` are pooled; while the pool has people but too few, the smallest shown group joins it (of equals
    the one configured first: the order of the mapping). Blocks stand in the order of their first group. A group nobody
    answered for joins the pool where there is one, so that it looks like one with few; without a pool it is left out.
    Where every group is known to have been asked (`asked`), such a group makes a pool by itself: otherwise the blocks
    would tell whether the only person of a role had answered.

    >>> [sorted(block) for block in partition({"doctor": 8, "nurse": 6, "admin": 2})]
    [['doctor'], ['admin', 'nurse']]
    >>> [sorted(block) for block in partition({"doctor": 8, "nurse": 6, "admin": 0}, asked=True)]
    [['doctor'], ['admin', 'nurse']]
    >>> partition({"doctor": 3, "nurse": 1})
    []
    """
    checked_least(least)
    if any(people < 0 for people in answered.values()):
        raise ValueError("a group cannot have fewer than no respondents")
    if sum(answered.values()) < least:
        return []
    pool = {group for group, people in answered.items() if people < least}
    shown = [group for group in answered if group not in pool]
    fewest = 0 if asked else 1
    while pool and fewest <= sum(answered[group] for group in pool) < least:
        shown.remove(smallest := min(shown, key=answered.__getitem__))
        pool.add(smallest)
    blocks = [frozenset({group}) for group in shown]
    if any(answered[group] for group in pool):
        blocks.append(frozenset(pool))
    order = list(answered)
    return sorted(blocks, key=lambda block: min(map(order.index, block)))


def item_mask(counts: Counts, *, least: int = 5) -> Shown:
    """From the valid answers `counts[B, I]`: an item is shown per block only if every block has none or enough.

    Else it is shown for the family if enough answered, else not at all. A block with a single answer too few would
    otherwise be the family's figure less the others'.

    >>> item_mask(np.array([[8, 8, 2], [6, 4, 1]]))
    Shown(per_block=array([ True, False, False]), family=array([ True,  True, False]))
    """
    family = counts.sum(axis=0) >= checked_least(least)
    return Shown(family & _none_or(counts, least), family)


def detail_mask(counts: Counts, *, least: int = 5) -> Mask:
    """The items `[I]` whose distribution and own spread may be shown: ten answers in every block shown and in all.

    >>> detail_mask(np.array([[12, 12, 12], [10, 9, 4]])).tolist()
    [True, False, True]
    """
    shown = item_mask(counts, least=least)
    enough = shown.family & (counts.sum(axis=0) >= DETAIL)
    return np.asarray(enough & (_none_or(counts, DETAIL) | ~shown.per_block))


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


def _none_or(counts: Counts, enough: int) -> Mask:
    return np.asarray(((counts == 0) | (counts >= enough)).all(axis=0))


def _exposed(where: Mask, people: Counts, fact: str) -> Iterator[Exposed]:
    for place in zip(*np.nonzero(where), strict=True):
        yield Exposed(int(place[-1]), int(people[place]), fact)
