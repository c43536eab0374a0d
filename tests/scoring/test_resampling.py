"""Bootstrap limits exist only where they can be trusted, and are the same on every run and in every order."""

import numpy as np
import pytest

from msf.scoring.resampling import bca


def ratio(one, two, axis=-1):
    return one.mean(axis=axis) / two.mean(axis=axis)


def test_the_same_seed_gives_the_same_limits_in_any_order_of_rows():
    rng = np.random.default_rng(1)
    one, two = rng.gamma(2, 1, 40), rng.gamma(3, 1, 40)
    order = rng.permutation(40)
    assert bca(ratio, one, two, seed=5) == bca(ratio, one[order], two[order], seed=5)
    assert bca(ratio, one, two, seed=5) != bca(ratio, one, two, seed=6)


def test_pairs_are_drawn_together():
    one = np.random.default_rng(2).gamma(2, 1, 60)
    found = bca(ratio, one, one * np.linspace(1.99, 2.01, 60), seed=1)
    assert found is not None
    assert 0.49 < found.low < found.figure < found.high < 0.51


def test_limits_of_a_mean_of_many_come_near_those_of_t():
    from scipy import stats

    sample = np.random.default_rng(3).normal(4, 0.7, 400)
    found = bca(np.mean, sample, seed=1, resamples=5000)
    half = stats.t.ppf(0.975, 399) * sample.std(ddof=1) / 20
    assert found is not None
    assert (found.low, found.high) == pytest.approx((sample.mean() - half, sample.mean() + half), abs=0.01)


@pytest.mark.parametrize("sample", [np.arange(19.0), np.full(30, 5.0), np.array([5.0] * 60 + [4.0]), np.zeros(0)])
def test_too_few_or_all_alike_have_no_limits_and_no_warning(sample):
    assert bca(np.median, sample, seed=1) is None


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="at least 2000"):
        bca(np.median, np.arange(30), seed=1, resamples=100)
    with pytest.raises(ValueError, match="finite numbers"):
        bca(np.median, [1.0, np.nan] * 15, seed=1)
    with pytest.raises(ValueError, match="of one length"):
        bca(ratio, np.arange(30), np.arange(29), seed=1)
