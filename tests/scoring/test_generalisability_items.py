"""Five components of single answers: exact where theory is exact, unbiased where answers are missing."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.generalisability import FiveComponents, henderson, with_fixed_items, with_random_items
from msf.scoring.generalisability.five import EFFECTS
from msf.scoring.generalisability.with_items import added, of_ratings, packed, unpacked

POINTS = 99
TRUE = dict(zip(EFFECTS, (25.0, 16.0, 9.0, 6.0, 36.0), strict=True))


def drawn(rng, n, items, missing=0.0):
    """Ratings on a scale so wide that rounding is a twelfth of a squared point; a code for no answer where missing."""
    index = np.repeat(np.arange(len(n)), n)
    size = {name: np.sqrt(variance) for name, variance in TRUE.items()}
    given = (
        50
        + rng.normal(0, size["practitioner"], (len(n), 1))[index]
        + rng.normal(0, size["rater"], (len(index), 1))
        + rng.normal(0, size["item"], items)
        + rng.normal(0, size["interaction"], (len(n), items))[index]
        + rng.normal(0, size["residual"], (len(index), items))
    )
    ratings = np.clip(np.rint(given), 1, POINTS).astype(np.int8)
    ratings[rng.random(ratings.shape) < missing] = rng.choice([0, 101, 102])
    return ratings, index


def sums_of(ratings, index):
    return of_ratings(ratings, index, int(index.max()) + 1, points=POINTS)


def by_projection(ratings, index):
    """Henderson 1 from the design matrices themselves: T = y'Py, and tr(P ZZ') for every pair of effects."""
    rows, columns = ((ratings >= 1) & (ratings <= POINTS)).nonzero()
    y = ratings[rows, columns].astype(float)
    levels = [index[rows], rows, columns, index[rows] * 1000 + columns, np.arange(len(y))]
    same = [(each[:, None] == each).astype(float) for each in [np.zeros(len(y)), *levels]]
    projections = [each / each.sum(axis=1) for each in same]
    system = [[np.trace(project @ other) for other in same] for project in projections]
    return np.linalg.solve(system, [y @ project @ y for project in projections])[1:]


@pytest.mark.parametrize("seed", range(6))
def test_the_six_equations_are_those_of_the_design_matrices(seed):
    rng = np.random.default_rng(seed)
    ratings, index = drawn(rng, rng.integers(1, 7, 14), 5, missing=0.25)
    found, theirs = henderson(sums_of(ratings, index)), by_projection(ratings, index)
    assert [getattr(found, name) for name in EFFECTS] == pytest.approx(np.maximum(theirs, 0), abs=1e-8)
    assert found.negative == tuple(np.array(EFFECTS)[theirs < 0])


def test_balanced_data_give_the_classical_analysis_of_variance():
    p, r, i = 12, 6, 7
    ratings, index = drawn(np.random.default_rng(1), np.full(p, r), i)
    y = ratings.reshape(p, r, i).astype(float)
    whole, of_p, of_r, of_i, of_pi = y.mean(), y.mean((1, 2)), y.mean(2), y.mean((0, 1)), y.mean(1)
    ms_p = r * i * ((of_p - whole) ** 2).sum() / (p - 1)
    ms_r = i * ((of_r - of_p[:, None]) ** 2).sum() / (p * (r - 1))
    ms_i = p * r * ((of_i - whole) ** 2).sum() / (i - 1)
    ms_pi = r * ((of_pi - of_p[:, None] - of_i + whole) ** 2).sum() / ((p - 1) * (i - 1))
    rest = y - of_r[:, :, None] - of_pi[:, None] + of_p[:, None, None]
    ms_e = (rest**2).sum() / (p * (r - 1) * (i - 1))
    expected = [
        (ms_p - ms_r - ms_pi + ms_e) / (r * i),
        (ms_r - ms_e) / i,
        (ms_i - ms_pi) / (p * r),
        (ms_pi - ms_e) / r,
        ms_e,
    ]
    assert min(expected) > 0
    found = henderson(sums_of(ratings, index))
    assert [getattr(found, name) for name in EFFECTS] == pytest.approx(expected, rel=1e-9)
    assert found.mean == pytest.approx(whole)


def test_with_answers_missing_and_unequal_raters_the_estimates_are_unbiased():
    n = np.array([2, 3, 4, 6, 9, 15] * 5)
    runs = []
    for seed in range(150):
        ratings, index = drawn(np.random.default_rng(seed), n, 8, missing=0.15)
        found = henderson(sums_of(ratings, index))
        runs.append([getattr(found, name) for name in EFFECTS])
    expected = np.array([*TRUE.values()])
    expected[-1] += 1 / 12  # from rounding
    error = np.std(runs, axis=0) / np.sqrt(len(runs))
    assert (np.abs(np.mean(runs, axis=0) - expected) < 4 * error).all()


def test_a_large_programme_finds_the_components_as_closely_as_theory_says():
    p, r, i = 1500, 15, 20
    found = henderson(sums_of(*drawn(np.random.default_rng(2), np.full(p, r), i, missing=0.05)))
    level = TRUE["practitioner"] + TRUE["rater"] / r
    for name, variance, free in (
        ("practitioner", level, p - 1),
        ("rater", TRUE["rater"] + TRUE["residual"] / i, p * (r - 1)),
        ("interaction", TRUE["interaction"] + TRUE["residual"] / r, (p - 1) * (i - 1)),
        ("residual", TRUE["residual"], p * (r - 1) * (i - 1)),
    ):
        assert getattr(found, name) == pytest.approx(
            TRUE[name] + (name == "residual") / 12, abs=5 * variance * np.sqrt(2 / free)
        )


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.integers(0, 2**32), st.integers(0, 10))
def test_sums_are_the_same_in_any_order_add_over_practitioners_and_survive_being_packed(seed, cut):
    rng = np.random.default_rng(seed)
    ratings, index = drawn(rng, rng.integers(0, 6, 10).clip(0 if seed % 2 else 1), 4, missing=0.2)
    whole = of_ratings(ratings, index, 10, points=POINTS)
    order, places = rng.permutation(len(ratings)), rng.permutation(10)
    shuffled = of_ratings(ratings[order], places[index][order], 10, points=POINTS)
    assert packed(shuffled) == packed(whole) == packed(unpacked(json.loads(json.dumps(packed(whole)))))
    early = index < cut
    parts = [of_ratings(ratings[part], index[part], 10, points=POINTS) for part in (early, ~early)]
    for one, other in zip(added(*parts), whole, strict=True):
        assert one == pytest.approx(other, rel=1e-12)


def test_a_constant_on_all_answers_changes_nothing_but_the_mean():
    ratings, index = drawn(np.random.default_rng(3), np.array([3, 5, 8, 2, 4, 9] * 3), 6)
    ratings = np.clip(ratings, 20, 80)
    plain, moved = (henderson(sums_of(given, index)) for given in (ratings, ratings + np.int8(15)))
    assert moved.mean - plain.mean == pytest.approx(15)
    assert moved[1:6] == pytest.approx(plain[1:6], rel=1e-9)


def test_gaps_in_the_index_empty_items_and_empty_sheets_are_nobody():
    ratings, index = drawn(np.random.default_rng(4), np.array([3, 5, 8, 2, 4]), 6)
    wider = np.column_stack([ratings, np.zeros(len(ratings), np.int8)])
    sheets = np.vstack([wider, np.full((3, 7), 101, np.int8)])
    found = of_ratings(sheets, np.append(9 * index, [1, 1, 9]), 60, points=POINTS)
    assert (found.practitioners, found.raters) == (5, len(ratings))
    assert henderson(found) == henderson(sums_of(ratings, index))


def test_sums_of_one_byte_ratings_do_not_overflow():
    ratings = np.full((70_000, 3), 99, np.int8)
    found = of_ratings(ratings, np.zeros(len(ratings), int), 1, points=POINTS)
    assert found.item_totals.tolist() == [70_000 * 49] * 3
    assert found.squares == 3 * 70_000 * 49**2


@pytest.mark.parametrize(
    ("ratings", "index"),
    [
        (np.zeros((4, 3), np.int8), [0, 0, 1, 1]),
        (np.full((4, 3), 4, np.int8), [0, 0, 1, 1]),
        (np.array([[4, 3], [5, 1], [2, 2]], np.int8), [0, 0, 0]),
        (np.array([[4, 3], [5, 1], [2, 2]], np.int8), [0, 1, 2]),
        (np.array([[4], [5], [2], [1]], np.int8), [0, 0, 1, 1]),
    ],
    ids=["no answers", "all equal", "one practitioner", "one rater each", "one item"],
)
def test_what_cannot_be_told_apart_is_said(ratings, index):
    assert henderson(of_ratings(ratings, np.array(index), 3, points=5)) is None


def test_negative_components_are_given_as_nothing_and_named():
    ratings = np.array([[5, 1], [1, 5], [5, 1], [1, 5], [4, 2], [2, 4]], np.int8)
    found = henderson(of_ratings(ratings, np.repeat([0, 1, 2], 2), 3, points=5))
    assert "practitioner" in found.negative or "rater" in found.negative
    assert min(found[1:6]) == 0


FOUND = FiveComponents(4.2, 0.1, 0.2, 0.1, 0.05, 0.5, ())


def test_a_fixed_questionnaire_is_at_least_as_reliable_as_items_drawn_from_many():
    n = np.arange(1, 60)
    fixed = with_fixed_items(FOUND, n, items=10)
    drawn_items = with_random_items(FOUND, n, items=10)
    absolute = with_random_items(FOUND, n, items=10, absolute=True)
    assert (fixed.coefficient > drawn_items.coefficient).all()
    assert (drawn_items.coefficient > absolute.coefficient).all()
    assert fixed.universe + fixed.error == pytest.approx(drawn_items.universe + drawn_items.error)


def test_the_coefficient_of_fixed_items_is_the_correlation_of_two_sets_of_raters():
    rng = np.random.default_rng(6)
    n, items, people = 6, 5, 4000
    ratings, _ = drawn(rng, np.full(people, 2 * n), items)
    halves = ratings.reshape(people, 2, n, items).mean((2, 3))
    found = with_fixed_items(FiveComponents(50, *TRUE.values(), ()), n, items=items)
    assert np.corrcoef(halves.T)[0, 1] == pytest.approx(found.coefficient, abs=4 / np.sqrt(people))


def test_coefficients_of_nothing_are_refused():
    with pytest.raises(ValueError, match="without a rater or an item"):
        with_fixed_items(FOUND, 0, items=10)
    with pytest.raises(ValueError, match="without a rater or an item"):
        with_random_items(FOUND, 5, items=0)
    with pytest.raises(ValueError, match="variances"):
        with_fixed_items(FOUND._replace(item=-0.1), 5, items=10)
    with pytest.raises(ValueError, match="variances"):
        with_fixed_items(FOUND._replace(rater=0.0, residual=0.0), 5, items=10)


def test_sums_of_other_items_do_not_add():
    one, other = (of_ratings(np.ones((2, width), np.int8), np.array([0, 0]), 1, points=5) for width in (2, 3))
    with pytest.raises(ValueError, match="same items"):
        added(one, other)


def test_bad_ratings_are_refused():
    with pytest.raises(ValueError, match="int8"):
        of_ratings(np.ones((2, 2)), np.array([0, 0]), 1, points=5)
    with pytest.raises(ValueError, match="outside"):
        of_ratings(np.ones((2, 2), np.int8), np.array([0, 4]), 1, points=5)
