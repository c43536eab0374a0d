"""Sentences with their numbers: bounds, one person, plurals, groups, and families that are withheld."""

import json
import re
from dataclasses import replace

import pytest

from msf.instruments import find
from msf.reports.rules import words
from msf.reports.rules.document import document_of
from msf.reports.rules.figures import Figure
from msf.reports.rules.shapes import Bullets, Document, Note, Table, Text
from tests.reports.samples import COLLEAGUES, PATIENTS, facts, part, usual

DOCTORS = find(COLLEAGUES)
SCALE = DOCTORS.scale


def said(document: Document) -> str:
    """Every word of a document, with a line for each text."""
    return json.dumps(document.to_json(), ensure_ascii=False, indent=0)


@pytest.mark.parametrize(
    ("mean", "bound", "expected"),
    [
        (4.6, None, "between “good” and “very good”"),
        (4.8, None, "“very good”"),
        (4.2, None, "“good”"),
        (4.5, "at least", "“very good”"),
        (4.3, "at least", "“good” or better"),
        (1.5, "at most", "“needs to improve” or below"),
        (1.0, None, "“poor”"),
        (5.0, None, "“very good”"),
    ],
)
def test_a_mean_lies_at_or_between_the_answers_of_the_questionnaire(mean, bound, expected):
    assert words.band(Figure(mean, mean, mean, 9, bound, None), SCALE, "en") == expected


@pytest.mark.parametrize(
    ("bound", "expected"),
    [(None, "4.5"), ("at least", "4.5 or higher"), ("at most", "4.5 or lower"), ("about", "about 4.5")],
)
def test_a_bound_is_said_in_words(bound, expected):
    assert words.mean_of(Figure(4.5, 4.0, 5.0, 7, bound, None)) == expected


def test_a_number_comes_with_its_people_and_its_range():
    figure = Figure(4.6, 4.4, 4.8, 18, None, None)
    assert words.meaning(figure, SCALE, "18 people") == (
        "4.6 out of 5, from 18 people; true value probably between 4.4 and 4.8"
    )


def test_one_person_is_not_people():
    assert [words.people("colleagues", n) for n in (1, 2)] == ["1 colleague", "2 colleagues"]
    assert [words.people("others", n) for n in (1, 2)] == ["1 person", "2 people"]


def test_blocks_are_named_by_the_labels_of_their_groups():
    assert words.block_name(("doctor",), DOCTORS, "en") == "Doctors"
    together = words.block_name(("nurse", "admin"), DOCTORS, "en")
    assert together == "Nurses and midwives, managers and office staff, counted together"
    assert words.block_name(("stranger",), DOCTORS, "en") == "Stranger"


def test_a_withheld_family_is_said_plainly_and_nothing_else_of_it_is_shown():
    parts = [part(COLLEAGUES, {"doctor": 9, "nurse": 6}), part(PATIENTS, {"patient": 3}, own=False)]
    document = document_of(parts, [DOCTORS, find(PATIENTS)], [], facts())
    plain = "Fewer than five patients answered, so nothing from patients is shown."
    assert sum(isinstance(block, Note) and block.text == plain for block in document.blocks()) == 2
    assert dict(document.facts)["Patients who answered"] == "fewer than 5 of 45 asked"
    assert not [chart.name for chart in document.charts() if chart.name.startswith("patients")]
    assert not any(section.id.startswith(("patients-", "comments-patients")) for section in document.sections)
    assert not re.search(r"\b[123] patients?\b", said(document))


def test_an_empty_and_a_small_family_look_alike():
    few, none = (
        document_of([part(PATIENTS, {"patient": people}, own=False)], [find(PATIENTS)], [], facts())
        for people in (4, 0)
    )
    assert few == none


def test_without_own_answers_no_gap_and_no_column_is_shown():
    document = document_of([part(COLLEAGUES, {"doctor": 16}, own=False)], [DOCTORS], [], facts())
    assert "Self" not in said(document)
    assert not re.search(r"\bown (view|answers?)\b", said(document).lower())
    assert not any(row.self_value for chart in document.charts() for row in chart.drawing.rows if hasattr(row, "mean"))


@pytest.mark.parametrize(("people", "cautious"), [(7, True), (8, False)])
def test_a_caution_is_printed_under_the_floor(people, cautious):
    document = document_of([part(COLLEAGUES, {"doctor": people})], [DOCTORS], [], facts())
    notes = [block.text for block in document.blocks() if isinstance(block, Note)]
    assert any(note.startswith(f"Caution: only {people} colleagues") for note in notes) is cautious


def test_few_who_agree_are_given_as_a_bound_everywhere():
    document = document_of([part(COLLEAGUES, {"doctor": 6}, level=9.0)], [DOCTORS], [], facts())
    means = [row[1] for block in document.blocks() if isinstance(block, Table) and block.head[1].text == "Mean"
             for row in block.rows]  # fmt: skip
    assert means and set(means) - {"not shown"} == {"4.5 or higher"}


def test_a_poor_result_is_named_with_its_figures_and_a_glowing_one_has_no_need():
    poor = document_of([part(COLLEAGUES, {"doctor": 20}, level=1.8)], [DOCTORS], [], facts())
    glowing = document_of([part(COLLEAGUES, {"doctor": 20}, level=4.9)], [DOCTORS], [], facts())
    short = {s.id: s.blocks for s in poor.sections}["summary-colleagues"]
    named = [item for block in short if isinstance(block, Bullets) for item in block.items]
    assert len(named) == 3
    assert any(isinstance(block, Text) and "other items lie below “good enough” too" in block.text for block in short)
    assert all("from" in item and "true value probably between" in item for item in named)
    short = {s.id: s.blocks for s in glowing.sections}["summary-colleagues"]
    assert any(isinstance(block, Text) and block.text.startswith("To work on: no item") for block in short)


def test_own_answers_above_a_bound_are_never_called_different():
    found = part(COLLEAGUES, {"doctor": 6}, level=9.0)
    own = [replace(cell, value=5) if cell.statistic == "value" else cell for cell in found.cells]
    document = document_of([replace(found, cells=tuple(own))], [DOCTORS], [], facts())
    section = next(s for s in document.sections if s.id == "own-view-colleagues")
    assert section.blocks == (Text("Colleagues and Dr Example see things much alike: no item differs clearly."),)


def test_nothing_reads_as_missing_or_as_a_rank():
    _, _, document = usual()
    everything = said(document)
    for word in ("nan", "None", "null", "undefined", "rank", "percentile", "anonymous", "  "):
        assert not re.search(rf"\b{word}\b", everything) or word == "null", word


def test_names_of_sections_and_charts_are_used_once():
    _, _, document = usual()
    ids = [section.id for section in document.sections]
    names = [chart.name for chart in document.charts()]
    assert len(set(ids)) == len(ids) and len(set(names)) == len(names)
    assert all(chart.alt and chart.sentence for chart in document.charts())
