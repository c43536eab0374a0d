"""What stays of ratings: counts, sums and cross-products that add over rounds, as exact whole numbers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from msf.scoring.counts import Counts, Ratings

# Small enough for the processor's cache, and for BLAS to stay on one thread: a busy machine makes it wait for a second.
ROWS = 512


class Moments(NamedTuple):
    """The moments of one family's ratings of I items; those of two rounds of the same questionnaire add.

    `values[I, points]` and `nonanswers[I, codes]` count raters. Over the raters who rated both item i and item j,
    `pairs[i, j]` counts them, `sums[i, j]` adds what they gave i, and `products[i, j]` what they gave i times what they
    gave j. So the covariance of i and j is (products - sums * sums.T / pairs) / (pairs - 1). All are int64: with five
    points they hold the products of 10^17 raters.
    """

    values: Counts
    nonanswers: Counts
    pairs: Counts
    sums: Counts
    products: Counts


def moments(ratings: Ratings, *, points: int, nonanswers: Sequence[int]) -> Moments:
    """The moments of `ratings[n, I]`, values 1..points, where the codes `nonanswers` mean that nothing was rated.

    Any other code is taken as nothing said, and is counted nowhere. The order of raters does not matter, and the
    moments of parts add up to those of the whole, exactly. Memory beside the ratings: a few MB, however many there are.

    >>> found = moments(np.array([[5, 4], [3, 0]], np.int8), points=5, nonanswers=(0,))
    >>> found.pairs.tolist(), found.sums.tolist(), found.products.tolist()
    ([[2, 1], [1, 1]], [[8, 5], [4, 4]], [[34, 20], [20, 16]])
    """
    check_ratings(ratings, points)
    items = ratings.shape[1]
    codes = np.zeros((items, 256), np.int64)
    pairs, sums, products = (np.zeros((items, items), np.int64) for _ in range(3))
    # In numpy only floats go through BLAS. All terms are whole and none is negative, so that no partial sum, in
    # whatever order, exceeds the total, which is at most ROWS * 100^2 < 2^24: up to there float32 rounds nothing.
    for block in blocks(ratings):
        codes += _coded(block)
        rated = (block >= 1) & (block <= points)
        given, there = (block * rated).astype(np.float32), rated.astype(np.float32)
        pairs += (there.T @ there).astype(np.int64)
        sums += (given.T @ there).astype(np.int64)
        products += (given.T @ given).astype(np.int64)
    values, others = codes[:, 1 : points + 1].copy(), codes[:, np.asarray(nonanswers, np.int64)]
    return Moments(values, others, pairs, sums, products)


def check_ratings(ratings: Ratings, points: int) -> None:
    """Refuse what is no int8 matrix of raters by items, and a scale that has not 2 to 100 points."""
    if ratings.ndim != 2 or ratings.dtype != np.int8:
        raise ValueError("ratings are an int8 matrix of raters by items")
    if not 2 <= points <= 100:
        raise ValueError(f"a scale has 2 to 100 points, not {points}")


def blocks(ratings: Ratings) -> Iterator[Ratings]:
    """The ratings, ROWS at a time.

    >>> [len(block) for block in blocks(np.ones((1100, 2), np.int8))]
    [512, 512, 76]
    """
    return (ratings[start : start + ROWS] for start in range(0, len(ratings), ROWS))


def _coded(block: Ratings) -> Counts:
    """How often each item got each of the 256 codes that a byte can be."""
    items = block.shape[1]
    # int64 keys: bytes would overflow.
    keys = block.view(np.uint8) + 256 * np.arange(items, dtype=np.int64)
    return np.bincount(keys.ravel(), minlength=256 * items).reshape(items, 256)


def of_items(found: Moments, places: Sequence[int]) -> Moments:
    """The moments of the items at these places alone, such as those of a domain.

    >>> found = moments(np.array([[5, 4, 1], [3, 0, 2]], np.int8), points=5, nonanswers=(0,))
    >>> of_items(found, [0, 2]).sums.tolist()
    [[8, 8], [3, 3]]
    """
    at, square = list(places), np.ix_(places, places)
    return Moments(
        found.values[at], found.nonanswers[at], found.pairs[square], found.sums[square], found.products[square]
    )


def added(one: Moments, other: Moments) -> Moments:
    """The moments of both together; of unlike questionnaires there are none.

    >>> one = moments(np.array([[5, 4], [3, 0]], np.int8), points=5, nonanswers=(0,))
    >>> other = moments(np.array([[2, 2]], np.int8), points=5, nonanswers=(0,))
    >>> added(one, other).pairs.tolist()
    [[3, 2], [2, 2]]
    """
    if any(a.shape != b.shape for a, b in zip(one, other, strict=True)):
        raise ValueError("only moments of the same items, points and codes add")
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
