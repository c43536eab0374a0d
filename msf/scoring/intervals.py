"""Where the true mean probably lies: moderated t intervals of 95 %, never without width, never outside the scale.

The reference standard deviation counts like `PRIOR` answers, so that a group in full agreement still has an interval.
Where few answered the width comes from the reference alone: one from the answers' own spread would, beside the mean,
give single answers away.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from msf.scoring.counts import Counts

PRIOR = 4
LEVEL = 0.95
Floats = NDArray[np.float64]


class Limits(NamedTuple):
    """Lower and upper limits in whole tenths of a scale point."""

    low: Counts
    high: Counts


def fixed_half_width(n: Counts, reference: float) -> Floats:
    """Half the width for n >= 1 answers from the reference standard deviation alone.

    >>> fixed_half_width(np.array([5, 9]), 0.7).round(3).tolist()
    [0.722, 0.508]
    """
    return _quantile(n) * _positive(reference) / np.sqrt(n)


def moderated_half_width(counts: Counts, reference: float) -> Floats:
    """Half the width from `counts[..., A]` (how many gave each value, at least one answer), own spread moderated.

    >>> moderated_half_width(np.array([0, 0, 0, 0, 15]), 0.7).round(3).tolist()
    0.179
    """
    n, between = counts.sum(axis=-1), _scaled_squares(counts)
    variance = (PRIOR * _positive(reference) ** 2 + between / n) / (PRIOR + n - 1)
    return np.asarray(_quantile(n) * np.sqrt(variance / n))


def limits(mean: Floats, half_width: Floats, *, lowest: int, highest: int) -> Limits:
    """Round to tenths and clip to the scale; where rounding leaves no width, a tenth is given to each side.

    >>> limits(np.array([4.6, 5.0]), np.array([0.31, 0.02]), lowest=1, highest=5)
    Limits(low=array([43, 49]), high=array([49, 50]))
    """
    low, high = _tenths(mean - half_width), _tenths(mean + half_width)
    flat = np.minimum(high, 10 * highest) <= np.maximum(low, 10 * lowest)
    return Limits(np.maximum(low - flat, 10 * lowest), np.minimum(high + flat, 10 * highest))


def _quantile(n: Counts) -> Floats:
    from scipy.special import stdtrit  # noqa: PLC0415  slow to load; only reports need it

    return np.asarray(stdtrit(PRIOR + n - 1, (1 + LEVEL) / 2))


def _scaled_squares(counts: Counts) -> Counts:
    """`n` times the sum of squared deviations, in whole numbers, so that equal answers give exactly nothing."""
    values = np.arange(1, counts.shape[-1] + 1)
    return np.asarray(counts.sum(axis=-1) * (counts @ values**2) - (counts @ values) ** 2)


def _tenths(values: Floats) -> Counts:
    return np.floor(10 * values + 0.5 + 1e-9).astype(np.int64)


def _positive(reference: float) -> float:
    if not 0 < reference < np.inf:
        raise ValueError(f"the reference standard deviation has to be a positive number, not {reference}")
    return reference
