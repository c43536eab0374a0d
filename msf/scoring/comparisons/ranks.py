"""Two samples by their order alone: ties and unequal spread allowed, with the chance that one lies above the other."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from msf.scoring.comparisons.groups import OFFERED
from msf.scoring.counts import Counts
from msf.scoring.intervals import LEVEL, Floats


class Ranked(NamedTuple):
    """The relative effect P(X < Y) + P(X = Y) / 2, its limits of 95 % and p; nan in what cannot be said."""

    effect: Floats
    low: Floats
    high: Floats
    p: Floats


def brunner_munzel(first: ArrayLike, second: ArrayLike) -> Ranked:
    """The test of Brunner and Munzel (2000, Biom J 42:17) of two samples of numbers, by `brunner_munzel_of_counts`.

    >>> [round(float(part), 3) for part in brunner_munzel([1, 2, 3, 3, 4], [3, 4, 5, 5, 5])]
    [0.9, 0.677, 1.0, 0.004]
    """
    one, two = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if one.ndim != 1 or two.ndim != 1 or not (np.isfinite(one).all() and np.isfinite(two).all()):
        raise ValueError("samples are rows of finite numbers")
    values, place = np.unique(np.concatenate([one, two]), return_inverse=True)
    size = max(len(values), 1)
    return brunner_munzel_of_counts(
        np.bincount(place[: len(one)], minlength=size), np.bincount(place[len(one) :], minlength=size)
    )


def brunner_munzel_of_counts(first: Counts, second: Counts) -> Ranked:
    """The same from how many gave each value in ascending order, `[..., A]`, so that it adds over chunks.

    Each answer's placement is the share of the other sample below it and half of its ties; the effect is the mean
    placement, its variance the sum of the placements' variances over their numbers, with Satterthwaite's degrees of
    freedom. Limits and p are nan under five in either sample and where placements do not vary, as when the samples do
    not overlap: the effect, then 0 or 1, says it all. Undefined (nan) with nobody in a sample.

    >>> brunner_munzel_of_counts(np.array([0, 1, 4]), np.array([5, 0, 0])).effect.tolist()
    0.0
    """
    from scipy.special import stdtr, stdtrit  # noqa: PLC0415  slow to load; only programmes need it

    one_n, two_n = (np.where(counts.sum(axis=-1) > 0, counts.sum(axis=-1), np.nan) for counts in (first, second))
    one = _placed_variance(first, second, one_n, two_n)
    two = _placed_variance(second, first, two_n, one_n)
    effect = (second * _placements(first, one_n)).sum(axis=-1) / two_n
    usable = (np.fmin(one_n, two_n) >= OFFERED) & (one + two > 0)
    error = np.where(usable, one + two, np.nan)
    df = error**2 / (one**2 / np.maximum(one_n - 1, 1) + two**2 / np.maximum(two_n - 1, 1) + ~usable)
    half = stdtrit(df, (1 + LEVEL) / 2) * np.sqrt(error)
    p = 2 * stdtr(df, -np.abs(effect - 0.5) / np.sqrt(error))
    return Ranked(np.asarray(effect), np.maximum(effect - half, 0), np.minimum(effect + half, 1), np.asarray(p))


def _placements(counts: Counts, n: Floats) -> Floats:
    """For each value, the share of `counts` below it and half of the share at it."""
    return np.asarray((counts.cumsum(axis=-1) - counts / 2) / n[..., None])


def _placed_variance(counts: Counts, other: Counts, n: Floats, other_n: Floats) -> Floats:
    """The variance of the mean placement of `counts` among `other`; exactly 0 where all are placed alike."""
    placed = _placements(other, other_n)
    about = placed - (counts * placed).sum(axis=-1, keepdims=True) / n[..., None]
    squares = (counts * about**2).sum(axis=-1)
    return np.asarray(np.where(squares > 1e-20 * n, squares, 0.0) / np.maximum(n - 1, 1) / n)
