"""Components of raters' scores are those of REML, whatever the numbers of raters, from sums that add."""

import json
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import fdtri

from msf.scoring.generalisability import anova, icc_limits, likelihood, mean_squares, reml, standing
from msf.scoring.generalisability.one_facet import added, of_means, of_scores, packed, unpacked

CENTRE = 3.0


def drawn(seed, n, *, between=0.3, within=0.7, middle=4.0):
    """Scores and their practitioners: as many raters each as `n` says."""
    rng = np.random.default_rng(seed)
    index = np.repeat(np.arange(len(n)), n)
    return rng.normal(middle, between, len(n))[index] + rng.normal(0, within, len(index)), index


def sums_of(scores, index, centre=CENTRE):
    return of_scores(scores, index, int(index.max()) + 1, centre=centre)


def restricted(scores, index, between, within):
    """The restricted log-likelihood from the whole covariance matrix."""
    same = (index[:, None] == index).astype(float)
    covariance = within * np.eye(len(scores)) + between * same
    inverse, ones = np.linalg.inv(covariance), np.ones(len(scores))
    precision = ones @ inverse @ ones
    rest = scores - ones @ inverse @ scores / precision
    logs = np.linalg.slogdet(covariance)[1] + np.log(precision) + (len(scores) - 1) * np.log(2 * np.pi)
    return -0.5 * (logs + rest @ inverse @ rest)


SHAPES = {
    "balanced": np.full(40, 8),
    "unequal": np.array([2, 3, 5, 8, 12, 20, 30, 45] * 6),
    "strongly unequal": np.array([1] * 20 + [2] * 15 + [5] * 10 + [150, 90, 60]),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("seed", "between"), [(1, 0.3), (2, 0.8), (3, 0.12), (4, 0.0)])
def test_reml_is_that_of_a_mixed_model_and_never_less_likely(shape, seed, between):
    from statsmodels.regression.mixed_linear_model import MixedLM

    scores, index = drawn(seed, SHAPES[shape], between=between)
    found = reml(sums_of(scores, index))
    model = MixedLM(scores, np.ones((len(scores), 1)), groups=index)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns whenever practitioners hardly differ
        theirs = model.fit(reml=True, method="powell", xtol=1e-10, ftol=1e-14)
    assert found.likelihood >= theirs.llf - 1e-9
    if found.likelihood <= theirs.llf + 1e-6 and found.components.between > 1e-3:
        assert found.components.between == pytest.approx(theirs.cov_re.item(), rel=1e-5)
        assert found.components.within == pytest.approx(theirs.scale, rel=1e-6)
        assert found.components.mean == pytest.approx(theirs.fe_params.item(), abs=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(4))
def test_reml_is_the_summit_of_the_likelihood_of_the_whole_matrix(shape, seed):
    scores, index = drawn(seed, SHAPES[shape][::2])
    sums, found = sums_of(scores, index), reml(sums_of(scores, index))
    between, within = found.components.between, found.components.within
    assert found.likelihood == pytest.approx(restricted(scores, index, between, within), rel=1e-10)
    around = [(b, w) for b in (0.9, 1, 1.1) for w in (0.99, 1, 1.01)]
    assert found.likelihood == max(likelihood(sums, between * b, within * w) for b, w in around)
    assert found.likelihood >= anova(sums).likelihood


@pytest.mark.parametrize("exponent", range(-5, 6))
def test_the_summit_is_found_over_many_orders_of_magnitude(exponent):
    scores, index = drawn(7, np.full(200, 40), between=10.0**exponent, within=1.0)
    found = reml(sums_of(scores, index))
    ratios = np.append(0, np.logspace(-8, 12, 2001))
    within = found.components.within
    tried = max(likelihood(sums_of(scores, index), ratio * within, within) for ratio in ratios)
    assert found.likelihood >= tried - 1e-9
    if exponent >= -1:
        assert found.components.between == pytest.approx(100.0**exponent, rel=0.5)


def test_on_balanced_data_reml_and_the_analysis_of_variance_are_one():
    scores, index = drawn(5, np.full(50, 12))
    one, other = reml(sums_of(scores, index)).components, anova(sums_of(scores, index)).components
    assert one == pytest.approx(other, rel=1e-10)
    means = scores.reshape(50, 12).mean(1)
    assert other.between == pytest.approx(means.var(ddof=1) - other.within / 12)


def test_n0_is_no_mean_number_of_raters_and_makes_the_estimate_unbiased():
    n = SHAPES["strongly unequal"]
    runs = [mean_squares(sums_of(*drawn(seed, n, between=0.8))) for seed in range(400)]
    n0 = runs[0].n0
    assert n0 == pytest.approx((n.sum() - (n**2).sum() / n.sum()) / (len(n) - 1))
    assert n0 < 0.85 * n.mean()
    right, wrong = (np.array([(run.between - run.within) / size for run in runs]) for size in (n0, n.mean()))
    assert abs(right.mean() - 0.64) < 4 * right.std() / 20
    assert abs(wrong.mean() - 0.64) > 4 * wrong.std() / 20


def test_a_negative_component_is_given_as_nothing_and_said():
    scores = np.array([1.0, 5.0, 1.0, 5.0, 2.0, 4.0, 1.0, 5.0])
    sums = sums_of(scores, np.repeat(np.arange(4), 2))
    for found in (anova(sums), reml(sums)):
        assert found.components.between == 0
        assert found.negative
    assert not reml(sums_of(*drawn(1, SHAPES["balanced"]))).negative


def test_the_limits_of_icc_are_those_of_the_published_example():
    # Shrout & Fleiss 1979, table 2: six targets, four judges each
    scores = np.array([9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7.0])
    sums = sums_of(scores, np.repeat(np.arange(6), 4))
    table, limits = mean_squares(sums), icc_limits(sums)
    assert (round(table.between, 2), round(table.within, 2)) == (11.24, 6.26)
    assert anova(sums).components.single == pytest.approx(0.166, abs=1e-3)
    upper = table.between / table.within * fdtri(18, 5, 0.975)
    assert limits.low == 0
    assert limits.high == pytest.approx((upper - 1) / (upper + 3))
    assert limits.high == pytest.approx(0.72, abs=5e-3)


def test_the_limits_of_icc_hold_in_nineteen_of_twenty_samples():
    true, n = 0.09 / (0.09 + 0.49), np.array([5, 8, 10, 12, 15, 20] * 8)
    limits = [icc_limits(sums_of(*drawn(seed, n))) for seed in range(600)]
    assert 0.92 < np.mean([low <= true <= high for low, high in limits]) < 0.98


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.integers(0, 2**32), st.integers(2, 30), st.integers(1, 60))
def test_sums_add_whatever_the_order_and_survive_being_packed(seed, practitioners, cut):
    rng = np.random.default_rng(seed)
    n = rng.integers(0, 12, practitioners)
    scores, index = drawn(seed, n)
    scores[rng.random(len(scores)) < 0.1] = np.nan
    whole = of_scores(scores, index, practitioners, centre=CENTRE)
    order = rng.permutation(len(scores))
    places = rng.permutation(practitioners)
    first = index < min(cut, practitioners)
    parts = added(
        of_scores(scores[first], index[first], practitioners, centre=CENTRE),
        of_scores(scores[~first], index[~first], practitioners, centre=CENTRE),
    )
    kept = unpacked(json.loads(json.dumps(packed(whole))))
    for other in (parts, kept, of_scores(scores[order], places[index][order], practitioners, centre=CENTRE)):
        wide = added(other, of_scores(np.array([]), np.array([], int), 0, centre=CENTRE))
        assert wide.practitioners.sum() == whole.practitioners.sum() and len(wide.practitioners) >= 1
        for one, same in zip(whole[1:4], wide[1:4], strict=True):
            assert one == pytest.approx(same[: len(one)], abs=1e-9)
        assert other.within == pytest.approx(whole.within, abs=1e-9)


def test_packed_sums_are_exact():
    sums = sums_of(*drawn(3, SHAPES["strongly unequal"]))
    again = unpacked(json.loads(json.dumps(packed(sums))))
    assert all(np.array_equal(one, same) for one, same in zip(sums, again, strict=True))
    assert reml(again) == reml(sums)


def test_a_constant_on_every_score_or_another_centre_changes_nothing():
    scores, index = drawn(9, SHAPES["strongly unequal"])
    plain = reml(sums_of(scores, index))
    for constant, centre in ((0, -50.0), (1000, 3.0), (80, 50.0)):
        moved = reml(sums_of(scores + constant, index, centre))
        assert moved.components[1:] == pytest.approx(plain.components[1:], rel=1e-7)
        assert moved.components.mean - constant == pytest.approx(plain.components.mean, abs=1e-9)


def test_gaps_in_the_index_and_practitioners_without_a_score_are_nobody():
    scores, index = drawn(2, SHAPES["unequal"])
    gaps = of_scores(np.append(scores, np.nan), np.append(7 * index, 3), 1000, centre=CENTRE)
    assert gaps.practitioners[0] == 0
    assert reml(gaps).practitioners == len(SHAPES["unequal"])
    assert reml(gaps).components == pytest.approx(reml(sums_of(scores, index)).components, rel=1e-12)


def test_practitioners_with_one_rater_inform_only_the_spread_of_practitioners():
    scores, index = drawn(6, SHAPES["unequal"])
    more = drawn(8, np.ones(30, int))
    sums = sums_of(scores, index)
    both = added(sums, sums_of(*more))
    assert both.within == sums.within
    assert mean_squares(both).within == mean_squares(sums).within
    assert anova(both).components.between != anova(sums).components.between


@pytest.mark.parametrize(
    ("n", "means", "within"),
    [
        ([], [], []),
        ([0, 0], [np.nan, np.nan], [0, 0]),
        ([12], [4.2], [3.0]),
        ([1, 1, 1], [3.0, 4.0, 5.0], [0, 0, 0]),
        ([3, 3], [4.1, 4.1], [0, 0]),
        ([3, 3], [3.0, 5.0], [0, 0]),
    ],
    ids=["nobody", "no score", "one practitioner", "one rater each", "all equal", "raters who never differ"],
)
def test_what_cannot_be_estimated_is_said(n, means, within):
    sums = of_means(np.array(n, int), np.array(means, float), np.array(within, float), centre=CENTRE)
    assert (reml(sums), anova(sums), mean_squares(sums), icc_limits(sums)) == (None,) * 4
    with pytest.raises(ValueError, match="estimable"):
        likelihood(sums, 1.0, 1.0)


def test_scores_without_variance_are_not_saved_by_rounding():
    index = np.repeat(np.arange(5000), 7)
    assert reml(sums_of(np.full(len(index), 4.1), index)) is None
    alike = sums_of(np.tile([4.1, 3.9, 4.3, 4.0, 4.1, 4.2, 4.05], 5000), index)
    assert alike.within > 0
    assert reml(alike).components.between == 0


@pytest.mark.parametrize(
    ("scores", "index", "size", "words"),
    [
        ([[1.0]], [0], 1, "one row"),
        ([np.inf], [0], 1, "finite"),
        ([1.0, 2.0], [0], 1, "every score"),
        ([1.0], [0.0], 1, "whole number"),
        ([1.0], [1], 1, "outside"),
        ([1.0], [-1], 1, "outside"),
    ],
)
def test_bad_scores_are_refused(scores, index, size, words):
    with pytest.raises(ValueError, match=words):
        of_scores(np.array(scores), np.array(index), size, centre=CENTRE)


@pytest.mark.parametrize(
    ("n", "means", "within", "words"),
    [
        ([2], [4.0, 4.0], [1.0], "one length"),
        ([-1], [4.0], [1.0], "whole numbers"),
        ([2.5], [4.0], [1.0], "whole numbers"),
        ([2], [np.nan], [1.0], "finite"),
        ([2], [4.0], [-1.0], "not negative"),
        ([1], [4.0], [1.0], "no spread"),
    ],
)
def test_bad_means_are_refused(n, means, within, words):
    with pytest.raises(ValueError, match=words):
        of_means(np.array(n), np.array(means), np.array(within), centre=CENTRE)


def test_sums_about_different_centres_do_not_add():
    one = of_means(np.array([2]), np.array([4.0]), np.array([1.0]), centre=3)
    with pytest.raises(ValueError, match="do not add"):
        added(one, of_means(np.array([2]), np.array([4.0]), np.array([1.0]), centre=50))


def test_a_study_is_indicative_from_twenty_and_published_from_fifty_practitioners():
    assert [standing(n) for n in (19, 20, 49, 50)] == ["too few", "indicative", "indicative", "publishable"]
    assert reml(sums_of(*drawn(1, np.full(30, 5)))).standing == "indicative"
