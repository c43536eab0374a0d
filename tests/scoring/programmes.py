"""Made-up programmes: one that looks like real answers, and many that look like none."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from msf.scoring.programme import Programme, Shape, of_ratings

BLANK, NOT_APPLICABLE, CANNOT_SAY = NONANSWERS = (0, 101, 102)
ODD = {
    "as usual": [0, 101, 102, 1, 2, 3, 4, 4, 5, 5, 5, 5],
    "nothing but cannot say": [102],
    "nothing but blank": [0],
    "one value": [4],
    "the top or nothing": [5, 5, 5, 0],
    "both ends": [1, 5],
    "hardly an answer": [0, 101, 102, 102, 102, 102, 3],
}


class Answers(NamedTuple):
    """Everything `of_ratings` is given, so that it can be cut and shuffled."""

    shape: Shape
    ratings: np.ndarray
    index: np.ndarray
    shown: np.ndarray
    own: np.ndarray

    def sums(self) -> Programme:
        return of_ratings(
            self.shape,
            self.ratings,
            self.index,
            len(self.own),
            shown=self.shown,
            own=self.own,
            asked={"nurse": len(self.ratings) + 3},
            origins={"practitioner": len(self.ratings) + 1},
        )

    def of(self, who) -> "Answers":
        """Only the practitioners `who[P]`, in new places."""
        who = np.asarray(who, np.int64)
        place = np.full(len(self.own), -1)
        place[who] = np.arange(len(who))
        rows = place[self.index] >= 0
        return self._replace(
            ratings=self.ratings[rows], index=place[self.index[rows]], shown=self.shown[who], own=self.own[who]
        )

    def shuffled(self, rng) -> "Answers":
        """The same raters in another order, and the same practitioners in other places."""
        rows, who = rng.permutation(len(self.ratings)), rng.permutation(len(self.own))
        place = np.argsort(who)
        return self._replace(
            ratings=self.ratings[rows], index=place[self.index[rows]], shown=self.shown[who], own=self.own[who]
        )

    def counted(self) -> np.ndarray:
        """The answers as floats, nan for every kind of none, and for what the practitioner's report does not show."""
        valid = (self.ratings >= 1) & (self.ratings <= self.shape.points) & self.shown[self.index]
        return np.where(valid, self.ratings, np.nan)

    def valid(self) -> np.ndarray:
        """How many counted answers each practitioner has to each item."""
        given = ~np.isnan(self.counted())
        return np.stack([given[self.index == p].sum(axis=0) for p in range(len(self.own))])


def realistic(seed=11, practitioners=80):
    """Practitioners who differ, raters who differ more, items that go together, and a tenth of the answers missing."""
    rng = np.random.default_rng(seed)
    shape = Shape(9, ((0, 2, 4, 6), (1, 3, 5), (7, 8)), 5, NONANSWERS)
    index = np.repeat(np.arange(practitioners), rng.integers(6, 19, practitioners))
    better, kinder = rng.normal(0, 0.35, practitioners), rng.normal(0, 0.5, len(index))
    base = 3.9 + better[index, None] + kinder[:, None] + rng.normal(0, 0.7, (len(index), 9)) + np.linspace(-0.4, 0.4, 9)
    ratings = np.clip(np.rint(base), 1, 5).astype(np.int8)
    lost = rng.random(ratings.shape) < np.where(np.arange(9) == 3, 0.4, 0.04)
    ratings[lost] = rng.choice(np.array(NONANSWERS, np.int8), int(lost.sum()))
    own = np.clip(np.rint(3.7 + 0.5 * better[:, None] + rng.normal(0, 0.6, (practitioners, 9))), 1, 5).astype(np.int8)
    own[rng.random(practitioners) < 0.2] = BLANK
    shown = rng.random((practitioners, 9)) > 0.03
    order = rng.permutation(len(index))
    return Answers(shape, ratings[order], index[order], shown, own)


@st.composite
def odd(draw, practitioners=(1, 2, 6, 7, 21, 52)):
    """Few or many practitioners, one rater or several, of whom all may have said nothing, or the same."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    size, items = draw(st.sampled_from(practitioners)), draw(st.integers(1, 5))
    index = np.repeat(np.arange(size), rng.integers(0, draw(st.integers(2, 9)), size))
    codes = [draw(st.sampled_from([*ODD])) for _ in range(items)]
    columns = [rng.choice(np.array(ODD[code], np.int8), len(index)) for code in codes]
    ratings = np.stack(columns, axis=1) if len(index) else np.zeros((0, items), np.int8)
    if draw(st.booleans()):  # items that all say the same
        ratings[:] = ratings[:, :1]
    cut = draw(st.integers(1, items))
    domains = tuple(part for part in (tuple(range(cut)), tuple(range(cut, items))) if part)
    own = rng.choice(np.array(ODD[draw(st.sampled_from([*ODD]))], np.int8), (size, items))
    shown = rng.random((size, items)) < draw(st.sampled_from([1, 0.8, 0]))
    return Answers(Shape(items, domains, 5, NONANSWERS), ratings, index, shown, own)


def numbers(part):
    """Every number in nested tuples, mappings and arrays, in one row."""
    if part is None or isinstance(part, str):
        return np.zeros(0)
    if isinstance(part, dict):
        part = [part[key] for key in sorted(part)]
    if isinstance(part, (tuple, list)):
        return np.concatenate([np.zeros(0), *map(numbers, part)])
    return np.ravel(np.asarray(part, np.float64))
