"""Nothing small is shown, or left over by subtraction."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.disclosure import (
    checked_least,
    comment_mask,
    detail_mask,
    gate,
    interim_total,
    item_mask,
    partition,
    pools,
)
from msf.scoring.oracle import unsafe

groups = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12), max_size=8)
least_people = st.integers(4, 7)


around_the_floor = st.lists(st.sampled_from([0, 2, 4, 5, 5, 6]), min_size=6, max_size=6).map(
    lambda found: np.array(found, np.int64).reshape(3, 2)
)


def counts_of(blocks: int, items: int, most: int) -> st.SearchStrategy[np.ndarray]:
    cells = st.lists(st.integers(0, most), min_size=blocks * items, max_size=blocks * items)
    return cells.map(lambda found: np.array(found, np.int64).reshape(blocks, items))


@settings(deadline=None)
@given(groups, least_people)
def test_blocks_are_disjoint_complete_and_never_small(answered, least):
    blocks = partition(answered, least=least)
    assert all(sum(answered[group] for group in block) >= least for block in blocks)
    assert sum(map(len, blocks)) == len(frozenset().union(*blocks))
    people = sum(answered.values())
    assert sum(answered[group] for block in blocks for group in block) == (people if people >= least else 0)
    assert bool(blocks) == (people >= least)


@settings(deadline=None)
@given(groups, least_people)
def test_a_group_with_enough_people_is_pooled_only_to_fill_a_pool_and_only_one(answered, least):
    for block in partition(answered, least=least):
        enough = [group for group in block if answered[group] >= least]
        assert len(block) == 1 or len(enough) <= 1
        if len(block) > 1 and enough:
            assert sum(answered[group] for group in block if group not in enough) < least


@pytest.mark.parametrize(
    ("answered", "blocks"),
    [
        ({"doctor": 8, "nurse": 6, "admin": 2}, ["doctor", "admin+nurse"]),
        ({"doctor": 6, "nurse": 6, "admin": 2}, ["admin+doctor", "nurse"]),
        ({"doctor": 3, "nurse": 9, "admin": 2}, ["admin+doctor", "nurse"]),
        ({"doctor": 4, "nurse": 1, "admin": 0}, ["admin+doctor+nurse"]),
        ({"doctor": 7, "nurse": 0, "admin": 5}, ["doctor", "admin"]),
        ({"doctor": 7, "nurse": 0, "admin": 1}, ["admin+doctor+nurse"]),
        ({"doctor": 4}, []),
        ({}, []),
    ],
)
def test_small_groups_are_pooled_with_the_smallest_shown_and_the_first_of_equals(answered, blocks):
    assert ["+".join(sorted(block)) for block in partition(answered)] == blocks


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12), min_size=1), least_people)
def test_every_group_is_in_one_pool_and_every_pool_is_of_many_people_unless_the_family_is_small(asked, least):
    found = pools(asked, least=least)
    assert sorted(group for pool in found for group in pool) == sorted(asked)
    if sum(asked.values()) >= least:
        assert min(sum(asked[group] for group in pool) for pool in found) >= least
    else:
        assert len(found) == 1


@pytest.mark.parametrize("least", [-1, 0, 1, 3])
def test_fewer_than_four_people_are_never_enough(least):
    for decide in (
        lambda: checked_least(least),
        lambda: partition({"doctor": 9}, least=least),
        lambda: pools({"doctor": 9}, least=least),
        lambda: item_mask(np.array([[9]]), least=least),
        lambda: comment_mask({"question": 9}, answered=9, least=least),
        lambda: interim_total(9, least=least),
        lambda: detail_mask(np.array([[9]]), least=least),
        lambda: gate(np.array([[9]]), np.ones((1, 1), bool), np.ones(1, bool), np.zeros(1, bool), least=least),
    ):
        with pytest.raises(ValueError, match="at least 4 people"):
            decide()


def test_a_group_of_less_than_nobody_is_refused():
    with pytest.raises(ValueError, match="fewer than no"):
        partition({"doctor": 9, "nurse": -1})


@settings(deadline=None)
@given(st.integers(1, 4).flatmap(lambda blocks: counts_of(blocks, 3, 14)), least_people)
def test_what_the_masks_show_passes_the_gate(counts, least):
    shown = item_mask(counts, least=least)
    detail = detail_mask(counts, least=least)
    assert gate(counts, shown.per_block & (counts > 0), shown.family, detail, least=least) == ()
    assert not (shown.per_block & ~shown.family).any()
    assert not (detail & ~shown.family).any()


@settings(deadline=None)
@given(around_the_floor, st.integers(0, 255), st.sampled_from([4, 5]), st.integers(0, 2**32))
def test_the_gate_refuses_exactly_what_the_oracle_finds_unsafe(counts, figures, least, seed):
    bits = np.array([figures >> place & 1 for place in range(8)], bool)
    per_block, family = bits[:6].reshape(3, 2) & (counts > 0), bits[6:] & (counts.sum(axis=0) > 0)
    published = _figures(counts, per_block, family, np.random.default_rng(seed))
    refused = bool(gate(counts, per_block, family, np.zeros(2, bool), least=least))
    assert refused == (unsafe(published, least=least) is not None)


def _figures(counts, per_block, family, rng):
    """Who answered what: in every block of eight people, as many as counted, drawn anew for each item."""
    blocks, items = counts.shape
    valid = np.zeros((blocks, 8, items), int)
    for block, item in np.ndindex(counts.shape):
        valid[block, rng.permutation(8)[: counts[block, item]], item] = 1
    rows = []
    for block, item in zip(*np.nonzero(per_block), strict=True):
        rows.append(np.zeros_like(valid))
        rows[-1][block, :, item] = valid[block, :, item]
    for item in np.flatnonzero(family):
        rows.append(np.zeros_like(valid))
        rows[-1][..., item] = valid[..., item]
    return [row.reshape(-1, items).tolist() for row in rows]


def test_a_block_left_over_by_subtraction_is_refused_with_its_size():
    counts = np.array([[8], [6], [2]])
    (found,) = gate(counts, np.array([[True], [True], [False]]), np.ones(1, bool), np.zeros(1, bool))
    assert (found.item, found.people) == (0, 2)


@pytest.mark.parametrize("left", range(1, 7))
def test_what_the_shown_blocks_leave_has_to_be_enough(left):
    counts, yes = np.array([[8], [left]]), np.ones(1, bool)
    refused = bool(gate(counts, np.array([[True], [False]]), yes, ~yes))
    assert refused == (left < 5)


def test_a_figure_of_nobody_is_refused():
    nobody, yes, no = np.zeros((1, 1), np.int64), np.ones(1, bool), np.zeros(1, bool)
    assert gate(nobody, yes[None], no, no)
    assert gate(nobody, no[None], yes, no)


@pytest.mark.parametrize("counts", [[[12], [9]], [[9], [0]], [[20], [3]]])
def test_a_distribution_beside_a_block_under_ten_is_refused(counts):
    counts, yes = np.array(counts), np.ones(1, bool)
    assert gate(counts, counts >= 5, yes, yes)
    assert gate(np.array([[12], [10]]), np.ones((2, 1), bool), yes, yes) == ()


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 12)), st.integers(12, 20), least_people)
def test_comments_are_read_of_questions_that_enough_were_asked(asked, answered, least):
    found = comment_mask(asked, answered=answered, least=least)
    assert found == {question for question, people in asked.items() if people >= least}
    few = {question: min(people, 3) for question, people in asked.items()}
    assert not comment_mask(few, answered=3, least=least)


@pytest.mark.parametrize("asked", [5, -1])
def test_more_or_fewer_asked_than_can_be_is_refused(asked):
    with pytest.raises(ValueError, match="some of those"):
        comment_mask({"question": asked}, answered=4)


@given(st.integers(0, 60), least_people)
def test_a_total_while_answers_come_in_never_tells_of_one_person(answered, least):
    told = interim_total(answered, least=least)
    assert told <= answered < told + least
    assert told % least == 0


def test_fewer_than_nobody_is_no_total():
    with pytest.raises(ValueError, match="nobody"):
        interim_total(-1)
