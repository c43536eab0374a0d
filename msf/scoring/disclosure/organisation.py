"""Figures of many practitioners: enough of them, none of them dominant, in fixed parts and periods, complements too.

No page of the product shows such figures yet; the rules are here, tested, for the ones that will.
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
    """Whether what is left without any one practitioner rests on enough others, each with at most half of it."""
    people = (given > 0).sum(axis=0)
    left = given.sum(axis=0) - given.max(axis=0, initial=0)
    enough = (people > practitioners) & (left >= least)
    return np.asarray(enough if weights == "practitioners" else enough & _nobody_dominates(given))


def _nobody_dominates(given: Counts) -> Mask:
    """Whether the largest has at most half of what the second largest, who may be the reader, leaves.

    That is the worst case: any other reader leaves more, or leaves out the largest. It holds for parts put together
    where it holds for each, so for every complement.
    """
    if len(given) < 2:
        return np.zeros(given.shape[1], bool)
    second, first = np.sort(given, axis=0)[-2:]
    return np.asarray(2 * first <= given.sum(axis=0) - second)


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
