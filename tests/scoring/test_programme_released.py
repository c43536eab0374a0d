"""What of a programme is shown rests on more than five practitioners, whichever periods are put together."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.disclosure import PRACTITIONERS, organisation_mask
from msf.scoring.disclosure.organisation import many
from msf.scoring.oracle import unsafe_sums
from msf.scoring.programme import Shape, added, enough, figures_of, masked, nothing, released
from tests.scoring.programmes import NONANSWERS, Answers, numbers, odd, realistic

LEAST = 5
SHAPE = Shape(3, ((0, 1), (2,)), 5, NONANSWERS)
quick = settings(deadline=None, max_examples=60, derandomize=True)


@st.composite
def blocks(draw):
    """A period's answers: few practitioners or enough, some with very many raters, items some reports do not show."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    size = draw(st.sampled_from([0, 1, 5, 6, 7, 8]))
    raters = rng.choice([5, 6, 9, 14, 40], size, p=[0.4, 0.25, 0.15, 0.1, 0.1])
    index = np.repeat(np.arange(size), raters)
    ratings = rng.integers(1, 6, (len(index), 3)).astype(np.int8)
    ratings[rng.random(ratings.shape) < draw(st.sampled_from([0, 0.2]))] = 102
    own = rng.integers(1, 6, (size, 3)).astype(np.int8)
    own[rng.random(size) < 0.1] = 0
    answers = Answers(SHAPE, ratings, index, np.ones((size, 3), bool), own)
    often = draw(st.sampled_from([1, 0.9, 0.75]))
    return answers._replace(shown=(valid_of(answers) >= LEAST) & (rng.random((size, 3)) < often))


def valid_of(answers):
    return answers.valid() if len(answers.own) else np.zeros((0, SHAPE.items), np.int64)


def scores_of(answers):
    """How many raters of each practitioner have a score of each domain, by hand `[P, D]`."""
    given = ~np.isnan(answers.counted())
    found = np.zeros((len(answers.own), len(answers.shape.domains)), np.int64)
    for at, places in enumerate(answers.shape.domains):
        for row, who in zip(given[:, list(places)], answers.index, strict=True):
            found[who, at] += answers.shown[who, list(places)].all() and 2 * row.sum() >= len(places)
    return found


def sheets_of(answers):
    """How many raters of each practitioner answered a whole domain `[P, D]`."""
    given = ~np.isnan(answers.counted())
    whole = np.stack([given[:, list(places)].all(axis=1) for places in answers.shape.domains], axis=1)
    found = np.zeros((len(answers.own), len(answers.shape.domains)), np.int64)
    np.add.at(found, answers.index, whole)
    return found


def safe(people, least=LEAST):
    """Whether answers by practitioner may be one figure, in words: tried with every one of them as the reader."""
    people = people[people > 0]
    if len(people) <= PRACTITIONERS:
        return False
    left = [np.delete(people, reader) for reader in range(len(people))]
    return all(each.sum() >= least and 2 * each.max() <= each.sum() for each in left)


@quick
@given(blocks())
def test_an_item_is_shown_by_the_rules_of_figures_of_an_organisation(answers):
    valid = valid_of(answers)
    wanted = organisation_mask(valid, valid > 0, np.zeros(len(valid), int), weights="answers", least=LEAST).whole
    assert enough(answers.sums(), least=LEAST).tolist() == wanted.tolist()
    assert wanted.tolist() == [safe(column) for column in valid.T]


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.lists(st.integers(1, 60), max_size=9), st.integers(4, 30), st.sampled_from(["answers", "practitioners"]))
def test_sums_decide_as_trying_every_reader_does(people, least, weights):
    given = np.array(people, np.int64)
    most = np.sort(np.append(given, [0, 0]))[:-3:-1]
    found = many(np.array([len(given)]), np.array([given.sum()]), most[None], least=least, weights=weights)
    if weights == "answers":
        assert found.tolist() == [safe(given, least)]
    else:
        left = given.sum() - given  # without each reader
        assert found.tolist() == [len(given) > PRACTITIONERS and bool((left >= least).all())]


def test_a_least_number_under_the_floor_is_refused():
    with pytest.raises(ValueError, match="at least"):
        many(np.array([9]), np.array([90]), np.array([[10, 10]]), least=3)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.lists(blocks(), min_size=1, max_size=3))
def test_no_choice_of_periods_leaves_anything_that_rests_on_few_or_on_one_above_all(periods):
    sums = [answers.sums() for answers in periods]
    valid = [valid_of(answers) for answers in periods]
    first = np.cumsum([0, *map(len, valid)])
    rows, every = [], range(len(periods))
    for chosen in chain.from_iterable(combinations(every, size) for size in range(1, len(periods) + 1)):
        found = released(SHAPE, [sums[at] for at in chosen], least=LEAST)
        for item in range(SHAPE.items):
            kept = [at for at in chosen if released(SHAPE, [sums[at]], least=LEAST).people[item]]
            own = np.zeros(first[-1], np.int64)
            for at in kept:
                own[first[at] : first[at + 1]] = valid[at][:, item]
            # What is released of the choice is that of whole periods, each shown by itself:
            assert found.values[item].sum() == own.sum()
            assert found.people[item] == (own > 0).sum()
            assert not own.any() or safe(own)
            row = np.zeros((first[-1], SHAPE.items), np.int64)
            row[:, item] = own > 0
            rows.append(row.ravel())
    owner = np.repeat(np.arange(first[-1]), SHAPE.items)
    shown = [row for row in rows if row.any()]
    assert not shown or unsafe_sums(np.array(shown), owner, least=PRACTITIONERS + 1) is None
    for reader in range(first[-1]):  # who knows every answer about themselves
        others = owner != reader
        assert not shown or unsafe_sums(np.array(shown)[:, others], owner[others], least=PRACTITIONERS) is None


@quick
@given(blocks())
def test_domains_pairs_and_matrices_keep_the_same_rules_each_by_itself(answers):
    found = released(SHAPE, [answers.sums()], least=LEAST)
    items = enough(answers.sums(), least=LEAST)
    scores, sheets = scores_of(answers), sheets_of(answers)
    for at, places in enumerate(SHAPE.domains):
        shown = bool(items[list(places)].all()) and safe(scores[:, at])
        facet = found.facets[at].practitioners
        assert facet.sum() == (np.count_nonzero(scores[:, at]) if shown else 0)
        assert bool(found.five[at].practitioners) == shown
        assert found.own.n[at] == 0 or found.own.n[at] > PRACTITIONERS
        assert shown or not found.own.n[at]
        together = shown and safe(sheets[:, at])
        pairs = found.matrices.moments.pairs[np.ix_(places, places)]
        assert bool(found.matrices.whole[at].pairs.any()) == bool(pairs.any()) == together
    assert not found.matrices.moments.pairs[2, :2].any()


@quick
@given(blocks())
def test_no_figure_of_what_is_released_counts_five_practitioners_or_fewer(answers):
    found = released(SHAPE, [answers.sums()], least=LEAST)
    figures = figures_of(found, SHAPE, items=[*"abc"], domains=[*"xy"], satisfactory=3, whole=False)
    assert all(figure.n > PRACTITIONERS for figure in figures if figure.unit == "practitioners")
    valid = valid_of(answers)
    shown = {figure.id for figure in figures if figure.name == "mean" and figure.scope == "item"}
    assert shown == {name for name, column in zip("abc", valid.T, strict=True) if safe(column)}


@quick
@given(odd(), st.integers(0, 2**32))
def test_what_is_released_depends_on_counts_and_never_on_what_was_answered(answers, seed):
    """Every answer on the scale replaced by another: the same figures are there, with the same numbers under them."""
    rng = np.random.default_rng(seed)
    on_scale = (answers.ratings >= 1) & (answers.ratings <= 5)
    other = np.where(on_scale, rng.integers(1, 6, answers.ratings.shape), answers.ratings).astype(np.int8)
    one, two = (released(answers.shape, [each.sums()]) for each in (answers, answers._replace(ratings=other)))
    assert one.people.tolist() == two.people.tolist()
    assert [each.practitioners.sum() for each in one.facets] == [each.practitioners.sum() for each in two.facets]
    assert one.own.n.tolist() == two.own.n.tolist()
    assert (one.matrices and one.matrices.people.tolist()) == (two.matrices and two.matrices.people.tolist())


def test_a_domain_of_which_few_reports_show_every_item_is_left_out_though_its_items_are_shown():
    answers = realistic(practitioners=12)
    shown = np.ones_like(answers.shown)
    shown[:6, 7], shown[6:, 8] = False, False  # each by six, both by nobody
    found = released(answers.shape, [answers._replace(shown=shown).sums()])
    assert found.people.tolist()[7:] == [6, 6]
    assert not found.facets[2].practitioners.any()
    assert not found.matrices.moments.pairs[7, 8]
    names = figures_of(found, answers.shape, items=[*"abcdefghi"], domains=[*"xyz"], satisfactory=3, whole=False)
    assert {figure.id for figure in names if figure.scope == "domain"} == {"x", "y"}


def test_a_domain_one_practitioner_dominates_is_left_out_though_each_of_its_items_is_shared():
    """Both items have several with forty raters, but only one of these reports shows both."""
    raters = np.array([40, 5, 5, 5, 5, 5, 40, 40, 40, 40])
    index = np.repeat(np.arange(10), raters)
    ratings = np.random.default_rng(3).integers(1, 6, (len(index), 3)).astype(np.int8)
    shown = np.ones((10, 3), bool)
    shown[6:8, 1] = shown[8:, 0] = False
    answers = Answers(SHAPE, ratings, index, shown, np.full((10, 3), 4, np.int8))
    found = released(SHAPE, [answers.sums()])
    assert found.people.tolist() == [8, 8, 10]
    assert [int(each.practitioners.sum()) for each in found.facets] == [0, 10]


def test_matrices_that_rest_on_fewer_than_the_other_sums_are_judged_by_themselves():
    many_sums, few = realistic(practitioners=30).sums(), realistic(seed=4, practitioners=5)
    mixed = added(many_sums._replace(matrices=None), few.sums())
    assert released(realistic().shape, [mixed]).matrices.practitioners == 0
    six = realistic(seed=4, practitioners=7)
    hidden = np.ones_like(six.shown)
    hidden[:3, 0] = False  # four reports are left that show the first domain whole
    mixed = added(many_sums._replace(matrices=None), six._replace(shown=hidden).sums())
    found = released(six.shape, [mixed])
    assert (found.facets[0].practitioners.sum() > 30, found.matrices.whole[0].pairs.any()) == (True, False)
    assert found.matrices.whole[2].pairs.any()


def test_how_carefully_raters_answered_is_left_out_where_no_item_is_left():
    answers = realistic(practitioners=7)
    sums = answers._replace(ratings=np.full_like(answers.ratings, 102)).sums()
    assert not released(answers.shape, [sums]).quality.raters
    assert masked(answers.shape, answers.sums(), np.ones(9, bool)).quality.raters == len(answers.ratings)


def test_of_five_practitioners_nothing_at_all_is_left():
    answers = realistic(practitioners=5)
    found, none = released(answers.shape, [answers.sums()]), nothing(answers.shape)
    assert numbers(found).tolist() == numbers(none).tolist()
    assert figures_of(found, answers.shape, items=[], domains=[], satisfactory=3, whole=True) == []
