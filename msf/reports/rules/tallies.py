"""Counts of one family's answers: they add over chunks, pool over groups, and keep nobody's answers together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from msf.instruments import BLANK, CANNOT_SAY, NOT_APPLICABLE
from msf.scoring.counts import Counts, Ratings, count_codes, count_values

REASONS = (BLANK, NOT_APPLICABLE, CANNOT_SAY)


@dataclass(frozen=True, slots=True, eq=False)
class FamilyTally:
    """Who answered what in one family: `counts[B, I, A]` of values by block, `non_answers[I, 3]` for all together.

    Blocks are tuples of groups in configured order; `members` are the people of each, all `raters` together. Where the
    family is too small to be partitioned there are no blocks, and only `raters` and `non_answers` are known.
    """

    family: str
    raters: int
    blocks: tuple[tuple[str, ...], ...]
    counts: Counts
    non_answers: Counts
    members: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.counts.ndim != 3 or self.non_answers.shape != (self.counts.shape[1], len(REASONS)):
            raise ValueError("counts are by block, item and value; non-answers by item and reason")
        if not len(self.blocks) == len(self.members) == len(self.counts):
            raise ValueError("every block has its members and its counts")
        groups = [group for block in self.blocks for group in block]
        if len(set(groups)) < len(groups):
            raise ValueError("blocks may not share a group")
        if self.blocks and not self._adds_up():
            raise ValueError("every rater belongs to one block and gave every item an answer or a reason for none")

    def __add__(self, other: "FamilyTally") -> "FamilyTally":
        """The two together; both have to be of one family, in the same blocks."""
        if (self.family, self.blocks) != (other.family, other.blocks):
            raise ValueError("only tallies of one family in the same blocks can be added")
        return FamilyTally(
            self.family,
            self.raters + other.raters,
            self.blocks,
            self.counts + other.counts,
            self.non_answers + other.non_answers,
            tuple(a + b for a, b in zip(self.members, other.members, strict=True)),
        )

    @property
    def answered(self) -> dict[str, int]:
        """How many answered in each group, for `partition`; only while every block is still one group."""
        return {group: people for (group,), people in zip(self.blocks, self.members, strict=True)}

    def _adds_up(self) -> bool:
        by_block = self.counts.sum(axis=2)
        whole = by_block.sum(axis=0) + self.non_answers.sum(axis=1)
        within = by_block <= np.asarray(self.members)[:, None]
        return sum(self.members) == self.raters and bool((whole == self.raters).all() and within.all())


def tally(
    family: str,
    ratings: Ratings,
    block_index: NDArray[np.integer],
    blocks: Sequence[tuple[str, ...]],
    points: int,
) -> FamilyTally:
    """Count `ratings[n, I]` of raters whose blocks are `blocks[block_index]`, on a scale of 1..points.

    A ValueError where an answer is neither on the scale nor one of the three reasons for none.
    """
    raters, items = ratings.shape
    everyone = np.zeros(raters, np.intp)
    counts = np.zeros((0, items, points), np.int64)
    if blocks:
        counts = count_values(ratings, block_index, len(blocks), points)
    non_answers = count_codes(ratings, everyone, 1, REASONS)[0]
    if int(count_values(ratings, everyone, 1, points).sum() + non_answers.sum()) != ratings.size:
        raise ValueError(f"an answer is neither 1 to {points} nor a reason for giving none")
    people = np.bincount(block_index, minlength=len(blocks)) if blocks else ()
    members = tuple(int(count) for count in people)
    return FamilyTally(family, raters, tuple(blocks), counts, non_answers, members)


def pool(by_group: FamilyTally, partition: Iterable[frozenset[str]]) -> FamilyTally:
    """The tally in the blocks of a partition; a group left out may have no raters, unless all are."""
    place = {group: row for row, block in enumerate(by_group.blocks) for group in block}
    blocks = [tuple(sorted(block, key=place.__getitem__)) for block in partition]
    rows = [sorted({place[group] for group in block}) for block in blocks]
    counts = np.array([by_group.counts[row].sum(axis=0) for row in rows], np.int64)
    return FamilyTally(
        by_group.family,
        by_group.raters,
        tuple(blocks),
        counts.reshape(len(blocks), *by_group.counts.shape[1:]),
        by_group.non_answers,
        tuple(sum(by_group.members[place] for place in row) for row in rows),
    )
