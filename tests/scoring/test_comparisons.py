"""Comparisons agree with scipy, statsmodels and pingouin, and say nothing where nothing can be said."""

import warnings

import numpy as np
import pytest
import scipy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from msf.scoring.comparisons import (
    added,
    benjamini_hochberg,
    brunner_munzel,
    brunner_munzel_of_counts,
    games_howell,
    group_difference,
    holm,
    paired,
    pairs_of,
    welch_anova,
)

seeds = st.integers(0, 2**32)
families = st.lists(st.one_of(st.floats(0, 1), st.just(np.nan)), min_size=1, max_size=12)


def figures(*samples):
    return tuple(zip(*((s.mean(), len(s), ((s - s.mean()) ** 2).sum()) for s in samples), strict=True))


def three(seed):
    rng = np.random.default_rng(seed)
    return [rng.normal(rng.normal(4, 0.3), rng.uniform(0.3, 1), rng.integers(5, 30)) for _ in range(3)]


@pytest.mark.parametrize(("ours", "theirs"), [(benjamini_hochberg, "fdr_bh"), (holm, "holm")])
@settings(deadline=None, max_examples=8)
@given(families)
def test_adjusted_p_values_are_those_of_statsmodels_and_untested_cells_do_not_count(ours, theirs, family):
    p = np.array(family)
    tested = ~np.isnan(p)
    found = ours(p)
    assert (np.isnan(found) == ~tested).all()
    if tested.any():
        assert found[tested] == pytest.approx(multipletests(p[tested], method=theirs)[1], rel=1e-12)


@pytest.mark.parametrize("ours", [benjamini_hochberg, holm])
@given(families, seeds)
def test_the_order_of_tests_changes_no_adjusted_p(ours, family, seed):
    order = np.random.default_rng(seed).permutation(len(family))
    np.testing.assert_array_equal(ours(np.array(family)[order]), ours(family)[order])


def test_families_stand_along_the_last_axis_and_do_not_mix():
    rows = np.array([[0.01, 0.04, np.nan], [0.5, np.nan, 0.02]])
    np.testing.assert_array_equal(benjamini_hochberg(rows), [benjamini_hochberg(row) for row in rows])
    assert np.isnan(holm([np.nan, np.nan])).all()
    assert benjamini_hochberg([]).shape == (0,)


@pytest.mark.parametrize("bad", [[1.1], [-0.1], 0.5])
def test_what_is_no_p_value_is_refused(bad):
    with pytest.raises(ValueError, match="from 0 to 1"):
        benjamini_hochberg(bad)


@settings(deadline=None)
@given(seeds)
def test_without_a_spread_to_lean_on_a_difference_is_that_of_welch(seed):
    one, two, _ = three(seed)
    (means, sizes, squares) = figures(one, two)
    found = group_difference(
        means[0], sizes[0], squares[0], means[1], sizes[1], squares[1],
        spread=np.nan, other_spread=np.nan, own_from=1,
    )  # fmt: skip
    theirs = scipy.stats.ttest_ind(one, two, equal_var=False)
    limits = theirs.confidence_interval()
    expected = (means[0] - means[1], limits.low, limits.high, theirs.pvalue)
    assert [float(part) for part in found] == pytest.approx(expected, rel=1e-9)


def test_groups_that_agree_to_a_man_have_a_difference_with_limits():
    found = group_difference(5.0, 12, 0.0, 4.0, 12, 0.0, spread=0.7, other_spread=0.7)
    assert found.low < 1 < found.high
    assert 0 < found.p < 1


def test_under_five_raters_in_a_group_there_are_no_limits_and_no_test():
    found = group_difference([4.5, np.nan], [4, 0], 1.0, 4.0, 12, 3.0, spread=0.7, other_spread=0.7)
    assert found.difference[0] == 0.5
    assert np.isnan([found.low, found.high, found.p]).all()
    assert np.isnan(found.difference[1])


def test_under_ten_raters_limits_of_a_difference_do_not_depend_on_what_they_said():
    one, other = (
        group_difference(4.5, 9, own, 4.0, 8, 2 * own, spread=0.7, other_spread=0.7) for own in (0.5, 9.0)
    )  # fmt: skip
    assert one == other


@settings(deadline=None)
@given(seeds)
def test_turning_a_difference_round_turns_its_limits_round(seed):
    one, two, _ = (figures(sample) for sample in three(seed))
    there = group_difference(*(x[0] for x in one), *(x[0] for x in two), spread=0.7, other_spread=0.6, own_from=1)
    back = group_difference(*(x[0] for x in two), *(x[0] for x in one), spread=0.6, other_spread=0.7, own_from=1)
    assert (there.low, there.high, float(there.p)) == pytest.approx((-back.high, -back.low, float(back.p)))


@settings(deadline=None, max_examples=6)
@given(seeds)
def test_several_groups_are_compared_as_pingouin_does(seed):
    pandas = pytest.importorskip("pandas")
    pingouin = pytest.importorskip("pingouin")
    samples = three(seed)
    table = pandas.DataFrame({"y": np.concatenate(samples), "g": np.repeat([0, 1, 2], [len(s) for s in samples])})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = pingouin.welch_anova(table, dv="y", between="g").iloc[0].to_list()
        pairs = pingouin.pairwise_gameshowell(table, dv="y", between="g")
    found = welch_anova(*figures(*samples))
    assert found is not None
    assert (found.df1, found.df2, found.f, found.p) == pytest.approx(whole[1:5], rel=1e-9)
    ours = games_howell(*figures(*samples))
    assert ours is not None
    assert ours.difference == pytest.approx(pairs["diff"].to_numpy())
    assert ours.p == pytest.approx(pairs["pval"].to_numpy(), abs=1e-6)


@settings(deadline=None, max_examples=4)
@given(seeds)
def test_two_groups_by_games_howell_are_those_of_welch(seed):
    one, two, _ = three(seed)
    theirs = scipy.stats.ttest_ind(one, two, equal_var=False)
    limits = theirs.confidence_interval()
    found = games_howell(*figures(one, two))
    assert found is not None
    assert (found.low[0], found.high[0], found.p[0]) == pytest.approx(
        (limits.low, limits.high, theirs.pvalue), abs=1e-6
    )


def test_the_order_of_groups_changes_nothing_in_what_is_found():
    samples = three(4)
    forth, back = welch_anova(*figures(*samples)), welch_anova(*figures(*samples[::-1]))
    assert forth == pytest.approx(back, rel=1e-12)
    pairs, turned = games_howell(*figures(*samples)), games_howell(*figures(*samples[::-1]))
    assert pairs is not None and turned is not None
    assert pairs.p == pytest.approx(turned.p[::-1], rel=1e-9)
    assert pairs.low == pytest.approx(-turned.high[::-1], rel=1e-9)


@pytest.mark.parametrize(("n", "squares"), [([10, 10], [3.0, 0.0]), ([10, 1], [3.0, 0.0])])
def test_a_group_of_one_or_without_spread_makes_several_groups_not_comparable(n, squares):
    assert welch_anova([4.0, 5.0], n, squares) is None
    assert games_howell([4.0, 5.0], n, squares) is None


@pytest.mark.parametrize("groups", [([4.0], [9], [3.0]), ([4.0, np.nan], [9, 0], [3.0, 0.0]), ([4.0, 3.0], [9], [3.0])])
def test_groups_of_nobody_are_refused(groups):
    with pytest.raises(ValueError, match=r"at least two|nobody"):
        welch_anova(*groups)


samples = st.lists(st.integers(1, 5), min_size=5, max_size=30)


@settings(deadline=None)
@given(samples, samples)
def test_ordinal_samples_are_compared_as_scipy_does(one, two):
    found = brunner_munzel(one, two)
    assert found.effect == pytest.approx(scipy.stats.mannwhitneyu(two, one).statistic / len(one) / len(two))
    assume(not np.isnan(found.p))
    with np.errstate(all="ignore"):
        theirs = scipy.stats.brunnermunzel(one, two)
    assert found.p == pytest.approx(theirs.pvalue, rel=1e-9, abs=1e-12)


@settings(deadline=None)
@given(samples, samples, seeds)
def test_order_of_rows_changes_nothing_and_turning_round_mirrors_the_effect(one, two, seed):
    mixed = np.random.default_rng(seed).permutation(one)
    found, shuffled, turned = brunner_munzel(one, two), brunner_munzel(mixed, two), brunner_munzel(two, one)
    assert found == shuffled or np.isnan(found.p)
    assert turned.effect == pytest.approx(1 - found.effect)
    np.testing.assert_allclose(turned.p, found.p, atol=1e-12)


def test_counts_of_many_items_at_once_are_each_compared_alone():
    rng = np.random.default_rng(1)
    one, two = rng.integers(0, 9, (4, 5)), rng.integers(0, 9, (4, 5))
    found = brunner_munzel_of_counts(one, two)
    for item in range(4):
        alone = brunner_munzel(np.repeat(np.arange(5), one[item]), np.repeat(np.arange(5), two[item]))
        assert [part[item] for part in found] == pytest.approx([float(part) for part in alone])


@pytest.mark.parametrize(
    ("one", "two", "effect"), [([1] * 9, [5] * 9, 1.0), ([5] * 9, [5] * 9, 0.5), ([1, 2, 3], [2, 3, 4], 7 / 9)]
)
def test_samples_that_do_not_overlap_are_all_alike_or_few_have_an_effect_and_no_test(one, two, effect):
    found = brunner_munzel(one, two)
    assert found.effect == pytest.approx(effect)
    assert np.isnan([found.low, found.high, found.p]).all()


def test_a_sample_of_nobody_has_no_effect_and_nan_is_refused():
    assert np.isnan(brunner_munzel([], [1, 2, 3]).effect)
    assert np.isnan(brunner_munzel([], []).effect)
    with pytest.raises(ValueError, match="finite numbers"):
        brunner_munzel([np.nan], [1.0])


@settings(deadline=None)
@given(seeds, st.integers(3, 40))
def test_paired_figures_are_those_of_scipy_from_sums_that_add(seed, n):
    rng = np.random.default_rng(seed)
    one, two = rng.normal(4, 0.5, (n, 2)), rng.normal(4, 0.5, (n, 2))
    cut = int(rng.integers(0, n + 1))
    found = paired(added(*(pairs_of(one[part], two[part], centre=3) for part in (slice(cut), slice(cut, None)))))
    theirs = scipy.stats.ttest_rel(one, two)
    limits = theirs.confidence_interval()
    assert found.p == pytest.approx(theirs.pvalue, rel=1e-7)
    assert found.low == pytest.approx(limits.low, rel=1e-7) and found.high == pytest.approx(limits.high, rel=1e-7)
    assert found.correlation == pytest.approx([scipy.stats.pearsonr(one[:, k], two[:, k]).statistic for k in (0, 1)])


def test_pairs_without_both_figures_leave_and_the_rest_is_said_only_from_three():
    both = pairs_of([[4.1], [np.nan], [3.9]], [[4.0], [3.0], [4.0]], centre=3)
    found = paired(both)
    assert (found.n.tolist(), found.difference.tolist()) == ([2], pytest.approx([0.0]))
    assert np.isnan([found.low, found.high, found.p, found.correlation]).all()
    assert np.isnan(paired(pairs_of([[np.nan]], [[4.0]], centre=3)).difference).all()


def test_a_constant_difference_has_no_limits_rather_than_none_in_width():
    one = np.array([[3.1], [3.7], [4.3], [4.9]])
    found = paired(pairs_of(one, one - 0.3, centre=3))
    assert np.isnan([found.low, found.high, found.p]).all()
    assert found.correlation == pytest.approx(1)
    assert np.isnan(paired(pairs_of(one, np.full((4, 1), 4.1), centre=3)).correlation).all()


def test_pairs_of_different_shape_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        pairs_of([[4.0]], [[4.0], [3.0]], centre=3)
