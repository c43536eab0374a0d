"""Means are exact and rounded half up."""

from fractions import Fraction
from math import floor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.means import UNDEFINED, coded, of_shown, tenths


def half_up(value: Fraction) -> int:
    return floor(10 * value + Fraction(1, 2))


@settings(deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=80))
def test_a_mean_is_the_exact_fraction_rounded_half_up(values):
    shown = tenths(np.array(sum(values)), np.array(len(values)))
    assert int(shown) == half_up(Fraction(sum(values), len(values)))


def test_a_mean_of_nothing_is_undefined_and_not_zero():
    assert tenths(np.array([0, 10]), np.array([0, 2])).tolist() == [UNDEFINED, 50]


def test_a_half_that_floats_round_down_is_rounded_up():
    assert (tenths(np.array(87), np.array(20)), round(87 / 20, 1)) == (44, 4.3)


@settings(deadline=None)
@given(st.integers(2, 7), st.data())
def test_only_small_counts_at_the_ends_of_the_scale_are_coded(highest, data):
    values = data.draw(st.lists(st.integers(1, highest), min_size=1, max_size=14))
    exact, few = Fraction(sum(values), len(values)), len(values) < 10
    found = coded(np.array(sum(values)), np.array(len(values)), lowest=1, highest=highest)
    if few and exact > highest - Fraction(1, 2):
        assert (int(found.tenths), int(found.bound)) == (10 * highest - 5, 1)
    elif few and exact < Fraction(3, 2):
        assert (int(found.tenths), int(found.bound)) == (15, -1)
    else:
        assert (int(found.tenths), int(found.bound)) == (half_up(exact), 0)


@settings(deadline=None)
@given(st.lists(st.integers(10, 50), min_size=1, max_size=9))
def test_a_domain_is_the_mean_of_the_means_people_see(shown):
    assert int(of_shown(np.array(shown))) == half_up(Fraction(sum(shown), 10 * len(shown)))
