"""How reliable one score made of several groups of raters is, with weights that were declared beforehand."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from msf.scoring.counts import Counts
from msf.scoring.intervals import Floats


class Together(NamedTuple):
    """Over practitioners who have a mean in both group g and group h, `[G, G]`: how many, sums of g, sums of products.

    All about `centre`; they add over rounds.
    """

    centre: float
    pairs: Counts
    sums: Floats
    products: Floats


class Composite(NamedTuple):
    """Variance of the weighted universe score, its error variance, and the coefficient of generalisability."""

    universe: float
    error: float
    coefficient: float


def together(means: Floats, *, centre: float) -> Together:
    """The sums of `means[P, G]`, practitioners by groups, nan where a practitioner has none.

    >>> together(np.array([[4.0, 5.0], [3.0, np.nan]]), centre=3).pairs.tolist()
    [[2, 1], [1, 1]]
    """
    if means.ndim != 2 or np.isinf(means).any():
        raise ValueError("means are a finite matrix of practitioners by groups, nan where there is none")
    given = ~np.isnan(means)
    there, about = given.astype(np.int64), np.where(given, means - centre, 0.0)
    return Together(float(centre), there.T @ there, about.T @ there, about.T @ about)


def added(one: Together, other: Together) -> Together:
    """The sums of both together, of the same groups about the same centre.

    >>> one = together(np.array([[4.0, 5.0]]), centre=3)
    >>> added(one, one).sums.tolist()
    [[2.0, 2.0], [4.0, 4.0]]
    """
    if one.centre != other.centre or one.pairs.shape != other.pairs.shape:
        raise ValueError("only sums of the same groups about the same centre add")
    return Together(one.centre, one.pairs + other.pairs, one.sums + other.sums, one.products + other.products)


def covariances(found: Together, between: Sequence[float]) -> Floats | None:
    """The covariance of universe scores `[G, G]`: s2p of each group in the diagonal, else that of practitioners' means.

    No rater is in two groups, so errors do not covary and the covariance of means is that of universe scores. None
    where two groups have fewer than two practitioners in common.

    >>> sums = together(np.array([[4.0, 5.0], [3.0, 3.0], [5.0, 4.0]]), centre=3)
    >>> covariances(sums, [0.4, 0.3]).tolist()
    [[0.4, 0.5], [0.5, 0.3]]
    """
    if len(between) != len(found.pairs):
        raise ValueError("every group has one variance of practitioners")
    if (found.pairs < 2).any():
        return None
    matrix = (found.products - found.sums * found.sums.T / found.pairs) / (found.pairs - 1)
    np.fill_diagonal(matrix, between)
    return np.asarray(matrix)


def composite(
    weights: Sequence[float], covariance: Floats, within: Sequence[float], n: Sequence[int | None]
) -> Composite | None:
    """G = w'Sw / (w'Sw + sum w^2 s2r / n) of one practitioner with `n` raters a group, None where a group is not shown.

    S is the `covariance` of universe scores between groups, `within` the variance s2r of raters in each (Brennan 2001,
    chapter 9). A w'Sw below 0, from parts estimated apart, counts as 0. There is no composite, None, as soon as a group
    that has weight is not shown: otherwise its mean could be worked out.

    >>> shared = np.array([[0.1, 0.05], [0.05, 0.06]])
    >>> composite([0.5, 0.5], shared, [0.4, 0.5], [15, 34]).coefficient.__round__(3)
    0.863
    >>> composite([0.5, 0.5], shared, [0.4, 0.5], [15, None])
    """
    w, spread = np.array(weights, np.float64), np.array(within, np.float64)
    _check(w, covariance, spread, n)
    if any(weight and not raters for weight, raters in zip(weights, n, strict=True)):
        return None
    universe = max(float(w @ covariance @ w), 0.0)
    error = float((w**2 * spread / np.array([raters or 1 for raters in n])).sum())
    return Composite(universe, error, universe / (universe + error))


def _check(weights: Floats, covariance: Floats, within: Floats, n: Sequence[int | None]) -> None:
    groups = len(weights)
    if covariance.shape != (groups, groups) or within.shape != (groups,) or len(n) != groups:
        raise ValueError("weights, covariances, variances and numbers of raters are of the same groups")
    if not ((weights >= 0).all() and abs(weights.sum() - 1) < 1e-9):
        raise ValueError("weights are not negative and add to 1")
    if not (np.allclose(covariance, covariance.T) and (np.diag(covariance) >= 0).all() and (within > 0).all()):
        raise ValueError("covariances are symmetric, variances of practitioners not negative and of raters above 0")
    if any(raters is not None and raters < 0 for raters in n):
        raise ValueError("numbers of raters are not negative")
