"""How far the raters of one practitioner agree, from category counts: spread, agreement indices and one plain word.

The indices are for analysts, the word for the practitioner. Whether a figure may be shown at all is not decided here:
the spread of a small block, beside its mean, can tell single answers. Everywhere nan stands for "not estimable" and is
never shown.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from msf.scoring.counts import Counts

Floats = NDArray[np.float64]
LEAST = 3  # answers, for any of these
# The moderately skewed null of LeBreton & Senter (2008, Organizational Research Methods 11:815) expects 0, 10, 15, 40
# and 35 % of answers in five categories: mean 4, variance 0.90. For other numbers of categories none is given here.
MODERATE_SKEW = {5: 0.90}


def sd(counts: Counts) -> Floats:
    """The standard deviation (n - 1) of `counts[..., A]` of the values 1..A; exactly 0 for equal answers, nan under 3.

    >>> sd(np.array([[0, 0, 1, 1, 1], [0, 0, 0, 0, 9], [0, 0, 0, 1, 1]])).tolist()
    [1.0, 0.0, nan]
    """
    return np.asarray(np.sqrt(_variance(counts)))


def ad(counts: Counts) -> Floats:
    """The average deviation about the mean (Burke, Finkelstein & Dusig 1999): sum |y - m| / n of `counts[..., A]`.

    >>> ad(np.array([[0, 0, 2, 0, 2], [0, 0, 0, 0, 9], [0, 0, 0, 1, 1]])).tolist()
    [1.0, 0.0, nan]
    """
    n, values = _counted(counts), np.arange(1, counts.shape[-1] + 1)
    # |n y - sum| are whole numbers: nothing is rounded before the division.
    apart = np.abs(n[..., None] * values - (counts @ values)[..., None])
    return _over((counts * apart).sum(axis=-1), n * n, n >= LEAST)


def ad_of_items(counts: Counts) -> Floats:
    """AD of a domain: the mean AD of those of its items `counts[..., J, A]` that have one.

    >>> ad_of_items(np.array([[0, 0, 2, 0, 2], [0, 0, 0, 0, 9], [0, 0, 0, 1, 1]])).tolist()
    0.5
    """
    return _mean_of_items(ad(counts))


def practical_line(points: int) -> float:
    """The AD up to which raters agree in practice: a sixth of the categories (Burke & Dunlap 2002).

    >>> round(practical_line(5), 2)
    0.83
    """
    return points / 6


def plain_word(deviation: float, *, points: int) -> Literal["agree", "mixed"] | None:
    """What the practitioner reads, from the AD of an item or a domain; nothing where there is no AD.

    >>> plain_word(0.5, points=5), plain_word(1.2, points=5), plain_word(float("nan"), points=5)
    ('agree', 'mixed', None)
    """
    if np.isnan(deviation):
        return None
    # An AD on the line agrees, whatever rounding says.
    return "agree" if deviation <= practical_line(points) + 1e-9 else "mixed"


def uniform_null(points: int) -> float:
    """The variance of answers that fall on all categories alike, (A^2 - 1) / 12; with answers at a ceiling it flatters.

    >>> uniform_null(5)
    2.0
    """
    return (points**2 - 1) / 12


def skewed_null(points: int) -> float | None:
    """The variance of answers with a moderate lean to the top; None where no value is published for these categories.

    >>> skewed_null(5), skewed_null(8)
    (0.9, None)
    """
    return MODERATE_SKEW.get(points)


def rwg(counts: Counts, null: float) -> Floats:
    """max(0, 1 - s^2 / null) of `counts[..., A]`, s^2 with n - 1 (James, Demaree & Wolf 1984).

    >>> rwg(np.array([[0, 0, 1, 1, 1], [3, 0, 0, 0, 3]]), uniform_null(5)).tolist()
    [0.5, 0.0]
    """
    return np.asarray(np.maximum(1 - _variance(counts) / _positive(null), 0))


def rwg_of_items(counts: Counts, null: float) -> Floats:
    """rwg(j) = J q / (J q + 1 - q), q = max(0, 1 - mean s^2 / null), over the J items with a variance in `[..., J, A]`.

    It grows with the number of items, however little they agree; compare only domains of like length.

    >>> rwg_of_items(np.array([[0, 0, 1, 1, 1], [0, 0, 1, 1, 1]]), uniform_null(5)).round(3).tolist()
    0.667
    """
    variance = _variance(counts)
    items = (~np.isnan(variance)).sum(axis=-1)
    q = np.maximum(1 - _mean_of_items(variance) / _positive(null), 0)
    return np.asarray(items * q / (items * q + 1 - q))


def awg(counts: Counts) -> Floats:
    """1 - 2 s^2 / (((H + L) m - m^2 - H L) n / (n - 1)) of `counts[..., A]`, L = 1, H = A (Brown & Hauenstein 2005).

    nan for fewer than A - 1 answers (or 3), and where the mean lies off [(L (n - 1) + H) / n, (H (n - 1) + L) / n]:
    at the ends, where it does not exist, and so near them that no answers could have the spread it divides by.

    >>> awg(np.array([[3, 0, 0, 0, 3], [0, 0, 3, 3, 3], [0, 0, 0, 0, 9]])).round(3).tolist()
    [-1.0, 0.556, nan]
    """
    points = counts.shape[-1]
    n, values = _counted(counts), np.arange(1, points + 1)
    total = counts @ values
    # The mean's distances from both ends, times n.
    below, above = total - n, points * n - total
    there = (n >= max(points - 1, LEAST)) & (np.minimum(below, above) >= points - 1)
    return np.asarray(1 - _over(2 * _scaled(counts), below * above, there))


def _counted(counts: Counts) -> Counts:
    if counts.ndim < 1 or counts.shape[-1] < 2 or not np.issubdtype(counts.dtype, np.integer):
        raise ValueError("counts are whole numbers of answers in at least two categories")
    if (counts < 0).any():
        raise ValueError("no category can have fewer than no answers")
    return np.asarray(counts.sum(axis=-1, dtype=np.int64))


def _scaled(counts: Counts) -> Counts:
    """n times the sum of squared deviations, in whole numbers."""
    values = np.arange(1, counts.shape[-1] + 1)
    return np.asarray(counts.sum(axis=-1) * (counts @ values**2) - (counts @ values) ** 2)


def _variance(counts: Counts) -> Floats:
    n = _counted(counts)
    return _over(_scaled(counts), n * (n - 1), n >= LEAST)


def _mean_of_items(figures: Floats) -> Floats:
    there = ~np.isnan(figures)
    items = np.asarray(there.sum(axis=-1))
    return _over(np.where(there, figures, 0).sum(axis=-1), items, items > 0)


def _over(above: Counts | Floats, below: Counts, there: NDArray[np.bool_]) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(np.shape(above), np.nan), where=there))


def _positive(null: float) -> float:
    if not 0 < null < np.inf:
        raise ValueError(f"the variance of a null has to be a positive number, not {null}")
    return null
