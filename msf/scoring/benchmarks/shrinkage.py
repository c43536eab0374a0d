"""A mean beside what its few raters allow to believe: standardised, or drawn toward all practitioners with a range."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from msf.scoring.generalisability import NORMAL_95, Components, coefficient, standard_error
from msf.scoring.intervals import Floats

LOWEST_TENTH = -1.2815515655446004  # the normal quantile of 0.1


class Shrunken(NamedTuple):
    """True scores as far as they are known: mean and standard deviation in score points, percentile with 95 % range.

    `lowest_tenth` is the probability, 0..1, of lying among the lowest tenth of practitioners.

    For showing beside the raw mean, never in its place: shrinkage hides the small and poor.
    """

    mean: Floats
    deviation: Floats
    percentile: Floats
    low: Floats
    high: Floats
    lowest_tenth: Floats


def standardised(found: Components, means: ArrayLike, n: ArrayLike) -> Floats:
    """z = (m - mu) / sqrt(s2p + s2r / n): over the spread of all observed means instead, few raters would be punished.

    >>> standardised(Components(4.0, 0.1, 0.4), [4.5, 4.5], [4, 40]).round(3).tolist()
    [1.118, 1.508]
    """
    spread = np.sqrt(found.between + standard_error(found, n) ** 2)
    return np.asarray((_finite(means) - found.mean) / spread)


def shrunken(found: Components, means: ArrayLike, n: ArrayLike) -> Shrunken | None:
    """The empirical Bayes means t = mu + G (m - mu) of n raters, with posterior deviation sqrt(s2p (1 - G)).

    They are Kelley's regressed true scores and the best linear unbiased predictions (Robinson 1991, Stat Sci 6:15). The
    percentile is 100 Phi((t - mu) / sqrt(s2p)), its range that of t -+ 1.96 deviations. None where s2p is 0: those who
    do not differ are in no order.

    >>> found = shrunken(Components(4.0, 0.1, 0.4), [3.5, 3.5], [4, 36])
    >>> found.mean.round(3).tolist(), found.percentile.round(1).tolist(), found.lowest_tenth.round(3).tolist()
    ([3.75, 3.55], [21.5, 7.7], [0.244, 0.673])
    """
    from scipy.special import ndtr  # noqa: PLC0415  slow to load; only benchmarks need it

    reliability = coefficient(found, n)
    if found.between == 0:
        return None
    spread = np.sqrt(found.between)
    true = reliability * (_finite(means) - found.mean) / spread  # in standard deviations of practitioners
    around = np.sqrt(1 - reliability)
    return Shrunken(
        mean=found.mean + spread * true,
        deviation=np.asarray(spread * around),
        percentile=100 * ndtr(true),
        low=100 * ndtr(true - NORMAL_95 * around),
        high=100 * ndtr(true + NORMAL_95 * around),
        lowest_tenth=ndtr((LOWEST_TENTH - true) / around),
    )


def _finite(means: ArrayLike) -> Floats:
    found = np.asarray(means, np.float64)
    if not np.isfinite(found).all():
        raise ValueError("means are finite numbers")
    return found
