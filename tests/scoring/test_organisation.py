"""Figures of many practitioners give no practitioner away, whoever of them reads, and no rater either."""

from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.disclosure import PRACTITIONERS, checked_periods, organisation_mask
from msf.scoring.oracle import unsafe_sums

LEAST = 5
weighings = st.sampled_from(["answers", "practitioners"])


@st.composite
def programmes(draw):
    """Answers `[P, I]` of practitioners in up to three parts; many have none, some have very many."""
    sizes = draw(st.lists(st.sampled_from([0, 1, 5, 6, 7, 9]), min_size=1, max_size=3))
    part = np.repeat(np.arange(len(sizes)), sizes)
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    answers = rng.choice([0, 5, 6, 9, 14, 60], (len(part), 2), p=[0.1, 0.25, 0.25, 0.2, 0.15, 0.05])
    return answers.astype(np.int64), part


def _published(answers, part, found):
    """The figures as sums over practitioner by item: of the whole, and of each part with anybody in it."""
    given = (answers > 0).astype(np.int64)
    rows = []
    for item in range(answers.shape[1]):
        members = [part >= 0] * bool(found.whole[item]) + [part == p for p in np.unique(part)] * bool(
            found.per_part[item]
        )
        for who in members:
            row = np.zeros(answers.shape, np.int64)
            row[who, item] = given[who, item]
            if row.any():
                rows.append(row.ravel())
    return rows


@settings(deadline=None, max_examples=60, derandomize=True)
@given(programmes(), weighings)
def test_no_combination_rests_on_fewer_than_five_practitioners_besides_the_reader(found, weights):
    answers, part = found
    shown = organisation_mask(answers, answers > 0, part, weights=weights, least=LEAST)
    rows = _published(answers, part, shown)
    owner = np.repeat(np.arange(len(part)), answers.shape[1])
    assert not rows or unsafe_sums(np.array(rows), owner, least=PRACTITIONERS + 1) is None
    for reader in range(len(part)):  # who knows every answer to their own items
        others = owner != reader
        assert not rows or unsafe_sums(np.array(rows)[:, others], owner[others], least=PRACTITIONERS) is None


@settings(deadline=None, max_examples=40, derandomize=True)
@given(programmes())
def test_no_practitioner_holds_over_half_of_any_figure_or_complement_whoever_reads(found):
    answers, part = found
    shown = organisation_mask(answers, answers > 0, part, weights="answers", least=LEAST)
    parts = np.unique(part)
    for item in range(answers.shape[1]):
        unions = [parts] * bool(shown.whole[item])
        if shown.per_part[item]:
            unions = [some for size in range(1, len(parts) + 1) for some in combinations(parts, size)]
        for union in unions:
            people = answers[np.isin(part, union), item]
            people = people[people > 0]
            for reader in range(len(people)):
                left = np.delete(people, reader)
                assert 2 * left.max() <= left.sum() >= LEAST


@settings(deadline=None, max_examples=15, derandomize=True)
@given(programmes(), st.integers(0, 2**32))
def test_beside_every_practitioners_own_report_no_rater_is_given_away(found, seed):
    answers, part = found
    answers = np.minimum(answers, 9)
    shown = organisation_mask(answers, answers > 0, part, least=LEAST)
    raters = int(answers.max(initial=0))
    rng = np.random.default_rng(seed)
    valid = np.zeros((len(part), raters, 2), np.int64)
    for place in np.ndindex(answers.shape):
        valid[place[0], rng.permutation(raters)[: answers[place]], place[1]] = 1
    own = [np.where(np.arange(len(part))[:, None, None] == p, valid * (np.arange(2) == i), 0).ravel()
           for p, i in np.ndindex(answers.shape) if answers[p, i]]  # fmt: skip
    weights = np.where(answers > 0, 2520 // np.maximum(answers, 1), 0)  # a mean of means, in whole numbers
    many = [
        (valid * weights[:, None] * row.reshape(answers.shape)[:, None]).ravel()
        for row in _published(answers, part, shown)
    ]
    owner = np.repeat(np.arange(len(part) * raters), 2)
    assert not own or unsafe_sums(np.array(own + many), owner, least=LEAST) is None


def test_an_organisation_of_two_shows_neither_the_other():
    answers = np.full((2, 3), 30)
    shown = organisation_mask(answers, answers > 0, np.zeros(2, int))
    assert not shown.whole.any() and not shown.per_part.any()


@pytest.mark.parametrize(("people", "enough"), [(5, False), (6, True)])
def test_the_reader_does_not_count(people, enough):
    answers = np.full((people, 1), 8)
    assert organisation_mask(answers, answers > 0, np.zeros(people, int)).whole.tolist() == [enough]


def test_one_with_over_half_of_the_answers_stops_a_figure_by_answers_but_not_a_mean_of_means():
    answers = np.array([[40], *[[8]] * 5])
    part = np.zeros(6, int)
    assert not organisation_mask(answers, answers > 0, part, weights="answers").whole.any()
    assert organisation_mask(answers, answers > 0, part).whole.all()


def test_what_a_frozen_report_hides_is_in_no_figure():
    answers = np.full((6, 1), 8)
    shown = answers > 0
    shown[0] = False
    assert not organisation_mask(answers, shown, np.zeros(6, int)).whole.any()


def test_settings_under_the_floors_and_answers_no_report_shows_are_refused():
    answers, part = np.full((7, 1), 8), np.zeros(7, int)
    for wrong in ({"least": 3}, {"practitioners": 4}):
        with pytest.raises(ValueError, match="at least"):
            organisation_mask(answers, answers > 0, part, **wrong)
    with pytest.raises(ValueError, match="frozen report"):
        organisation_mask(answers // 4, answers > 0, part)


def test_periods_follow_each_other():
    halves = [(date(2027, 1, 1), date(2027, 6, 30)), (date(2027, 7, 1), date(2027, 12, 31))]
    assert checked_periods(halves) == tuple(halves)
    for wrong in (halves[::-1], [halves[0], halves[0]], [halves[0][::-1]]):
        with pytest.raises(ValueError, match="period"):
            checked_periods(wrong)
