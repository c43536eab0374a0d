"""Where the true mean probably lies: moderated t intervals of 95 %, never without width, never outside the scale.

The reference standard deviation counts like `PRIOR` answers, so that a group in full agreement still has an interval.
Where few answered the width comes from the reference alone: one from the answers' own spread would, beside the mean,
give single answers away.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from msf.scoring.counts import Counts
from msf.scoring.disclosure import DETAIL

PRIOR = 4
LEVEL = 0.95
LEAST = 3
ORDINARY = 5
POOL = 30
Floats = NDArray[np.float64]


class Limits(NamedTuple):
    """Lower and upper limits in whole tenths of a scale point."""

    low: Counts
    high: Counts


class Interval(NamedTuple):
    """Lower and upper limits; nan in both where there is no interval, which is never shown."""

    low: Floats
    high: Floats


class Moderated(NamedTuple):
    """A variance of single answers and its degrees of freedom; nan and 1 where there is none."""

    variance: Floats
    df: Floats


def chosen_spread(pooled: ArrayLike, practitioners: ArrayLike, reference: ArrayLike = np.nan) -> Floats:
    """The standard deviation to lean on: pooled over at least 30 practitioners, else the questionnaire's, else nan.

    `pooled` and `reference` are nan where there is none; 0, as of an item that everybody answers alike, is none either.

    >>> chosen_spread([0.6, 0.6, np.nan], [30, 29, 0], [0.7, 0.7, np.nan]).tolist()
    [0.6, 0.7, nan]
    """
    own, planned = np.asarray(pooled, np.float64), np.asarray(reference, np.float64)
    if any(((kept < 0) | np.isinf(kept)).any() for kept in (own, planned)):
        raise ValueError("a standard deviation is a finite number, and not negative")
    planned = np.where(planned > 0, planned, np.nan)
    return np.where((np.asarray(practitioners) >= POOL) & (own > 0), own, planned)


def moderated_variance(
    n: ArrayLike, squares: ArrayLike, spread: ArrayLike, *, own_from: int = DETAIL, prior: float = PRIOR
) -> Moderated:
    """The variance of single answers, where `spread` (standard deviation) counts like `prior` answers (Smyth 2004).

    `squares` is the sum of squared deviations of the `n` answers from their mean: (prior spread² + squares) /
    (prior + n - 1), on as many degrees of freedom. Under `own_from` answers it is spread² alone, whatever they said.
    Without a spread (nan) it is the ordinary variance, from five answers that differ; else nothing.

    >>> moderated_variance([5, 12, 12], [2.0, 5.5, 5.5], [0.7, 0.7, np.nan]).variance.round(3).tolist()
    [0.49, 0.497, 0.5]
    """
    people, own = np.asarray(n, np.float64), np.asarray(squares, np.float64)
    known = np.asarray(spread, np.float64)
    if (people < 0).any() or (own < 0).any() or (known <= 0).any() or np.isinf(known).any():
        raise ValueError("counts and squares are not negative, and a standard deviation is a positive number")
    people, own, known = np.broadcast_arrays(people, own, known)
    leaning = (people >= 1) & ~np.isnan(known)
    ordinary = np.isnan(known) & (people >= max(ORDINARY, own_from)) & (own > 0)
    prior_df = np.where(leaning, prior, 0.0)
    df = np.where(leaning | ordinary, prior_df + people - 1, 1.0)
    mixed = (prior_df * np.where(leaning, known, 0.0) ** 2 + own) / np.where(df > 0, df, 1.0)
    variance = np.where(leaning & (people < own_from), known**2, mixed)
    return Moderated(np.where(leaning | ordinary, variance, np.nan), df)


def mean_interval(
    mean: ArrayLike,
    n: ArrayLike,
    squares: ArrayLike,
    spread: ArrayLike,
    *,
    lowest: float,
    highest: float,
    own_from: int = DETAIL,
) -> Interval:
    """The interval of 95 % of any mean of rater scores, by `moderated_variance`, clipped to the scale.

    None (nan) under three answers; shapes broadcast. It always has a width: without a spread to lean on, equal answers
    have no interval.
    A figure that gives no rater away, such as one over practitioners, may use its own spread sooner (`own_from`).

    >>> mean_interval([5.0, 4.5], [15, 2], [0.0, 0.5], 0.7, lowest=1, highest=5).low.round(3).tolist()
    [4.821, nan]
    """
    centre, people = np.asarray(mean, np.float64), np.asarray(n, np.float64)
    if ((centre < lowest) | (centre > highest)).any():
        raise ValueError(f"a mean lies outside the scale from {lowest} to {highest}")
    found = moderated_variance(people, squares, spread, own_from=own_from)
    half = np.where(people >= LEAST, _quantile_at(found.df) * np.sqrt(found.variance / np.maximum(people, 1)), np.nan)
    return Interval(np.maximum(centre - half, lowest), np.minimum(centre + half, highest))


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
    return _quantile_at(PRIOR + n - 1)


def _quantile_at(df: ArrayLike) -> Floats:
    from scipy.special import stdtrit  # noqa: PLC0415  slow to load; only reports need it

    return np.asarray(stdtrit(df, (1 + LEVEL) / 2))


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
