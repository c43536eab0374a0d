"""How items go together among the raters of one practitioner: sums of one round that add over all rounds.

Over all raters alpha mixes how practitioners differ with how raters of one practitioner do. Here every rating is taken
from its practitioner's mean of that item (the mean of all valid answers), so that only the second is left.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from msf.scoring.consistency.covariances import Covariance, Floats, ratio, rested
from msf.scoring.counts import Counts, Ratings
from msf.scoring.moments import ROWS, Moments, check_ratings


class Within(NamedTuple):
    """Sums over practitioners: of `raters`, and of each pair of the k items, as `[k, k]`.

    `pairs` counts raters of both items, `freedom` adds pairs - 1 over the practitioners who have any, `products` adds
    the products of deviations from the practitioner's means. Of one round these tell as much as its moments.
    """

    raters: int
    pairs: Counts
    freedom: Counts
    products: Floats


def within_round(found: Moments) -> Within:
    """The sums of one practitioner's round, from its moments alone.

    products - a_j sums - a_i sums.T + a_i a_j pairs, with a_i the mean of all valid answers to item i; whole numbers up
    to one division (for up to 600,000 raters of the round), so that an item all agree on leaves exactly 0.

    >>> from msf.scoring.moments import moments
    >>> within_round(moments(np.array([[5, 4], [3, 2], [1, 3]], np.int8), points=5, nonanswers=(0,))).products.tolist()
    [[8.0, 2.0], [2.0, 2.0]]
    """
    n, total = np.diag(found.pairs), np.diag(found.sums)
    crossed = np.outer(n, total) * found.sums
    scaled = np.outer(n, n) * found.products - crossed - crossed.T + np.outer(total, total) * found.pairs
    raters = found.values.sum(axis=-1) + found.nonanswers.sum(axis=-1)
    products = scaled / np.maximum(np.outer(n, n), 1)
    return Within(int(raters.max(initial=0)), found.pairs, np.maximum(found.pairs - 1, 0), products)


def of_rounds(parts: Iterable[Within]) -> Within:
    """The sums of all rounds together; at least one, and all of the same items.

    >>> from msf.scoring.moments import moments
    >>> one = within_round(moments(np.array([[5, 4], [3, 2], [1, 3]], np.int8), points=5, nonanswers=(0,)))
    >>> of_rounds([one, one]).freedom.tolist()
    [[4, 4], [4, 4]]
    """
    rounds = list(parts)
    if len({part.pairs.shape for part in rounds}) != 1:
        raise ValueError("only rounds of the same items add, and there has to be one")
    raters, pairs, freedom, products = zip(*rounds, strict=True)
    return Within(sum(raters), sum(pairs), sum(freedom), sum(products))


def within(ratings: Ratings, practitioner: NDArray[np.integer], *, points: int) -> Within:
    """The sums of many rounds at once: of `ratings[n, k]`, each row by a rater of `practitioner[n]`, in any order.

    Practitioners are any whole numbers, with or without gaps. The same as adding `within_round` over them, up to
    rounding. Memory beside the ratings: one more copy of them, and a block of floats.

    >>> ratings = np.array([[5, 4], [2, 2], [3, 2], [2, 1], [1, 3]], np.int8)
    >>> within(ratings, np.array([7, 2, 7, 2, 7]), points=5).products.tolist()
    [[8.0, 2.0], [2.0, 2.5]]
    """
    check_ratings(ratings, points)
    if practitioner.shape != ratings.shape[:1] or not np.issubdtype(practitioner.dtype, np.integer):
        raise ValueError("every rater has one practitioner, a whole number")
    nothing = np.zeros((ratings.shape[1],) * 2)
    found = Within(len(ratings), nothing.astype(np.int64), nothing.astype(np.int64), nothing)
    order = np.argsort(practitioner, kind="stable")
    for block, starts in _groups(ratings[order], practitioner[order]):
        pairs, freedom, products = _centred(block.T, starts, points)
        found = Within(found.raters, found.pairs + pairs, found.freedom + freedom, found.products + products)
    return found


def within_covariance(found: Within) -> Covariance:
    """The covariances within practitioners: products / freedom. Alpha of these is alpha within practitioners."""
    matrix = ratio(found.products, found.freedom, found.freedom > 0)
    return rested(matrix, found.pairs, found.freedom, found.raters)


def _groups(ratings: Ratings, practitioner: NDArray[np.integer]) -> Iterator[tuple[Ratings, Counts]]:
    """Sorted ratings in blocks of whole practitioners, about ROWS long, and where in it each practitioner starts."""
    new = np.ones(len(ratings), np.bool_)
    new[1:] = practitioner[1:] != practitioner[:-1]
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(ratings))
    cuts = np.searchsorted(starts, np.arange(0, len(ratings), ROWS))
    for first, last in pairwise(np.unique(np.append(cuts, len(starts)))):
        yield ratings[starts[first] : ends[last - 1]], starts[first:last] - starts[first]


def _centred(block: Ratings, starts: Counts, points: int) -> tuple[Counts, Counts, Floats]:
    """Pairs, degrees of freedom and products of a block `[k, n]` in which practitioners begin at `starts`."""
    given = np.ascontiguousarray(block)
    rated = (given >= 1) & (given <= points)
    there = rated.astype(np.float64)
    values = given * there
    means = np.add.reduceat(values, starts, axis=1) / np.maximum(np.add.reduceat(there, starts, axis=1), 1)
    lengths = np.diff(starts, append=given.shape[1])
    values -= np.repeat(means, lengths, axis=1)
    values *= there
    pairs = (there @ there.T).astype(np.int64)
    return pairs, pairs - _met(rated, starts), values @ values.T


def _met(rated: NDArray[np.bool_], starts: Counts) -> Counts:
    """For each pair of items, how many practitioners have a rater of both: `[k, k]`.

    Eight items go into one byte of a rater; a practitioner's bytes, joined over the raters of an item, say which other
    items came with it.
    """
    packed = np.packbits(rated, axis=0)
    joined = np.bitwise_or.reduceat(packed * rated[:, None], starts, axis=2)
    return np.asarray(np.unpackbits(joined, axis=1, count=len(rated)).sum(axis=2, dtype=np.int64))
