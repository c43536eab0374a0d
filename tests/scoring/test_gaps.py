"""Gaps hold only where both sides answered, and claim a direction only with size and evidence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.comparisons import paired, pairs_of
from msf.scoring.gaps import Cell, Size, cells, common_items, gaps, own_values
from msf.scoring.intervals import Interval, mean_interval
from msf.scoring.items import item_figures

OWN = np.array([5, 0, 101, 102, 3], np.int8)


@settings(deadline=None)
@given(st.floats(1, 5), st.floats(1, 5), st.integers(3, 40), st.floats(0, 20))
def test_the_limits_of_a_gap_are_those_of_the_others_turned_round(own, others, n, squares):
    limits = mean_interval(others, n, squares, 0.7, lowest=1, highest=5)
    found = gaps(own, others, limits)
    assert found.low <= found.gap <= found.high
    assert found.high - found.low == pytest.approx(limits.high - limits.low)
    if found.size in (Size.OWN_HIGHER, Size.OWN_LOWER):
        assert abs(found.gap) >= 0.5 - 1e-9 and not found.low <= 0 <= found.high
        assert (found.gap > 0) == (found.size == Size.OWN_HIGHER)


@pytest.mark.parametrize(
    ("own", "others", "half", "size"),
    [
        (5.0, 4.5, 0.4, Size.OWN_HIGHER),
        (5.0, 4.6, 0.1, Size.ALIKE),  # certain, and too small
        (5.0, 4.0, 1.2, Size.ALIKE),  # large, and not certain
        (3.0, 4.0, 0.5, Size.OWN_LOWER),
        (3.0, 4.0, np.nan, Size.NONE),
    ],
)
def test_a_direction_needs_size_and_evidence(own, others, half, size):
    limits = Interval(np.array(others - half), np.array(others + half))
    assert gaps(own, others, limits).size == size


def test_what_counts_as_clear_can_be_set_and_not_below_nought():
    limits = Interval(np.array(4.5), np.array(4.7))
    assert gaps(5.0, 4.6, limits, least=0.3).size == Size.OWN_HIGHER
    with pytest.raises(ValueError, match="not negative"):
        gaps(5.0, 4.6, limits, least=-1)


def test_no_own_answer_is_no_gap_and_not_a_gap_of_nought():
    own = own_values(OWN, 5)
    limits = Interval(np.full(5, 3.5), np.full(5, 4.5))
    found = gaps(own, np.full(5, 4.0), limits)
    assert np.isnan(found.gap).tolist() == [False, True, True, True, False]
    assert found.size[1:4].tolist() == [Size.NONE] * 3
    assert cells(own, 4.0, 4.0)[1:4].tolist() == [Cell.NONE] * 3


def test_items_that_others_did_not_answer_leave_the_domain_on_both_sides():
    counts = np.array([[0, 0, 0, 0, 9], [0, 0, 0, 0, 9], [0, 0, 0, 9, 0], [0, 0, 0, 9, 0], [0, 0, 0, 0, 0]])
    assert common_items(OWN, counts, [[0, 1], [2, 3, 4]]) == [[0], []]
    assert np.isnan(gaps(own_values(OWN, 5)[4], item_figures(counts).mean[4], Interval(*np.full((2,), np.nan))).gap)


def test_answers_about_other_items_are_refused():
    with pytest.raises(ValueError, match="same items"):
        common_items(OWN, np.zeros((4, 5), int), [[0]])


@given(st.floats(1, 5), st.floats(1, 5), st.floats(1, 5))
def test_every_pair_lies_in_one_of_four_cells(own, others, line):
    cell = Cell(int(cells(own, others, line)))
    mine, theirs = own >= line, others >= line
    assert (
        cell
        == {
            (True, True): Cell.AGREED_STRENGTH,
            (False, False): Cell.AGREED_NEED,
            (False, True): Cell.UNSEEN_STRENGTH,
            (True, False): Cell.BLIND_SPOT,
        }[mine, theirs]
    )


def test_a_programme_whose_practitioners_rate_themselves_lower_says_so():
    rng = np.random.default_rng(2)
    others = rng.normal(4.3, 0.3, (80, 1))
    found = paired(pairs_of(others - 0.4 + rng.normal(0, 0.3, (80, 1)), others, centre=3))
    assert found.high[0] < -0.2 and found.correlation[0] > 0.4
