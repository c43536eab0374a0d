"""Limits of a mean agree with an independent calculation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.intervals import (
    PRIOR,
    chosen_spread,
    fixed_half_width,
    limits,
    mean_interval,
    moderated_half_width,
    moderated_variance,
)

VALUES = np.arange(1, 6)
distributions = st.lists(st.integers(0, 30), min_size=5, max_size=5).filter(any).map(np.array)


@settings(deadline=None)
@given(distributions, st.floats(0.2, 1.5))
def test_a_moderated_interval_is_the_one_scipy_gives_for_the_moderated_variance(counts, reference):
    from scipy import stats

    sample = np.repeat(VALUES, counts)
    own = sample.var(ddof=1) if len(sample) > 1 else 0.0
    df = PRIOR + len(sample) - 1
    scale = np.sqrt((PRIOR * reference**2 + (len(sample) - 1) * own) / df / len(sample))
    low, high = stats.t.interval(0.95, df, loc=0, scale=scale)
    assert moderated_half_width(counts, reference) == pytest.approx((high - low) / 2, rel=1e-9)


def test_with_many_answers_the_interval_becomes_the_ordinary_one():
    from statsmodels.stats.weightstats import DescrStatsW

    counts = np.array([50, 130, 410, 1500, 1910])
    low, high = DescrStatsW(np.repeat(VALUES, counts)).tconfint_mean()
    assert moderated_half_width(counts, 0.7) == pytest.approx((high - low) / 2, rel=2e-3)


@settings(deadline=None)
@given(st.integers(1, 60), st.floats(0.2, 1.5))
def test_a_fixed_width_depends_on_the_count_and_the_reference_alone(n, reference):
    from scipy import stats

    expected = stats.t.ppf(0.975, PRIOR + n - 1) * reference / np.sqrt(n)
    assert fixed_half_width(np.array(n), reference) == pytest.approx(expected, rel=1e-9)


@settings(deadline=None)
@given(distributions, st.floats(0.01, 3))
def test_limits_hold_the_mean_have_a_width_and_stay_on_the_scale(counts, reference):
    mean = (counts @ VALUES) / counts.sum()
    low, high = limits(mean, moderated_half_width(counts, reference), lowest=1, highest=5)
    assert 10 <= low < high <= 50
    assert low <= np.floor(10 * mean + 0.5 + 1e-9) <= high


@pytest.mark.parametrize("mean", [1.0, 2.5, 4.6, 5.0])
def test_a_width_too_small_for_one_decimal_still_shows_a_width(mean):
    low, high = limits(np.array(mean), np.array(1e-6), lowest=1, highest=5)
    assert 10 <= low < high <= 50


def test_limits_that_floats_put_just_under_a_half_are_rounded_up():
    low, high = limits(np.array(4.0), np.array(0.25), lowest=1, highest=5)
    assert (int(low), int(high)) == (38, 43)


@pytest.mark.parametrize("reference", [0.0, -0.7, float("nan"), float("inf")])
def test_a_reference_that_is_no_spread_is_refused(reference):
    with pytest.raises(ValueError, match="positive number"):
        fixed_half_width(np.array(5), reference)


@pytest.mark.parametrize(
    ("name", "shares", "n", "least"),
    [
        ("typical", [0, 0.02, 0.05, 0.33, 0.60], 10, 0.93),
        ("typical", [0, 0.02, 0.05, 0.33, 0.60], 34, 0.93),
        ("ceiling", [0, 0, 0.02, 0.06, 0.92], 15, 0.97),
        ("mixed", [0.03, 0.07, 0.20, 0.40, 0.30], 15, 0.90),
    ],
)
def test_intervals_hold_the_true_mean_about_as_often_as_they_say(name, shares, n, least):
    draws = np.random.default_rng(7).multinomial(n, shares, size=6000)
    error = np.abs(draws @ VALUES / n - np.dot(shares, VALUES))
    assert (error <= moderated_half_width(draws, 0.7)).mean() >= least, name


@settings(deadline=None)
@given(distributions.filter(lambda counts: counts.sum() >= 3), st.floats(0.2, 1.5), st.sampled_from([1, 10]))
def test_the_interval_of_any_mean_is_that_of_its_answers_clipped_to_the_scale(counts, reference, own_from):
    from scipy import stats

    sample = np.repeat(VALUES, counts)
    n, squares = len(sample), ((sample - sample.mean()) ** 2).sum()
    df = PRIOR + n - 1
    variance = (PRIOR * reference**2 + squares) / df if n >= own_from else reference**2
    half = stats.t.ppf(0.975, df) * np.sqrt(variance / n)
    found = mean_interval(sample.mean(), n, squares, reference, lowest=1, highest=5, own_from=own_from)
    expected = (max(sample.mean() - half, 1), min(sample.mean() + half, 5))
    assert (float(found.low), float(found.high)) == pytest.approx(expected, rel=1e-9)
    assert found.low < found.high


@settings(deadline=None)
@given(distributions.filter(any), st.floats(0.2, 1.5))
def test_half_the_width_of_the_interval_is_that_of_the_counts(counts, reference):
    sample = np.repeat(VALUES, counts)
    squares = ((sample - sample.mean()) ** 2).sum()
    found = moderated_variance(len(sample), squares, reference, own_from=1)
    half = fixed_half_width(np.array(len(sample)), 1.0) * np.sqrt(found.variance)
    assert half == pytest.approx(moderated_half_width(counts, reference), rel=1e-9)


def test_under_ten_answers_the_interval_does_not_depend_on_what_they_were():
    one, other = (mean_interval(4.0, 9, squares, 0.7, lowest=1, highest=5) for squares in (0.0, 18.0))
    assert one == other


def test_without_a_spread_the_interval_is_the_ordinary_one_and_none_where_all_agree():
    from scipy import stats

    sample = np.array([3, 4, 4, 5, 5])
    squares = ((sample - sample.mean()) ** 2).sum()
    found = mean_interval(sample.mean(), 5, squares, np.nan, lowest=-9, highest=9, own_from=1)
    expected = stats.t.interval(0.95, 4, sample.mean(), sample.std(ddof=1) / np.sqrt(5))
    assert (float(found.low), float(found.high)) == pytest.approx(expected, rel=1e-12)
    for n, squares, own_from in ((12, 0.0, 1), (4, 1.0, 1), (9, 3.0, 10)):
        none = mean_interval(4.0, n, squares, np.nan, lowest=1, highest=5, own_from=own_from)
        assert np.isnan(none.low) and np.isnan(none.high)


def test_nobody_one_and_two_have_no_interval():
    found = mean_interval([np.nan, 4.0, 4.0, 4.0], [0, 1, 2, 3], 0.0, 0.7, lowest=1, highest=5)
    assert np.isnan(found.low).tolist() == np.isnan(found.high).tolist() == [True, True, True, False]


def test_a_spread_is_pooled_over_thirty_practitioners_or_the_reference_or_nothing():
    found = chosen_spread([0.5, 0.5, 0.0, np.nan, 0.5], [30, 29, 99, 0, 29], [0.7, 0.7, 0.7, 0.7, 0.0])
    assert found.tolist()[:4] == [0.5, 0.7, 0.7, 0.7]
    assert np.isnan(found[4])
    assert np.isnan(chosen_spread(0.5, 10))


@pytest.mark.parametrize(
    ("call", "fact"),
    [
        (lambda: chosen_spread(-0.1, 50), "not negative"),
        (lambda: chosen_spread(0.1, 50, np.inf), "finite"),
        (lambda: moderated_variance(5, 1.0, 0.0), "positive number"),
        (lambda: moderated_variance(5, -1.0, 0.7), "not negative"),
        (lambda: moderated_variance(-5, 1.0, 0.7), "not negative"),
        (lambda: mean_interval(0.9, 5, 1.0, 0.7, lowest=1, highest=5), "outside the scale"),
    ],
)
def test_spreads_and_means_that_cannot_be_are_refused(call, fact):
    with pytest.raises(ValueError, match=fact):
        call()
