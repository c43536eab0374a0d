"""Figures that follow from category counts alone: means, per cent forms, shares of the top and the bottom, medians."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from msf.scoring.counts import Counts

Floats = NDArray[np.float64]


class Items(NamedTuple):
    """Of the valid answers: how many, their mean (nan where there are none) and the squares about it (0 under two)."""

    n: Counts
    mean: Floats
    squares: Floats


def item_figures(counts: Counts) -> Items:
    """n, mean and sum of squared deviations from `counts[..., A]` of the values 1..A, exact for equal answers.

    >>> item_figures(np.array([[0, 0, 1, 0, 1], [0, 0, 0, 0, 0]])).mean.tolist()
    [4.0, nan]
    """
    values = np.arange(1, counts.shape[-1] + 1)
    n, total, squares = np.moveaxis(counts @ np.stack([values**power for power in range(3)], axis=-1), -1, 0)
    some = np.where(n > 0, n, np.nan)
    # Whole numbers until the last division, so that equal answers give exactly no squares.
    return Items(n, total / some, (n * squares - total**2) / np.maximum(n, 1))


def percent(mean: ArrayLike, points: int) -> Floats:
    """The mean of a scale 1..points in per cent, 100 (y - 1) / (points - 1): the lowest answer is 0, not 20.

    >>> percent([1, 4, 5], 5).tolist()
    [0.0, 75.0, 100.0]
    """
    if points < 2:
        raise ValueError("a scale has at least two points")
    return 100 * (np.asarray(mean, np.float64) - 1) / (points - 1)


def top(counts: Counts, categories: int = 1) -> Counts:
    """How many of `counts[..., A]` gave one of the top `categories` values, which the questionnaire declares.

    >>> top(np.array([0, 1, 2, 3, 4]), 2).tolist()
    7
    """
    return np.asarray(counts[..., _within(counts.shape[-1] - categories, counts) :].sum(axis=-1))


def bottom(counts: Counts, satisfactory: int) -> Counts:
    """How many of `counts[..., A]` gave a value below the lowest satisfactory one.

    >>> bottom(np.array([1, 1, 2, 3, 4]), 3).tolist()
    2
    """
    return np.asarray(counts[..., : _within(satisfactory - 1, counts)].sum(axis=-1))


def share(some: Counts, n: Counts) -> Floats:
    """some / n, with the same denominator as the mean; nan where nobody gave a value.

    >>> share(np.array([3, 0]), np.array([4, 0])).tolist()
    [0.75, nan]
    """
    return np.asarray(some / np.where(n > 0, n, np.nan))


def interpolated_median(counts: Counts) -> Floats:
    """The median, the answers of a category spread evenly over its width (to be named "interpolated"); nan for none.

    >>> interpolated_median(np.array([[0, 0, 2, 4, 4], [0, 0, 0, 0, 9]])).tolist()
    [4.25, 5.0]
    """
    n, running = counts.sum(axis=-1, keepdims=True), counts.cumsum(axis=-1)
    place = (2 * running < n).sum(axis=-1, keepdims=True)
    inside = np.take_along_axis(counts, np.minimum(place, counts.shape[-1] - 1), -1)
    below = np.take_along_axis(running, np.minimum(place, counts.shape[-1] - 1), -1) - inside
    median = place + 0.5 + (n / 2 - below) / np.where(inside > 0, inside, np.nan)
    return np.asarray(median[..., 0])


def _within(place: int, counts: Counts) -> int:
    if not 0 < place < counts.shape[-1]:
        raise ValueError("the top or the bottom is some categories of the scale, not none and not all of them")
    return place
