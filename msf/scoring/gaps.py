"""A practitioner's own answers against those of others: gaps with limits, their size, and four cells against a line."""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from msf.scoring.counts import Counts, Ratings
from msf.scoring.intervals import Floats, Interval

CLEAR = 0.5


class Size(IntEnum):
    """How a gap is named; the words for it must not presume that people rate themselves too high."""

    NONE = 0
    ALIKE = 1
    OWN_HIGHER = 2
    OWN_LOWER = 3


class Cell(IntEnum):
    """Where own answer and others lie to the line."""

    NONE = 0
    AGREED_STRENGTH = 1
    AGREED_NEED = 2
    UNSEEN_STRENGTH = 3
    BLIND_SPOT = 4


class Gaps(NamedTuple):
    """Own answer less the mean of others, its limits of 95 %, and a `Size`; nan and NONE where there is no gap."""

    gap: Floats
    low: Floats
    high: Floats
    size: NDArray[np.int8]


def common_items(own: Ratings, counts: Counts, domains: Sequence[Sequence[int]]) -> list[list[int]]:
    """The places of each domain's items that the practitioner answered, `own[I]`, and others too, `counts[I, A]`.

    Domain figures of both sides are made of these alone.

    >>> common_items(np.array([5, 0, 4], np.int8), np.array([[0, 0, 0, 1, 3], [0, 0, 0, 2, 2], [0] * 5]), [[0, 1], [2]])
    [[0], []]
    """
    if own.ndim != 1 or counts.shape[:-1] != own.shape:
        raise ValueError("the practitioner's answers and the counts of others are about the same items")
    both = (own >= 1) & (own <= counts.shape[-1]) & (counts.sum(axis=-1) > 0)
    return [[place for place in places if both[place]] for places in domains]


def own_values(own: Ratings, points: int) -> Floats:
    """The practitioner's answers as floats, nan for every non-answer: no answer, no gap.

    >>> own_values(np.array([5, 0, 101], np.int8), 5).tolist()
    [5.0, nan, nan]
    """
    return np.where((own >= 1) & (own <= points), own, np.nan)


def gaps(own: ArrayLike, others: ArrayLike, limits: Interval, *, least: float = CLEAR) -> Gaps:
    """Own figures less the means of others, with the limits of those means turned round; all of one shape.

    The practitioner's own answer is one fixed number. A gap has a direction where it is at least `least` scale points
    and its limits leave out 0, else both are alike; without limits nothing is claimed (NONE).

    >>> found = gaps([5.0, 4.0], [4.0, 3.8], Interval(np.array([3.7, 3.4]), np.array([4.3, 4.2])))
    >>> [Size(size).name for size in found.size], found.low.round(1).tolist()
    (['OWN_HIGHER', 'ALIKE'], [0.7, -0.2])
    """
    if not least >= 0:
        raise ValueError("the least clear gap is not negative")
    mine = np.asarray(own, np.float64)
    gap, low, high = mine - np.asarray(others, np.float64), mine - limits.high, mine - limits.low
    # A gap of exactly half a point may come out a hair smaller in floats.
    clear = (np.abs(gap) >= least - 1e-9) & ((low > 0) | (high < 0))
    directed = np.where(gap > 0, Size.OWN_HIGHER, Size.OWN_LOWER)
    size = np.where(np.isnan(low + high), Size.NONE, np.where(clear, directed, Size.ALIKE))
    return Gaps(gap, low, high, size.astype(np.int8))


def cells(own: ArrayLike, others: ArrayLike, line: ArrayLike) -> NDArray[np.int8]:
    """The `Cell` of each pair against the line of a benchmark or of the scale; on the line counts as above it.

    >>> [Cell(cell).name for cell in cells([5, 3, 3, 5, np.nan], [4.5, 3.2, 4.5, 3.2, 4.0], 4.0)]
    ['AGREED_STRENGTH', 'AGREED_NEED', 'UNSEEN_STRENGTH', 'BLIND_SPOT', 'NONE']
    """
    mine, theirs, at = np.broadcast_arrays(*(np.asarray(part, np.float64) for part in (own, others, line)))
    seen = np.where(theirs >= at, Cell.UNSEEN_STRENGTH, Cell.AGREED_NEED)
    claimed = np.where(theirs >= at, Cell.AGREED_STRENGTH, Cell.BLIND_SPOT)
    cell = np.where(mine >= at, claimed, seen)
    return np.where(np.isnan(mine + theirs + at), Cell.NONE, cell).astype(np.int8)
