"""Alpha, omega and item statistics follow from sums, agree with other programs, and are silent where undefined."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.consistency import (
    Covariance,
    alpha,
    alpha_if_dropped,
    complete,
    covariance,
    feldt,
    item_rest,
    item_rest_of,
    of_rounds,
    omega,
    resampled_alpha,
    rest_sums,
    semidefinite,
    usable,
    within,
    within_covariance,
    within_round,
)
from msf.scoring.moments import Moments, added, moments, of_items

NONANSWERS = (0, 101, 102)
MISSING = np.array(NONANSWERS, np.int8)


def summed(ratings) -> Moments:
    return moments(np.asarray(ratings, np.int8), points=5, nonanswers=NONANSWERS)


def sheets(seed, raters=60, items=5, *, missing=0.0, practitioners=None):
    """Ratings with a common part by practitioner and by rater, so that items go together."""
    rng = np.random.default_rng(seed)
    whose = rng.integers(0, practitioners or 1, raters)
    common = rng.normal(0, 0.5, practitioners or 1)[whose] + rng.normal(0, 0.7, raters)
    given = np.clip(np.round(3.8 + common[:, None] + rng.normal(0, 0.7, (raters, items))), 1, 5).astype(np.int8)
    gone = rng.random((raters, items)) < missing
    given[gone] = rng.choice(MISSING, gone.sum())
    return (given, whose) if practitioners else given


def as_table(ratings):
    import pandas as pd

    return pd.DataFrame(np.where((ratings >= 1) & (ratings <= 5), ratings, np.nan))


def both(ratings):
    """Alpha as a page would ask for it."""
    return alpha(covariance(summed(ratings)), covariance(summed(ratings[complete(ratings, points=5)])))


# --- covariances


@settings(deadline=None, max_examples=30, derandomize=True)
@given(st.integers(0, 2**32), st.floats(0, 0.6))
def test_pairwise_covariances_are_those_of_pandas(seed, missing):
    ratings = sheets(seed, 30, 4, missing=missing)
    found = covariance(summed(ratings))
    assert np.allclose(found.matrix, as_table(ratings).cov(min_periods=2), equal_nan=True)
    there = ((ratings >= 1) & (ratings <= 5)).astype(int)
    assert found.n == (there.T @ there).min()
    assert found.missing == pytest.approx(1 - there.mean())


def test_pairwise_covariances_that_no_data_could_have_are_noticed_and_listwise_ones_taken():
    rng = np.random.default_rng(2)
    given = np.array([[1, 1, 0], [5, 5, 0], [0, 1, 1], [0, 5, 5], [1, 0, 5], [5, 0, 1]] * 3, np.int8)
    whole = rng.integers(1, 6, (120, 3)).astype(np.int8)
    alone = covariance(summed(given))
    assert not semidefinite(alone.matrix)
    few_missing = Covariance(alone.matrix, alone.n, alone.freedom, 0.05)
    assert usable(few_missing) is None
    method, found = usable(few_missing, covariance(summed(whole)))
    assert (method, found.n) == ("listwise", 120)


# --- alpha


def test_alpha_of_a_worked_example():
    # By hand: items vary by 4, 1 and 1/3, totals of 12, 7 and 6 by 31/3, so alpha is 3/2 (1 - (16/3) / (31/3)).
    assert both(np.array([[5, 4, 3], [3, 2, 2], [1, 3, 2]], np.int8)).value == pytest.approx(1.5 * 15 / 31)


@pytest.mark.parametrize("seed", range(5))
def test_alpha_and_its_limits_are_those_of_an_independent_program_where_all_is_answered(seed):
    import pingouin

    ratings = sheets(seed, 40, 6)
    value, limits = pingouin.cronbach_alpha(as_table(ratings))
    found = both(ratings)
    assert found.value == pytest.approx(value, abs=1e-10)
    assert [found.low, found.high] == pytest.approx(list(limits), abs=0.000501)
    assert (found.method, found.n, found.items) == ("pairwise", 40, 6)


def test_with_few_answers_missing_alpha_is_pairwise_and_names_its_smallest_pair():
    import pingouin

    ratings = sheets(1, 200, 5, missing=0.05)
    found = both(ratings)
    assert found.value == pytest.approx(pingouin.cronbach_alpha(as_table(ratings))[0], abs=1e-10)
    assert (found.method, found.n) == ("pairwise", int(summed(ratings).pairs.min()))


def test_with_many_answers_missing_alpha_is_listwise_and_its_limits_count_only_complete_rows():
    import pingouin

    ratings = sheets(1, 80, 5, missing=0.2)
    rows = ratings[complete(ratings, points=5)]
    found = both(ratings)
    value, limits = pingouin.cronbach_alpha(as_table(ratings), nan_policy="listwise")
    assert found.value == pytest.approx(value, abs=1e-10)
    assert (found.method, found.n) == ("listwise", len(rows))
    # Given only the complete rows the other program agrees; given all, it counts those it deletes.
    assert [found.low, found.high] == pytest.approx(list(pingouin.cronbach_alpha(as_table(rows))[1]), abs=0.000501)
    too_narrow = feldt(found.value, freedom=len(ratings) - 1, items=5)
    assert list(too_narrow) == pytest.approx(list(limits), abs=0.000501)
    assert found.high - found.low > 1.2 * (limits[1] - limits[0])


def test_without_the_complete_rows_too_much_missing_leaves_no_alpha():
    assert alpha(covariance(summed(sheets(1, 80, 5, missing=0.2)))) is None


def test_limits_are_those_of_a_published_calculation():
    assert feldt(0.913, freedom=873 - 1, items=20) == pytest.approx((0.9044024, 0.9211588), abs=5e-8)


def test_a_negative_alpha_is_reported_as_it_is():
    found = both(np.array([[1, 5], [2, 4], [4, 3], [5, 2]], np.int8))
    assert found.value < -1
    assert found.low < found.value < found.high


def test_items_that_say_the_same_have_an_alpha_of_one():
    assert both(np.array([[1, 1], [4, 4], [5, 5]], np.int8))[:3] == pytest.approx((1, 1, 1))


@pytest.mark.parametrize(
    "ratings",
    [
        np.zeros((0, 3)),
        np.ones((9, 1)),
        np.array([[1, 2], [3, 4]]),
        np.full((9, 3), 4),
        np.array([[1, 5], [2, 4], [5, 1]]),
        np.full((9, 3), 101),
        np.array([[1, 0], [2, 0], [0, 3], [0, 4]]),
        np.zeros((5, 0)),
    ],
    ids=["no rows", "one item", "two rows", "constant", "constant total", "don't know", "no common rows", "no items"],
)
def test_where_alpha_is_undefined_there_is_none(ratings):
    assert both(ratings.astype(np.int8)) is None
    placed = np.zeros(len(ratings), int)
    assert alpha(within_covariance(within(ratings.astype(np.int8), placed, points=5))) is None


def test_a_constant_item_leaves_the_alpha_of_the_program_we_compare_with():
    import pingouin

    ratings = sheets(3, 30, 4)
    ratings[:, 2] = 5
    assert both(ratings).value == pytest.approx(pingouin.cronbach_alpha(as_table(ratings))[0], abs=1e-10)


def test_alpha_of_a_domain_comes_from_the_moments_of_the_whole_and_chunks_add():
    ratings = sheets(4, 90, 6, missing=0.03)
    parts = added(summed(ratings[:31]), summed(ratings[31:]))
    assert alpha(covariance(of_items(parts, [1, 4, 5]))) == alpha(covariance(summed(ratings[:, [1, 4, 5]])))


@pytest.mark.parametrize(("value", "freedom", "items"), [(0.5, 0, 4), (0.5, 9, 1), (1.1, 9, 4)])
def test_limits_of_what_has_none_are_refused(value, freedom, items):
    with pytest.raises(ValueError, match="limits need"):
        feldt(value, freedom=freedom, items=items)


# --- within practitioners


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.integers(0, 2**32), st.integers(0, 60), st.integers(1, 11), st.floats(0, 0.8), st.integers(1, 20))
def test_all_at_once_is_the_sum_over_rounds_and_no_order_or_gap_matters(seed, raters, items, missing, rows):
    ratings, whose = sheets(seed, raters, items, missing=missing, practitioners=9)
    rounds = [within_round(summed(ratings[whose == person])) for person in range(9)]
    expected = of_rounds(rounds)
    order = np.random.default_rng(seed).permutation(raters)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("msf.scoring.consistency.practitioners.ROWS", rows)
        found = within(ratings[order], (whose * 1000 - 7)[order], points=5)
    assert found.raters == expected.raters == raters
    assert found.pairs.tolist() == expected.pairs.tolist()
    assert found.freedom.tolist() == expected.freedom.tolist()
    assert np.allclose(found.products, expected.products, atol=1e-9)


def test_within_practitioners_is_the_covariance_of_what_is_left_after_their_means():
    import pandas as pd

    ratings, whose = sheets(6, 200, 4, practitioners=12)
    centred = as_table(ratings) - as_table(ratings).groupby(pd.Series(whose)).transform("mean")
    found = within_covariance(within(ratings, whose, points=5))
    assert found.freedom == 200 - 12
    assert np.allclose(found.matrix * found.freedom, centred.T @ centred)


def test_alpha_within_differs_from_alpha_over_all_when_practitioners_differ():
    import pandas as pd
    import pingouin

    ratings, whose = sheets(6, 400, 5, practitioners=30)
    found = alpha(within_covariance(within(ratings, whose, points=5)))
    centred = ratings - np.array([ratings[whose == person].mean(axis=0) for person in whose])
    assert found.value == pytest.approx(pingouin.cronbach_alpha(pd.DataFrame(centred))[0], abs=1e-10)
    assert found.value < both(ratings).value - 0.02


def test_practitioners_in_full_agreement_leave_exactly_nothing():
    ratings = np.repeat(np.array([[5, 4, 2], [3, 3, 1]], np.int8), 7, axis=0)
    whose = np.repeat([0, 1], 7)
    assert not within(ratings, whose, points=5).products.any()
    assert not of_rounds([within_round(summed(ratings[:7])), within_round(summed(ratings[7:]))]).products.any()
    assert alpha(within_covariance(within(ratings, whose, points=5))) is None


@pytest.mark.parametrize("whose", [np.zeros(3, int), np.zeros(2), np.array([0.0, np.nan])])
def test_practitioners_that_do_not_fit_are_refused(whose):
    with pytest.raises(ValueError, match="one practitioner"):
        within(np.ones((2, 2), np.int8), whose, points=5)


def test_rounds_of_unlike_items_or_none_do_not_add():
    for rounds in ([], [within_round(summed(np.ones((3, 2)))), within_round(summed(np.ones((3, 3))))]):
        with pytest.raises(ValueError, match="same items"):
            of_rounds(rounds)


# --- omega


def of_loadings(loadings, unique, n=200):
    return Covariance(np.outer(loadings, loadings) + np.diag(unique), n, n - 1, 0.0)


def test_omega_of_items_that_share_one_true_score_is_alpha():
    found = omega(of_loadings(np.full(4, 0.8), np.full(4, 0.36)))
    assert found.value == pytest.approx(3.2**2 / (3.2**2 + 4 * 0.36), abs=1e-7)
    assert found.value == pytest.approx(alpha(of_loadings(np.full(4, 0.8), np.full(4, 0.36))).value, abs=1e-7)


@settings(deadline=None, max_examples=30, derandomize=True)
@given(st.lists(st.floats(0.3, 1.2), min_size=3, max_size=8), st.integers(0, 100))
def test_omega_finds_the_loadings_that_made_the_covariances(loadings, seed):
    unique = np.random.default_rng(seed).uniform(0.2, 1, len(loadings))
    found = omega(of_loadings(loadings, unique))
    assert np.allclose(found.loadings, loadings, atol=1e-4)
    assert np.allclose(found.unique, unique, atol=1e-4)


@pytest.mark.parametrize(("seed", "items"), [(1, 3), (2, 4), (3, 6), (4, 12)])
def test_loadings_are_those_of_an_independent_program(seed, items):
    from statsmodels.multivariate.factor import Factor

    found = covariance(summed(sheets(seed, 300, items)))
    scale = np.sqrt(np.diag(found.matrix))
    theirs = Factor(corr=found.matrix / np.outer(scale, scale), n_factor=1, method="ml", nobs=300)
    theirs = np.abs(theirs.fit(tol=1e-12, maxiter=1000).loadings[:, 0])
    ours = omega(found)
    assert np.allclose(ours.loadings / scale, theirs, atol=1e-5)
    common = (theirs * scale).sum() ** 2
    assert ours.value == pytest.approx(common / (common + ((1 - theirs**2) * scale**2).sum()), abs=1e-6)


def test_omega_does_not_depend_on_the_units_of_the_items_more_than_its_sums_do():
    one, other = (omega(of_loadings(np.array([0.5, 0.6, 0.7]) * by, np.full(3, 0.5) * by**2)) for by in (1, 25))
    assert one.value == pytest.approx(other.value, abs=1e-8)


@pytest.mark.parametrize(
    ("matrix", "n"),
    [
        (np.eye(2) + 0.5, 100),
        (np.eye(3) + 0.5, 2),
        (np.diag([1.0, 1, 0]), 100),
        (np.ones((3, 3)), 100),
        (np.array([[1, 0.9, 0.1], [0.9, 1, 0.9], [0.1, 0.9, 1]]), 100),
        (np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]]), 100),
    ],
    ids=["two items", "two rows", "constant item", "singular", "not definite", "a Heywood case"],
)
def test_where_omega_is_not_estimable_there_is_none(matrix, n):
    assert omega(Covariance(np.asarray(matrix, float), n, n - 1, 0.0)) is None


# --- items


@pytest.mark.parametrize("seed", range(4))
def test_the_correlation_with_the_rest_is_that_of_plain_means(seed):
    import pandas as pd

    ratings = sheets(seed, 70, 5, missing=0.25)
    table = as_table(ratings)
    expected = []
    for item in table:
        others = table.drop(columns=item)
        rest = others.mean(axis=1).where(others.notna().sum(axis=1) >= 2)
        expected.append(pd.Series(table[item]).corr(rest))
    found = rest_sums(ratings[:20], points=5).plus(rest_sums(ratings[20:], points=5))
    assert np.allclose(item_rest(found), expected, atol=1e-12)


def test_without_missing_answers_both_forms_of_the_correlation_coincide_and_with_them_they_do_not():
    whole, holed = sheets(1, 70, 5), sheets(1, 70, 5, missing=0.1)
    for ratings, same in ((whole, True), (holed, False)):
        one = item_rest(rest_sums(ratings, points=5))
        assert np.allclose(one, item_rest_of(covariance(summed(ratings))), atol=1e-12) == same


def test_half_of_an_even_number_of_others_is_enough():
    ratings = np.array([[1, 1, 0], [3, 4, 0], [5, 5, 0]], np.int8)
    assert not np.isnan(item_rest(rest_sums(ratings, points=5))[0])
    ratings = np.hstack([ratings, ratings[:, 2:]])  # now 1 of 3 others
    assert np.isnan(item_rest(rest_sums(ratings, points=5))).all()


def test_a_constant_item_has_no_correlation_and_does_not_spoil_the_others():
    ratings = sheets(2, 40, 4)
    ratings[:, 1] = 4
    for found in (item_rest(rest_sums(ratings, points=5)), item_rest_of(covariance(summed(ratings)))):
        assert np.isnan(found).tolist() == [False, True, False, False]


@pytest.mark.parametrize("ratings", [np.zeros((0, 3)), np.full((4, 3), 102), np.ones((2, 3)), np.full((9, 3), 5)])
def test_items_of_nobody_or_of_two_or_without_spread_have_nothing_to_show(ratings):
    ratings = ratings.astype(np.int8)
    assert np.isnan(item_rest(rest_sums(ratings, points=5))).all()
    assert np.isnan(item_rest_of(covariance(summed(ratings)))).all()
    assert np.isnan(alpha_if_dropped(covariance(summed(ratings)))).all()


def test_an_item_alone_has_no_rest():
    with pytest.raises(ValueError, match="others"):
        rest_sums(np.ones((4, 1), np.int8), points=5)
    assert np.isnan(alpha_if_dropped(covariance(summed(sheets(1, 20, 2))))).all()


def test_alpha_without_an_item_is_the_alpha_of_the_others():
    ratings = sheets(3, 50, 5)
    found = alpha_if_dropped(covariance(summed(ratings)))
    assert found == pytest.approx([both(np.delete(ratings, item, axis=1)).value for item in range(5)])


# --- practitioners drawn again


def parts_of(seed, practitioners=40):
    ratings, whose = sheets(seed, practitioners * 12, 4, practitioners=practitioners)
    return [summed(ratings[whose == person]) for person in range(practitioners)]


def test_limits_by_practitioners_hold_alpha_are_the_same_each_time_and_in_any_order():
    parts = parts_of(7)
    whole = parts[0]
    for part in parts[1:]:
        whole = added(whole, part)
    low, high = resampled_alpha(parts, seed=1)
    assert low < alpha(covariance(whole)).value < high
    assert resampled_alpha(parts[::-1], seed=1) == (low, high) != resampled_alpha(parts, seed=2)


def test_few_practitioners_or_nothing_to_go_by_give_no_limits():
    assert resampled_alpha(parts_of(7, 19), seed=1) is None
    assert resampled_alpha([summed(np.full((9, 3), 5))] * 25, seed=1) is None
    assert resampled_alpha([summed(np.array([[5, 0], [0, 4]]))] * 25, seed=1) is None
