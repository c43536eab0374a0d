"""Two figures of each practitioner against each other, from sums that add over rounds and name nobody."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from msf.scoring.counts import Counts
from msf.scoring.intervals import LEAST, LEVEL, Floats


class Pairs(NamedTuple):
    """Of practitioners with both figures, per domain `[D]`: how many, and sums about a centre that never changes."""

    n: Counts
    first: Floats
    second: Floats
    first_squares: Floats
    second_squares: Floats
    products: Floats


class Paired(NamedTuple):
    """Mean of first less the second, limits of 95 % and p of a paired t, and correlation; nan for what is not known."""

    n: Counts
    difference: Floats
    low: Floats
    high: Floats
    p: Floats
    correlation: Floats


def pairs_of(first: ArrayLike, second: ArrayLike, *, centre: float) -> Pairs:
    """Add up the figures `[P, D]` of practitioners; one without both (nan) leaves the domain. `centre` as of the scale.

    >>> pairs_of([[4.0], [3.0]], [[4.5], [np.nan]], centre=3).products.tolist()
    [1.5]
    """
    one, two = np.asarray(first, np.float64) - centre, np.asarray(second, np.float64) - centre
    if one.ndim != 2 or one.shape != two.shape or np.isinf(one).any() or np.isinf(two).any():
        raise ValueError("pairs are two matrices of finite numbers and of one shape, practitioners by domains")
    both = ~(np.isnan(one) | np.isnan(two))
    one, two = np.where(both, one, 0.0), np.where(both, two, 0.0)
    parts = (one, two, one * one, two * two, one * two)
    return Pairs(both.sum(axis=0), *(part.sum(axis=0) for part in parts))


def added(one: Pairs, other: Pairs) -> Pairs:
    """The sums of both together; both about the same centre."""
    return Pairs(one.n + other.n, *(a + b for a, b in zip(one[1:], other[1:], strict=True)))


def paired(pairs: Pairs) -> Paired:
    """The mean difference over practitioners with its t interval, and the correlation, from sums alone.

    Limits, p and correlation need three practitioners; limits and p a difference that varies, the correlation figures
    that both do.

    >>> found = paired(pairs_of([[4.0], [3.0], [3.5]], [[4.5], [3.4], [4.4]], centre=3))
    >>> [round(float(part[0]), 2) for part in found]
    [3.0, -0.6, -1.26, 0.06, 0.06, 0.9]
    """
    from scipy.special import stdtr, stdtrit  # noqa: PLC0415  slow to load; only programmes need it

    n = np.where(pairs.n > 0, pairs.n, np.nan)
    one, two, product = _about(pairs, n)
    difference = (pairs.first - pairs.second) / n
    squares = _cleaned(one + two - 2 * product, pairs.first_squares + pairs.second_squares)
    usable = (pairs.n >= LEAST) & (squares > 0)
    df = np.where(usable, pairs.n - 1, 1)
    error = np.where(usable, np.sqrt(np.where(usable, squares, 1.0) / df / np.where(usable, n, 1)), np.nan)
    half, p = stdtrit(df, (1 + LEVEL) / 2) * error, 2 * stdtr(df, -np.abs(difference) / error)
    both = (pairs.n >= LEAST) & (one > 0) & (two > 0)
    correlation = np.where(both, product / np.sqrt(np.where(both, one * two, 1.0)), np.nan)
    return Paired(pairs.n, difference, difference - half, difference + half, p, np.clip(correlation, -1, 1))


def _about(pairs: Pairs, n: Floats) -> tuple[Floats, Floats, Floats]:
    """Squares and products about the means."""
    one = _cleaned(pairs.first_squares - pairs.first**2 / n, pairs.first_squares)
    two = _cleaned(pairs.second_squares - pairs.second**2 / n, pairs.second_squares)
    return one, two, pairs.products - pairs.first * pairs.second / n


def _cleaned(squares: Floats, raw: Floats) -> Floats:
    """Nothing where what is left of raw squares is what floats leave of equal numbers."""
    return np.where(squares > 1e-13 * raw, squares, 0.0)
