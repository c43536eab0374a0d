"""The restricted likelihood of scores in which raters are nested, as a profile over the ratio of the two variances."""

from typing import NamedTuple

import numpy as np

from msf.scoring.generalisability.one_facet import OneFacet
from msf.scoring.intervals import Floats

NOTHING = 1e-12  # of the raw squares: less than this is rounding
# So close together that between two of them the likelihood has one summit.
RATIOS = np.concatenate([[0.0], np.logspace(-8, 12, 241)])


class Sizes(NamedTuple):
    """Practitioners by their number of raters, `[J]`: means about the centre, squares about the mean of their size."""

    n: Floats
    practitioners: Floats
    means: Floats
    squares: Floats
    within: float
    raters: int


class Profile(NamedTuple):
    """At each ratio lambda = s2p / s2r, `[L]`: mu about the centre, q, and the deviance with its derivative.

    With w = n / (1 + n lambda), mu = sum w m / sum w and q = SSW + sum w (m - mu)^2, the deviance is
    (N - 1) log(q / (N - 1)) + sum log(1 + n lambda) + log sum w: minus twice the restricted log-likelihood, up to what
    is the same at every ratio.
    """

    mean: Floats
    squares: Floats
    deviance: Floats
    slope: Floats


def sizes_of(sums: OneFacet) -> Sizes | None:
    """Only the sizes that occur; None where the two variances cannot be told apart.

    >>> from msf.scoring.generalisability.one_facet import of_means
    >>> sizes_of(of_means(np.array([1, 1]), np.array([3.0, 5.0]), np.zeros(2), centre=3))
    """
    n = sums.practitioners.nonzero()[0]
    practitioners, totals, raw = sums.practitioners[n], sums.mean_sums[n], sums.mean_squares[n]
    raters = int(practitioners @ n)
    if practitioners.sum() < 2 or raters == practitioners.sum() or sums.within <= NOTHING * float(n @ raw):
        return None
    squares = raw - totals**2 / practitioners
    squares = np.where(squares > NOTHING * raw, squares, 0.0)
    means = totals / practitioners
    return Sizes(n.astype(np.float64), practitioners.astype(np.float64), means, squares, sums.within, raters)


def profile(sizes: Sizes, ratios: Floats) -> Profile:
    """The profile at `ratios[L]`, from 0 on; at 0 q is the squares of all scores about their mean.

    >>> from msf.scoring.generalisability.one_facet import of_means
    >>> sizes = sizes_of(of_means(np.array([2, 2]), np.array([3.0, 5.0]), np.array([2.0, 2.0]), centre=3))
    >>> profile(sizes, np.array([0.0, 0.5])).squares.tolist()
    [8.0, 6.0]
    """
    weights = sizes.n / (1 + np.outer(ratios, sizes.n))  # [L, J]; its derivative is minus its square
    weighted = weights * sizes.practitioners
    whole = weighted.sum(axis=1)
    mean = (weighted @ sizes.means) / whole
    apart = sizes.squares + sizes.practitioners * (sizes.means - mean[:, None]) ** 2
    squares = sizes.within + (weights * apart).sum(axis=1)
    free = sizes.raters - 1
    logs = np.log1p(np.outer(ratios, sizes.n)) @ sizes.practitioners + np.log(whole)
    turn = whole - (weighted * weights).sum(axis=1) / whole
    slope = turn - free * (weights**2 * apart).sum(axis=1) / squares
    return Profile(mean, squares, free * np.log(squares / free) + logs, slope)


def best_ratio(sizes: Sizes) -> float:
    """The ratio with the least deviance: sought over twenty orders of magnitude, refined, and held against 0.

    >>> from msf.scoring.generalisability.one_facet import of_means
    >>> sizes = sizes_of(of_means(np.array([2, 2]), np.array([3.0, 5.0]), np.array([2.0, 2.0]), centre=3))
    >>> round(best_ratio(sizes), 9)
    0.5
    """
    best = int(profile(sizes, RATIOS).deviance.argmin())
    low, high = RATIOS[max(best - 1, 0)], RATIOS[min(best + 1, len(RATIOS) - 1)]
    candidates = np.array([0.0, RATIOS[best], _crossing(sizes, low, high)])
    return float(candidates[profile(sizes, candidates).deviance.argmin()])


def _crossing(sizes: Sizes, low: float, high: float) -> float:
    """Where the slope turns from falling to rising: it is known to more digits than the summit itself."""
    for _ in range(10):
        ratios = np.linspace(low, high, 33)
        rising = np.append(profile(sizes, ratios[:-1]).slope > 0, True)
        first = max(int(rising.argmax()), 1)
        low, high = ratios[first - 1], ratios[first]
    return (low + high) / 2
