"""How carefully a programme's raters answered, as counts over all of them: nobody is named and no answer is left out.

An all-top sheet is common and honest, so none of these figures accuses anybody. They are counted at a close and kept as
histograms of a programme only; which sheet is behind a count is not kept.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from msf.scoring.counts import Counts, Ratings

SPREAD_STEPS = 4


class Quality(NamedTuple):
    """Histograms over raters; those of two rounds add. Raters without a value are in `raters` and `blank` only.

    `runs[I + 1]`: by longest run of equal values, blanks passed over. `distinct[points + 1]`: by number of different
    values. `spread`: by standard deviation over the rater's own values, in quarters of a scale point rounded down.
    `top[11]`: by tenths of the values that are the top one, rounded down. `blank[11]`: by tenths of the items left
    blank. `identical` counts raters whose sheet another rater of the same practitioner and group gave too,
    sheets of a single value left out.
    """

    raters: Counts
    runs: Counts
    distinct: Counts
    spread: Counts
    top: Counts
    blank: Counts
    identical: Counts


def quality(ratings: Ratings, index: NDArray[np.integer], *, points: int, blank: int) -> Quality:
    """Count over `ratings[N, I]`, raters of one practitioner and group sharing their `index[N]` and their chunk.

    Values are 1..points; `blank` is the code of an item left blank. Other codes (does not apply, cannot say) are said,
    and so not blank, but they are no values: like blanks they neither break nor lengthen a run.

    >>> found = quality(np.array([[5, 0, 5], [5, 4, 5], [5, 4, 5]], np.int8), np.array([7, 7, 7]), points=5, blank=0)
    >>> found.runs.tolist(), int(found.identical)
    ([0, 2, 1, 0], 2)
    """
    if ratings.ndim != 2 or ratings.dtype != np.int8 or not ratings.shape[1]:
        raise ValueError("ratings are an int8 matrix of raters by items")
    if index.shape != ratings.shape[:1]:
        raise ValueError("every rater has one place in the index")
    items = ratings.shape[1]
    given = np.stack([(ratings == value).sum(axis=1) for value in range(1, points + 1)], axis=-1)
    n, rated = given.sum(axis=1), given.any(axis=1)
    left = (ratings == blank).sum(axis=1)
    return Quality(
        raters=np.asarray(len(ratings)),
        runs=np.bincount(longest_runs(ratings, points)[rated], minlength=items + 1),
        distinct=np.bincount((given[rated] > 0).sum(axis=1), minlength=points + 1),
        spread=np.bincount(_quarters(given[rated]), minlength=SPREAD_STEPS * (points - 1) // 2 + 1),
        top=np.bincount(10 * given[rated, -1] // n[rated], minlength=11),
        blank=np.bincount(10 * left // items, minlength=11),
        identical=np.asarray(_identical(ratings, index, (given > 0).sum(axis=1) > 1)),
    )


def added(one: Quality, other: Quality) -> Quality:
    """Both together, of the same questionnaire."""
    return Quality(*(a + b for a, b in zip(one, other, strict=True)))


def longest_runs(ratings: Ratings, points: int) -> Counts:
    """Each rater's longest run of equal values 1..points in the order of items; what is no value is passed over.

    >>> longest_runs(np.array([[4, 0, 4, 5, 5, 102, 5]], np.int8), 5).tolist()
    [3]
    """
    last = np.zeros(len(ratings), np.int8)
    run, longest = np.zeros(len(ratings), np.int64), np.zeros(len(ratings), np.int64)
    for answers in ratings.T:
        value = (answers >= 1) & (answers <= points)
        run = np.where(value, np.where(answers == last, run + 1, 1), run)
        last = np.where(value, answers, last)
        np.maximum(longest, run, out=longest)
    return longest


def _quarters(given: Counts) -> Counts:
    """The standard deviation (about n) of each row of counts in whole quarters, from whole numbers until the root."""
    values = np.arange(1, given.shape[1] + 1)
    n = given.sum(axis=1)
    squares = n * (given @ values**2) - (given @ values) ** 2
    return np.asarray(np.floor(SPREAD_STEPS * np.sqrt(squares) / n + 1e-9).astype(np.int64))


def _identical(ratings: Ratings, index: NDArray[np.integer], counted: NDArray[np.bool_]) -> int:
    """How many of the counted rows are there more than once at one place, compared eight items at a time."""
    rows, places = ratings[counted], index[counted]
    padded = np.zeros((len(rows), -(-rows.shape[1] // 8) * 8), np.int8)
    padded[:, : rows.shape[1]] = rows
    words = np.column_stack([places.astype(np.int64), padded.view(np.int64)])
    words = words[np.lexsort(words.T)]
    same = (words[1:] == words[:-1]).all(axis=1)
    return int((np.append(same, False) | np.insert(same, 0, False))[: len(words)].sum())
