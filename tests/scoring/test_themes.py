"""Coders agree as in the published examples, batches add, and a rater counts once a theme and place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.themes import MISSING, coincidences, krippendorff, raters_per_theme

_ = MISSING
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: four observers, twelve units, codes 1 to 5.
OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ]
)


def test_the_published_example_of_four_observers_gives_its_coincidences_and_alpha():
    met = coincidences(np.where(OBSERVERS < 0, MISSING, OBSERVERS - 1), categories=5)
    assert met.sum(axis=0).round(9).tolist() == [9, 13, 10, 5, 3]
    assert np.diag(met).round(3).tolist() == [7, 10, 8, 4, 3]
    assert round(krippendorff(met), 3) == 0.743


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("0100000010", "1110010000", 0.095), ("aabbdcccedda", "babbbccceddd", 0.692)],
)
def test_the_published_examples_of_two_observers_hold(one, other, expected):
    letters = sorted(set(one + other))
    codes = np.array([[letters.index(letter) for letter in line] for line in (one, other)])
    assert round(krippendorff(coincidences(codes, categories=len(letters))), 3) == expected


def plain_alpha(codes, categories):
    """1 - observed over expected disagreement, one pair of values at a time."""
    units = [[c for c in unit if c != MISSING] for unit in codes.T.tolist()]
    units = [unit for unit in units if len(unit) >= 2]
    values = [value for unit in units for value in unit]
    n = len(values)
    observed = sum(
        (unit[a] != unit[b]) / (len(unit) - 1)
        for unit in units
        for a in range(len(unit))
        for b in range(len(unit))
        if a != b
    )
    expected = sum(values[a] != values[b] for a in range(n) for b in range(n) if a != b)
    return None if expected == 0 else 1 - observed / n / (expected / (n * (n - 1)))


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(0, 9), st.integers(1, 4), st.integers(0, 9))
def test_alpha_is_that_of_a_plain_loop_and_batches_add(seed, coders, units, categories, cut):
    codes = np.random.default_rng(seed).integers(MISSING, categories, (coders, units))
    whole = coincidences(codes, categories=categories)
    parts = [coincidences(part, categories=categories) for part in (codes[:, :cut], codes[:, cut:])]
    assert np.allclose(whole, sum(parts))
    expected = plain_alpha(codes, categories)
    assert krippendorff(whole) == (None if expected is None else pytest.approx(expected, abs=1e-12))


def test_coders_who_agree_fully_give_one_and_who_never_do_less_than_nothing():
    assert krippendorff(coincidences(np.array([[0, 1, 1], [0, 1, 1]]), categories=2)) == 1
    assert krippendorff(coincidences(np.array([[0, 1], [1, 0]]), categories=2)) == -0.5


@pytest.mark.parametrize("codes", [[[0, 1, 0]], [[2, 2], [2, 2]], [[_, 1], [0, _]], [[], []]])
def test_one_coder_or_one_category_alone_gives_no_alpha(codes):
    assert krippendorff(coincidences(np.array(codes, int), categories=3)) is None


@pytest.mark.parametrize(
    "codes", [np.array([[0, 3]]), np.array([[-2, 0]]), np.array([0, 1]), np.array([[0.0, np.nan]])]
)
def test_what_are_no_codes_is_refused(codes):
    with pytest.raises(ValueError, match="code"):
        coincidences(codes, categories=3)


def test_a_rater_counts_once_for_a_theme_and_apart_for_strengths_and_development():
    marked = np.array([[1, 0], [1, 1], [1, 0], [0, 0], [0, 1]], bool)
    found = raters_per_theme(marked, np.array([70, 70, 3, 3, 70]), np.array([0, 0, 0, 1, 1]), 3)
    assert found.tolist() == [[2, 1], [0, 1], [0, 0]]


def test_no_comments_are_no_raters():
    nobody = np.zeros(0, int)
    assert raters_per_theme(np.zeros((0, 2), bool), nobody, nobody, 1).tolist() == [[0, 0]]


@pytest.mark.parametrize(
    ("marked", "rater", "place"),
    [([[1]], [0], [0]), ([[True]], [0, 1], [0]), ([[True]], [0], [1]), ([[True]], [0], [-1])],
)
def test_marks_that_do_not_fit_are_refused(marked, rater, place):
    with pytest.raises(ValueError, match=r"marks are|has one rater|points outside"):
        raters_per_theme(np.array(marked), np.array(rater), np.array(place), 1)
