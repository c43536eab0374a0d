"""Themes of comments: how far coders agree on them, and how many raters raised each."""

import numpy as np
from numpy.typing import NDArray

from msf.scoring.counts import Counts

Floats = NDArray[np.float64]
MISSING = -1


def coincidences(codes: NDArray[np.integer], *, categories: int) -> Floats:
    """How often codes of one unit meet: `codes[coders, units]` of 0..categories - 1 → `[categories, categories]`.

    MISSING stands where a coder did not code a unit. A unit of m >= 2 codes adds its ordered pairs, each 1 / (m - 1);
    others add nothing. The matrices of two batches add. Where a comment may have several themes, code each theme apart,
    0 or 1.

    >>> coincidences(np.array([[0, 1, 1, -1], [0, 1, 0, 1]]), categories=2).tolist()
    [[2.0, 1.0], [1.0, 2.0]]
    """
    if codes.ndim != 2 or not np.issubdtype(codes.dtype, np.integer):
        raise ValueError("codes are a matrix of whole numbers, coders by units")
    if codes.size and not (codes.min() >= MISSING and codes.max() < categories):
        raise ValueError(f"a code is 0 to {categories - 1}, or {MISSING} where there is none")
    unit = np.stack([(codes == category).sum(axis=0) for category in range(categories)], axis=1)  # [units, categories]
    coders = unit.sum(axis=1)
    weights = np.where(coders >= 2, 1 / np.maximum(coders - 1, 1), 0)
    return np.asarray((unit.T * weights) @ unit - np.diag(weights @ unit))


def krippendorff(met: Floats) -> float | None:
    """Nominal alpha from coincidences: 1 - (n - 1) (n - sum o_cc) / (n^2 - sum n_c^2) (Krippendorff 2011).

    1 is full agreement, 0 what chance gives; negative as it is. None where no unit has two codes, or all codes are one
    category: without variation there is nothing to agree on.

    >>> round(krippendorff(coincidences(np.array([[0, 1, 1, -1], [0, 1, 0, 1]]), categories=2)), 3)
    0.444
    """
    totals = met.sum(axis=0)
    n = totals.sum()
    by_chance = n**2 - (totals**2).sum()
    # Sums of fractions: what rounding leaves is no variation.
    if by_chance <= 1e-9 * max(n, 1) ** 2:
        return None
    return float(1 - (n - 1) * (n - np.trace(met)) / by_chance)


def raters_per_theme(
    marked: NDArray[np.bool_], rater: NDArray[np.integer], place: NDArray[np.integer], size: int
) -> Counts:
    """How many raters raised each theme: `marked[n, T]` of n comments → `[size, T]`, each rater once a place.

    `rater[n]` says whose comment it is (any whole numbers), `place[n]` where it counts: a group, or a group and whether
    the question asked for strengths or for development, which are counted apart.

    >>> marked = np.array([[True, False], [True, True], [True, False]])
    >>> raters_per_theme(marked, np.array([4, 4, 9]), np.array([0, 0, 1]), 2).tolist()
    [[1, 1], [1, 0]]
    """
    if marked.ndim != 2 or marked.dtype != np.bool_:
        raise ValueError("marks are a matrix of true and false, comments by themes")
    if rater.shape != marked.shape[:1] or place.shape != marked.shape[:1]:
        raise ValueError("every comment has one rater and one place")
    if place.size and (place.min() < 0 or place.max() >= size):
        raise ValueError("a place points outside the result")
    comment, theme = np.nonzero(marked)
    found = np.zeros((size, marked.shape[1]), np.int64)
    each = np.unique(np.stack([place[comment], theme, rater[comment]], axis=1), axis=0)
    np.add.at(found, (each[:, 0], each[:, 1]), 1)
    return found
