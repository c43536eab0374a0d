"""Cronbach's alpha with Feldt's interval, over all raters or within practitioners, from covariances of items alone."""

from typing import NamedTuple

import numpy as np

from msf.scoring.consistency.covariances import Covariance, Floats, Method, usable

LEVEL = 0.95


class Alpha(NamedTuple):
    """Alpha of `items` items with its limits; `n` is the number of rows it rests on, the fewest of a pair."""

    value: float
    low: float
    high: float
    method: Method
    n: int
    items: int


def alpha(pairwise: Covariance, listwise: Covariance | None = None) -> Alpha | None:
    """k / (k - 1) (1 - tr C / sum C) (Cronbach 1951), as it is where it is negative; see `usable` for which C.

    None where fewer than 2 items or 3 rows are left, or the total has no variance. It says how far the items go
    together, over all raters or, of `within_covariance`, among those of one practitioner; it is not the reliability of
    raters.

    >>> from msf.scoring.consistency import covariance
    >>> from msf.scoring.moments import moments
    >>> ratings = np.array([[5, 4], [3, 2], [1, 3], [4, 4]], np.int8)
    >>> round(alpha(covariance(moments(ratings, points=5, nonanswers=(0,)))).value, 3)
    0.647
    """
    chosen = usable(pairwise, listwise)
    if chosen is None:
        return None
    method, found = chosen
    value = float(coefficient(found.matrix))
    if np.isnan(value):
        return None
    items, value = len(found.matrix), min(value, 1.0)  # rounding alone goes over 1, of items that all say the same
    return Alpha(value, *feldt(value, freedom=found.freedom, items=items), method, found.n, items)


def coefficient(matrix: Floats) -> Floats:
    """Alpha of covariances `[..., k, k]`; nan, never shown, for fewer than two items or a total without variance."""
    items = matrix.shape[-1]
    own, total = np.trace(matrix, axis1=-2, axis2=-1), matrix.sum(axis=(-2, -1))
    there = (total > 1e-12 * own) & (items > 1)
    share = np.divide(own, total, out=np.full(np.shape(own), np.nan), where=there)
    return np.asarray(items / max(items - 1, 1) * (1 - share))


def feldt(value: float, *, freedom: int, items: int, level: float = LEVEL) -> tuple[float, float]:
    """The limits 1 - (1 - alpha) F of Feldt, Woodruff & Salih (1987), F with freedom and freedom (k - 1) degrees.

    `freedom` is n - 1 with n the rows actually used; within practitioners one less for each of them. Raters are taken
    as independent: of a programme, whose raters are nested in practitioners, take `resampled_alpha`.

    >>> [round(limit, 4) for limit in feldt(0.913, freedom=872, items=20)]
    [0.9044, 0.9212]
    """
    if freedom < 1 or items < 2 or value > 1:
        raise ValueError("limits need two items, two rows and an alpha of at most 1")
    from scipy.special import fdtri  # noqa: PLC0415  slow to load; only reports need it

    quantiles = fdtri(freedom, freedom * (items - 1), np.array([(1 + level) / 2, (1 - level) / 2]))
    low, high = 1 - (1 - value) * quantiles
    return float(low), float(high)
