"""Scores of raters and what they add up to: item and domain figures of many practitioners in one pass over the answers.

Four states of an answer stay apart: a value 1..points and three codes for does not apply, cannot say and blank. The
three leave numerator and denominator, each with a count of its own, and none is ever 0.
"""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from msf.scoring.counts import Counts, Ratings, count_codes

CHUNK = 20_000  # raters whose keys of counts still fit in a processor's cache
Floats = NDArray[np.float64]
Index = NDArray[np.integer]
Domains = Sequence[Sequence[int]]


class Tally(NamedTuple):
    """How many raters gave each value, `values[size, I, points]`, and each non-answer, `nonanswers[size, I, codes]`.

    On a person's report the non-answers are shown for a family as a whole only.
    """

    values: Counts
    nonanswers: Counts


class Sums(NamedTuple):
    """What stays of scores, `[size, D]`: how many, and their sum and sum of squares about a centre that never changes.

    Sums of two chunks, rounds or days about the same centre add.
    """

    n: Counts
    total: Floats
    squares: Floats


class Spread(NamedTuple):
    """Of scores: how many, their mean (nan where there are none) and the squares about it, SSW (0 under two)."""

    n: Counts
    mean: Floats
    squares: Floats


class Practitioners(NamedTuple):
    """The tally of items and the sums of rater domain scores of each place (a practitioner in one group)."""

    items: Tally
    domains: Sums


def tally(ratings: Ratings, index: Index, size: int, *, points: int, nonanswers: Sequence[int]) -> Tally:
    """Count values and non-answers of `ratings[N, I]` at the places `index[N]` of `size`; any other code is refused.

    >>> found = tally(np.array([[5, 102], [4, 0]], np.int8), np.array([0, 0]), 1, points=5, nonanswers=(0, 101, 102))
    >>> found.values[0, 0].tolist(), found.nonanswers[0, 1].tolist()
    ([0, 0, 0, 1, 1], [1, 0, 1])
    """
    return _apart(count_codes(ratings, index, size, [*range(1, points + 1), *nonanswers]), ratings.size, points)


def rater_scores(
    ratings: Ratings,
    domains: Domains,
    *,
    points: int,
    ruled_out: Sequence[int] = (),
    item_means: ArrayLike | None = None,
) -> Floats:
    """The domain scores of raters, `[N, D]`: the mean of a rater's valid items where at least half of them are valid.

    `domains` holds the places of each domain's items, its k; those ruled out for the whole questionnaire or role do not
    count among the k. Under ceil(k / 2) valid items the score is missing (nan). A rater who leaves out a hard item
    seems kinder (Mazza, Enders & Ruehlman 2015): given the programme's mean of each item, b, the score becomes the mean
    of b in the domain plus the mean of (y - b) over the valid items, which is the same where nothing is missing.

    >>> answers = np.array([[5, 4, 0], [0, 0, 4]], np.int8)
    >>> rater_scores(answers, [[0, 1, 2]], points=5).tolist()
    [[4.5], [nan]]
    >>> rater_scores(answers, [[0, 1, 2]], points=5, item_means=[5, 4, 3]).tolist()
    [[4.0], [nan]]
    """
    asked = _asked(domains, ratings, ruled_out)
    means = None if item_means is None else _known(item_means, ratings, asked)
    # Items by raters: whole columns are added at once, in int32, which is exact and leaves no thread of BLAS waiting.
    answers = np.ascontiguousarray(ratings.T)
    there = (answers >= 1) & (answers <= points)
    given = answers * there
    scores = np.full((len(ratings), len(domains)), np.nan)
    for score, places in zip(scores.T, asked, strict=True):
        valid, total = (part[places].sum(axis=0, dtype=np.int32) for part in (there, given))
        np.divide(total, valid, out=score, where=valid >= max(ceil(len(places) / 2), 1))
        if means is not None and places:
            score += means[places].mean() - means[places] @ there[places] / np.maximum(valid, 1)
    return scores


def sums_of(scores: ArrayLike, index: Index, size: int, *, centre: float) -> Sums:
    """Add up `scores[N, D]` at the places `index[N]` of `size`, missing ones (nan) left out; `centre` as of the scale.

    >>> sums_of([[4.5], [np.nan], [4.0]], np.array([0, 0, 2]), 3, centre=3).total.tolist()
    [[1.5], [0.0], [1.0]]
    """
    moved = np.asarray(scores, np.float64) - centre
    if moved.ndim != 2 or index.shape != moved.shape[:1] or np.isinf(moved).any():
        raise ValueError("scores are a matrix of finite numbers, raters by domains, and every rater has one place")
    if index.size and (index.min() < 0 or index.max() >= size):
        raise ValueError("the index points outside the result")
    there = ~np.isnan(moved)
    moved = np.where(there, moved, 0.0)
    return Sums(_added_up(there, index, size).astype(np.int64), *(_added_up(moved**k, index, size) for k in (1, 2)))


def added(one: Sums, other: Sums) -> Sums:
    """The sums of both together; both about the same centre.

    >>> one = sums_of([[4.5], [4.0]], np.array([0, 1]), 2, centre=3)
    >>> added(one, one).n.tolist()
    [[2], [2]]
    """
    return Sums(one.n + other.n, one.total + other.total, one.squares + other.squares)


def spread_of(sums: Sums, *, centre: float) -> Spread:
    """n, mean and SSW of each place and domain; equal scores have a SSW of exactly 0, whatever floats make of them.

    >>> spread_of(sums_of([[4.1], [4.1], [4.1]], np.array([0, 0, 0]), 2, centre=3), centre=3).squares.tolist()
    [[0.0], [0.0]]
    """
    n = np.where(sums.n > 0, sums.n, np.nan)
    about = sums.squares - sums.total**2 / np.where(sums.n > 0, n, 1)
    noise = 4 * np.finfo(np.float64).eps * (sums.n + 1) * sums.squares
    return Spread(sums.n, centre + sums.total / n, np.where(about > noise, about, 0.0))


def practitioners(
    ratings: Ratings, index: Index, size: int, domains: Domains, *, points: int, nonanswers: Sequence[int]
) -> Practitioners:
    """Item tally and domain sums (about the middle of the scale) of all places, by chunks that bound the memory.

    >>> found = practitioners(np.array([[5, 4]], np.int8), np.array([1]), 2, [[0, 1]], points=5, nonanswers=(0,))
    >>> spread_of(found.domains, centre=3).mean.tolist()
    [[nan], [4.5]]
    """
    _fits(ratings)
    if index.shape != ratings.shape[:1] or (index.size and (index.min() < 0 or index.max() >= size)):
        raise ValueError("every rater has one place in the index, and none points outside the result")
    codes = [*range(1, points + 1), *nonanswers]
    counts = np.zeros((size, ratings.shape[1], len(codes)), np.int64)
    shape = (size, len(domains))
    sums = Sums(np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape))
    for rows in _chunks(index, size):
        own, first, last = ratings[rows], int(index[rows[0]]), int(index[rows[-1]])
        place, width, near = index[rows] - first, last - first + 1, slice(first, last + 1)
        counts[near] += count_codes(own, place, width, codes)
        found = sums_of(rater_scores(own, domains, points=points), place, width, centre=(points + 1) / 2)
        sums.n[near] += found.n
        sums.total[near] += found.total
        sums.squares[near] += found.squares
    return Practitioners(_apart(counts, ratings.size, points), sums)


def _apart(counts: Counts, answers: int, points: int) -> Tally:
    if counts.sum() != answers:
        raise ValueError(f"some answers are neither a value from 1 to {points} nor a known code of a non-answer")
    return Tally(counts[..., :points], counts[..., points:])


def _chunks(index: Index, size: int) -> Iterator[NDArray[np.int64]]:
    """Rows by place, so that a chunk fills few neighbouring places; small integers are sorted by radix, in one pass."""
    order = np.argsort(index.astype(np.min_scalar_type(size)), kind="stable")
    return (order[start : start + CHUNK] for start in range(0, len(order), CHUNK))


def _asked(domains: Domains, ratings: Ratings, ruled_out: Sequence[int]) -> list[list[int]]:
    _fits(ratings)
    if any(len(set(places)) != len(places) or not set(places) <= set(range(ratings.shape[1])) for places in domains):
        raise ValueError("a domain names each of its items once, by its place in the ratings")
    return [[place for place in places if place not in ruled_out] for places in domains]


def _known(item_means: ArrayLike, ratings: Ratings, asked: list[list[int]]) -> Floats:
    means = np.asarray(item_means, np.float64)
    if means.shape != ratings.shape[1:] or not all(np.isfinite(means[places]).all() for places in asked):
        raise ValueError("every item of a domain needs a finite programme mean")
    return means


def _fits(ratings: Ratings) -> None:
    if ratings.ndim != 2 or ratings.dtype != np.int8:
        raise ValueError("ratings are an int8 matrix of raters by items")


def _added_up(columns: NDArray[np.generic], index: Index, size: int) -> Floats:
    found = np.empty((size, columns.shape[1]))
    for place, column in enumerate(columns.T):
        found[:, place] = np.bincount(index, column, size)
    return found
