"""Intraclass correlations for a calibration exercise, in which the same judges rate the same targets.

They do not fit feedback itself, whose raters are nested in practitioners.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEVEL = 0.95


class Icc(NamedTuple):
    """An intraclass correlation with its limits.

    The limits are None where judges leave no error to compare with, and a figure is None where its formula has no
    positive denominator: for means of judges, that is when targets differ less than chance would have it.
    """

    value: float | None
    low: float | None
    high: float | None


class Calibration(NamedTuple):
    """The six forms of Shrout & Fleiss (1979), in their order: for one judge, and for the mean of all k.

    `one_way` takes each target's judges as other people, `random` the judges as a sample of many (agreement), `fixed`
    as the only ones (consistency).
    """

    one_way: Icc
    random: Icc
    fixed: Icc
    one_way_mean: Icc
    random_mean: Icc
    fixed_mean: Icc


class _Squares(NamedTuple):
    """Mean squares of n targets by k judges: between targets, within targets, between judges, error."""

    n: int
    k: int
    targets: float
    within: float
    judges: float
    error: float


def calibration(ratings: Floats, *, level: float = LEVEL) -> Calibration | None:
    """All forms from complete `ratings[targets, judges]`, with F limits (McGraw & Wong 1996; `random`: Satterthwaite).

    None where the means of the targets do not differ: then there is nothing to tell apart. A negative value stays.

    >>> table = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
    >>> [round(form.value, 2) for form in calibration(table)]
    [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    """
    squares = _squares(_checked(ratings))
    if squares.targets == 0:
        return None
    one_way = _one_way(squares, level)
    fixed = _fixed(squares, level)
    random = _random(squares, level)
    return Calibration(*one_way[:1], *random[:1], *fixed[:1], *one_way[1:], *random[1:], *fixed[1:])


def _checked(ratings: Floats) -> Floats:
    given = np.asarray(ratings, np.float64)
    if given.ndim != 2 or min(given.shape) < 2:
        raise ValueError("a calibration is a matrix of at least two targets by at least two judges")
    if not np.isfinite(given).all():
        raise ValueError("every judge has to rate every target")
    return given


def _squares(given: Floats) -> _Squares:
    n, k = given.shape
    about = given - given.mean()
    scale = np.square(about).sum()
    targets, judges = about.mean(axis=1), about.mean(axis=0)
    parts = [
        k * np.square(targets).sum() / (n - 1),
        np.square(about - targets[:, None]).sum() / (n * (k - 1)),
        n * np.square(judges).sum() / (k - 1),
        np.square(about - targets[:, None] - judges).sum() / ((n - 1) * (k - 1)),
    ]
    # What rounding leaves of nothing is nothing.
    return _Squares(n, k, *(float(part) if part > 1e-12 * scale else 0.0 for part in parts))


def _one_way(found: _Squares, level: float) -> tuple[Icc, Icc]:
    """ICC(1) and ICC(1,k): the F of targets against what is within them."""
    n, k = found.n, found.k
    return _by_f(found.targets, found.within, k, (n - 1, n * (k - 1)), level)


def _fixed(found: _Squares, level: float) -> tuple[Icc, Icc]:
    """ICC(3,1) and ICC(3,k): the F of targets against the error."""
    n, k = found.n, found.k
    return _by_f(found.targets, found.error, k, (n - 1, (n - 1) * (k - 1)), level)


def _by_f(targets: float, error: float, k: int, freedom: tuple[int, int], level: float) -> tuple[Icc, Icc]:
    single, mean = (targets - error) / (targets + (k - 1) * error), (targets - error) / targets
    if error == 0:
        return Icc(single, None, None), Icc(mean, None, None)
    low = targets / error / _quantile(*freedom, level)
    high = targets / error * _quantile(*freedom[::-1], level)
    limits = [(ratio - 1) / (ratio + k - 1) for ratio in (low, high)]
    return Icc(single, limits[0], limits[1]), Icc(mean, 1 - 1 / low, 1 - 1 / high)


def _random(found: _Squares, level: float) -> tuple[Icc, Icc]:
    """ICC(2,1) and ICC(2,k), limits with Satterthwaite's degrees of freedom."""
    n, k, targets, _, judges, error = found
    single = (targets - error) / (targets + (k - 1) * error + k * (judges - error) / n)
    mean = _quotient(targets - error, targets + (judges - error) / n)
    if error == 0:
        return Icc(single, None, None), Icc(mean, None, None)
    freedom = _satterthwaite(found, single)
    above, below = _quantile(n - 1, freedom, level), _quantile(freedom, n - 1, level)
    spread = k * judges + (k * n - k - n) * error
    low = _quotient(n * (targets - above * error), above * spread + n * targets)
    high = _quotient(n * (below * targets - error), spread + n * below * targets)
    return Icc(single, low, high), Icc(mean, _stepped_up(low, k), _stepped_up(high, k))


def _satterthwaite(found: _Squares, single: float) -> float:
    n, k, _, _, judges, error = found
    by_judges, rest = k * single * judges / error, n * (1 + (k - 1) * single) - k * single
    above = (k - 1) * (n - 1) * (by_judges + rest) ** 2
    return float(above / ((n - 1) * by_judges**2 + rest**2))


def _stepped_up(single: float | None, k: int) -> float | None:
    """The reliability of the mean of k from that of one (Spearman-Brown)."""
    return None if single is None else _quotient(k * single, 1 + (k - 1) * single)


def _quotient(above: float, below: float) -> float | None:
    return above / below if 0 < below < np.inf and np.isfinite(above) else None


def _quantile(one: float, other: float, level: float) -> float:
    from scipy.special import fdtri  # noqa: PLC0415  slow to load; only a calibration needs it

    return float(fdtri(one, other, (1 + level) / 2))
