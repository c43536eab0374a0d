"""Where a mean stands among peers: fair to ties, drawn toward the middle by few raters, flagged by what is unusual."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from msf.scoring.benchmarks import (
    NORMAL_998,
    chance_lines,
    flags,
    peer_lines,
    percentile,
    quartiles,
    share_lines,
    shrunken,
    standardised,
)
from msf.scoring.benchmarks.shrinkage import LOWEST_TENTH
from msf.scoring.generalisability import NORMAL_95, Components, coefficient

FOUND = Components(4.0, 0.1, 0.4)
TENTHS = st.lists(st.integers(10, 50), min_size=1, max_size=60)
VARIANCES = st.floats(0.01, 3)
example = settings(deadline=None, max_examples=150, derandomize=True)


@example
@given(TENTHS, st.integers(10, 50))
def test_a_percentile_counts_those_below_and_half_of_the_equal(among, mean):
    plain = 100 * sum((other < mean) + 0.5 * (other == mean) for other in among) / len(among)
    assert percentile(among, mean) == pytest.approx(plain)


@example
@given(TENTHS)
def test_percentiles_rise_with_the_mean_and_are_the_same_from_the_other_end(among):
    places = np.arange(10, 51)
    found = percentile(among, places)
    assert (np.diff(found) >= 0).all()
    assert found + percentile(-np.array(among), -places) == pytest.approx(np.full(len(places), 100.0))


@example
@given(TENTHS, st.randoms(use_true_random=False))
def test_the_order_of_comparators_never_matters(among, dice):
    mixed = among.copy()
    dice.shuffle(mixed)
    assert percentile(among, [30]) == percentile(mixed, [30])
    assert quartiles(among) == quartiles(mixed)


def test_ties_at_the_ceiling_stand_in_the_middle_of_their_tie():
    assert percentile([50] * 16 + [40] * 4, [50, 40]).tolist() == [60, 10]


def test_means_that_differ_by_rounding_alone_are_tied():
    assert 0.1 + 0.2 != 0.3
    assert percentile([0.3, 0.3], [0.1 + 0.2]).tolist() == [50]


def test_quartiles_are_those_of_linear_interpolation_between_ranks():
    assert quartiles([5, 1, 4, 2, 3]) == (2, 3, 4)
    assert quartiles(range(1, 11)) == (3.25, 5.5, 7.75)  # other definitions say 3 or 2.75
    assert quartiles([42]) == (42, 42, 42)


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_positions_of_nothing_are_refused(wrong):
    for ask in (lambda: percentile([], [40]), lambda: quartiles([])):
        with pytest.raises(ValueError, match="without comparators"):
            ask()
    for ask in (
        lambda: percentile([40, wrong], [40]),
        lambda: percentile([40], [wrong]),
        lambda: quartiles([40, wrong]),
        lambda: standardised(FOUND, [wrong], [5]),
        lambda: shrunken(FOUND, [wrong], [5]),
    ):
        with pytest.raises(ValueError, match="finite"):
            ask()


def test_constants_are_the_normal_quantiles():
    assert pytest.approx(ndtri([0.975, 0.999, 0.1]), abs=1e-14) == (NORMAL_95, NORMAL_998, LOWEST_TENTH)


@example
@given(VARIANCES, VARIANCES, st.floats(1, 5), st.integers(1, 80))
def test_shrinkage_goes_toward_the_mean_and_less_so_with_more_raters(between, within, mean, n):
    found = Components(4.0, between, within)
    few, more = shrunken(found, mean, n), shrunken(found, mean, n + 20)
    assert abs(few.mean - 4) <= abs(more.mean - 4) + 1e-12
    assert abs(more.mean - 4) <= abs(mean - 4) + 1e-12
    assert (few.mean - 4) * (mean - 4) >= 0
    assert few.mean == pytest.approx(4 + coefficient(found, n) * (mean - 4))
    assert more.deviation < few.deviation < np.sqrt(between)
    assert few.low <= few.percentile <= few.high


@example
@given(VARIANCES, VARIANCES, st.floats(0, 2), st.integers(1, 80))
def test_what_is_believed_is_the_same_above_and_below_the_middle(between, within, distance, n):
    low, high = (shrunken(Components(4.0, between, within), 4 + side * distance, n) for side in (-1, 1))
    assert low.percentile + high.percentile == pytest.approx(100)
    assert low.low + high.high == pytest.approx(100)
    assert low.lowest_tenth >= high.lowest_tenth


def test_posterior_figures_come_true_in_a_simulated_programme():
    rng = np.random.default_rng(1)
    n = rng.integers(3, 40, 60_000)
    true = rng.normal(4, np.sqrt(0.1), len(n))
    seen = shrunken(FOUND, true + rng.normal(0, np.sqrt(0.4 / n)), n)
    rank = 100 * ndtr((true - 4) / np.sqrt(0.1))
    assert np.mean((seen.low <= rank) & (rank <= seen.high)) == pytest.approx(0.95, abs=0.004)
    assert np.mean(rank < 10) == pytest.approx(np.mean(seen.lowest_tenth), abs=0.006)
    likely = (seen.lowest_tenth > 0.4) & (seen.lowest_tenth < 0.6)
    assert np.mean(rank[likely] < 10) == pytest.approx(np.mean(seen.lowest_tenth[likely]), abs=0.03)
    assert np.mean((seen.mean - true) ** 2) == pytest.approx(np.mean(seen.deviation**2), rel=0.03)


def test_where_practitioners_do_not_differ_nobody_has_a_place():
    assert shrunken(Components(4.0, 0.0, 0.4), [4.5, 3.0], [5, 5]) is None
    with pytest.raises(ValueError, match="without a rater"):
        shrunken(FOUND, [4.0], [0])
    with pytest.raises(ValueError, match="variances"):
        shrunken(Components(4.0, -0.1, 0.4), [4.0], [5])


def test_a_standardised_mean_does_not_punish_few_raters():
    rng = np.random.default_rng(2)
    n = np.where(np.arange(40_000) % 2, 4, 50)
    means = rng.normal(4, np.sqrt(0.1 + 0.4 / n))
    z = standardised(FOUND, means, n)
    naive = (means - means.mean()) / means.std()
    for few in (n == 4, n == 50):
        assert z[few].std() == pytest.approx(1, abs=0.02)
    assert (np.abs(naive[n == 4]) > 2).mean() > 3 * (np.abs(naive[n == 50]) > 2).mean()


@example
@given(VARIANCES, VARIANCES, st.integers(1, 100))
def test_funnels_narrow_with_raters_and_hold_each_other(between, within, n):
    found = Components(4.0, between, within)
    for lines in (chance_lines, peer_lines):
        here, later = lines(found, n), lines(found, n + 1)
        assert later.high_95 < here.high_95 < here.high_998
        assert here.low_998 < here.low_95 < later.low_95
        assert here.high_95 - 4 == pytest.approx(4 - here.low_95)
    assert peer_lines(found, n).high_95 > chance_lines(found, n).high_95
    assert peer_lines(found, 10**9).high_95 == pytest.approx(4 + 1.959964 * np.sqrt(between), rel=1e-6)


def test_flags_go_by_peers_so_that_few_are_flagged_and_chance_lines_would_flag_many():
    rng = np.random.default_rng(3)
    n = rng.integers(8, 40, 50_000)
    means = rng.normal(4, np.sqrt(0.1 + 0.4 / n))
    found = flags(FOUND, means, n)
    assert (found != 0).mean() == pytest.approx(0.05, abs=0.004)
    assert (np.abs(found) == 2).mean() == pytest.approx(0.002, abs=0.001)
    noise = chance_lines(FOUND, n)
    assert ((means < noise.low_95) | (means > noise.high_95)).mean() > 0.3


@example
@given(st.floats(1, 5), st.integers(1, 100))
def test_a_flag_is_a_mean_outside_the_lines(mean, n):
    lines, flag = peer_lines(FOUND, n), int(flags(FOUND, mean, n))
    outside = (mean > lines.high_95, mean > lines.high_998, mean < lines.low_95, mean < lines.low_998)
    assert flag == int(outside[0]) + int(outside[1]) - int(outside[2]) - int(outside[3])


def test_lines_of_shares_stay_between_none_and_all():
    lines = share_lines(0.95, [1, 5, 2000])
    assert (lines.low_998[0], lines.high_95[1]) == (pytest.approx(0.95 - 3.090232 * np.sqrt(0.0475)), 1)
    assert share_lines(0.5, [1]).low_998 == 0
    assert share_lines(1.0, [4]) == (1, 1, 1, 1)
    assert (np.diff(lines.low_95) > 0).all()


@pytest.mark.parametrize(("share", "n"), [(-0.1, [5]), (1.1, [5]), (np.nan, [5]), (0.5, [0]), (0.5, [np.nan])])
def test_bad_shares_are_refused(share, n):
    with pytest.raises(ValueError, match="funnel of shares"):
        share_lines(share, n)
