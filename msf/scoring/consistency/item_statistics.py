"""How each item goes with the others of its domain: its correlation with the rest, and alpha without it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from msf.scoring.consistency.covariances import LEAST, Covariance, Floats
from msf.scoring.consistency.cronbach import coefficient
from msf.scoring.counts import Ratings
from msf.scoring.moments import blocks, check_ratings

ROUNDING = 1e-12


class RestSums(NamedTuple):
    """Over the raters of an item who rated at least half of the others, each `[k]`; those of two chunks add.

    `item` and `item_squares` add what they gave the item, `rest` and `rest_squares` their means of the others,
    `products` one times the other.
    """

    n: Floats
    item: Floats
    item_squares: Floats
    rest: Floats
    rest_squares: Floats
    products: Floats

    def plus(self, other: "RestSums") -> "RestSums":
        """The sums of both together."""
        return RestSums(*(a + b for a, b in zip(self, other, strict=True)))


def rest_sums(ratings: Ratings, *, points: int) -> RestSums:
    """The sums that `item_rest` needs, from the `ratings[n, k]` of one domain's items."""
    check_ratings(ratings, points)
    items = ratings.shape[1]
    if items < 2:
        raise ValueError("an item needs others to be held against")
    found = RestSums(*(np.zeros(items) for _ in RestSums._fields))
    for block in blocks(ratings):
        found = found.plus(_of_block(block, points))
    return found


def _of_block(block: Ratings, points: int) -> RestSums:
    rated = (block >= 1) & (block <= points)
    given = (block * rated).astype(np.float64)
    others = rated.sum(axis=1, keepdims=True) - rated
    used = rated & (2 * others >= block.shape[1] - 1)
    rest = np.where(used, (given.sum(axis=1, keepdims=True) - given) / np.maximum(others, 1), 0)
    given = given * used
    pairs = ((given, given), (rest, rest), (given, rest))
    squares, rest_squares, products = (np.einsum("ni,ni->i", a, b) for a, b in pairs)
    n = used.sum(axis=0, dtype=np.float64)
    return RestSums(n, given.sum(axis=0), squares, rest.sum(axis=0), rest_squares, products)


def item_rest(found: RestSums) -> Floats:
    """The correlation of each item with the mean of the others `[k]` ("corrected item-total").

    Of the raters who rated the item and at least half of the others. nan, never shown, for fewer than 3 such raters, a
    constant item or constant others.

    >>> ratings = np.array([[5, 4, 4], [3, 2, 3], [1, 3, 2], [4, 4, 0]], np.int8)
    >>> item_rest(rest_sums(ratings, points=5)).round(2).tolist()
    [0.85, 0.59, 0.94]
    """
    n = np.maximum(found.n, 1)
    # n times the sum of squares, and how much of it rounding may have made.
    item, rest = n * found.item_squares - found.item**2, n * found.rest_squares - found.rest**2
    together = n * found.products - found.item * found.rest
    spread = (item > ROUNDING * n * found.item_squares) & (rest > ROUNDING * n * found.rest_squares)
    return _correlation(together, item, rest, (found.n >= LEAST) & spread)


def item_rest_of(found: Covariance) -> Floats:
    """The same `[k]` from covariances alone: (sum of row - own) / sqrt(own * variance of the rest).

    Equal to `item_rest` where no answer is missing. nan, never shown, for too few rows or an item or rest that is
    constant (or, with pairwise covariances that contradict each other, has a negative variance).

    >>> item_rest_of(Covariance(np.array([[4.0, 1.0], [1.0, 1.0]]), 3, 2, 0.0)).tolist()
    [0.5, 0.5]
    """
    own, row = np.diag(found.matrix), found.matrix.sum(axis=1)
    rest = found.matrix.sum() - 2 * row + own
    spread = (own > 0) & (rest > ROUNDING * np.trace(found.matrix))
    return _correlation(row - own, own, rest, spread & (found.n >= LEAST))


def alpha_if_dropped(found: Covariance) -> Floats:
    """Alpha of the other items `[k]`, from the covariances that alpha itself used (see `usable`).

    nan, never shown, where fewer than two items or three rows are left, or the others' total has no variance.

    >>> matrix = np.array([[2.0, 1.0, 0.5], [1.0, 2.0, 0.5], [0.5, 0.5, 2.0]])
    >>> alpha_if_dropped(Covariance(matrix, 30, 29, 0.0)).round(3).tolist()
    [0.4, 0.4, 0.667]
    """
    items = len(found.matrix)
    if items < 3 or found.n < LEAST:
        return np.full(items, np.nan)
    others = [[other for other in range(items) if other != item] for item in range(items)]
    return coefficient(np.stack([found.matrix[np.ix_(rest, rest)] for rest in others]))


def _correlation(together: Floats, one: Floats, other: Floats, there: NDArray[np.bool_]) -> Floats:
    both = np.sqrt(np.where(there, one, 1) * np.where(there, other, 1))
    return np.asarray(np.clip(np.divide(together, both, out=np.full(np.shape(together), np.nan), where=there), -1, 1))
