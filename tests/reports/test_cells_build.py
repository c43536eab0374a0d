"""The cells of a report are built from tallies under the rules of disclosure."""

from dataclasses import replace
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.instruments import (
    BLANK,
    CANNOT_SAY,
    NOT_APPLICABLE,
    Domain,
    Group,
    Item,
    Point,
    Questionnaire,
    Reference,
    Scale,
)
from msf.reports.rules import ALL, Cell, DisclosureRefused, Family, FamilyTally, Part, part_of, pool, tally
from msf.reports.rules.gate import refusals
from msf.scoring.disclosure import partition
from msf.scoring.intervals import fixed_half_width
from msf.scoring.oracle import unsafe

GROUPS = ("doctor", "nurse", "admin", "manager")


def survey(items: int = 3, points: int = 5) -> Questionnaire:
    """A questionnaire whose first two items are one domain and whose others are a second."""
    en = {"en": "x"}
    domains = ("care", "team")[: 1 + (items > 2)]
    return Questionnaire(
        key="trial",
        version="1",
        title=en,
        family="colleagues",
        professions=("doctor",),
        mode=None,
        languages=("en",),
        minutes=5,
        introduction=en,
        scale=Scale(tuple(Point(value, en) for value in range(1, points + 1)), 3, en, en),
        domains=tuple(Domain(name, en, ()) for name in domains),
        items=tuple(Item(f"i{place}", domains[place > 1], en, en) for place in range(items)),
        prompts=(),
        groups=tuple(Group(name, en, 3) for name in GROUPS),
        reference=Reference(item=0.7, domain=0.5),
        provenance="",
        released=True,
        digest="",
    )


def pooled(ratings, index, groups=GROUPS, *, least=5, family="colleagues") -> FamilyTally:
    by_group = tally(family, np.asarray(ratings, np.int8), np.asarray(index), [(group,) for group in groups], 5)
    return pool(by_group, partition(by_group.answered, least=least))


def built(*columns: list[int], sizes: tuple[int, ...], least: int = 5) -> Part:
    """The part of a round: one list of answers an item, raters in the order of the groups' sizes."""
    index = np.repeat(np.arange(len(sizes)), sizes)
    counted = pooled(np.array(columns).T, index, GROUPS[: len(sizes)], least=least)
    return part_of(survey(len(columns)), [counted], None, least=least)


def figure(part: Part, name: str, statistic: str = "mean", block=ALL, family: str = "colleagues") -> Cell | None:
    found = [cell for cell in part.cells if (cell.id, cell.statistic, cell.block) == (name, statistic, block)]
    (cell,) = [cell for cell in found if cell.family == family] or [None]
    return cell


def mask(part: Part) -> list[tuple]:
    return [(cell.family, cell.block, cell.scope, cell.id, cell.statistic, cell.n) for cell in part.cells]


@st.composite
def rounds(draw):
    """Answers with many blanks of up to four groups, and the floor chosen."""
    sizes = draw(st.lists(st.integers(0, 13), min_size=1, max_size=4))
    items, blanks = draw(st.integers(1, 4)), draw(st.sampled_from([0, 0.1, 0.3, 0.6]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    codes = np.array([1, 2, 3, 4, 5, BLANK, NOT_APPLICABLE, CANNOT_SAY], np.int8)
    shares = [(1 - blanks) * share for share in (0.02, 0.03, 0.1, 0.25, 0.6)] + [blanks / 3] * 3
    ratings = rng.choice(codes, (sum(sizes), items), p=shares)
    return ratings, np.repeat(np.arange(len(sizes)), sizes), draw(st.sampled_from([4, 5]))


def valid(ratings):
    return (ratings >= 1) & (ratings <= 5)


def published(part: Part, tally: FamilyTally, ratings, index, *, statistics) -> list:
    """Every figure as what it is: coefficients of the rater by item answers it was made from."""
    place = {group: row for row, group in enumerate(GROUPS)}
    items = survey(ratings.shape[1]).items
    figures = []
    for cell in part.cells:
        if cell.statistic in statistics:
            groups = [place[group] for block in tally.blocks for group in block if cell.block in (ALL, block)]
            meant = np.array([cell.id in (item.id, item.domain) for item in items])
            rests = valid(ratings) & np.isin(index, groups)[:, None] & meant
            weights = [Fraction(1, int(people)) if people else 0 for people in rests.sum(axis=0)]
            figures.append([[w if on else 0 for w, on in zip(weights, row, strict=True)] for row in rests.tolist()])
    return figures


@settings(deadline=None)
@given(rounds())
def test_no_combination_of_published_figures_rests_on_too_few_people(found):
    ratings, index, least = found
    counted = pooled(ratings, index, least=least)
    part = part_of(survey(ratings.shape[1]), [counted], None, least=least)
    figures = published(part, counted, ratings, index, statistics={"mean"})
    assert unsafe(figures, least=least) is None
    distributions = published(part, counted, ratings, index, statistics={"count_1", "count_5"})
    assert unsafe(distributions, least=10) is None


@settings(deadline=None)
@given(rounds(), st.randoms(use_true_random=False))
def test_which_figures_there_are_does_not_depend_on_the_answers(found, random):
    ratings, index, least = found
    given_values = [int(value) for value in ratings[valid(ratings)]]
    random.shuffle(given_values)
    others = ratings.copy()
    others[valid(ratings)] = given_values
    questionnaire = survey(ratings.shape[1])
    parts = [part_of(questionnaire, [pooled(r, index, least=least)], None, least=least) for r in (ratings, others)]
    assert mask(parts[0]) == mask(parts[1])
    assert parts[0].families == parts[1].families


@settings(deadline=None)
@given(rounds(), st.integers(0, 2**32))
def test_the_order_of_the_raters_does_not_matter(found, seed):
    ratings, index, least = found
    order = np.random.default_rng(seed).permutation(len(index))
    questionnaire = survey(ratings.shape[1])
    one = part_of(questionnaire, [pooled(ratings, index, least=least)], None, least=least)
    assert one == part_of(questionnaire, [pooled(ratings[order], index[order], least=least)], None, least=least)
    assert one == Part.from_json(one.to_json())


@settings(deadline=None)
@given(rounds())
def test_every_figure_is_on_the_scale_to_one_decimal_with_a_width(found):
    ratings, index, least = found
    part = part_of(survey(ratings.shape[1]), [pooled(ratings, index, least=least)], None, least=least)
    for cell in part.cells:
        assert cell.n >= least
        if cell.statistic == "mean":
            low, high = (figure(part, cell.id, limit, cell.block) for limit in ("low", "high"))
            assert 1 <= low.value <= cell.value <= high.value <= 5
            assert low.value < high.value
            assert {round(found.value, 1) for found in (cell, low, high)} == {cell.value, low.value, high.value}


def test_item_means_are_exact_and_carry_their_number_of_answers():
    answers = [4] * 7 + [3] * 5 + [BLANK, CANNOT_SAY]
    part = built(answers, sizes=(14,))
    assert figure(part, "i0") == Cell("colleagues", ALL, "item", "i0", "mean", 3.6, 12)
    assert part.families == {"colleagues": Family(14, (("doctor",),), False)}
    assert part.non_answers == {"colleagues": {"i0": (1, 0, 1)}}


def test_blocks_stand_beside_their_family_in_a_fixed_order():
    part = built([4] * 8 + [3] * 6 + [2] * 2, sizes=(8, 6, 2))
    assert part.families["colleagues"].blocks == (("doctor",), ("nurse", "admin"))
    means = [(cell.block, cell.value, cell.n) for cell in part.cells if cell.statistic == "mean" and cell.id == "i0"]
    assert means == [(ALL, 3.4, 16), (("doctor",), 4.0, 8), (("nurse", "admin"), 2.8, 8)]


def test_a_single_block_is_shown_once_as_the_family():
    part = built([4] * 4 + [3] * 3, sizes=(4, 3))
    assert part.families["colleagues"].blocks == (("doctor", "nurse"),)
    assert {cell.block for cell in part.cells} == {ALL}


@pytest.mark.parametrize("people", [0, 1, 4])
def test_a_family_under_the_floor_shows_nothing_not_even_its_number(people):
    part = built([5] * people, sizes=(people,))
    assert part.families == {"colleagues": Family(None, (), True)}
    assert (part.cells, part.non_answers) == ((), {})


def test_a_family_under_the_floor_is_withheld_even_where_it_was_given_a_block():
    counted = tally("colleagues", np.full((4, 1), 4, np.int8), np.zeros(4, int), [("doctor",)], 5)
    assert part_of(survey(1), [counted], None, least=5).families == {"colleagues": Family(None, (), True)}
    assert part_of(survey(1), [counted], None, least=4).families == {"colleagues": Family(4, (("doctor",),), False)}


def test_families_are_never_added_together():
    colleagues = pooled([[4]] * 6, [0] * 6)
    patients = pooled([[2]] * 8, [0] * 8, ("patient",), family="patients")
    part = part_of(survey(1), [patients, colleagues], None, least=5)
    assert list(part.families) == ["colleagues", "patients"]
    assert {(cell.family, cell.n) for cell in part.cells} == {("colleagues", 6), ("patients", 8)}


def test_an_item_too_few_in_one_block_answered_is_shown_for_the_family_only():
    hidden = [4] * 6 + [3] * 4 + [BLANK] * 2
    part = built(hidden, [4] * 12, sizes=(6, 6))
    assert {cell.block for cell in part.cells if cell.id == "i0"} == {ALL}
    assert {cell.block for cell in part.cells if cell.id == "i1"} == {ALL, ("doctor",), ("nurse",)}
    assert {cell.block for cell in part.cells if cell.id == "care"} == {ALL}


def test_hidden_empty_and_too_few_look_alike():
    empty = built([BLANK] * 12, [4] * 12, sizes=(12,))
    too_few = built([4] * 4 + [CANNOT_SAY] * 8, [4] * 12, sizes=(12,))
    assert empty == too_few
    assert {cell.id for cell in empty.cells} == {"i1"}
    assert list(empty.non_answers["colleagues"]) == ["i1"]


def test_an_item_that_a_whole_block_left_out_is_shown_for_the_other_block():
    part = built([4] * 6 + [NOT_APPLICABLE] * 6, [4] * 12, sizes=(6, 6))
    assert figure(part, "i0", block=("doctor",)).n == 6
    assert figure(part, "i0", block=("nurse",)) is None
    assert figure(part, "care", block=("nurse",)) is None
    assert figure(part, "care", block=("doctor",)).n == 6


def test_a_block_that_left_an_item_out_does_not_stop_the_others_detail():
    part = built([4] * 12 + [NOT_APPLICABLE] * 6, [4] * 18, sizes=(12, 6))
    assert figure(part, "i0", "count_4", ("doctor",)).value == 12
    assert figure(part, "i0", "count_4").value == 12
    assert figure(part, "i0", "low", ("nurse",)) is None


def test_distributions_need_ten_answers_in_every_block_and_in_the_family():
    with_detail = built([5] * 10 + [3] * 10, sizes=(10, 10))
    assert [figure(with_detail, "i0", f"count_{value}").value for value in range(1, 6)] == [0, 0, 10, 0, 10]
    assert figure(with_detail, "i0", "count_5", ("doctor",)).value == 10
    for sizes in ((11, 9), (9,)):
        without = built([5] * sum(sizes), sizes=sizes)
        assert {cell.statistic for cell in without.cells} == {"mean", "low", "high"}


def test_without_a_distribution_the_interval_is_the_same_whatever_the_spread():
    agreed, apart = built([3] * 8, sizes=(8,)), built([1, 5] * 4, sizes=(8,))
    assert agreed == apart
    width = fixed_half_width(np.array(8), 0.7)
    assert (figure(agreed, "i0", "low").value, figure(agreed, "i0", "high").value) == (
        round(3 - width, 1),
        round(3 + width, 1),
    )


def test_with_a_distribution_the_interval_knows_the_spread():
    agreed, apart = built([3] * 12, sizes=(12,)), built([1, 5] * 6, sizes=(12,))
    assert figure(agreed, "i0", "high").value < figure(apart, "i0", "high").value


def test_a_small_block_at_the_end_of_the_scale_is_coded_and_a_large_one_is_not():
    part = built([5] * 6 + [1] * 6, sizes=(6, 6))
    assert figure(part, "i0", block=("doctor",)) == Cell(
        "colleagues", ("doctor",), "item", "i0", "mean", 4.5, 6, "at least"
    )
    assert figure(part, "i0", block=("nurse",)) == Cell(
        "colleagues", ("nurse",), "item", "i0", "mean", 1.5, 6, "at most"
    )
    assert figure(built([5] * 10, sizes=(10,)), "i0").value == 5.0


@pytest.mark.parametrize(
    ("columns", "value", "bound"),
    [
        (([5] * 6, [4] * 6), 4.3, "at least"),
        (([1] * 6, [4] * 6), 2.8, "at most"),
        (([5] * 6, [1] * 6), 3.0, "about"),
        (([4] * 6, [3] * 6), 3.5, None),
    ],
)
def test_a_domain_is_the_mean_of_the_shown_means_and_carries_their_bounds(columns, value, bound):
    found = figure(built(*columns, sizes=(6,)), "care")
    assert (found.value, found.bound, found.n) == (value, bound, 6)


def test_a_domain_rests_on_the_fewest_answers_and_uses_its_own_reference():
    part = built([4] * 12, [3] * 9 + [BLANK] * 3, sizes=(12,))
    width = fixed_half_width(np.array(9), 0.5)
    assert figure(part, "care") == Cell("colleagues", ALL, "domain", "care", "mean", 3.5, 9)
    assert figure(part, "care", "low").value == floor(10 * (3.5 - width) + 0.5) / 10


@settings(deadline=None)
@given(st.lists(st.sampled_from([1, 2, 3, 4, 5, BLANK, NOT_APPLICABLE, CANNOT_SAY]), min_size=5, max_size=5))
def test_the_practitioners_own_domain_needs_half_of_its_items(values):
    part = part_of(survey(5), [], np.array(values, np.int8), least=5)
    assert part.families == {"self": Family(1, (), False)}
    for domain, own in (("care", values[:2]), ("team", values[2:])):
        rated = [value for value in own if 1 <= value <= 5]
        found = figure(part, domain, family="self")
        if len(rated) >= (len(own) + 1) // 2:
            assert found.value == floor(Fraction(10 * sum(rated), len(rated)) + Fraction(1, 2)) / 10
        else:
            assert found is None
    shown = {cell.id: cell.value for cell in part.cells if cell.scope == "item"}
    assert shown == {f"i{place}": value for place, value in enumerate(values) if 1 <= value <= 5}


def test_without_own_answers_there_is_no_family_of_ones_own():
    assert "self" not in built([4] * 6, sizes=(6,)).families


def test_two_tallies_of_one_family_or_of_oneself_are_refused():
    counted = pooled([[4]] * 6, [0] * 6)
    for tallies in ([counted, counted], [replace(counted, family="self")]):
        with pytest.raises(ValueError, match="one tally"):
            part_of(survey(1), tallies, None, least=5)


def test_a_floor_under_four_is_refused_even_without_answers():
    with pytest.raises(ValueError, match="at least 4 people"):
        part_of(survey(1), [], None, least=3)


def test_groups_that_nobody_pooled_are_refused():
    by_group = tally("colleagues", np.full((8, 1), 4, np.int8), np.repeat([0, 1], [6, 2]), [("doctor",), ("nurse",)], 5)
    with pytest.raises(DisclosureRefused) as refused:
        part_of(survey(1), [by_group], None, least=5)
    assert refused.value.reasons == ("colleagues: a block of 2 people",)


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (Cell("colleagues", ("nurse",), "item", "i0", "mean", 4.0, 4), "i0: a block's figure rests on too few people"),
        (Cell("colleagues", ("doctor",), "item", "i0", "mean", 4.0, 6), "i0: the family's figure less its blocks'"),
        (Cell("colleagues", ("doctor",), "domain", "care", "mean", 4.0, 6), "care: a domain's mean beside items"),
        (Cell("colleagues", ("doctor",), "item", "i1", "count_4", 6, 6), "i1: a block too small for it comes with"),
        (Cell("colleagues", ("nobody",), "item", "i1", "mean", 4.0, 6), "i1: a figure of nobody, which is not a block"),
        (Cell("patients", ALL, "item", "i1", "mean", 4.0, 6), "patients: figures without answers"),
    ],
)
def test_one_cell_too_many_is_refused_with_its_reason(extra, reason):
    counted = pooled(np.array([[4] * 10 + [BLANK] * 2, [4] * 12]).T, np.repeat([0, 1], [6, 6]))
    part = part_of(survey(2), [counted], None, least=5)
    allowed = refusals(survey(2), {"colleagues": counted}, part.cells, least=5)
    found = refusals(survey(2), {"colleagues": counted}, [*part.cells, extra], least=5)
    assert allowed == []
    assert any(reason in line for line in found), found
