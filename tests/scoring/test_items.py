"""Figures from category counts are those of the answers written out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.items import bottom, interpolated_median, item_figures, percent, share, top

VALUES = np.arange(1, 6)
distributions = st.lists(st.integers(0, 30), min_size=5, max_size=5).map(np.array)


@settings(deadline=None)
@given(distributions)
def test_figures_of_an_item_are_those_of_its_answers(counts):
    sample = np.repeat(VALUES, counts)
    found = item_figures(counts)
    assert found.n == len(sample)
    if not len(sample):
        assert np.isnan(found.mean) and found.squares == 0
        return
    assert found.mean == pytest.approx(sample.mean())
    assert found.squares == pytest.approx(((sample - sample.mean()) ** 2).sum(), abs=1e-12)


@given(st.integers(1, 5), st.integers(1, 10_000))
def test_equal_answers_have_exactly_no_spread(value, n):
    assert item_figures(n * (value == VALUES)).squares == 0


@settings(deadline=None)
@given(distributions.filter(any))
def test_the_top_and_the_bottom_are_shares_of_the_same_answers_as_the_mean(counts):
    sample = np.repeat(VALUES, counts)
    n = counts.sum()
    assert share(top(counts), n) == pytest.approx((sample == 5).mean())
    assert share(top(counts, 2), n) == pytest.approx((sample >= 4).mean())
    assert share(bottom(counts, 3), n) == pytest.approx((sample < 3).mean())


@settings(deadline=None)
@given(distributions.filter(any))
def test_the_interpolated_median_is_that_of_the_statistics_module(counts):
    from statistics import median_grouped

    sample = np.repeat(VALUES, counts).tolist()
    # The module takes the category of the upper middle answer where half of all lie exactly below a category.
    if (2 * counts.cumsum() == counts.sum()).any():
        return
    assert interpolated_median(counts) == pytest.approx(median_grouped(sample))


def test_half_below_and_half_above_put_the_interpolated_median_on_the_border():
    assert interpolated_median(np.array([0, 0, 4, 4, 0])) == 3.5


def test_no_answers_have_no_median_and_no_share():
    assert np.isnan(interpolated_median(np.zeros(5, int)))
    assert np.isnan(share(np.array(0), np.array(0)))


def test_the_lowest_answer_is_nought_per_cent_and_not_a_fifth():
    assert percent([1, 3, 5], 5).tolist() == [0, 50, 100]
    assert percent([1, 6], 6).tolist() == [0, 100]


@pytest.mark.parametrize(
    "call",
    [
        lambda: top(np.zeros(5, int), 0),
        lambda: top(np.zeros(5, int), 5),
        lambda: bottom(np.zeros(5, int), 1),
        lambda: bottom(np.zeros(5, int), 6),
        lambda: percent(1, 1),
    ],
)
def test_a_top_of_nothing_or_of_everything_is_refused(call):
    with pytest.raises(ValueError, match=r"some categories|two points"):
        call()
