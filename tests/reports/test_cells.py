"""The cells of a report travel unchanged to JSON and CSV."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.instruments import BLANK, CANNOT_SAY, NOT_APPLICABLE
from msf.reports.rules import ALL, COLUMNS, Cell, Family, FamilyTally, NonAnswers, Part, csv_rows, pool, tally
from msf.scoring.disclosure import partition

CODES = np.array([1, 2, 3, 4, 5, BLANK, NOT_APPLICABLE, CANNOT_SAY], np.int8)
GROUPS = (("doctor",), ("nurse",), ("admin",))

PART = Part(
    "doctor-colleagues/1",
    {
        "self": Family(1, (), False),
        "colleagues": Family(12, (("doctor",), ("admin", "nurse")), False),
        "patients": Family(None, (), True),
    },
    (
        Cell("self", ALL, "item", "listens", "value", 4, 1),
        Cell("colleagues", ALL, "item", "listens", "mean", 4.6, 12),
        Cell("colleagues", ("doctor",), "item", "listens", "mean", 4.5, 7, "at least"),
        Cell("colleagues", ("admin", "nurse"), "domain", "care", "mean", 4.3, 5),
    ),
    {"colleagues": {"listens": NonAnswers(1, 0, 2)}},
)


@st.composite
def rounds(draw):
    raters, items = draw(st.integers(0, 24)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return rng.choice(CODES, (raters, items)), rng.integers(0, 3, raters)


def same(one: FamilyTally, other: FamilyTally) -> bool:
    plain = ("family", "raters", "blocks", "members")
    arrays = (one.counts, other.counts), (one.non_answers, other.non_answers)
    return all(getattr(one, name) == getattr(other, name) for name in plain) and all(
        np.array_equal(*pair) for pair in arrays
    )


def test_a_part_comes_back_from_json_as_it_was():
    assert Part.from_json(json.loads(json.dumps(PART.to_json()))) == PART
    assert Part.from_json(PART.to_json(practitioner="p-1")) == PART


def test_json_names_families_blocks_cells_and_only_coded_bounds():
    found = PART.to_json(practitioner="p-1")
    assert list(found) == ["practitioner", "questionnaire", "families", "cells", "non_answers"]
    assert "practitioner" not in PART.to_json()
    assert found["families"]["patients"] == {"n": None, "blocks": [], "withheld": True}
    assert found["families"]["colleagues"] == {"n": 12, "blocks": [["doctor"], ["admin", "nurse"]], "withheld": False}
    assert found["cells"][1] == {
        "family": "colleagues",
        "block": "all",
        "scope": "item",
        "id": "listens",
        "statistic": "mean",
        "value": 4.6,
        "n": 12,
    }
    assert found["cells"][2]["bound"] == "at least"
    assert found["cells"][3]["block"] == ["admin", "nurse"]
    assert found["non_answers"] == {"colleagues": {"listens": {"blank": 1, "not_applicable": 0, "cannot_say": 2}}}


@pytest.mark.parametrize("missing", ["questionnaire", "families", "cells", "non_answers"])
def test_json_with_something_missing_is_not_read_as_a_smaller_report(missing):
    data = PART.to_json()
    del data[missing]
    with pytest.raises(KeyError, match=missing):
        Part.from_json(data)


def test_csv_has_a_row_for_every_cell_and_every_reason_for_no_answer():
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in csv_rows(PART)]
    assert len(rows) == len(PART.cells) + 3
    assert rows[3]["block"] == "admin + nurse"
    assert [row["bound"] for row in rows[:4]] == ["", "", "at least", ""]
    assert [(row["statistic"], row["value"], row["n"]) for row in rows[4:]] == [
        ("blank", 1, 12),
        ("not_applicable", 0, 12),
        ("cannot_say", 2, 12),
    ]


@settings(deadline=None)
@given(rounds(), st.integers(0, 24))
def test_tallies_of_two_halves_add_up_to_the_tally_of_the_whole(found, cut):
    ratings, index = found
    halves = [tally("colleagues", ratings[part], index[part], GROUPS, 5) for part in (slice(cut), slice(cut, None))]
    assert same(halves[0] + halves[1], tally("colleagues", ratings, index, GROUPS, 5))


@settings(deadline=None)
@given(rounds())
def test_pooling_counts_by_group_is_counting_by_block(found):
    ratings, index = found
    by_group = tally("colleagues", ratings, index, GROUPS, 5)
    blocks = partition(by_group.answered, least=5)
    pooled = pool(by_group, blocks)
    place = [next((row for row, block in enumerate(blocks) if group in block), 0) for (group,) in GROUPS]
    assert same(pooled, tally("colleagues", ratings, np.array(place)[index], pooled.blocks, 5))


def test_pooled_blocks_name_their_groups_in_the_configured_order():
    ratings = np.full((9, 1), 4, np.int8)
    by_group = tally("colleagues", ratings, np.array([0] * 5 + [1] * 2 + [2] * 2), GROUPS, 5)
    assert by_group.answered == {"doctor": 5, "nurse": 2, "admin": 2}
    pooled = pool(by_group, partition(by_group.answered, least=5))
    assert pooled.blocks == (("doctor", "nurse", "admin"),)
    assert pooled.members == (9,)


def test_a_family_too_small_to_have_blocks_keeps_only_its_number():
    by_group = tally("colleagues", np.full((4, 2), 4, np.int8), np.array([0, 0, 1, 2]), GROUPS, 5)
    pooled = pool(by_group, [])
    assert (pooled.raters, pooled.blocks, pooled.counts.shape) == (4, (), (0, 2, 5))


@pytest.mark.parametrize("code", [6, -1, 100, 103])
def test_an_answer_that_is_neither_a_value_nor_a_reason_is_refused(code):
    with pytest.raises(ValueError, match="neither 1 to 5 nor a reason"):
        tally("colleagues", np.array([[5], [code]], np.int8), np.array([0, 0]), GROUPS, 5)


def test_leaving_out_a_group_that_answered_is_refused():
    by_group = tally("colleagues", np.full((8, 2), 4, np.int8), np.array([0] * 6 + [1] * 2), GROUPS, 5)
    with pytest.raises(ValueError, match="every rater belongs to one block"):
        pool(by_group, [frozenset({"doctor"})])


def test_tallies_that_do_not_fit_together_are_refused():
    one = tally("colleagues", np.full((8, 2), 4, np.int8), np.zeros(8, int), GROUPS, 5)
    with pytest.raises(ValueError, match="one family in the same blocks"):
        one + replace(one, family="patients")
    with pytest.raises(ValueError, match="may not share a group"):
        replace(one, blocks=(("doctor",), ("doctor",), ("admin",)))
    with pytest.raises(ValueError, match="members and its counts"):
        replace(one, members=(8,))
    with pytest.raises(ValueError, match="belongs to one block"):
        replace(one, members=(9, 0, 0))
    with pytest.raises(ValueError, match="by item and reason"):
        replace(one, non_answers=one.non_answers[:1])
