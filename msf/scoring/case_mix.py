"""Case-mix: what of a practitioner's mean comes from who answered, by slopes within practitioners, from mergeable sums.

Adjusters say who the raters are and how they met the practitioner. What the practitioner is (origin, place of degree)
is the same for all raters of one practitioner, has no slope within, and so is never adjusted for.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from msf.scoring.counts import Counts
from msf.scoring.intervals import Floats

PRACTITIONERS = 200
ALPHA = 0.05


class Sums(NamedTuple):
    """What stays of outcomes and K covariates of raters, for `size` practitioners.

    `n[size]`, `y[size]` and `x[size, 2K]` are numbers and sums of a practitioner; `xx[2K, 2K]`, `xy[2K]` and `yy` are
    products over all raters. The second K columns of x say where a covariate was not answered. All are about centres
    that never change; sums of chunks about the same centres add.
    """

    n: Counts
    y: Floats
    x: Floats
    xx: Floats
    xy: Floats
    yy: Floats


class Fit(NamedTuple):
    """Slopes of the columns of x within practitioners, their standard errors and p; nan for a column left out."""

    slope: Floats
    error: Floats
    p: Floats


class Adjusted(NamedTuple):
    """Means as they are, adjusted, and the difference, `[size]`, nan for nobody; which covariates were kept, `[K]`."""

    unadjusted: Floats
    adjusted: Floats
    difference: Floats
    kept: NDArray[np.bool_]
    fit: Fit


def sums_of(
    outcome: ArrayLike,
    covariates: ArrayLike,
    index: NDArray[np.integer],
    size: int,
    *,
    centre: float,
    centres: ArrayLike,
) -> Sums:
    """The sums of `outcome[N]` and `covariates[N, K]` of raters at the places `index[N]` of `size` practitioners.

    A rater without an outcome (nan) is left out. A covariate not answered (nan) counts as its centre, best the
    programme's mean, with an indicator beside it; the indicator makes adjusted means the same whatever the centre is.
    Filling in pulls a slope towards 0 where practitioners differ in the covariate: it adjusts too little, not too much.

    >>> found = sums_of([4, 5, 3], [[50], [np.nan], [70]], np.array([0, 0, 1]), 2, centre=3, centres=[60])
    >>> found.n.tolist(), found.y.tolist(), found.x.tolist()
    ([2, 1], [3.0, 0.0], [[-10.0, 1.0], [10.0, 0.0]])
    """
    y, x = (
        np.asarray(outcome, np.float64) - centre,
        np.asarray(covariates, np.float64) - np.asarray(centres, np.float64),
    )
    if (
        x.ndim != 2
        or not x.shape[1]
        or y.shape != x.shape[:1]
        or index.shape != y.shape
        or np.isinf(y).any()
        or np.isinf(x).any()
    ):
        raise ValueError("every rater has one place, one outcome and one row of finite covariates")
    if index.size and (index.min() < 0 or index.max() >= size):
        raise ValueError("the index points outside the result")
    there = ~np.isnan(y)
    y, places, missing = y[there], index[there], np.isnan(x[there])
    design = np.hstack([np.where(missing, 0.0, x[there]), missing])
    return Sums(
        np.bincount(places, minlength=size).astype(np.int64),
        np.bincount(places, y, size).astype(np.float64, copy=False),
        np.stack([np.bincount(places, column, size) for column in design.T], axis=-1).astype(np.float64),
        np.asarray(design.T @ design, np.float64),
        design.T @ y,
        np.asarray(y @ y),
    )


def added(one: Sums, other: Sums) -> Sums:
    """The sums of two chunks of the same practitioners."""
    return Sums(one.n + other.n, *(a + b for a, b in zip(one[1:], other[1:], strict=True)))


def joined(one: Sums, other: Sums) -> Sums:
    """The sums of the practitioners of one and then those of the other, such as of two rounds."""
    n, y, x = (np.concatenate([a, b]) for a, b in zip(one[:3], other[:3], strict=True))
    return Sums(n, y, x, *(a + b for a, b in zip(one[3:], other[3:], strict=True)))


def slopes(sums: Sums, columns: NDArray[np.bool_]) -> Fit:
    """Least squares with an effect for each practitioner, from variation within practitioners alone.

    (X'X - Σ n x̄ x̄') b = X'y - Σ n x̄ ȳ over the chosen `columns`; the same slopes and errors as with a dummy for each
    practitioner. Columns that are constant within, or follow from others, are left out (nan), the later ones first.

    >>> ages, who = np.array([[20], [30], [20], [40]]), np.array([0, 0, 1, 1])
    >>> kept = sums_of([3, 4, 2, 4.1], ages, who, 2, centre=3, centres=[30])
    >>> slopes(kept, np.array([True, True])).slope.round(3).tolist()
    [0.104, nan]
    """
    from scipy.special import stdtr  # noqa: PLC0415  slow to load; only programmes need it

    within, products, outcome = _within(sums)
    used = _independent(within, sums.xx, columns)
    fit = Fit(*(np.full(len(columns), np.nan) for _ in Fit._fields))
    df = int(sums.n.sum() - (sums.n > 0).sum()) - len(used)
    if not used or df < 1:
        return fit
    inverse = np.linalg.inv(within[np.ix_(used, used)])
    fit.slope[used] = inverse @ products[used]
    residual = max(outcome - float(fit.slope[used] @ products[used]), 0.0) / df
    if residual > 0:
        fit.error[used] = np.sqrt(residual * np.diag(inverse))
        fit.p[used] = 2 * stdtr(df, -np.abs(fit.slope[used] / fit.error[used]))
    return fit


def varies_between(sums: Sums) -> Floats:
    """P of every column of x if practitioners all had the same kind of raters (one-way F); nan where nothing varies."""
    from scipy.special import fdtrc  # noqa: PLC0415  slow to load; only programmes need it

    within = np.diag(_within(sums)[0])
    raters, people = int(sums.n.sum()), int((sums.n > 0).sum())
    if people < 2 or raters <= people:
        return np.full(len(within), np.nan)
    between = np.diag(sums.xx) - sums.x.sum(axis=0) ** 2 / raters - within
    real = within > 1e-10 * np.diag(sums.xx)
    f = between / (people - 1) / (np.where(real, within, 1.0) / (raters - people))
    return np.where(real, fdtrc(people - 1, raters - people, np.maximum(f, 0.0)), np.nan)


def adjusted(sums: Sums, *, centre: float, least: int = PRACTITIONERS) -> Adjusted | None:
    """Means m_p - (x̄_p - x̄) b, as CAHPS adjusts them (Zaslavsky et al. 2001); None under 200 practitioners.

    A covariate is kept, with its indicator, if it both predicts the outcome within practitioners and varies between
    them, each at .05; the slopes are then those of what is kept. x̄ is the mean over all raters, so that the mean of
    all raters stays what it is.

    >>> ages, who = np.array([[20], [30], [20], [40]]), np.array([0, 0, 1, 1])
    >>> adjusted(sums_of([3, 4, 2, 4], ages, who, 2, centre=3, centres=[30]), centre=3) is None
    True
    """
    if (sums.n > 0).sum() < max(least, 1):
        return None
    every = np.ones(len(sums.xy), bool)
    useful = (slopes(sums, every).p < ALPHA) & (varies_between(sums) < ALPHA)
    kept = useful[: len(useful) // 2]
    fit = slopes(sums, np.tile(kept, 2))
    n = np.where(sums.n > 0, sums.n, np.nan)
    mix = sums.x / n[:, None] - sums.x.sum(axis=0) / sums.n.sum()
    shift = -mix @ np.nan_to_num(fit.slope)
    raw = centre + sums.y / n
    return Adjusted(raw, raw + shift, shift, kept, fit)


def _within(sums: Sums) -> tuple[Floats, Floats, float]:
    """X'X, X'y and y'y about the means of each practitioner."""
    n = np.maximum(sums.n, 1)
    means = sums.x / n[:, None]
    return (
        sums.xx - means.T @ sums.x,
        sums.xy - means.T @ sums.y,
        max(float(sums.yy - (sums.y / n) @ sums.y), 0.0),
    )


def _independent(within: Floats, whole: Floats, columns: NDArray[np.bool_]) -> list[int]:
    """The chosen columns, one after the other, each with variation within that those before it do not explain."""
    used: list[int] = []
    for column in np.flatnonzero(columns).tolist():
        left = within[column, column]
        if used:
            shared = within[used, column]
            left = left - shared @ np.linalg.solve(within[np.ix_(used, used)], shared)
        if left > 1e-10 * whole[column, column]:
            used.append(column)
    return used
