"""Every answer counted once: category counts that add over chunks, days and groups, in any order of raters."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Ratings = NDArray[np.int8]


def count_codes(ratings: Ratings, index: NDArray[np.integer], size: int, codes: Sequence[int]) -> Counts:
    """Count each code per place and item: `ratings[n, I]`, places `index[n]` of `size` → `[size, I, len(codes)]`.

    Codes that are not listed are left out, so that values and non-answers can be counted apart.

    >>> count_codes(np.array([[5, 4], [5, 0], [3, 4]], np.int8), np.array([0, 0, 1]), 2, (3, 4, 5)).tolist()
    [[[0, 0, 2], [0, 1, 0]], [[1, 0, 0], [0, 1, 0]]]
    """
    _fits(ratings, index, size)
    items, width = ratings.shape[1], len(codes)
    cells = size * items * width
    column = np.full(256, cells, np.int64)  # a code left out lands beyond the last cell
    column[np.asarray(codes, np.int64)] = np.arange(width)
    # int64 keys: an int8 or int32 product would overflow in a large programme.
    keys = column[ratings.view(np.uint8)]
    keys += np.arange(items) * width
    keys += index.astype(np.int64)[:, None] * (items * width)
    np.minimum(keys, cells, out=keys)
    found = np.bincount(keys.ravel(), minlength=cells + 1)[:-1]
    return found.reshape(size, items, width).astype(np.int64, copy=False)


def count_values(ratings: Ratings, index: NDArray[np.integer], size: int, points: int) -> Counts:
    """Count the valid answers 1..points per place and item: `[size, I, points]`."""
    return count_codes(ratings, index, size, range(1, points + 1))


def _fits(ratings: Ratings, index: NDArray[np.integer], size: int) -> None:
    if ratings.ndim != 2 or ratings.dtype != np.int8:
        raise ValueError("ratings are an int8 matrix of raters by items")
    if index.shape != ratings.shape[:1]:
        raise ValueError("every rater has one place in the index")
    if index.size and (index.min() < 0 or index.max() >= size):
        raise ValueError("the index points outside the result")
