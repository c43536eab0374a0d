"""Where a mean stands among those of comparators: mid-rank percentiles, and quartiles by one declared definition."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from msf.scoring.intervals import Floats

DIGITS = 9  # means that differ by less are the same mean, computed in another order


class Quartiles(NamedTuple):
    """In the unit of the means."""

    lower: float
    median: float
    upper: float


def percentile(comparators: ArrayLike, means: ArrayLike) -> Floats:
    """100 (below + equal / 2) / N of each mean among N comparators, in any order, none of them the practitioner itself.

    With tied, skewed scores "below" and "at or below" differ by tens of points; the middle does right by both ends.

    >>> percentile([40, 45, 45, 50], [45, 50, 30]).tolist()
    [50.0, 87.5, 0.0]
    """
    among, places = np.sort(_means(comparators)), _means(means)
    if not among.size:
        raise ValueError("without comparators there is no percentile")
    below, to = np.searchsorted(among, places, side="left"), np.searchsorted(among, places, side="right")
    return np.asarray(50 * (below + to) / among.size)


def quartiles(comparators: ArrayLike) -> Quartiles:
    """Quartiles by linear interpolation between ranks, (N - 1) p + 1: type 7 of Hyndman & Fan 1996, no other.

    >>> quartiles([1, 2, 3, 4])
    Quartiles(lower=1.75, median=2.5, upper=3.25)
    """
    among = _means(comparators)
    if not among.size:
        raise ValueError("without comparators there are no quartiles")
    return Quartiles(*np.quantile(among, [0.25, 0.5, 0.75], method="linear").tolist())


def _means(values: ArrayLike) -> Floats:
    found = np.asarray(values, np.float64)
    if not np.isfinite(found).all():
        raise ValueError("means are finite numbers")
    return np.round(found, DIGITS)
