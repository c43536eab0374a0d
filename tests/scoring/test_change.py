"""Change is measured against chance, on what both rounds asked, and only where both rounds have a figure."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from msf.scoring.change import (
    added,
    common,
    directions,
    reliable_change,
    shares,
    shrunken_change,
    smallest_change,
)
from msf.scoring.proportions import newcombe, wilson

keys = st.lists(st.sampled_from("abcdefgh"), unique=True)
sizes = st.integers(1, 60)


@given(keys, keys)
def test_common_places_name_the_same_items_and_everything_else_is_reported(before, after):
    found = common(before, after)
    assert [before[place] for place in found.before] == [after[place] for place in found.after]
    assert {before[place] for place in found.before} == set(before) & set(after)
    assert set(found.dropped) == set(before) - set(after)
    assert set(found.new) == set(after) - set(before)


def test_an_item_dropped_between_versions_leaves_the_domain_in_both_rounds():
    found = common(["listens", "explains", "punctual"], ["kind", "explains", "listens"])
    earlier, later = np.array([4.0, 3.0, 1.0]), np.array([5.0, 3.5, 4.2])
    assert (later[found.after] - earlier[found.before]).tolist() == pytest.approx([0.2, 0.5])
    assert found.dropped == ["punctual"]


def test_an_item_named_twice_is_refused():
    with pytest.raises(ValueError, match="once"):
        common(["a", "a"], ["a"])


def test_the_index_is_that_of_jacobson_and_truax_where_both_rounds_have_as_many_raters():
    # Their SEM is s sqrt(1 - r); with G of a mean of n raters as r, and s of observed means, it is sqrt(s2r / n).
    within, between, n = 0.5, 0.05, 12
    s, r = np.sqrt(between + within / n), between / (between + within / n)
    expected = (4.4 - 3.8) / (np.sqrt(2) * s * np.sqrt(1 - r))
    assert reliable_change(3.8, 4.4, n, n, within).rci == pytest.approx(expected)


@settings(deadline=None)
@given(sizes, sizes, st.floats(0.05, 2))
def test_the_smallest_believable_change_is_just_reliable_and_less_is_not(n_before, n_after, within):
    least = float(smallest_change(n_before, n_after, within))
    for sign in (1, -1):
        assert reliable_change(3.0, 3.0 + sign * least, n_before, n_after, within).reliable
        assert not reliable_change(3.0, 3.0 + sign * 0.999 * least, n_before, n_after, within).reliable


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 8))
def test_changes_of_a_report_are_confirmed_by_benjamini_hochberg_over_its_domains(seed, domains):
    from scipy import stats

    rng = np.random.default_rng(seed)
    before, after = rng.normal(4, 0.4, (2, domains))
    found = reliable_change(before, after, 12, 15, 0.4)
    reject, adjusted, *_ = multipletests(2 * stats.norm.sf(np.abs(found.rci)), method="fdr_bh")
    assert found.adjusted == pytest.approx(adjusted, rel=1e-9)
    assert (found.confirmed == reject).all()


def test_a_group_that_is_in_one_round_only_has_no_change_and_is_not_among_the_tests():
    both = reliable_change([3.5, np.nan], [4.4, 4.0], [12, 0], [12, 12], 0.5)
    alone = reliable_change([3.5], [4.4], [12], [12], 0.5)
    assert np.isnan([both.change[1], both.rci[1], both.smallest[1], both.adjusted[1]]).all()
    assert (both.reliable[1], both.confirmed[1]) == (False, False)
    assert both.adjusted[0] == alone.adjusted[0]


def test_nothing_that_is_reliable_by_chance_alone_comes_often():
    rng = np.random.default_rng(8)
    before, after = (4 + rng.normal(0, np.sqrt(0.5 / n), (20_000, 1)) for n in (10, 14))
    found = directions(reliable_change(before, after, 10, 14, 0.5))
    up, down = shares(found)
    assert up.low < 0.025 < up.high and down.low < 0.025 < down.high


def test_directions_add_and_count_only_those_with_a_change():
    before, after = np.array([[3.0], [4.0], [4.5], [np.nan]]), np.array([[4.5], [4.0], [3.0], [4.0]])
    found = reliable_change(before, after, 12, 12, 0.5)
    assert [part.tolist() for part in directions(found)] == [[3], [1], [1]]
    twice = added(directions(found), directions(found))
    assert [part.tolist() for part in twice] == [[6], [2], [2]]
    assert shares(twice)[0] == wilson(twice.up, twice.n)


def test_the_share_of_nobody_is_undefined():
    nobody = directions(reliable_change([[np.nan]], [[4.0]], 12, 12, 0.5))
    assert np.isnan(shares(nobody)[0].low).all()


def test_changes_of_one_practitioner_are_no_programme():
    with pytest.raises(ValueError, match="practitioners by domains"):
        directions(reliable_change([3.0], [4.0], 12, 12, 0.5))


def test_a_low_first_score_that_rises_by_chance_is_shrunken_towards_no_change():
    rng = np.random.default_rng(9)
    truth = rng.normal(4.2, np.sqrt(0.05), 50_000)
    before, after = truth + rng.normal(0, np.sqrt(0.05), (2, 50_000))
    low = before < 3.8
    shrunken = shrunken_change(
        before, after, 10, 10, within=0.5, between=0.05, mean_before=4.2, mean_after=4.2
    )  # fmt: skip
    assert (after - before)[low].mean() > 0.25
    assert shrunken[low].mean() == pytest.approx((after - before)[low].mean() / 2, abs=1e-9)


def test_where_practitioners_do_not_differ_the_shrunken_change_is_that_of_the_programme():
    found = shrunken_change(2.0, 5.0, 10, 10, within=0.5, between=0.0, mean_before=4.0, mean_after=4.1)
    assert found == pytest.approx(0.1)


def test_a_changed_share_has_the_limits_of_newcombe():
    found = newcombe(14, 15, 6, 12)
    assert found.low > 0 and found.difference == pytest.approx(14 / 15 - 0.5)


@pytest.mark.parametrize(
    ("call", "fact"),
    [
        (lambda: smallest_change(12, 15, 0.0), "positive number"),
        (lambda: smallest_change(12, 15, -0.2), "positive number"),
        (lambda: smallest_change(-1, 15, 0.2), "not negative"),
        (
            lambda: shrunken_change(3, 4, 9, 9, within=0.5, between=-0.1, mean_before=4, mean_after=4),
            "between practitioners is not negative",
        ),
    ],
)
def test_variances_that_cannot_be_are_refused(call, fact):
    with pytest.raises(ValueError, match=fact):
        call()
