"""Agreement of one practitioner's raters: worked by hand, held to plain definitions, silent where it must be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.agreement import (
    ad,
    ad_of_items,
    awg,
    plain_word,
    practical_line,
    rwg,
    rwg_of_items,
    sd,
    skewed_null,
    uniform_null,
)

VALUES = np.arange(1, 6)
answered = st.lists(st.integers(0, 30), min_size=5, max_size=5).map(np.array).filter(lambda counts: counts.sum() >= 3)


@settings(deadline=None, derandomize=True)
@given(answered)
def test_spread_from_counts_is_that_of_the_answers_themselves(counts):
    sample = np.repeat(VALUES, counts)
    assert sd(counts) == pytest.approx(sample.std(ddof=1), abs=1e-12)
    assert ad(counts) == pytest.approx(np.abs(sample - sample.mean()).mean(), abs=1e-12)
    assert rwg(counts, 2.0) == pytest.approx(max(0, 1 - sample.var(ddof=1) / 2), abs=1e-12)


def test_equal_answers_have_exactly_no_spread():
    counts = np.array([0, 0, 0, 7, 0])
    assert (float(sd(counts)), float(ad(counts)), float(rwg(counts, 2.0))) == (0, 0, 1)


@pytest.mark.parametrize("figure", [sd, ad, awg, lambda counts: rwg(counts, 2.0)])
@pytest.mark.parametrize("counts", [[0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 1, 0, 0, 1]])
def test_under_three_answers_there_is_no_figure(figure, counts):
    assert np.isnan(figure(np.array(counts)))


def test_the_uniform_null_is_the_variance_of_a_fair_die_and_the_skewed_one_that_of_its_published_shape():
    assert [uniform_null(points) for points in (2, 5, 7)] == [0.25, 2.0, 4.0]
    shares = np.array([0, 0.10, 0.15, 0.40, 0.35])
    assert skewed_null(5) == pytest.approx(shares @ VALUES**2 - (shares @ VALUES) ** 2)
    assert skewed_null(4) is None


def test_at_the_ceiling_the_uniform_null_flatters_and_the_skewed_one_less():
    counts = np.array([0, 0, 1, 3, 6])
    assert rwg(counts, uniform_null(5)) == pytest.approx(1 - 0.5 / 2)
    assert rwg(counts, 0.90) == pytest.approx(1 - 0.5 / 0.90)


def test_more_disagreement_than_chance_is_cut_off_at_nothing():
    counts = np.array([5, 0, 0, 0, 5])
    assert rwg(counts, 2.0) == 0
    assert rwg_of_items(np.stack([counts, counts]), 2.0) == 0


def test_rwg_of_items_follows_spearman_and_brown():
    # Two raters' worth of variance 1 and 0.5: mean 0.75, q = 0.625 against 2, J = 2.
    counts = np.array([[0, 0, 1, 1, 1], [0, 0, 1, 3, 6]])
    assert rwg_of_items(counts, 2.0) == pytest.approx(2 * 0.625 / (2 * 0.625 + 0.375))
    assert rwg_of_items(counts[:1], 2.0) == pytest.approx(float(rwg(counts[0], 2.0)))


def test_items_that_too_few_answered_leave_the_domain_and_none_leaves_nothing():
    counts = np.array([[0, 0, 2, 0, 2], [0, 0, 0, 0, 2]])
    assert ad_of_items(counts) == 1
    assert rwg_of_items(counts, 2.0) == pytest.approx(1 - 4 / 3 / 2)
    assert np.isnan(ad_of_items(counts[1:]))
    assert np.isnan(rwg_of_items(counts[1:], 2.0))


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ([1, 1, 1, 5, 5, 5], -1.0),  # as far apart as can be
        ([3, 3, 4, 4, 5, 5], 1 - 2 * 0.8 / (3 * 1 * 6 / 5)),
        ([4, 4, 4, 4], 1.0),
        ([5, 5, 5, 5, 5, 5], None),  # a mean at the end
        ([5, 5, 5, 5, 5, 4], None),  # so near it that no six answers could differ as much as the formula assumes
        ([3, 3, 4], None),  # fewer than A - 1
    ],
)
def test_awg_holds_under_its_conditions_only(sample, expected):
    found = float(awg(np.bincount(sample, minlength=6)[1:]))
    assert np.isnan(found) if expected is None else found == pytest.approx(expected)


@settings(deadline=None, derandomize=True)
@given(answered)
def test_awg_is_never_off_its_scale(counts):
    assert np.isnan(awg(counts)) or -1 - 1e-12 <= awg(counts) <= 1


def test_the_plain_word_turns_at_a_sixth_of_the_categories():
    assert round(practical_line(5), 2) == 0.83
    on_the_line = float(ad(np.array([0, 7, 0, 5, 0])))  # 35/36
    assert plain_word(on_the_line, points=5) == "mixed"
    assert plain_word(5 / 6, points=5) == "agree"
    assert plain_word(0.1 + 0.2, points=5) == "agree"
    assert plain_word(float("nan"), points=5) is None


def test_figures_of_many_items_are_those_of_each():
    counts = np.random.default_rng(2).integers(0, 4, (3, 4, 5))
    for figure in (sd, ad, awg):
        whole = figure(counts)
        assert whole.shape == (3, 4)
        assert np.array_equal(whole[1, 2], figure(counts[1, 2]), equal_nan=True)


@pytest.mark.parametrize("counts", [np.array([1.0, 2.0]), np.array([3]), np.array([-1, 4, 4])])
def test_what_are_no_counts_is_refused(counts):
    with pytest.raises(ValueError, match=r"counts are whole|fewer than no"):
        sd(counts)


@pytest.mark.parametrize("null", [0.0, -1.0, float("nan")])
def test_a_null_without_variance_is_refused(null):
    with pytest.raises(ValueError, match="positive number"):
        rwg(np.array([1, 2, 3, 4, 5]), null)
