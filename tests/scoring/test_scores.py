"""Scores of raters and their sums agree with a plain calculation, whatever is missing and in whatever order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.items import item_figures
from msf.scoring.scores import added, practitioners, rater_scores, spread_of, sums_of, tally

NONANSWERS = (0, 101, 102)
DOMAINS = [[0, 1, 2], [3], [4, 5]]


@st.composite
def answers(draw):
    raters, size = draw(st.integers(0, 40)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return rng.choice(np.array([*NONANSWERS, 1, 2, 3, 4, 5], np.int8), (raters, 6)), rng.integers(0, size, raters), size


def plain_score(row, places, ruled_out=()):
    asked = [place for place in places if place not in ruled_out]
    valid = [int(row[place]) for place in asked if 1 <= row[place] <= 5]
    return np.mean(valid) if valid and 2 * len(valid) >= len(asked) else np.nan


@settings(deadline=None)
@given(answers(), st.sets(st.integers(0, 5)))
def test_a_domain_score_is_the_mean_of_valid_items_where_half_are_valid(found, ruled_out):
    ratings, _, _ = found
    scores = rater_scores(ratings, DOMAINS, points=5, ruled_out=sorted(ruled_out))
    plain = [[plain_score(row, places, ruled_out) for places in DOMAINS] for row in ratings]
    np.testing.assert_allclose(scores, np.array(plain).reshape(scores.shape), rtol=1e-15)


@pytest.mark.parametrize(("k", "needed"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_half_of_the_items_is_rounded_up(k, needed):
    ratings = np.array([[4] * valid + [0] * (k - valid) for valid in range(k + 1)], np.int8)
    scores = rater_scores(ratings, [range(k)], points=5)[:, 0]
    assert np.isnan(scores[:needed]).all()
    assert (scores[needed:] == 4).all()


def test_items_ruled_out_for_a_role_leave_the_number_that_half_is_taken_of():
    ratings = np.array([[4, 0, 101, 101]], np.int8)
    assert np.isnan(rater_scores(ratings, [[0, 1, 2, 3]], points=5)).all()
    assert rater_scores(ratings, [[0, 1, 2, 3]], points=5, ruled_out=(2, 3)).tolist() == [[4.0]]
    assert np.isnan(rater_scores(ratings, [[2, 3]], points=5, ruled_out=(2, 3))).all()


@settings(deadline=None)
@given(answers())
def test_the_four_states_are_counted_apart_and_none_is_ever_nought(found):
    ratings, index, size = found
    both = tally(ratings, index, size, points=5, nonanswers=NONANSWERS)
    assert both.values.sum() == ((ratings >= 1) & (ratings <= 5)).sum()
    assert [int(both.nonanswers[..., k].sum()) for k in range(3)] == [int((ratings == c).sum()) for c in NONANSWERS]
    valid = ratings[(ratings >= 1) & (ratings <= 5)]
    whole = item_figures(both.values.sum(axis=(0, 1)))
    assert np.isnan(whole.mean) if not valid.size else whole.mean == pytest.approx(valid.mean(dtype=float))


def test_a_code_that_nobody_declared_is_refused():
    with pytest.raises(ValueError, match="neither a value"):
        tally(np.array([[6]], np.int8), np.array([0]), 1, points=5, nonanswers=NONANSWERS)
    with pytest.raises(ValueError, match="neither a value"):
        practitioners(np.array([[-1]], np.int8), np.array([0]), 1, [[0]], points=5, nonanswers=NONANSWERS)


def test_the_mean_of_rater_scores_and_the_mean_of_item_means_differ_when_answers_are_missing():
    ratings = np.array([[5, 0], [5, 0], [3, 2]], np.int8)
    found = practitioners(ratings, np.zeros(3, int), 1, [[0, 1]], points=5, nonanswers=(0,))
    of_raters = spread_of(found.domains, centre=3).mean[0, 0]
    of_items = item_figures(found.items.values).mean[0].mean()
    assert of_raters == pytest.approx(12.5 / 3)
    assert of_items == pytest.approx((13 / 3 + 2) / 2)


def test_the_mean_of_rater_scores_and_the_mean_of_item_means_agree_when_none_is_missing():
    ratings = np.random.default_rng(3).integers(1, 6, (40, 6)).astype(np.int8)
    found = practitioners(ratings, np.arange(40) % 4, 4, DOMAINS, points=5, nonanswers=(0,))
    of_items = item_figures(found.items.values).mean
    means = np.stack([of_items[:, places].mean(axis=1) for places in DOMAINS], axis=-1)
    np.testing.assert_allclose(spread_of(found.domains, centre=3).mean, means, rtol=1e-14)


def test_the_adjusted_score_is_the_plain_one_where_nothing_is_missing():
    ratings = np.random.default_rng(4).integers(1, 6, (50, 6)).astype(np.int8)
    means = np.linspace(3, 4.5, 6)
    adjusted = rater_scores(ratings, DOMAINS, points=5, item_means=means)
    np.testing.assert_allclose(adjusted, rater_scores(ratings, DOMAINS, points=5), rtol=1e-14)


def test_leaving_out_the_hard_item_makes_the_plain_score_kinder_and_not_the_adjusted_one():
    rng = np.random.default_rng(5)
    truth = np.array([4.6, 4.6, 2.4, 2.4])
    ratings = np.clip(np.rint(truth + rng.normal(0, 0.6, (20_000, 4))), 1, 5).astype(np.int8)
    whole = rater_scores(ratings, [range(4)], points=5).mean()
    means = ratings.mean(axis=0)
    ratings[rng.random(20_000) < 0.6, 2] = 0
    assert rater_scores(ratings, [range(4)], points=5).mean() > whole + 0.2
    adjusted = rater_scores(ratings, [range(4)], points=5, item_means=means)
    assert adjusted.mean() == pytest.approx(whole, abs=0.01)


@settings(deadline=None)
@given(answers(), st.integers(0, 40), st.integers(0, 2**32))
def test_sums_of_chunks_in_any_order_are_the_sums_of_the_whole(found, cut, seed):
    ratings, index, size = found
    scores = rater_scores(ratings, DOMAINS, points=5)
    whole = sums_of(scores, index, size, centre=3)
    order = np.random.default_rng(seed).permutation(len(index))
    parts = [sums_of(scores[part], index[part], size, centre=3) for part in (order[:cut], order[cut:])]
    for a, b in zip(added(*parts), whole, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-12)


@settings(deadline=None)
@given(answers())
def test_the_spread_of_each_place_is_that_of_its_scores(found):
    ratings, index, size = found
    scores = rater_scores(ratings, DOMAINS, points=5)
    spread = spread_of(sums_of(scores, index, size, centre=3), centre=3)
    for place in range(size):
        for domain in range(len(DOMAINS)):
            own = scores[index == place, domain]
            own = own[~np.isnan(own)]
            assert spread.n[place, domain] == len(own)
            if not len(own):
                assert np.isnan(spread.mean[place, domain])
                continue
            assert spread.mean[place, domain] == pytest.approx(own.mean())
            assert spread.squares[place, domain] == pytest.approx(((own - own.mean()) ** 2).sum(), abs=1e-12)


def test_equal_scores_and_a_single_rater_have_no_squares_at_all():
    third = sums_of(np.full((900, 1), 13 / 3), np.zeros(900, int), 1, centre=3)
    assert spread_of(third, centre=3).squares.tolist() == [[0.0]]
    assert spread_of(sums_of([[4.7]], np.array([0]), 1, centre=3), centre=3).squares.tolist() == [[0.0]]


def test_scores_from_nought_to_a_hundred_far_from_their_spread_keep_it():
    scores = 99 + np.random.default_rng(1).normal(0, 0.1, (1000, 1))
    found = spread_of(sums_of(scores, np.zeros(1000, int), 1, centre=50), centre=50)
    assert found.squares[0, 0] == pytest.approx(((scores - scores.mean()) ** 2).sum(), rel=1e-6)


def test_gaps_in_the_index_are_places_of_nobody():
    found = practitioners(np.array([[5, 5]], np.int8), np.array([3]), 5, [[0, 1]], points=5, nonanswers=(0,))
    spread = spread_of(found.domains, centre=3)
    assert spread.n[:, 0].tolist() == [0, 0, 0, 1, 0]
    assert np.isnan(spread.mean[[0, 1, 2, 4], 0]).all()


def test_nobody_who_can_say_has_no_figure_and_no_warning():
    ratings = np.full((6, 3), 102, np.int8)
    found = practitioners(ratings, np.zeros(6, int), 1, [[0, 1, 2]], points=5, nonanswers=NONANSWERS)
    assert np.isnan(spread_of(found.domains, centre=3).mean).all()
    assert np.isnan(item_figures(found.items.values).mean).all()
    assert found.items.nonanswers[0, :, 2].tolist() == [6, 6, 6]


def test_no_raters_at_all_leave_empty_sums():
    found = practitioners(np.zeros((0, 2), np.int8), np.zeros(0, int), 2, [[0, 1]], points=5, nonanswers=(0,))
    assert found.domains.n.tolist() == [[0], [0]]


def test_a_large_place_does_not_overflow_small_integers_and_chunks_meet_without_a_seam():
    ratings = np.full((450_001, 3), 5, np.int8)
    found = practitioners(ratings, np.zeros(450_001, np.int8), 1, [[0, 1, 2]], points=5, nonanswers=(0,))
    assert found.items.values[0, :, 4].tolist() == [450_001] * 3
    assert spread_of(found.domains, centre=3).mean.tolist() == [[5.0]]


def test_places_in_small_integers_do_not_overflow():
    found = practitioners(np.full((2, 1), 5, np.int8), np.array([127, 0], np.int8), 128, [[0]], points=5, nonanswers=())
    assert found.domains.n[[0, 127], 0].tolist() == [1, 1]


@settings(deadline=None)
@given(answers(), st.integers(0, 2**32))
def test_the_order_of_raters_changes_no_figure(found, seed):
    ratings, index, size = found
    order = np.random.default_rng(seed).permutation(len(index))
    one = practitioners(ratings, index, size, DOMAINS, points=5, nonanswers=NONANSWERS)
    other = practitioners(ratings[order], index[order], size, DOMAINS, points=5, nonanswers=NONANSWERS)
    for a, b in zip((*one.items, *one.domains), (*other.items, *other.domains), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "fact"),
    [
        (lambda: practitioners(np.zeros(2, np.int8), np.zeros(2, int), 1, [], points=5, nonanswers=(0,)), "matrix"),
        (
            lambda: practitioners(np.zeros((2, 1), np.int8), np.ones(2, int), 1, [], points=5, nonanswers=(0,)),
            "outside",
        ),
        (lambda: rater_scores(np.zeros(2, np.int8), [[0]], points=5), "matrix"),
        (lambda: rater_scores(np.zeros((2, 2), int), [[0]], points=5), "int8"),
        (lambda: rater_scores(np.zeros((2, 2), np.int8), [[2]], points=5), "its place"),
        (lambda: rater_scores(np.zeros((2, 2), np.int8), [[0, 0]], points=5), "once"),
        (lambda: rater_scores(np.zeros((2, 2), np.int8), [[0]], points=5, item_means=[np.nan, 1]), "programme mean"),
        (lambda: rater_scores(np.zeros((2, 2), np.int8), [[0]], points=5, item_means=[4]), "programme mean"),
        (lambda: sums_of([[1.0]], np.array([1]), 1, centre=3), "outside"),
        (lambda: sums_of([1.0], np.array([0]), 1, centre=3), "matrix"),
        (lambda: sums_of([[np.inf]], np.array([0]), 1, centre=3), "finite"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(call, fact):
    with pytest.raises(ValueError, match=fact):
        call()
