"""What follows from components: reliability of each practitioner, raters needed, and of a score over several groups."""

from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.generalisability import (
    Components,
    band,
    coefficient,
    composite,
    covariances,
    curve,
    decision_study,
    programme_coefficient,
    raters_needed,
    share_reaching,
    standard_error,
    together,
)
from msf.scoring.generalisability.groups import added
from msf.scoring.generalisability.one_facet import of_means

FOUND = Components(4.2, 0.1, 0.4)
VARIANCES = st.integers(1, 400)


def programme(*n):
    return of_means(np.array(n), np.full(len(n), 4.0), np.where(np.array(n) > 1, 1.0, 0.0), centre=3)


@settings(deadline=None, max_examples=300, derandomize=True)
@given(VARIANCES, VARIANCES, st.sampled_from([7, 8, 9]))
def test_the_raters_needed_are_the_ceiling_of_an_exact_fraction(between, within, tenths):
    exact = ceil(Fraction(tenths, 10 - tenths) * Fraction(within, between))
    found = Components(4.0, between / 1000, within / 1000)
    assert raters_needed(found, tenths / 10) == max(1, exact)


def test_an_exact_sixteen_needs_sixteen_raters_and_not_seventeen():
    assert 0.8 / (1 - 0.8) * 0.4 / 0.1 > 16
    assert decision_study(FOUND) == {0.7: 10, 0.8: 16, 0.9: 36}
    assert share_reaching(FOUND, programme(15, 16, 17), 0.8) == pytest.approx(2 / 3)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(VARIANCES, VARIANCES, st.floats(0.05, 0.98))
def test_the_raters_needed_reach_the_target_and_one_fewer_does_not(between, within, target):
    found = Components(4.0, between / 100, within / 100)
    n = raters_needed(found, target)
    assert coefficient(found, n) >= target - 1e-9
    assert n == 1 or coefficient(found, n - 1) < target


def test_published_anchors_give_their_single_rater_reliability():
    for raters, single in ((15, 0.135), (34, 0.064)):
        assert raters_needed(Components(4, single, 1 - single), 0.7) == pytest.approx(raters, abs=1)


def test_without_variance_of_practitioners_nothing_is_reachable():
    flat = Components(4.2, 0.0, 0.4)
    assert decision_study(flat) == {0.7: None, 0.8: None, 0.9: None}
    assert coefficient(flat, [1, 50]).tolist() == [0, 0]
    assert share_reaching(flat, programme(20, 90), 0.7) == 0
    assert programme_coefficient(flat, programme(20, 90)) == 0


def test_the_programme_goes_by_the_harmonic_mean_of_raters():
    n = np.array([3, 5, 5, 60])
    harmonic = len(n) / (1 / n).sum()
    assert programme_coefficient(FOUND, programme(*n, 0)) == pytest.approx(0.1 / (0.1 + 0.4 / harmonic))


def test_the_curve_rises_and_is_the_coefficient():
    rising = curve(FOUND, 50)
    assert (np.diff(rising) > 0).all()
    assert rising[15] == pytest.approx(0.8)


def test_the_band_stays_on_the_scale():
    low, high = band(FOUND, [4.9, 1.05, 3.0], [5, 5, 5], lowest=1, highest=5)
    assert (high[0], low[1]) == (5, 1)
    assert high[2] - 3 == pytest.approx(1.959964 * standard_error(FOUND, 5))


@pytest.mark.parametrize("wrong", [(4, -0.1, 0.4), (4, 0.1, 0), (4, 0.1, -1), (4, np.nan, 0.4), (4, 0.1, np.inf)])
def test_impossible_components_are_refused(wrong):
    with pytest.raises(ValueError, match="variances"):
        coefficient(Components(*wrong), 5)
    with pytest.raises(ValueError, match="variances"):
        raters_needed(Components(*wrong), 0.8)


@pytest.mark.parametrize("n", [0, -3, np.nan, [5, 0]])
def test_without_a_rater_there_is_no_coefficient(n):
    with pytest.raises(ValueError, match="without a rater"):
        coefficient(FOUND, n)


@pytest.mark.parametrize("target", [0, 1, -0.5, 1.2, np.nan])
def test_targets_lie_between_nothing_and_one(target):
    with pytest.raises(ValueError, match="between 0 and 1"):
        raters_needed(FOUND, target)


def test_an_empty_programme_has_no_coefficient():
    for ask in (lambda sums: programme_coefficient(FOUND, sums), lambda sums: share_reaching(FOUND, sums, 0.8)):
        with pytest.raises(ValueError, match="nobody has a rater"):
            ask(programme(0, 0))


SHARED = np.array([[0.1, 0.05], [0.05, 0.06]])


def test_a_composite_of_one_group_is_that_group():
    found = composite([1, 0], SHARED, [0.4, 0.5], [15, 34])
    assert found.coefficient == pytest.approx(coefficient(Components(4, 0.1, 0.4), 15))


def test_a_composite_is_not_shown_as_soon_as_a_weighted_group_is_not():
    for missing in (None, 0):
        assert composite([0.6, 0.4], SHARED, [0.4, 0.5], [15, missing]) is None
        assert composite([1, 0], SHARED, [0.4, 0.5], [15, missing]) is not None


def test_the_composite_predicts_how_two_sets_of_raters_agree():
    rng = np.random.default_rng(4)
    true = rng.multivariate_normal([4, 4], SHARED, 40_000)
    error = np.sqrt(np.array([0.4, 0.5]) / [8, 20])
    once, again = ((true + rng.normal(0, error, true.shape)) @ [0.7, 0.3] for _ in range(2))
    found = composite([0.7, 0.3], SHARED, [0.4, 0.5], [8, 20])
    assert np.corrcoef(once, again)[0, 1] == pytest.approx(found.coefficient, abs=4 / np.sqrt(40_000))


def test_covariances_of_groups_come_from_sums_that_add_and_leave_out_who_has_one_group():
    rng = np.random.default_rng(5)
    means = rng.multivariate_normal([4, 4.2, 3.9], 0.1 * np.eye(3) + 0.05, 300)
    means[rng.random(means.shape) < 0.2] = np.nan
    sums = added(together(means[:100], centre=3), together(means[100:], centre=3))
    found = covariances(sums, [0.1, 0.2, 0.3])
    both = ~np.isnan(means[:, [0, 2]]).any(axis=1)
    assert np.diag(found).tolist() == [0.1, 0.2, 0.3]
    assert found[0, 2] == found[2, 0] == pytest.approx(np.cov(means[both][:, [0, 2]].T)[0, 1])
    assert covariances(together(np.array([[4.0, np.nan], [np.nan, 4.0], [4.0, 4.1]]), centre=3), [0.1, 0.1]) is None


@pytest.mark.parametrize(
    ("weights", "covariance", "within", "n", "words"),
    [
        ([0.5], SHARED, [0.4, 0.5], [5, 5], "same groups"),
        ([0.5, 0.5], SHARED, [0.4, 0.5], [5], "same groups"),
        ([0.7, 0.7], SHARED, [0.4, 0.5], [5, 5], "add to 1"),
        ([1.5, -0.5], SHARED, [0.4, 0.5], [5, 5], "not negative"),
        ([np.nan, 1.0], SHARED, [0.4, 0.5], [5, 5], "add to 1"),
        ([0.5, 0.5], np.array([[0.1, 0.2], [0.0, 0.1]]), [0.4, 0.5], [5, 5], "symmetric"),
        ([0.5, 0.5], -SHARED, [0.4, 0.5], [5, 5], "not negative"),
        ([0.5, 0.5], SHARED, [0.4, 0.0], [5, 5], "above 0"),
        ([0.5, 0.5], SHARED, [0.4, 0.5], [5, -5], "numbers of raters"),
    ],
)
def test_bad_composites_are_refused(weights, covariance, within, n, words):
    with pytest.raises(ValueError, match=words):
        composite(weights, covariance, within, n)


def test_a_composite_of_groups_that_contradict_each_other_has_no_reliability():
    assert composite([0.5, 0.5], np.array([[0.1, -0.3], [-0.3, 0.1]]), [0.4, 0.5], [5, 5]).coefficient == 0


def test_bad_means_of_groups_are_refused():
    with pytest.raises(ValueError, match="matrix"):
        together(np.array([4.0]), centre=3)
    with pytest.raises(ValueError, match="one variance"):
        covariances(together(np.ones((3, 2)), centre=3), [0.1])
    with pytest.raises(ValueError, match="same groups"):
        added(together(np.ones((3, 2)), centre=3), together(np.ones((3, 3)), centre=3))
