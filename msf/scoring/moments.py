"""What stays of ratings: counts, sums and cross-products that add over rounds, as exact whole numbers."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from msf.scoring.counts import Counts, Ratings, count_codes, count_values


class Moments(NamedTuple):
    """The moments of one family's ratings of I items; those of two rounds of the same questionnaire add.

    `values[I, points]` and `nonanswers[I, codes]` count raters. Over the raters who rated both item i and item j,
    `pairs[i, j]` counts them, `sums[i, j]` adds what they gave i, and `products[i, j]` what they gave i times what they
    gave j. So the covariance of i and j is (products - sums * sums.T / pairs) / (pairs - 1).
    """

    values: Counts
    nonanswers: Counts
    pairs: Counts
    sums: Counts
    products: Counts


def moments(ratings: Ratings, *, points: int, nonanswers: Sequence[int]) -> Moments:
    """The moments of `ratings[n, I]`, values 1..points, where the codes `nonanswers` mean that nothing was rated.

    >>> found = moments(np.array([[5, 4], [3, 0]], np.int8), points=5, nonanswers=(0,))
    >>> found.pairs.tolist(), found.sums.tolist(), found.products.tolist()
    ([[2, 1], [1, 1]], [[8, 5], [4, 4]], [[34, 20], [20, 16]])
    """
    nobody_apart = np.zeros(len(ratings), np.int64)
    rated = (ratings >= 1) & (ratings <= points)
    given = np.where(rated, ratings, 0).astype(np.int64)
    there = rated.astype(np.int64)
    return Moments(
        values=count_values(ratings, nobody_apart, 1, points)[0],
        nonanswers=count_codes(ratings, nobody_apart, 1, nonanswers)[0],
        pairs=there.T @ there,
        sums=given.T @ there,
        products=given.T @ given,
    )


def added(one: Moments, other: Moments) -> Moments:
    """The moments of both together.

    >>> one = moments(np.array([[5, 4], [3, 0]], np.int8), points=5, nonanswers=(0,))
    >>> other = moments(np.array([[2, 2]], np.int8), points=5, nonanswers=(0,))
    >>> added(one, other).pairs.tolist()
    [[3, 2], [2, 2]]
    """
    return Moments(*(a + b for a, b in zip(one, other, strict=True)))


def packed(found: Moments) -> dict[str, Any]:
    """The moments as JSON: whole numbers, of a symmetric matrix only the rows from the diagonal on.

    >>> packed(moments(np.array([[5, 4], [3, 0]], np.int8), points=5, nonanswers=(0,)))["products"]
    [34, 20, 16]
    """
    upper = np.triu_indices(len(found.pairs))
    return {
        "values": found.values.tolist(),
        "nonanswers": found.nonanswers.tolist(),
        "pairs": found.pairs[upper].tolist(),
        "sums": found.sums.tolist(),
        "products": found.products[upper].tolist(),
    }


def condensed(found: Moments, scopes: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """What may stay as JSON once ratings are deleted; `scopes` names places of items, such as those of a domain.

    The matrices go: from those of a small family every sheet can be worked out. In their place `together` holds two
    numbers a scope that add over rounds, both over its pairs of different items: degrees of freedom, and the products
    of deviations from this round's means. Their quotient is the mean covariance, which with the variances (from
    `values`) gives alpha within rounds (Cronbach 1951, Psychometrika 16:297).

    >>> found = moments(np.array([[5, 4], [3, 2], [1, 3]], np.int8), points=5, nonanswers=(0,))
    >>> condensed(found, {"all": [0, 1]})["together"]
    {'all': [2, 2.0]}
    """
    there = np.maximum(found.pairs, 1)
    deviations = found.products - found.sums * found.sums.T / there
    free = np.maximum(found.pairs - 1, 0)
    return {
        "values": found.values.tolist(),
        "nonanswers": found.nonanswers.tolist(),
        "together": {
            name: [_over_pairs(free, places).item(), round(_over_pairs(deviations, places).item(), 6)]
            for name, places in scopes.items()
        },
    }


def _over_pairs(matrix: np.ndarray[Any, Any], places: Sequence[int]) -> np.ndarray[Any, Any]:
    """The sum over the pairs of different items at these places."""
    found: np.ndarray[Any, Any] = np.triu(matrix[np.ix_(places, places)], 1).sum()
    return found


def unpacked(kept: Mapping[str, Any]) -> Moments:
    """The moments that `packed` made `kept` of.

    >>> found = moments(np.array([[5, 4], [3, 0]], np.int8), points=5, nonanswers=(0,))
    >>> all((a == b).all() for a, b in zip(found, unpacked(packed(found))))
    True
    """
    size = len(kept["values"])
    return Moments(
        np.array(kept["values"], np.int64),
        np.array(kept["nonanswers"], np.int64),
        _square(kept["pairs"], size),
        np.array(kept["sums"], np.int64),
        _square(kept["products"], size),
    )


def _square(upper: Sequence[int], size: int) -> Counts:
    whole = np.zeros((size, size), np.int64)
    rows, columns = np.triu_indices(size)
    whole[rows, columns] = whole[columns, rows] = upper
    return whole
