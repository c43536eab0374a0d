"""Means of groups against each other, from how many, their means and squares: two of a report, or several."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from msf.scoring.disclosure import DETAIL
from msf.scoring.intervals import LEVEL, Floats, moderated_variance

OFFERED = 5


class Difference(NamedTuple):
    """One mean less another, its limits of 95 % and p; nan in what cannot be said."""

    difference: Floats
    low: Floats
    high: Floats
    p: Floats


class Welch(NamedTuple):
    """Whether several means differ at all."""

    f: float
    df1: float
    df2: float
    p: float


class Pairwise(NamedTuple):
    """Every pair of groups `first[k] < second[k]`: mean of the first less that of the second, limits of 95 %, p."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    difference: Floats
    low: Floats
    high: Floats
    p: Floats


def group_difference(
    mean: ArrayLike,
    n: ArrayLike,
    squares: ArrayLike,
    other_mean: ArrayLike,
    other_n: ArrayLike,
    other_squares: ArrayLike,
    *,
    spread: ArrayLike,
    other_spread: ArrayLike,
    own_from: int = DETAIL,
) -> Difference:
    """The mean of one group less that of another, as Welch (1947) has it, with the variances of `moderated_variance`.

    `squares` are the sums of squared deviations from each mean. Limits and p under five raters in either group are nan,
    and so they are without a spread to lean on where ordinary variances do not exist. A mean of nobody (nan) has no
    difference. Limits are not clipped: a difference is not a place on the scale.

    >>> found = group_difference(4.5, 12, 5.0, 3.9, 10, 6.0, spread=0.7, other_spread=0.7)
    >>> [round(float(part), 3) for part in found]
    [0.6, -0.05, 1.25, 0.069]
    """
    from scipy.special import stdtr, stdtrit  # noqa: PLC0415  slow to load; only reports need it

    sizes = [np.asarray(people, np.float64) for people in (n, other_n)]
    one = moderated_variance(n, squares, spread, own_from=own_from)
    two = moderated_variance(other_n, other_squares, other_spread, own_from=own_from)
    offered = np.minimum(*sizes) >= OFFERED
    parts = [found.variance / np.maximum(people, 1) for found, people in zip((one, two), sizes, strict=True)]
    error = np.where(offered, parts[0] + parts[1], np.nan)
    df = error**2 / sum(part**2 / np.maximum(found.df, 1) for part, found in zip(parts, (one, two), strict=True))
    difference = np.asarray(mean, np.float64) - np.asarray(other_mean, np.float64)
    half = stdtrit(df, (1 + LEVEL) / 2) * np.sqrt(error)
    p = 2 * stdtr(df, -np.abs(difference) / np.sqrt(error))
    return Difference(difference, difference - half, difference + half, np.asarray(p))


def welch_anova(mean: ArrayLike, n: ArrayLike, squares: ArrayLike) -> Welch | None:
    """Whether the means of several groups differ, with unequal variances (Welch 1951); None where that cannot be told.

    That is where a group has fewer than two units or no spread at all.

    >>> found = welch_anova([4.5, 4.1, 3.8], [12, 15, 9], [3.0, 5.5, 4.0])
    >>> [round(part, 4) for part in found]
    [3.4658, 2, 19.0388, 0.052]
    """
    from scipy.special import fdtrc  # noqa: PLC0415  slow to load; only programmes need it

    means, people, variance = _groups(mean, n, squares)
    if not (variance > 0).all():
        return None
    k, weight = len(means), people / variance
    centre = weight @ means / weight.sum()
    loss = float(((1 - weight / weight.sum()) ** 2 / (people - 1)).sum())
    f = float(weight @ (means - centre) ** 2) / (k - 1) / (1 + 2 * (k - 2) * loss / (k**2 - 1))
    df2 = (k**2 - 1) / (3 * loss)
    return Welch(f, k - 1, df2, float(fdtrc(k - 1, df2, f)))


def games_howell(mean: ArrayLike, n: ArrayLike, squares: ArrayLike) -> Pairwise | None:
    """Every pair of several groups with unequal variances (Games & Howell 1976); None where `welch_anova` is None.

    >>> found = games_howell([4.5, 4.1, 3.8], [12, 15, 9], [3.0, 5.5, 4.0])
    >>> found.p.round(3).tolist()
    [0.187, 0.061, 0.558]
    """
    from scipy.stats import studentized_range

    means, people, variance = _groups(mean, n, squares)
    if not (variance > 0).all():
        return None
    first, second = np.triu_indices(len(means), 1)
    part = variance / people
    error = part[first] + part[second]
    df = error**2 / (part[first] ** 2 / (people[first] - 1) + part[second] ** 2 / (people[second] - 1))
    difference = means[first] - means[second]
    scale = np.sqrt(error / 2)
    half = scale * studentized_range.ppf(LEVEL, len(means), df)
    p = studentized_range.sf(np.abs(difference) / scale, len(means), df)
    return Pairwise(first, second, difference, difference - half, difference + half, np.asarray(p))


def _groups(mean: ArrayLike, n: ArrayLike, squares: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Means, sizes and variances; 0 for a variance that does not exist."""
    means, people, own = (np.asarray(part, np.float64) for part in (mean, n, squares))
    if means.ndim != 1 or len(means) < 2 or means.shape != people.shape or people.shape != own.shape:
        raise ValueError("groups are at least two, each with a size, a mean and its squares")
    if not (np.isfinite(means) & (people >= 1) & (own >= 0)).all():
        raise ValueError("a group that nobody is in is left out before it is compared")
    return means, people, np.where(people > 1, own / np.maximum(people - 1, 1), 0.0)
