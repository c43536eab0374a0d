"""Intervals of awkward figures such as medians and ratios, by a seeded bootstrap that no order of rows changes."""

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from msf.scoring.intervals import LEVEL, Floats

ENOUGH = 20
RESAMPLES = 2_000


class Resampled(NamedTuple):
    """The figure and its limits of 95 %."""

    figure: float
    low: float
    high: float


def bca(figure: Callable[..., Any], *columns: ArrayLike, seed: int, resamples: int = RESAMPLES) -> Resampled | None:
    """The bias-corrected and accelerated interval (Efron 1987, JASA 82:171) of `figure(*columns, axis=-1)`.

    Every column has a value a row (rater or practitioner), and rows are drawn as a whole. None under 20 rows, where
    the bootstrap covers too little; None too where the limits do not exist because nearly all draws give one figure.
    Rows are sorted first, so that their order does not change what is drawn.

    >>> bca(np.median, np.arange(25), seed=1)
    Resampled(figure=12.0, low=7.0, high=17.0)
    """
    if resamples < RESAMPLES:
        raise ValueError(f"a bootstrap rests on at least {RESAMPLES} resamples")
    rows = _sorted(columns)
    if rows.shape[1] < ENOUGH or (rows == rows[:, :1]).all():
        return None
    low, high = _limits(figure, rows, seed, resamples)
    return Resampled(float(figure(*rows, axis=-1)), low, high) if np.isfinite([low, high]).all() else None


def _sorted(columns: tuple[ArrayLike, ...]) -> Floats:
    known = [np.asarray(column, np.float64) for column in columns]
    if len({column.shape for column in known}) != 1 or known[0].ndim != 1 or not np.isfinite(known).all():
        raise ValueError("a bootstrap takes columns of finite numbers, all of one length")
    rows = np.array(known)
    return rows[:, np.lexsort(rows[::-1])]


def _limits(figure: Callable[..., Any], rows: Floats, seed: int, resamples: int) -> tuple[float, float]:
    from scipy.stats import DegenerateDataWarning, bootstrap

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", DegenerateDataWarning)
        found = bootstrap(
            tuple(rows),
            figure,
            paired=len(rows) > 1,
            confidence_level=LEVEL,
            n_resamples=resamples,
            method="BCa",
            rng=np.random.default_rng(seed),
        ).confidence_interval
    return float(found.low), float(found.high)
