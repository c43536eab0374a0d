"""What reliability needs of raters' scores: sums that add over rounds, by number of raters and not by practitioner.

Raters are nested in practitioners. How far a practitioner's mean counts depends on nothing but the number n of raters,
w = n / (1 + n lambda), so that sums over all who have the same n are enough for every estimate, exactly.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from msf.scoring.counts import Counts
from msf.scoring.intervals import Floats

Index = NDArray[np.integer]


class OneFacet(NamedTuple):
    """Sums over practitioners by their number of raters n = 0..most; place 0 stays empty, whoever has no score.

    `practitioners[n]` counts them, `mean_sums[n]` and `mean_squares[n]` add their means and squared means, as distances
    from `centre` in score points, and `within` adds the squared deviations of scores from their practitioner's mean. A
    practitioner in two rounds counts twice. Where only one has n raters their mean can be read off, so what people see
    is made of estimates, never of these sums.
    """

    centre: float
    practitioners: Counts
    mean_sums: Floats
    mean_squares: Floats
    within: float


def of_scores(scores: Floats, index: Index, size: int, *, centre: float) -> OneFacet:
    """The sums of `scores[N]`, one per rater (nan: no score), of practitioners `index[N]` out of `size`.

    `centre` is a fixed point near the scores, such as the middle of the scale. Places of the index may be empty.

    >>> of_scores(np.array([4.0, 5.0, 3.0, np.nan]), np.array([0, 0, 2, 2]), 3, centre=3).practitioners.tolist()
    [0, 1, 1]
    """
    _check_scores(scores, index, size)
    given = ~np.isnan(scores)
    about, place = scores[given] - centre, index[given]
    n = np.bincount(place, minlength=size)
    means = _weighed(place, about, size) / np.maximum(n, 1)
    squares = _weighed(place, (about - means[place]) ** 2, size)
    return _collected(n, means, squares, centre)


def of_means(n: Index, means: Floats, within: Floats, *, centre: float) -> OneFacet:
    """The sums of practitioners of whom `n[P]` raters, their mean and their sum of squared deviations are known.

    Whoever has no rater is left out, whatever stands as the mean.

    >>> of_means(np.array([2, 1, 0]), np.array([4.5, 3.0, np.nan]), np.array([0.5, 0, 0]), centre=3).mean_sums.tolist()
    [0.0, 0.0, 1.5]
    """
    if not (n.ndim == 1 and n.shape == means.shape == within.shape):
        raise ValueError("numbers of raters, means and squares are three arrays of one length")
    if not np.issubdtype(n.dtype, np.integer) or (n < 0).any():
        raise ValueError("numbers of raters are whole numbers from 0 on")
    there = n > 0
    n, means, within = n[there].astype(np.int64), means[there], within[there]
    if not (np.isfinite(means).all() and np.isfinite(within).all() and (within >= 0).all()):
        raise ValueError("means are finite, and sums of squares finite and not negative, wherever there is a rater")
    if (within[n == 1] > 1e-9).any():
        raise ValueError("the scores of one rater have no spread")
    return _collected(n, means - centre, within, centre)


def added(one: OneFacet, other: OneFacet) -> OneFacet:
    """The sums of both together; they have to lie about the same centre.

    >>> one = of_means(np.array([1]), np.array([4.0]), np.array([0.0]), centre=3)
    >>> other = of_means(np.array([3]), np.array([5.0]), np.array([2.0]), centre=3)
    >>> added(one, other).practitioners.tolist()
    [0, 1, 0, 1]
    """
    if one.centre != other.centre:
        raise ValueError(f"sums about {one.centre} and about {other.centre} do not add")
    width = max(len(one.practitioners), len(other.practitioners))
    return OneFacet(
        one.centre,
        _widened(one.practitioners, width) + _widened(other.practitioners, width),
        _widened(one.mean_sums, width) + _widened(other.mean_sums, width),
        _widened(one.mean_squares, width) + _widened(other.mean_squares, width),
        one.within + other.within,
    )


def packed(sums: OneFacet) -> dict[str, Any]:
    """The sums as JSON, exactly; only numbers of raters that occur.

    >>> packed(of_means(np.array([4, 4]), np.array([4.0, 5.0]), np.array([1.0, 0.5]), centre=3))["mean_sums"]
    [3.0]
    """
    n = sums.practitioners.nonzero()[0]
    return {
        "centre": sums.centre,
        "within": sums.within,
        "n": n.tolist(),
        "practitioners": sums.practitioners[n].tolist(),
        "mean_sums": sums.mean_sums[n].tolist(),
        "mean_squares": sums.mean_squares[n].tolist(),
    }


def unpacked(kept: Mapping[str, Any]) -> OneFacet:
    """The sums that `packed` made `kept` of.

    >>> unpacked(packed(of_means(np.array([2]), np.array([4.0]), np.array([1.0]), centre=3))).practitioners.tolist()
    [0, 0, 1]
    """
    n = np.array(kept["n"], np.int64)
    practitioners = np.zeros(int(n.max(initial=0)) + 1, np.int64)
    mean_sums, mean_squares = np.zeros(len(practitioners)), np.zeros(len(practitioners))
    practitioners[n], mean_sums[n], mean_squares[n] = kept["practitioners"], kept["mean_sums"], kept["mean_squares"]
    return OneFacet(kept["centre"], practitioners, mean_sums, mean_squares, kept["within"])


def _collected(n: Index, about: Floats, within: Floats, centre: float) -> OneFacet:
    """`about` holds means about the centre; it is 0 where n is."""
    practitioners = np.bincount(n, minlength=1)
    practitioners[0] = 0
    sums, squares = _weighed(n, about, 1), _weighed(n, about**2, 1)
    return OneFacet(float(centre), practitioners, sums, squares, float(within.sum()))


def _weighed(place: Index, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(place, weights=values, minlength=size), np.float64)


def _widened(values: NDArray[Any], width: int) -> NDArray[Any]:
    return np.pad(values, (0, width - len(values)))


def _check_scores(scores: Floats, index: Index, size: int) -> None:
    if scores.ndim != 1 or not np.issubdtype(scores.dtype, np.floating) or np.isinf(scores).any():
        raise ValueError("scores are one row of finite numbers, nan where a rater has none")
    if index.shape != scores.shape or not np.issubdtype(index.dtype, np.integer):
        raise ValueError("every score has one whole number, its practitioner's place in the index")
    if index.size and (index.min() < 0 or index.max() >= size):
        raise ValueError("the index points outside the practitioners")
