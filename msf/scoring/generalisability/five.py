"""Five components of single answers: practitioners, raters, items, items within practitioners, and the rest.

The model is y = mu + p + r:p + i + pi + e, an answer to item i of rater r of practitioner p.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from msf.scoring.generalisability.with_items import FiveSums
from msf.scoring.intervals import Floats

ROUNDING = 1e-12  # squared scale points
EFFECTS = ("practitioner", "rater", "item", "interaction", "residual")


class FiveComponents(NamedTuple):
    """The mean of all answers and the five variances; `negative` names those estimated below 0 and given as 0."""

    mean: float
    practitioner: float
    rater: float
    item: float
    interaction: float
    residual: float
    negative: tuple[str, ...]


class Reliability(NamedTuple):
    """Variance of what is meant, variance of what disturbs it, and the share of the first: the coefficient."""

    universe: Floats
    error: Floats
    coefficient: Floats


def henderson(sums: FiveSums) -> FiveComponents | None:
    """Components by Henderson's method 1 (1953, Biometrics 9:226): sums of T^2 / n equated to their expected values.

    Over the levels a of an effect A, the sum of T_a^2 / n_a is expected to be N mu^2 + sum over effects B of s2_B times
    the sum of n_ab^2 / n_a: six equations with six unknowns. On balanced data that is the analysis of variance; with
    answers missing at random it is unbiased. A negative estimate is given as 0; the others stay as they were solved
    (Brennan 2001).
    None where the components cannot be told apart: one practitioner, one item, one rater each, no answers or all equal.

    >>> from msf.scoring.generalisability.with_items import of_ratings
    >>> ratings = np.array([[5, 4], [4, 4], [3, 1], [2, 2]], np.int8)
    >>> found = henderson(of_ratings(ratings, np.array([0, 0, 1, 1]), 2, points=5))
    >>> [round(value, 3) for value in found[1:6]], found.negative
    ([2.625, 0.0, 0.25, 0.0, 0.625], ('rater', 'interaction'))
    """
    answers = int(sums.item_n.sum())
    if sums.squares * answers == int(sums.item_totals.sum()) ** 2:
        return None
    system = _expected(sums) / answers
    if np.linalg.matrix_rank(system) < len(system):
        return None
    solved = dict(zip(EFFECTS, np.linalg.solve(system, _observed(sums) / answers)[1:].tolist(), strict=True))
    return FiveComponents(
        mean=sums.centre + int(sums.item_totals.sum()) / answers,
        **{effect: variance if variance > ROUNDING else 0.0 for effect, variance in solved.items()},
        negative=tuple(effect for effect, variance in solved.items() if variance < -ROUNDING),
    )


def with_fixed_items(found: FiveComponents, n: ArrayLike, *, items: int) -> Reliability:
    """Of `n` raters on this very questionnaire: universe s2p + s2pi / k, error (s2r + s2e / k) / n.

    >>> found = FiveComponents(4.2, practitioner=0.1, rater=0.2, item=0.1, interaction=0.05, residual=0.5, negative=())
    >>> with_fixed_items(found, [15, 30], items=10).coefficient.round(3).tolist()
    [0.863, 0.926]
    """
    raters = _checked(found, n, items)
    return _reliability(found.practitioner + found.interaction / items, (found.rater + found.residual / items) / raters)


def with_random_items(found: FiveComponents, n: ArrayLike, *, items: int, absolute: bool = False) -> Reliability:
    """Of `n` raters on so many items like these: universe s2p, error s2pi / k + s2r / n + s2e / (n k).

    `absolute`, for comparing practitioners who were asked different items, has s2i / k more error.

    >>> found = FiveComponents(4.2, practitioner=0.1, rater=0.2, item=0.1, interaction=0.05, residual=0.5, negative=())
    >>> with_random_items(found, 15, items=10).coefficient.round(3).tolist()
    0.822
    >>> with_random_items(found, 15, items=10, absolute=True).coefficient.round(3).tolist()
    0.759
    """
    raters = _checked(found, n, items)
    error = found.interaction / items + (found.rater + found.residual / items) / raters
    return _reliability(found.practitioner, error + (found.item / items if absolute else 0.0))


def _observed(sums: FiveSums) -> Floats:
    """The mean squared, and sums of T^2 / n over practitioners, raters, items, cells and single answers."""
    asked = sums.item_n > 0
    return np.array([
        int(sums.item_totals.sum()) ** 2 / int(sums.item_n.sum()),
        sums.by_practitioner,
        sums.by_rater,
        (sums.item_totals[asked] ** 2 / sums.item_n[asked]).sum(),
        sums.by_cell,
        sums.squares,
    ])  # fmt: skip


def _expected(sums: FiveSums) -> Floats:
    """What each of those is expected to hold of mu^2 and the five variances, in the order of `EFFECTS`: `[6, 6]`."""
    asked = sums.item_n > 0
    answers, items = int(sums.item_n.sum()), int(asked.sum())
    p, r, c = sums.practitioners, sums.raters, sums.cells
    in_p, in_i = sums.cells_in_practitioners, (sums.item_cells[asked] / sums.item_n[asked]).sum()
    of_mean = np.array([sums.practitioner_squares, sums.rater_squares, (sums.item_n**2).sum(), sums.item_cells.sum()])
    return np.array([
        [answers, *of_mean / answers, 1],
        [answers, answers, sums.raters_in_practitioners, in_p, in_p, p],
        [answers, answers, answers, r, r, r],
        [answers, in_i, items, answers, in_i, items],
        [answers, answers, c, answers, answers, c],
        [answers] * 6,
    ], np.float64)  # fmt: skip


def _reliability(universe: float, error: Floats) -> Reliability:
    return Reliability(np.full_like(error, universe), error, universe / (universe + error))


def _checked(found: FiveComponents, n: ArrayLike, items: int) -> Floats:
    variances = np.array(found[1:6])
    if not (np.isfinite(variances).all() and (variances >= 0).all() and found.rater + found.residual > 0):
        raise ValueError(f"variances are finite, none below 0, and not all of the raters' are 0, unlike {found}")
    raters = np.asarray(n, np.float64)
    if items < 1 or not (raters >= 1).all():
        raise ValueError("without a rater or an item there is no coefficient")
    return raters
