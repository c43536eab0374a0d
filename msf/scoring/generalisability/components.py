"""How much of raters' scores is the practitioner and how much the rater: REML, with analysis of variance beside it.

The model is y = mu + p + r:p, raters nested in practitioners, with unequal numbers of raters. Relative and absolute
coefficients coincide, since a rater's severity cannot be told from what they saw and lies within the error.
"""

from typing import Literal, NamedTuple

import numpy as np

from msf.scoring.generalisability.one_facet import OneFacet
from msf.scoring.generalisability.profile import Sizes, best_ratio, profile, sizes_of
from msf.scoring.intervals import LEVEL

INDICATIVE = 20  # practitioners from whom on a study may be mentioned
PUBLISHABLE = 50  # and from whom on its thresholds may be published

Standing = Literal["too few", "indicative", "publishable"]


class Components(NamedTuple):
    """The mean of practitioners (score points), their variance s2p, and that of raters within them, s2r."""

    mean: float
    between: float
    within: float

    @property
    def single(self) -> float:
        """The reliability of a single rater, ICC(1) = s2p / (s2p + s2r)."""
        return self.between / (self.between + self.within)


class Estimate(NamedTuple):
    """Components, and what they rest on; `negative`: s2p would lie below 0 and is given as 0, so G is 0.

    `likelihood` is the restricted log-likelihood at these components, see `likelihood`.
    """

    components: Components
    negative: bool
    likelihood: float
    practitioners: int
    raters: int

    @property
    def standing(self) -> Standing:
        """What the number of practitioners allows: from 20 on indicative, from 50 on publishable."""
        return standing(self.practitioners)


class MeanSquares(NamedTuple):
    """The table of the one-way analysis of variance; `n0` is the number of raters that stands in for all."""

    between: float
    within: float
    n0: float
    practitioners: int
    raters: int


class IccLimits(NamedTuple):
    """Limits of the reliability of a single rater, within 0..1."""

    low: float
    high: float


def standing(practitioners: int) -> Standing:
    """What so many practitioners allow a study to be.

    >>> standing(19), standing(20), standing(50)
    ('too few', 'indicative', 'publishable')
    """
    if practitioners >= PUBLISHABLE:
        return "publishable"
    return "indicative" if practitioners >= INDICATIVE else "too few"


def mean_squares(sums: OneFacet) -> MeanSquares | None:
    """MSB, MSW and n0 = (N - sum n^2 / N) / (a - 1), which is below the mean number of raters unless all have the same.

    None where nothing can be estimated: fewer than two practitioners, nobody with two raters, or raters of the same
    practitioner who never differ.

    >>> from msf.scoring.generalisability.one_facet import of_means
    >>> mean_squares(of_means(np.array([2, 4]), np.array([3.0, 4.5]), np.array([2.0, 2.0]), centre=3))
    MeanSquares(between=3.0, within=1.0, n0=2.6666666666666665, practitioners=2, raters=6)
    """
    sizes = sizes_of(sums)
    return None if sizes is None else _table(sizes)


def anova(sums: OneFacet) -> Estimate | None:
    """The cross-check: s2p = (MSB - MSW) / n0, s2r = MSW; practitioners with one rater inform s2p alone. None as above.

    On strongly unequal numbers of raters it can differ from REML by a quarter in s2p.

    >>> from msf.scoring.generalisability.one_facet import of_means
    >>> anova(of_means(np.array([2, 2]), np.array([3.0, 5.0]), np.array([2.0, 2.0]), centre=3)).components
    Components(mean=4.0, between=1.0, within=2.0)
    """
    sizes = sizes_of(sums)
    if sizes is None:
        return None
    table = _table(sizes)
    between = (table.between - table.within) / table.n0
    return _estimate(sums.centre, sizes, max(between, 0.0), table.within, negative=between < 0)


def reml(sums: OneFacet) -> Estimate | None:
    """The estimate to report: restricted maximum likelihood, by its profile over lambda = s2p / s2r. None as above.

    At the best lambda s2r = q / (N - 1) and s2p = lambda s2r (Searle, Casella & McCulloch 1992, chapter 6); see
    `profile.Profile` for the function that is minimised.

    >>> from msf.scoring.generalisability.one_facet import of_means
    >>> found = reml(of_means(np.array([2, 2]), np.array([3.0, 5.0]), np.array([2.0, 2.0]), centre=3))
    >>> round(found.components.between, 9), round(found.components.within, 9), found.standing
    (1.0, 2.0, 'too few')
    """
    sizes = sizes_of(sums)
    if sizes is None:
        return None
    ratio = best_ratio(sizes)
    found = profile(sizes, np.array([ratio]))
    within = float(found.squares[0]) / (sizes.raters - 1)
    rising = float(found.slope[0]) > 0
    return _estimate(sums.centre, sizes, ratio * within, within, negative=ratio == 0 and rising)


def likelihood(sums: OneFacet, between: float, within: float) -> float:
    """The restricted log-likelihood of two variances, of estimable sums: with V the covariance and 1 a column of ones,

    -1/2 [(N - 1) log 2 pi + log |V| + log (1' V^-1 1) + (y - mu)' V^-1 (y - mu)], without the 1/2 log (1' 1) that some
    programs add.

    >>> from msf.scoring.generalisability.one_facet import of_means
    >>> sums = of_means(np.array([2, 2]), np.array([3.0, 5.0]), np.array([2.0, 2.0]), centre=3)
    >>> likelihood(sums, 1, 2) > likelihood(sums, 1.2, 2)
    True
    """
    sizes = sizes_of(sums)
    if sizes is None or not (0 <= between < np.inf and 0 < within < np.inf):
        raise ValueError("a likelihood needs estimable sums, a variance from 0 on, and one of raters above 0")
    return _likelihood(sizes, between, within)


def icc_limits(sums: OneFacet, *, level: float = LEVEL) -> IccLimits | None:
    """Limits of ICC(1) from F = MSB / MSW with n0 for the number of raters (Shrout & Fleiss 1979), cut to 0..1.

    They are exact for equal numbers of raters and approximate otherwise. None as above.

    >>> from msf.scoring.generalisability.one_facet import of_means
    >>> sums = of_means(np.full(40, 5), np.linspace(3, 5, 40), np.full(40, 2.0), centre=3)
    >>> [round(limit, 3) for limit in icc_limits(sums)]
    [0.202, 0.508]
    """
    from scipy.special import fdtri  # noqa: PLC0415  slow to load; only studies need it

    table = mean_squares(sums)
    if table is None:
        return None
    above, below, tail = table.practitioners - 1, table.raters - table.practitioners, (1 + level) / 2
    ratio = table.between / table.within
    ends = np.array([ratio / fdtri(above, below, tail), ratio * fdtri(below, above, tail)])
    low, high = np.clip((ends - 1) / (ends + table.n0 - 1), 0, 1).tolist()
    return IccLimits(low, high)


def _table(sizes: Sizes) -> MeanSquares:
    practitioners, raters = int(sizes.practitioners.sum()), sizes.raters
    between = float(profile(sizes, np.zeros(1)).squares[0]) - sizes.within
    n0 = (raters - float(sizes.practitioners @ sizes.n**2) / raters) / (practitioners - 1)
    within = sizes.within / (raters - practitioners)
    return MeanSquares(between / (practitioners - 1), within, n0, practitioners, raters)


def _likelihood(sizes: Sizes, between: float, within: float) -> float:
    free = sizes.raters - 1
    found = profile(sizes, np.array([between / within]))
    squares, deviance = float(found.squares[0]), float(found.deviance[0])
    logs = deviance - free * float(np.log(squares / free))
    return -0.5 * (free * float(np.log(2 * np.pi * within)) + logs + squares / within)


def _estimate(centre: float, sizes: Sizes, between: float, within: float, *, negative: bool) -> Estimate:
    mean = centre + float(profile(sizes, np.array([between / within])).mean[0])
    practitioners, height = int(sizes.practitioners.sum()), _likelihood(sizes, between, within)
    return Estimate(Components(mean, between, within), negative, height, practitioners, sizes.raters)
