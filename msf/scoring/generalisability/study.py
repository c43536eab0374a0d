"""How reliable a practitioner's mean is with the raters there are, and how many raters it would take."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from msf.scoring.generalisability.components import Components
from msf.scoring.generalisability.one_facet import OneFacet
from msf.scoring.intervals import Floats

TARGETS = (0.7, 0.8, 0.9)
NORMAL_95 = 1.959963984540054


class Band(NamedTuple):
    """Lower and upper limits in score points."""

    low: Floats
    high: Floats


def coefficient(found: Components, n: ArrayLike) -> Floats:
    """G = s2p / (s2p + s2r / n) of practitioners with `n` raters, at least one each; 0 where s2p is.

    >>> coefficient(Components(4.2, 0.1, 0.4), [4, 16]).tolist()
    [0.5, 0.8]
    """
    return found.between / (found.between + _error(found, n))


def standard_error(found: Components, n: ArrayLike) -> Floats:
    """SEM = sqrt(s2r / n), in score points, of means of `n` raters, at least one each.

    >>> standard_error(Components(4.2, 0.1, 0.4), [10, 40]).round(9).tolist()
    [0.2, 0.1]
    """
    return np.sqrt(_error(found, n))


def band(found: Components, means: ArrayLike, n: ArrayLike, *, lowest: float, highest: float) -> Band:
    """The mean and 1.96 standard errors of measurement to each side, clipped to the scale: for bands beside benchmarks.

    >>> band(Components(4.2, 0.1, 0.4), [4.0, 4.8], [10, 10], lowest=1, highest=5).high.round(3).tolist()
    [4.392, 5.0]
    """
    reach, middle = NORMAL_95 * standard_error(found, n), np.asarray(means, np.float64)
    return Band(np.clip(middle - reach, lowest, highest), np.clip(middle + reach, lowest, highest))


def programme_coefficient(found: Components, sums: OneFacet) -> float:
    """The one G of a programme: that of the harmonic mean of the numbers of raters.

    >>> from msf.scoring.generalisability.one_facet import of_means
    >>> sums = of_means(np.array([2, 6]), np.array([4.0, 4.0]), np.array([1.0, 1.0]), centre=3)
    >>> programme_coefficient(Components(4.2, 0.1, 0.3), sums)
    0.5
    """
    n = np.arange(1, len(sums.practitioners))
    practitioners = _someone(sums)
    return float(coefficient(found, practitioners / float((sums.practitioners[1:] / n).sum())))


def raters_needed(found: Components, target: float) -> int | None:
    """The fewest raters with whom G reaches `target` (between 0 and 1); None, "not reachable", where s2p is 0.

    It is the ceiling of T / (1 - T) * s2r / s2p, less a billionth: an exact 16 comes out as 16.000000000000004.

    >>> raters_needed(Components(4.2, 0.1, 0.4), 0.8), raters_needed(Components(4.2, 0, 0.4), 0.8)
    (16, None)
    """
    if not 0 < target < 1:
        raise ValueError(f"a coefficient to reach lies between 0 and 1, unlike {target}")
    _error(found, 1)
    if found.between == 0:
        return None
    return max(1, math.ceil(target / (1 - target) * found.within / found.between - 1e-9))


def decision_study(found: Components, targets: Sequence[float] = TARGETS) -> dict[float, int | None]:
    """The raters needed for each target.

    >>> decision_study(Components(4.2, 0.1, 0.4))
    {0.7: 10, 0.8: 16, 0.9: 36}
    """
    return {target: raters_needed(found, target) for target in targets}


def curve(found: Components, most: int) -> Floats:
    """G with 1, 2, .., `most` raters.

    >>> curve(Components(4.2, 0.1, 0.4), 4).round(3).tolist()
    [0.2, 0.333, 0.429, 0.5]
    """
    return coefficient(found, np.arange(1, most + 1))


def share_reaching(found: Components, sums: OneFacet, target: float) -> float:
    """The share of practitioners, among those with a rater, who have the raters that `target` needs.

    >>> from msf.scoring.generalisability.one_facet import of_means
    >>> sums = of_means(np.array([15, 16, 20, 0]), np.full(4, 4.0), np.ones(4), centre=3)
    >>> round(share_reaching(Components(4.2, 0.1, 0.4), sums, 0.8), 3)
    0.667
    """
    practitioners, needed = _someone(sums), raters_needed(found, target)
    return 0.0 if needed is None else float(sums.practitioners[needed:].sum()) / practitioners


def _error(found: Components, n: ArrayLike) -> Floats:
    if not (0 <= found.between < np.inf and 0 < found.within < np.inf):
        raise ValueError(f"variances are finite, of practitioners not below 0, of raters above 0, unlike {found}")
    raters = np.asarray(n, np.float64)
    if not (raters >= 1).all():
        raise ValueError("without a rater there is no coefficient")
    return np.asarray(found.within / raters)


def _someone(sums: OneFacet) -> int:
    practitioners = int(sums.practitioners.sum())
    if not practitioners:
        raise ValueError("a programme in which nobody has a rater has no coefficient")
    return practitioners
