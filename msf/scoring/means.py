"""Means as people read them: one decimal, half up, exact from whole sums, and coded at the ends where few answered."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from msf.scoring.counts import Counts
from msf.scoring.disclosure import DETAIL

UNDEFINED = -1  # tenths of a mean of nothing; no cell may carry it


class Coded(NamedTuple):
    """Means in tenths, and how each is bound: 1 "at least", -1 "at most", 0 as it stands."""

    tenths: Counts
    bound: NDArray[np.int8]


def tenths(sums: Counts, n: Counts) -> Counts:
    """The mean in whole tenths, half up, from whole numbers only; UNDEFINED where nobody answered.

    >>> tenths(np.array([9, 0, 37]), np.array([4, 0, 8])).tolist()
    [23, -1, 46]
    """
    divisor = np.maximum(n, 1)
    return np.where(n > 0, (20 * sums + n) // (2 * divisor), UNDEFINED)


def coded(sums: Counts, n: Counts, *, lowest: int, highest: int) -> Coded:
    """Means in tenths; under ten answers the last half point at each end becomes "4.5 or higher", "1.5 or lower".

    Otherwise a small block that agrees at the end of the scale would give every answer away. Whether a mean is shown
    does not depend on this, only how it is worded.

    >>> coded(np.array([25, 50, 6]), np.array([5, 10, 5]), lowest=1, highest=5).tenths.tolist()
    [45, 50, 15]
    """
    few = (n > 0) & (n < DETAIL)
    high = few & (2 * sums > (2 * highest - 1) * n)
    low = few & (2 * sums < (2 * lowest + 1) * n)
    shown = np.where(high, 10 * highest - 5, np.where(low, 10 * lowest + 5, tenths(sums, n)))
    return Coded(shown, high.astype(np.int8) - low.astype(np.int8))


def of_shown(shown: Counts) -> Counts:
    """The mean, half up, of means already in tenths, over the last axis: a figure that tells nothing new.

    >>> of_shown(np.array([[45, 42], [45, 40]])).tolist()
    [44, 43]
    """
    width = shown.shape[-1]
    return np.asarray((2 * shown.sum(axis=-1) + width) // (2 * width))


def of_rounds(shown: Counts, n: Counts) -> Counts:
    """The mean, half up, of means in tenths that several rounds show, each counted by its answers: `[R, ...]`.

    Made of what is printed and of nothing else, so that it tells nothing new. Where one is bound ("4.5 or higher") this
    is bound as the mean of a domain is.

    >>> of_rounds(np.array([[45, 40], [42, 38]]), np.array([[10, 8], [5, 8]])).tolist()
    [44, 39]
    """
    people = n.sum(axis=0)
    if (people == 0).any():
        raise ValueError("there is no mean of rounds in which nobody answered")
    return np.asarray((2 * (shown * n).sum(axis=0) + people) // (2 * people))
