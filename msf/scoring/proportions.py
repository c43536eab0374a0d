"""Shares of raters and differences of shares, with score intervals that hold at none and at all."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from msf.scoring.intervals import LEVEL, Floats, Interval


class ShareDifference(NamedTuple):
    """One share less another, with the limits of 95 %; nan in all three where either is a share of nobody."""

    difference: Floats
    low: Floats
    high: Floats


def wilson(having: ArrayLike, n: ArrayLike) -> Interval:
    """The score interval of 95 % of the share having / n (Wilson 1927), without continuity correction.

    (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), exactly 0 at none and exactly 1 at all; nan where n = 0. Shapes
    broadcast.

    >>> low, high = wilson([0, 3, 10], 10)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.108, 0.722], [0.278, 0.603, 1.0])
    """
    some, people = _fitting(having, n)
    z2 = _normal_quantile() ** 2
    share = some / people
    half = np.sqrt(z2 * (share * (1 - share) / people + z2 / (4 * people**2)))
    low, high = ((share + z2 / (2 * people) + side * half) / (1 + z2 / people) for side in (-1, 1))
    return Interval(
        np.where((some == 0) & (people > 0), 0.0, np.maximum(low, 0)),
        np.where(some == people, 1.0, np.minimum(high, 1)),
    )


def newcombe(having: ArrayLike, n: ArrayLike, other_having: ArrayLike, other_n: ArrayLike) -> ShareDifference:
    """The first share less the second, by Newcombe's hybrid score interval (1998, Stat Med 17:873, method 10).

    Each side is the root of the sum of squares of how far the Wilson limits lie from their shares. The groups have no
    rater in common.

    >>> [round(float(part), 4) for part in newcombe(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    (one, one_n), (two, two_n) = _fitting(having, n), _fitting(other_having, other_n)
    first, second = wilson(having, n), wilson(other_having, other_n)
    share, other = one / one_n, two / two_n
    difference = share - other
    below = np.hypot(share - first.low, second.high - other)
    above = np.hypot(first.high - share, other - second.low)
    return ShareDifference(difference, difference - below, difference + above)


def _fitting(having: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Both as floats of one shape, nan for n where nobody answered, so that a share of nobody stays undefined."""
    some, people = np.broadcast_arrays(np.asarray(having, np.float64), np.asarray(n, np.float64))
    if not ((some >= 0) & (some <= people) & np.isfinite(people)).all():
        raise ValueError("of n raters between none and all have it")
    return some, np.where(people > 0, people, np.nan)


def _normal_quantile() -> float:
    from scipy.special import ndtri  # noqa: PLC0415  slow to load; only reports need it

    return float(ndtri((1 + LEVEL) / 2))
