"""Sums of single answers that add over practitioners and rounds, for components with items: i x (r:p)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from msf.scoring.counts import Counts, Ratings, count_values


class FiveSums(NamedTuple):
    """Totals T of answers about `centre`, and numbers n of answers, by practitioner p, rater r, item i and cell pi.

    Over items, `[I]`: `item_n` (n_i), `item_totals` (T_i) and `item_cells` (sum over p of n_pi^2). Alone: `squares` (of
    all answers), the numbers of `practitioners`, `raters` and `cells` with an answer, sums of T^2 / n over each of the
    three (`by_...`), sums of n_p^2 and n_r^2, and of n_r^2 / n_p and n_pi^2 / n_p over all raters and all cells.
    """

    centre: int
    item_n: Counts
    item_totals: Counts
    item_cells: Counts
    squares: int
    practitioners: int
    raters: int
    cells: int
    by_practitioner: float
    by_rater: float
    by_cell: float
    practitioner_squares: int
    rater_squares: int
    raters_in_practitioners: float
    cells_in_practitioners: float


def of_ratings(ratings: Ratings, index: NDArray[np.integer], size: int, *, points: int) -> FiveSums:
    """The sums of `ratings[N, I]`, answers 1..points, any other code for none, of practitioners `index[N]` of `size`.

    All raters of a practitioner have to be there at once, in any order; practitioners and rounds add. A practitioner in
    two rounds counts as two. The totals are whole numbers, and sums of squares are taken about the middle of the scale.

    >>> ratings = np.array([[5, 4], [3, 0], [4, 4]], np.int8)
    >>> found = of_ratings(ratings, np.array([0, 0, 2]), 3, points=5)
    >>> found.practitioners, found.raters, found.cells, found.item_totals.tolist(), found.squares
    (2, 3, 4, [3, 2], 7)
    """
    centre = (points + 1) // 2
    counts, values = count_values(ratings, index, size, points), np.arange(1, points + 1) - centre
    cell_n, cell_totals = counts.sum(axis=-1), counts @ values
    practitioner_n = cell_n.sum(axis=1)
    rater_n, rater_totals = _by_rater(ratings, points, centre)
    return FiveSums(
        centre=centre,
        item_n=cell_n.sum(axis=0),
        item_totals=cell_totals.sum(axis=0),
        item_cells=(cell_n**2).sum(axis=0),
        squares=int(counts.sum(axis=(0, 1)) @ values**2),
        practitioners=int((practitioner_n > 0).sum()),
        raters=int((rater_n > 0).sum()),
        cells=int((cell_n > 0).sum()),
        by_practitioner=_over(cell_totals.sum(axis=1) ** 2, practitioner_n),
        by_rater=_over(rater_totals**2, rater_n),
        by_cell=_over(cell_totals**2, cell_n),
        practitioner_squares=int((practitioner_n**2).sum()),
        rater_squares=int((rater_n**2).sum()),
        raters_in_practitioners=_over(rater_n**2, practitioner_n[index]),
        cells_in_practitioners=_over((cell_n**2).sum(axis=1), practitioner_n),
    )


def added(one: FiveSums, other: FiveSums) -> FiveSums:
    """The sums of both together, of the same items on the same scale.

    >>> one = of_ratings(np.array([[5, 4], [3, 0]], np.int8), np.array([0, 0]), 1, points=5)
    >>> added(one, one).item_n.tolist()
    [4, 2]
    """
    if one.centre != other.centre or one.item_n.shape != other.item_n.shape:
        raise ValueError("only sums of the same items on the same scale add")
    ours, theirs = one._asdict(), other._asdict()
    return FiveSums(**{name: ours[name] + theirs[name] for name in ours} | {"centre": one.centre})


def packed(sums: FiveSums) -> dict[str, Any]:
    """The sums as JSON, exactly.

    >>> packed(of_ratings(np.array([[5, 4], [3, 0]], np.int8), np.array([0, 0]), 1, points=5))["by_cell"]
    3.0
    """
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in sums._asdict().items()}


def unpacked(kept: Mapping[str, Any]) -> FiveSums:
    """The sums that `packed` made `kept` of.

    >>> found = of_ratings(np.array([[5, 4], [3, 0]], np.int8), np.array([0, 0]), 1, points=5)
    >>> packed(unpacked(packed(found))) == packed(found)
    True
    """
    arrays: dict[str, Any] = {name: np.array(kept[name], np.int64) for name in ("item_n", "item_totals", "item_cells")}
    return FiveSums(**{**kept, **arrays})


def _by_rater(ratings: Ratings, points: int, centre: int) -> tuple[Counts, Counts]:
    given = (ratings >= 1) & (ratings <= points)
    n = given.sum(axis=1)
    return n, np.where(given, ratings, 0).sum(axis=1, dtype=np.int64) - centre * n


def _over(squares: Counts, n: Counts) -> float:
    """The sum of squares / n where n is not 0, added in whole numbers first, so that no order of rows can change it."""
    together = np.bincount(n.ravel(), weights=squares.ravel(), minlength=1)[1:]
    return float((together / np.arange(1, len(together) + 1)).sum())
