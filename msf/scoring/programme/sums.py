"""What closed rounds leave for their programme: sums of one family's answers that add over practitioners and days."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from msf.scoring import quality
from msf.scoring.comparisons import Pairs, pairs_of
from msf.scoring.comparisons import added as pairs_added
from msf.scoring.consistency import RestSums, Within, complete, of_rounds, rest_sums, within
from msf.scoring.counts import Counts, Ratings
from msf.scoring.disclosure.masks import Mask
from msf.scoring.generalisability import FiveSums, OneFacet, one_facet, with_items
from msf.scoring.intervals import Floats
from msf.scoring.moments import Moments, moments
from msf.scoring.moments import added as moments_added
from msf.scoring.programme.shapes import Figure
from msf.scoring.quality import Quality
from msf.scoring.scores import rater_scores, spread_of, sums_of, tally

LEFT_OUT = 127
"""Stands for an answer to an item that its practitioner's own report does not show: it is in no figure."""


class Shape(NamedTuple):
    """What of a questionnaire the sums depend on: places of the items of each domain, points of the scale, codes.

    `nonanswers` are the codes of blank (first), does not apply and cannot say.
    """

    items: int
    domains: tuple[tuple[int, ...], ...]
    points: int
    nonanswers: tuple[int, ...]

    @property
    def centre(self) -> float:
        """The middle of the scale, about which sums of squares are taken."""
        return (self.points + 1) / 2


class Matrices(NamedTuple):
    """How items go together: of all raters, of those who answered a whole domain, within practitioners, with the rest.

    Of few raters they give single sheets back, so they are kept only where there are many; they may therefore rest on
    fewer `practitioners` than other sums. Of the raters who answered a whole domain, `people[D]` counts the
    practitioners and `most[D, 2]` holds the two largest numbers of one practitioner, largest first.
    """

    practitioners: int
    people: Counts
    most: Counts
    moments: Moments
    whole: tuple[Moments, ...]
    within: Within
    rest: tuple[RestSums, ...]


class Programme(NamedTuple):
    """The sums of one family over `practitioners` (rounds) and `raters`; those of the same questionnaire add.

    `people[I]` counts the practitioners whose reports show an item and `most[I, 2]` holds the two largest numbers of
    answers to it from one of them, largest first; `values[I, A]` and `nonanswers[I, 3]` count raters. `facets` and
    `five` hold the sums of each domain for reliability, `own` pairs of the practitioners' own and others' domain
    means. `asked` counts people asked by group, `origins` by who proposed them. Once the matrices are gone, `together`
    are the figures that were made of them.
    """

    practitioners: int
    raters: int
    people: Counts
    most: Counts
    values: Counts
    nonanswers: Counts
    facets: tuple[OneFacet, ...]
    five: tuple[FiveSums, ...]
    own: Pairs
    quality: Quality
    asked: Mapping[str, int]
    origins: Mapping[str, int]
    matrices: Matrices | None
    together: tuple[Figure, ...] = ()


def of_ratings(
    shape: Shape,
    ratings: Ratings,
    index: NDArray[np.integer],
    size: int,
    *,
    shown: Mask,
    own: Ratings,
    asked: Mapping[str, int] | None = None,
    origins: Mapping[str, int] | None = None,
) -> Programme:
    """The sums of `ratings[N, I]` of raters of the practitioners `index[N]` of `size`; all of a practitioner at once.

    `shown[size, I]` says which items each practitioner's own report shows: other answers are left out, and with them
    the domains they belong to. `own[size, I]` are the practitioners' own answers, blank where there are none.

    >>> shape = Shape(2, ((0, 1),), 5, (0, 101, 102))
    >>> given = np.array([[5, 4], [4, 4], [3, 0]], np.int8)
    >>> found = of_ratings(shape, given, np.array([0, 0, 1]), 2, shown=np.ones((2, 2), bool), own=given[:2])
    >>> found.practitioners, found.raters, found.people.tolist(), found.most.tolist()
    (2, 3, [2, 1], [[2, 1], [2, 0]])
    """
    _check(shape, ratings, index, size, shown, own)
    counted = np.where(shown[index], ratings, np.int8(LEFT_OUT))
    answers = tally(counted, index, size, points=shape.points, nonanswers=(*shape.nonanswers, LEFT_OUT))
    valid = answers.values.sum(axis=-1)
    scores = _scores(shape, counted, shown[index])
    present = np.bincount(index, minlength=size) > 0
    return Programme(
        practitioners=int(present.sum()),
        raters=len(ratings),
        people=(valid > 0).sum(axis=0),
        most=_two_largest(valid),
        values=answers.values.sum(axis=0),
        nonanswers=answers.nonanswers[..., :-1].sum(axis=0),
        facets=tuple(one_facet.of_scores(column, index, size, centre=shape.centre) for column in scores.T),
        five=tuple(_five(shape, counted, shown, index, size, places) for places in shape.domains),
        own=_own_pairs(shape, scores, index, size, own),
        quality=quality.quality(counted, index, points=shape.points, blank=shape.nonanswers[0]),
        asked=dict(asked or {}),
        origins=dict(origins or {}),
        matrices=_matrices(shape, counted, index, size),
    )


@lru_cache(maxsize=64)
def nothing(shape: Shape) -> Programme:
    """The sums of nobody: added to others, it changes nothing. It is made once for each shape and never written to."""
    nobody = np.zeros((0, shape.items), np.int8)
    return of_ratings(shape, nobody, np.zeros(0, np.int64), 0, shown=np.zeros((0, shape.items), bool), own=nobody)


def added(one: Programme, other: Programme) -> Programme:
    """The sums of both together, of the same questionnaire; where only one still has matrices, these."""
    return Programme(
        practitioners=one.practitioners + other.practitioners,
        raters=one.raters + other.raters,
        people=one.people + other.people,
        most=_largest_of(one.most, other.most),
        values=one.values + other.values,
        nonanswers=one.nonanswers + other.nonanswers,
        facets=tuple(one_facet.added(a, b) for a, b in zip(one.facets, other.facets, strict=True)),
        five=tuple(with_items.added(a, b) for a, b in zip(one.five, other.five, strict=True)),
        own=pairs_added(one.own, other.own),
        quality=quality.added(one.quality, other.quality),
        asked=dict(Counter(one.asked) + Counter(other.asked)),
        origins=dict(Counter(one.origins) + Counter(other.origins)),
        matrices=_matrices_added(one.matrices, other.matrices),
        together=() if one.practitioners and other.practitioners else one.together or other.together,
    )


def _matrices_added(one: Matrices | None, other: Matrices | None) -> Matrices | None:
    if one is None or other is None:
        return one or other
    return Matrices(
        one.practitioners + other.practitioners,
        one.people + other.people,
        _largest_of(one.most, other.most),
        moments_added(one.moments, other.moments),
        tuple(moments_added(a, b) for a, b in zip(one.whole, other.whole, strict=True)),
        of_rounds([one.within, other.within]),
        tuple(a.plus(b) for a, b in zip(one.rest, other.rest, strict=True)),
    )


def _matrices(shape: Shape, counted: Ratings, index: NDArray[np.integer], size: int) -> Matrices:
    domains = [np.ascontiguousarray(counted[:, places]) for places in map(list, shape.domains)]
    every = [complete(own, points=shape.points) for own in domains]
    raters = np.stack([np.bincount(index[rows], minlength=size) for rows in every], axis=-1)
    codes = {"points": shape.points, "nonanswers": shape.nonanswers}
    return Matrices(
        practitioners=len(np.unique(index)),
        people=(raters > 0).sum(axis=0),
        most=_two_largest(raters),
        moments=moments(counted, **codes),  # type: ignore[arg-type]
        whole=tuple(moments(own[rows], **codes) for own, rows in zip(domains, every, strict=True)),  # type: ignore[arg-type]
        within=within(counted, index, points=shape.points),
        rest=tuple(rest_sums(own, points=shape.points) for own in domains if own.shape[1] > 1),
    )


def _scores(shape: Shape, counted: Ratings, shown: Mask) -> Floats:
    """Rater domain scores `[N, D]`; none of a domain of which the practitioner's report hides an item."""
    scores = rater_scores(counted, shape.domains, points=shape.points)
    hidden = np.stack([~shown[:, list(places)].all(axis=1) for places in shape.domains], axis=-1)
    return np.where(hidden, np.nan, scores)


def _five(
    shape: Shape, counted: Ratings, shown: Mask, index: NDArray[np.integer], size: int, places: tuple[int, ...]
) -> FiveSums:
    whole = np.asarray(shown[:, list(places)].all(axis=1))[index]
    rows = np.ascontiguousarray(counted[whole][:, list(places)])
    return with_items.of_ratings(rows, index[whole], size, points=shape.points)


def _own_pairs(shape: Shape, scores: Floats, index: NDArray[np.integer], size: int, own: Ratings) -> Pairs:
    """The practitioner's own domain score, where they answered every item of it, beside the mean of their raters'."""
    others = spread_of(sums_of(scores, index, size, centre=shape.centre), centre=shape.centre).mean
    mine = rater_scores(own, shape.domains, points=shape.points)
    answered = (own >= 1) & (own <= shape.points)
    every = np.stack([answered[:, list(places)].all(axis=1) for places in shape.domains], axis=-1)
    return pairs_of(np.where(every, mine, np.nan), others, centre=shape.centre)


def _two_largest(valid: Counts) -> Counts:
    padded = np.vstack([valid, np.zeros((2, valid.shape[1]), np.int64)])
    return np.ascontiguousarray(-np.sort(-padded, axis=0)[:2].T)


def _largest_of(one: Counts, other: Counts) -> Counts:
    return -np.sort(-np.concatenate([one, other], axis=1), axis=1)[:, :2]


def _check(shape: Shape, ratings: Ratings, index: NDArray[np.integer], size: int, shown: Mask, own: Ratings) -> None:
    if ratings.ndim != 2 or ratings.dtype != np.int8 or ratings.shape[1] != shape.items:
        raise ValueError("ratings are an int8 matrix of raters by the items of the questionnaire")
    if shown.shape != (size, shape.items) or own.shape != (size, shape.items) or own.dtype != np.int8:
        raise ValueError("every practitioner has a row of shown items and a row of own answers")
    if index.shape != ratings.shape[:1] or (index.size and not 0 <= index.min() <= index.max() < size):
        raise ValueError("every rater has one practitioner, by place")
