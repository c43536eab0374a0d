"""Adjusting takes out who answered and nothing of what the practitioner is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.case_mix import added, adjusted, joined, slopes, sums_of, varies_between

BOTH = np.array([True, True])


def programme(seed, *, practitioners=300, raters=20, slope=0.3, together=0.0, missing=0.0):
    """True scores, and raters whose covariate has a mean that goes with the true score as far as `together` says."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(4, 0.3, practitioners)
    kind = together * (truth - 4) / 0.3 + np.sqrt(1 - together**2) * rng.normal(0, 1, practitioners)
    index = np.repeat(np.arange(practitioners), raters)
    x = kind[index] + rng.normal(0, 1, len(index))
    y = truth[index] + slope * x + rng.normal(0, 0.6, len(index))
    x[rng.random(len(index)) < missing] = np.nan
    return truth, y, x[:, None], index


def kept_of(seed, **more):
    truth, y, x, index = programme(seed, **more)
    return truth, sums_of(y, x, index, len(truth), centre=3, centres=[0.0])


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32), st.sampled_from([0.0, 0.1]))
def test_slopes_and_errors_are_those_of_a_regression_with_a_dummy_for_each_practitioner(seed, missing):
    from statsmodels.api import OLS

    truth, y, x, index = programme(seed, practitioners=12, raters=8, missing=missing)
    found = slopes(sums_of(y, x, index, len(truth), centre=3, centres=[0.2]), BOTH)
    gone = np.isnan(x)
    kinds = [np.where(gone, 0.2, x) - 0.2, gone][: 1 + int(gone.any())]
    design = np.hstack([*kinds, np.eye(12)[index]])
    theirs = OLS(y, design.astype(float)).fit()
    k = 1 + int(gone.any())
    assert found.slope[:k] == pytest.approx(theirs.params[:k], rel=1e-8)
    assert found.error[:k] == pytest.approx(theirs.bse[:k], rel=1e-8)
    assert found.p[:k] == pytest.approx(theirs.pvalues[:k], rel=1e-6, abs=1e-15)
    assert np.isnan(found.slope[k:]).all()


@pytest.mark.parametrize("together", [0.0, 0.7, -0.7])
def test_true_differences_that_go_with_the_covariate_are_not_adjusted_away(together):
    truth, sums = kept_of(1, together=together)
    found = adjusted(sums, centre=3)
    assert found is not None and found.kept.tolist() == [True]
    assert found.fit.slope[0] == pytest.approx(0.3, abs=0.02)
    slope = np.polyfit(truth, found.adjusted, 1)[0]
    assert slope == pytest.approx(1, abs=0.06)
    assert np.corrcoef(truth, found.adjusted)[0, 1] > np.corrcoef(truth, found.unadjusted)[0, 1] or together == 0.7


def test_a_slope_that_ignores_practitioners_would_have_adjusted_them_away():
    truth, y, x, index = programme(1, together=0.7)
    naive = np.polyfit(x[:, 0], y, 1)[0]
    means = [np.bincount(index, part) / 20 for part in (y, x[:, 0])]
    assert np.polyfit(truth, means[0] - naive * means[1], 1)[0] < 0.85


def test_unadjusted_adjusted_and_difference_hang_together_and_the_mean_of_all_raters_stays():
    _, sums = kept_of(2, missing=0.05)
    found = adjusted(sums, centre=3)
    assert found is not None
    np.testing.assert_allclose(found.unadjusted + found.difference, found.adjusted)
    assert sums.n @ found.difference == pytest.approx(0, abs=1e-8)


def test_what_is_put_for_a_missing_covariate_changes_no_adjusted_mean():
    truth, y, x, index = programme(3, missing=0.1)
    one, other = (adjusted(sums_of(y, x, index, len(truth), centre=3, centres=[c]), centre=3) for c in (0.0, 1.5))
    assert one is not None and other is not None
    np.testing.assert_allclose(one.adjusted, other.adjusted, rtol=1e-9)


def test_covariates_that_are_missing_at_random_make_the_slope_smaller_and_never_larger():
    _, sums = kept_of(3, missing=0.1)
    assert 0.25 < slopes(sums, BOTH).slope[0] < 0.3


def test_what_a_practitioner_is_has_no_slope_and_is_never_adjusted_for():
    truth, y, _, index = programme(4)
    where_from = (np.arange(len(truth)) % 2)[index][:, None]
    found = adjusted(sums_of(y, where_from, index, len(truth), centre=3, centres=[0.5]), centre=3)
    assert found is not None
    assert found.kept.tolist() == [False]
    assert (found.difference == 0).all()


def test_an_adjuster_that_predicts_but_is_the_same_mix_everywhere_is_not_kept():
    rng = np.random.default_rng(5)
    index = np.repeat(np.arange(250), 10)
    x = np.tile(np.arange(10.0), 250)
    y = 4 + 0.2 * x + rng.normal(0, 0.5, 2500)
    sums = sums_of(y, x[:, None], index, 250, centre=3, centres=[4.5])
    assert slopes(sums, BOTH).p[0] < 1e-9 and varies_between(sums)[0] > 0.9
    found = adjusted(sums, centre=3)
    assert found is not None and not found.kept.any()


def test_an_adjuster_that_varies_but_does_not_predict_is_not_kept_and_leaves_the_others_alone():
    _, y, x, index = programme(6)
    _, _, noise, _ = programme(60)
    both = adjusted(sums_of(y, np.hstack([x, noise]), index, 300, centre=3, centres=[0, 0]), centre=3)
    alone = adjusted(sums_of(y, x, index, 300, centre=3, centres=[0]), centre=3)
    assert both is not None and alone is not None
    assert both.kept.tolist() == [True, False]
    np.testing.assert_allclose(both.adjusted, alone.adjusted, rtol=1e-10)


def test_the_same_adjuster_twice_is_used_once():
    _, y, x, index = programme(7)
    found = slopes(sums_of(y, np.hstack([x, 2 * x]), index, 300, centre=3, centres=[0, 0]), np.ones(4, bool))
    assert found.slope[0] == pytest.approx(0.3, abs=0.02)
    assert np.isnan(found.slope[1:]).all()


def test_under_two_hundred_practitioners_nothing_is_adjusted():
    assert adjusted(kept_of(8, practitioners=199)[1], centre=3) is None
    assert adjusted(kept_of(8, practitioners=200)[1], centre=3) is not None


def test_gaps_in_the_index_have_no_mean_and_do_not_count():
    _, y, x, index = programme(9, practitioners=200)
    found = adjusted(sums_of(y, x, 2 * index, 400, centre=3, centres=[0]), centre=3)
    dense = adjusted(sums_of(y, x, index, 200, centre=3, centres=[0]), centre=3)
    assert found is not None and dense is not None
    assert np.isnan(found.adjusted[1::2]).all() and np.isnan(found.difference[1::2]).all()
    np.testing.assert_allclose(found.adjusted[::2], dense.adjusted, rtol=1e-12)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32))
def test_sums_add_over_chunks_in_any_order_and_join_over_rounds(seed):
    _, y, x, index = programme(seed, practitioners=10, raters=6, missing=0.1)
    whole = sums_of(y, x, index, 10, centre=3, centres=[0])
    order = np.random.default_rng(seed).permutation(len(y))
    halves = [sums_of(y[p], x[p], index[p], 10, centre=3, centres=[0]) for p in (order[:25], order[25:])]
    first = index < 4
    rounds = joined(
        sums_of(y[first], x[first], index[first], 4, centre=3, centres=[0]),
        sums_of(y[~first], x[~first], index[~first] - 4, 6, centre=3, centres=[0]),
    )
    for other in (added(*halves), rounds):
        for a, b in zip(other, whole, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-9)


def test_raters_without_an_outcome_are_left_out():
    _, y, x, index = programme(10, practitioners=5, raters=6)
    y[::3] = np.nan
    there = ~np.isnan(y)
    one = sums_of(y, x, index, 5, centre=3, centres=[0])
    other = sums_of(y[there], x[there], index[there], 5, centre=3, centres=[0])
    assert all((a == b).all() for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("y", [np.full(8, 5.0), np.full(8, np.nan)])
def test_outcomes_without_spread_or_without_anybody_have_no_p_and_no_warning(y):
    sums = sums_of(y, np.arange(8.0)[:, None], np.arange(8) % 4, 4, centre=3, centres=[0])
    assert np.isnan(slopes(sums, BOTH).p).all()
    assert np.isnan(varies_between(sums)[1])


def test_one_rater_each_has_no_slope():
    sums = sums_of(np.arange(4.0), np.arange(4.0)[:, None], np.arange(4), 4, centre=3, centres=[0])
    assert np.isnan(slopes(sums, BOTH).slope).all()
    assert np.isnan(varies_between(sums)).all()


@pytest.mark.parametrize(
    ("y", "x", "index", "fact"),
    [
        ([4.0], [[np.inf]], np.array([0]), "finite"),
        ([4.0], [1.0], np.array([0]), "one row"),
        ([4.0], np.zeros((1, 0)), np.array([0]), "one row"),
        ([4.0, 3.0], [[1.0]], np.array([0]), "one place"),
        ([4.0], [[1.0]], np.array([2]), "outside"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(y, x, index, fact):
    with pytest.raises(ValueError, match=fact):
        sums_of(y, x, index, 2, centre=3, centres=[0.0] if np.ndim(x) == 2 and np.shape(x)[1] else 0.0)
