"""Covariances of items from moments, and whether to trust the pairwise ones or those of complete rows."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from msf.scoring.counts import Counts, Ratings
from msf.scoring.moments import Moments, check_ratings

Floats = NDArray[np.float64]
Method = Literal["pairwise", "listwise"]
LEAST = 3  # rows
MISSING = 0.10  # from this share on, pairs of items rest on too unlike raters


class Covariance(NamedTuple):
    """The covariances `matrix[k, k]` of k items, and what they rest on.

    `n` is the smallest number of rows that a pair of items has in common, `freedom` the smallest number of degrees of
    freedom of a pair, `missing` the share of answers that are not there. Where a pair has no degree of freedom its
    covariance is nan: nothing is estimated then, and nothing shown.
    """

    matrix: Floats
    n: int
    freedom: int
    missing: float


def covariance(found: Moments) -> Covariance:
    """The covariances, each from the raters who rated both items; of complete rows, the ordinary ones.

    (pairs * products - sums * sums.T) / (pairs * (pairs - 1)): whole numbers up to the division, so that a constant
    item has a variance of exactly 0. With five points they hold 600 million raters.

    >>> from msf.scoring.moments import moments
    >>> found = covariance(moments(np.array([[5, 4], [3, 2], [1, 3]], np.int8), points=5, nonanswers=(0,)))
    >>> found.matrix.tolist(), found.n, found.freedom, found.missing
    ([[4.0, 1.0], [1.0, 1.0]], 3, 2, 0.0)
    """
    freedom = found.pairs - 1
    matrix = ratio(found.pairs * found.products - found.sums * found.sums.T, found.pairs * freedom, freedom > 0)
    raters = found.values.sum(axis=-1) + found.nonanswers.sum(axis=-1)
    return rested(matrix, found.pairs, freedom, int(raters.max(initial=0)))


def ratio(above: Counts | Floats, below: Counts, there: NDArray[np.bool_]) -> Floats:
    """The quotient where there is one, elsewhere nan."""
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=there)


def rested(matrix: Floats, pairs: Counts, freedom: Counts, raters: int) -> Covariance:
    """Covariances of `raters` rows, with the fewest rows and degrees of freedom, and the share of missing answers."""
    answers = raters * len(pairs)
    missing = 1 - float(np.trace(pairs)) / answers if answers else 1.0
    return Covariance(matrix, int(pairs.min(initial=raters)), max(int(freedom.min(initial=raters)), 0), missing)


def complete(ratings: Ratings, *, points: int) -> NDArray[np.bool_]:
    """Which raters answered every item of `ratings[n, k]`: pass the items of one domain, then count `ratings[these]`.

    >>> complete(np.array([[5, 4], [3, 0]], np.int8), points=5).tolist()
    [True, False]
    """
    check_ratings(ratings, points)
    return np.asarray(((ratings >= 1) & (ratings <= points)).all(axis=1))


def semidefinite(matrix: Floats) -> bool:
    """Whether some data could have these covariances; pairwise ones may contradict each other.

    >>> semidefinite(np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]))
    False
    """
    # Rounding alone makes a zero eigenvalue slightly negative.
    return bool(np.linalg.eigvalsh(matrix).min() >= -1e-9 * np.trace(matrix))


def usable(pairwise: Covariance, listwise: Covariance | None = None) -> tuple[Method, Covariance] | None:
    """The covariances to use: pairwise with under 10 % missing and when some data could have them, else listwise.

    None where neither is there or what is left has fewer than 3 rows (within practitioners: 2 degrees of freedom) or
    fewer than 2 items. Moments of parts keep complete rows apart from all rows; once they are gone there is no
    falling back, and with too much missing there is nothing to show.
    """
    if pairwise.missing < MISSING and _enough(pairwise) and semidefinite(pairwise.matrix):
        return "pairwise", pairwise
    return ("listwise", listwise) if listwise is not None and _enough(listwise) else None


def _enough(found: Covariance) -> bool:
    return len(found.matrix) >= 2 and found.n >= LEAST and found.freedom >= LEAST - 1
