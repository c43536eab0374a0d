"""Response quality comes out as counts over a programme that add, and never as a list of people."""

from collections import Counter
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.quality import added, longest_runs, quality

POINTS, BLANK = 5, 0


@st.composite
def sheets(draw):
    raters, items = draw(st.integers(0, 30)), draw(st.integers(1, 11))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    codes = np.array([BLANK, 102, 4, 5, 5, 1], np.int8)[: draw(st.integers(1, 6))]
    return rng.choice(codes, (raters, items)), rng.integers(0, 4, raters)


def values(row):
    return [int(value) for value in row if 1 <= value <= POINTS]


@settings(deadline=None)
@given(sheets())
def test_every_histogram_is_that_of_a_plain_count(found):
    ratings, index = found
    kept = quality(ratings, index, points=POINTS, blank=BLANK)
    rated = [values(row) for row in ratings if values(row)]
    plain = {
        "runs": Counter(max(len(list(run)) for _, run in groupby(row)) for row in rated),
        "distinct": Counter(len(set(row)) for row in rated),
        "spread": Counter(int(4 * np.std(row) + 1e-9) for row in rated),
        "top": Counter(10 * row.count(POINTS) // len(row) for row in rated),
        "blank": Counter(10 * int((row == BLANK).sum()) // len(row) for row in ratings),
    }
    for name, expected in plain.items():
        histogram = getattr(kept, name)
        assert {place: int(n) for place, n in enumerate(histogram) if n} == expected, name
    assert kept.raters == len(ratings)


@settings(deadline=None)
@given(sheets())
def test_identical_sheets_are_those_given_twice_in_one_place_unless_they_are_of_one_value(found):
    ratings, index = found
    keys = [(int(place), row.tobytes()) for place, row in zip(index, ratings, strict=True) if len(set(values(row))) > 1]
    expected = sum(n for n in Counter(keys).values() if n > 1)
    assert quality(ratings, index, points=POINTS, blank=BLANK).identical == expected


@settings(deadline=None)
@given(sheets(), st.integers(0, 2**32))
def test_the_order_of_rows_changes_nothing(found, seed):
    ratings, index = found
    order = np.random.default_rng(seed).permutation(len(index))
    one = quality(ratings, index, points=POINTS, blank=BLANK)
    other = quality(ratings[order], index[order], points=POINTS, blank=BLANK)
    assert all((a == b).all() for a, b in zip(one, other, strict=True))


@settings(deadline=None)
@given(sheets())
def test_rounds_add(found):
    ratings, index = found
    parts = [quality(ratings[index == k], index[index == k], points=POINTS, blank=BLANK) for k in range(4)]
    together = parts[0]
    for part in parts[1:]:
        together = added(together, part)
    whole = quality(ratings, index, points=POINTS, blank=BLANK)
    assert all((a == b).all() for a, b in zip(together, whole, strict=True))


def test_a_blank_neither_breaks_nor_lengthens_a_run():
    ratings = np.array([[5, 0, 5, 4, 4], [5, 102, 0, 5, 5], [0, 0, 0, 0, 0], [1, 2, 1, 2, 1]], np.int8)
    assert longest_runs(ratings, POINTS).tolist() == [2, 3, 0, 1]


def test_a_rater_without_a_value_is_counted_as_a_rater_and_by_blanks_only():
    kept = quality(np.full((3, 4), 102, np.int8), np.zeros(3, int), points=POINTS, blank=BLANK)
    assert (int(kept.raters), int(kept.runs.sum()), kept.blank[0]) == (3, 0, 3)


def test_sheets_all_at_the_top_are_common_and_not_called_identical():
    kept = quality(np.full((9, 4), 5, np.int8), np.zeros(9, int), points=POINTS, blank=BLANK)
    assert (int(kept.identical), int(kept.top[10])) == (0, 9)


def test_what_comes_out_does_not_grow_with_the_raters():
    few, many = (quality(np.full((n, 4), 5, np.int8), np.arange(n), points=POINTS, blank=BLANK) for n in (2, 2000))
    assert [part.shape for part in few] == [part.shape for part in many]


def test_long_questionnaires_do_not_overflow_small_integers():
    kept = quality(np.full((2, 300), 5, np.int8), np.zeros(2, np.int8), points=POINTS, blank=BLANK)
    assert (int(kept.runs[300]), int(kept.top[10])) == (2, 2)


@pytest.mark.parametrize(
    ("ratings", "index", "fact"),
    [
        (np.zeros((2, 2)), np.zeros(2, int), "int8"),
        (np.zeros((2, 0), np.int8), np.zeros(2, int), "int8"),
        (np.zeros((2, 2), np.int8), np.zeros(3, int), "one place"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(ratings, index, fact):
    with pytest.raises(ValueError, match=fact):
        quality(ratings, index, points=POINTS, blank=BLANK)
