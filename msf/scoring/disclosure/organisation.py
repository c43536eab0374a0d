"""Figures of many practitioners: enough of them, none of them dominant, in fixed parts and periods, complements too.

`many` is the rule from sums, as programmes keep them; `organisation_mask` the same from every practitioner's numbers,
with fixed parts.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from msf.scoring.counts import Counts
from msf.scoring.disclosure.floor import PRACTITIONERS, checked_least
from msf.scoring.disclosure.masks import Mask

Weights = Literal["answers", "practitioners"]


class Programme(NamedTuple):
    """Which items `[I]` are shown for every part of an organisation, and which for the organisation as a whole."""

    per_part: Mask
    whole: Mask


def organisation_mask(
    answers: Counts,
    shown: Mask,
    part: NDArray[np.integer],
    *,
    weights: Weights = "practitioners",
    least: int = 5,
    practitioners: int = PRACTITIONERS,
) -> Programme:
    """From the answers to each practitioner's items in one period, and what their frozen reports show: both `[P, I]`.

    `part[P]` says which one fixed part (a department, a profession) each belongs to; other slices do not exist. What a
    practitioner's own report does not show is in no figure. An item is shown by part only if every part has nobody or
    enough; so whatever shown parts leave of the whole is made of enough too. Enough are `practitioners` besides any one
    of them who may be the reader, `least` answers besides theirs, and, where `weights` are by answers, nobody
    with over half of what is left. A mean of practitioners' means gives each the same weight, so nobody has over half.

    >>> answers = np.full((12, 1), 8)
    >>> organisation_mask(answers, answers > 0, np.repeat([0, 1], [6, 6]))
    Programme(per_part=array([ True]), whole=array([ True]))
    >>> organisation_mask(answers, answers > 0, np.repeat([0, 1], [7, 5]))
    Programme(per_part=array([False]), whole=array([ True]))
    """
    checked_least(least)
    if practitioners < PRACTITIONERS:
        raise ValueError(f"a figure of many rests on at least {PRACTITIONERS} practitioners besides the reader")
    given = np.where(shown, answers, 0)
    if ((given > 0) & (given < least)).any():
        raise ValueError("a frozen report shows nothing that rests on so few people")
    whole = _enough(given, practitioners, least, weights)
    parts = [given[part == place] for place in np.unique(part)]
    each = [(own == 0).all(axis=0) | _enough(own, practitioners, least, weights) for own in parts]
    return Programme(np.logical_and.reduce([whole, *each]), whole)


def _enough(given: Counts, practitioners: int, least: int, weights: Weights) -> Mask:
    padded = np.sort(np.vstack([given, np.zeros((2, given.shape[1]), np.int64)]), axis=0)
    people, answers, most = (given > 0).sum(axis=0), given.sum(axis=0), padded[:-3:-1].T
    return many(people, answers, most, least=least, weights=weights, practitioners=practitioners)


def many(
    people: Counts,
    answers: Counts,
    most: Counts,
    *,
    least: int = 5,
    weights: Weights = "practitioners",
    practitioners: int = PRACTITIONERS,
) -> Mask:
    """Whether what is left without any one practitioner rests on enough others, each with at most half of it.

    From sums: of each item `[I]` how many `people` (practitioners) and `answers` there are, and the two largest numbers
    of answers of one practitioner, `most[I, 2]`, largest first. Where answers count alike, the largest may have at most
    half of what the second largest, who may be the reader, leaves. That is the worst case: any other reader leaves
    more, or leaves out the largest. It holds for parts put together where it holds for each, so for every complement.

    >>> many(np.array([6, 6]), np.array([60, 30]), np.array([[20, 10], [20, 4]]), weights="answers").tolist()
    [True, False]
    """
    first, second = most.T
    enough = (people > practitioners) & (answers - first >= checked_least(least))
    return np.asarray(enough if weights == "practitioners" else enough & (2 * first <= answers - second))


def checked_periods(periods: Sequence[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    """Periods from a first to a last day, in order and without a day in two of them; a ValueError otherwise.

    Periods that overlap could be subtracted from each other.

    >>> checked_periods([(date(2027, 1, 1), date(2027, 6, 30)), (date(2027, 6, 30), date(2027, 12, 31))])
    Traceback (most recent call last):
    ValueError: a day may belong to one period only
    """
    if any(first > last for first, last in periods):
        raise ValueError("a period ends before it begins")
    if any(later[0] <= earlier[1] for earlier, later in pairwise(periods)):
        raise ValueError("a day may belong to one period only")
    return tuple(periods)
