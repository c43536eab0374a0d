"""Shares and their differences agree with published examples and with statsmodels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from msf.scoring.proportions import newcombe, wilson

shares = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))

# Newcombe 1998, Stat Med 17:873, table II: the limits of method 10.
PUBLISHED = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]


@settings(deadline=None)
@given(shares)
def test_wilson_limits_are_those_of_statsmodels(found):
    expected = proportion_confint(*found, method="wilson")
    assert [float(limit) for limit in wilson(*found)] == pytest.approx(expected, abs=1e-12)


@settings(deadline=None)
@given(shares)
def test_limits_hold_the_share_stay_between_nought_and_one_and_have_a_width(found):
    low, high = wilson(*found)
    assert 0 <= low <= found[0] / found[1] <= high <= 1
    assert low < high


@given(st.integers(1, 100_000))
def test_none_has_exactly_nought_below_and_all_exactly_one_above(n):
    assert wilson(0, n).low == 0.0
    assert wilson(n, n).high == 1.0


def test_a_share_of_nobody_is_undefined_without_a_warning():
    assert all(np.isnan(limit) for limit in wilson(0, 0))
    assert all(np.isnan(part) for part in newcombe(0, 0, 3, 4))
    assert all(np.isnan(part) for part in newcombe(3, 4, 0, 0))


@pytest.mark.parametrize(("x", "n", "other", "other_n", "low", "high"), PUBLISHED)
def test_differences_of_shares_are_as_newcombe_published_them(x, n, other, other_n, low, high):
    found = newcombe(x, n, other, other_n)
    assert (float(found.low), float(found.high)) == pytest.approx((low, high), abs=5.1e-5)


@settings(deadline=None)
@given(shares, shares)
def test_differences_of_shares_are_those_of_statsmodels(one, two):
    found = newcombe(*one, *two)
    expected = confint_proportions_2indep(*one, *two, method="newcomb", compare="diff")
    assert (float(found.low), float(found.high)) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(shares, shares)
def test_turning_a_difference_round_turns_its_limits_round(one, two):
    found, turned = newcombe(*one, *two), newcombe(*two, *one)
    assert [-float(part) for part in turned] == pytest.approx([float(found.difference), found.high, found.low])


@pytest.mark.parametrize(("x", "n"), [(5, 4), (-1, 4), (np.nan, 4), (1, np.inf), (0, -1)])
def test_more_than_all_and_less_than_none_are_refused(x, n):
    with pytest.raises(ValueError, match="between none and all"):
        wilson(x, n)
