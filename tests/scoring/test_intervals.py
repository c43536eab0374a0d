"""Limits of a mean agree with an independent calculation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.intervals import PRIOR, fixed_half_width, limits, moderated_half_width

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
