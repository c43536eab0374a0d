"""Answers are counted exactly, non-answers apart."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.counts import count_codes, count_values

CODES = (0, 1, 2, 3, 4, 5, 101, 102)


@st.composite
def answers(draw):
    raters, items, size = draw(st.integers(0, 30)), draw(st.integers(1, 5)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return rng.choice(np.array(CODES, np.int8), (raters, items)), rng.integers(0, size, raters), size


@settings(deadline=None)
@given(answers())
def test_every_answer_is_counted_once_where_it_belongs(found):
    ratings, index, size = found
    plain = Counter((int(i), item, int(v)) for i, row in zip(index, ratings, strict=True) for item, v in enumerate(row))
    counts = count_codes(ratings, index, size, CODES)
    assert counts.sum() == ratings.size
    for (place, item, code), people in plain.items():
        assert counts[place, item, CODES.index(code)] == people


@settings(deadline=None)
@given(answers(), st.integers(0, 30))
def test_counts_of_two_chunks_in_any_order_are_the_counts_of_the_whole(found, cut):
    ratings, index, size = found
    whole = count_values(ratings, index, size, 5)
    chunks = count_values(ratings[cut:], index[cut:], size, 5) + count_values(ratings[:cut], index[:cut], size, 5)
    assert (whole == chunks).all()


def test_a_large_count_does_not_overflow_the_small_integers_of_the_answers():
    ratings = np.full((70_000, 3), 5, np.int8)
    assert count_values(ratings, np.full(70_000, 40, np.int8), 41, 5)[40, :, 4].tolist() == [70_000] * 3


@pytest.mark.parametrize(
    ("ratings", "index", "fact"),
    [
        (np.zeros((2, 2), np.int64), np.zeros(2, int), "int8"),
        (np.zeros((2, 2), np.int8), np.zeros(3, int), "one place"),
        (np.zeros((2, 2), np.int8), np.array([0, 1]), "outside"),
        (np.zeros((2, 2), np.int8), np.array([0, -1]), "outside"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(ratings, index, fact):
    with pytest.raises(ValueError, match=fact):
        count_codes(ratings, index, 1, (0,))
