"""Charts of a programme are the same bytes for the same numbers, say what they show, and cut off or cover no words."""

import subprocess
import sys
from collections.abc import Sequence
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.charts import programme
from msf.charts.canvas import WIDTH
from msf.charts.programme import Curve, ProgrammeWords, Shares, item_shares, reliability_curve
from msf.scoring.generalisability import Components, curve
from tests.charts.test_charts import assert_whole, texts_of

AREAS = ("Knowledge and care", "Working with patients", "Working with others", "Keeping people safe", "Trust")
SPREADS = (0.05, 0.06, 0.04, 0.03, 0.08)
USUAL = tuple(
    Curve(area, curve(Components(4.2, spread, 0.4), 60).tolist()) for area, spread in zip(AREAS, SPREADS, strict=True)
)
ROWS = (
    Shares("Makes sound choices about care", (36, 454, 1135), 662),
    Shares("Keeps clear notes", None),
    Shares("Listens to what patients say", (1, 5, 2000), 1),
    Shares("Nobody rated this one", (0, 0, 0), 12),
    Shares("All at the top", (0, 0, 7), 0),
    Shares("All below", (7, 0, 0), 0),
)
CURVES = {
    "none": (),
    "one": USUAL[:1],
    "usual": USUAL,
    "all the same": tuple(Curve(f"Area {n}", USUAL[0].values) for n in range(7)),
    "a flat one": (Curve("No differences at all", [0.0] * 60), Curve("Nor here", [0.0] * 60)),
    "all whole": tuple(Curve(f"Area {n}", [1.0] * 60) for n in range(5)),
    "very many": tuple(Curve(f"Area {n} of a questionnaire that has many", [n / 40] * 60) for n in range(30)),
    "one person": (Curve("Short", [0.2]),),
    "a long name": (Curve("Explains to people what is wrong and what can be done " * 4, USUAL[0].values),),
    "no space": (Curve("x" * 200, USUAL[0].values), Curve("", USUAL[1].values)),
}
LONG = ProgrammeWords(shares=("needs to be better than it is now",) * 3)


@pytest.mark.parametrize("curves", CURVES.values(), ids=CURVES.keys())
def test_any_curves_can_be_drawn_and_no_words_are_cut_off_or_overlap(curves: tuple[Curve, ...]):
    assert_whole(programme.curves_drawn(curves, "colleagues", ProgrammeWords()))
    svg = ElementTree.fromstring(reliability_curve(curves, family="colleagues"))
    assert svg.get("width") == f"{WIDTH}pt"


@pytest.mark.parametrize("words", [ProgrammeWords(), LONG], ids=["usual", "long"])
@pytest.mark.parametrize("rows", [(), ROWS[:1], ROWS, ROWS * 6], ids=["none", "one", "usual", "many"])
def test_no_words_of_item_shares_are_cut_off_or_overlap(rows: tuple[Shares, ...], words: ProgrammeWords):
    assert_whole(programme.shares_drawn(rows, words))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(
            Shares, st.just("Listens to people"), st.tuples(*[st.integers(0, 10_000)] * 3), st.integers(0, 10_000)
        ),
        max_size=3,
    )
)
def test_shares_never_overlap_however_small_their_parts(rows: list[Shares]):
    assert_whole(programme.shares_drawn(rows, ProgrammeWords()))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_names_of_curves_never_overlap_wherever_they_end(ends: list[float]):
    curves = [Curve(f"Area {place}", [end] * 60) for place, end in enumerate(ends)]
    assert_whole(programme.curves_drawn(curves, "patients", ProgrammeWords()))


def test_the_same_numbers_give_the_same_bytes_here_and_in_another_process():
    program = (
        "import sys; from msf.charts.programme import *; out = sys.stdout.buffer.write; "
        "out(reliability_curve([Curve('Care', [.1, .2, .3])], family='patients')); "
        "out(item_shares([Shares('Listens', (1, 2, 3), 4)]))"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    here = reliability_curve([Curve("Care", [0.1, 0.2, 0.3])], family="patients")
    assert there == here + item_shares([Shares("Listens", (1, 2, 3), 4)])


def test_the_curves_name_their_areas_their_ends_and_the_whole_scale():
    words = texts_of(reliability_curve(USUAL, family="colleagues"))
    assert {"Trust, 0.92", "Keeping people safe, 0.82"} <= set(words)
    assert {"0.0", "0.7", "0.8", "0.9", "1.0", "7 of 10", "8 of 10", "9 of 10", "1", "10", "60"} <= set(words)
    assert words.index("Trust, 0.92") < words.index("Keeping people safe, 0.82")


def test_every_share_stands_in_the_chart_and_what_is_hidden_does_not():
    words = texts_of(item_shares(ROWS))
    assert {"2%", "28%", "70%", "29%", "1,625"} <= set(words)
    assert "not shown" in words
    assert {"&lt;1%", "100%", "0%"} <= set(words)
    assert "nan" not in " ".join(words)


def test_the_shares_of_ratings_leave_out_what_is_not_rated():
    few, many = (item_shares([Shares("Listens", (5, 5, 10), unrated)]) for unrated in (0, 80))
    assert {"25%", "50%"} <= set(texts_of(few)) & set(texts_of(many))
    assert "80%" in texts_of(many) and "80%" not in texts_of(few)


def test_families_differ_in_colour_and_lines_in_their_marks():
    colleagues, patients = (reliability_curve(USUAL, family=family).decode() for family in ("colleagues", "patients"))
    assert 'stroke="#0b5c66"' in colleagues.lower() and 'stroke="#6b4e9b"' not in colleagues.lower()
    assert 'stroke="#6b4e9b"' in patients.lower() and 'stroke="#0b5c66"' not in patients.lower()


def test_words_of_another_language_take_the_place_of_the_english_ones():
    welsh = ProgrammeWords(raters="pobl", not_shown="heb ei ddangos", unrated="heb sgôr", shares=("a", "b", "c"))
    assert {"heb ei ddangos", "heb sgôr", "a", "b", "c"} <= set(texts_of(item_shares(ROWS, words=welsh)))
    assert "pobl" in texts_of(reliability_curve(USUAL, family="colleagues", words=welsh))


@pytest.mark.parametrize("svg", [reliability_curve(USUAL, family="colleagues"), item_shares(ROWS)])
def test_a_chart_has_no_inline_style_and_does_not_tell_by_what_it_was_drawn(svg: bytes):
    assert b"style" not in svg and b"<script" not in svg
    assert b"<metadata" not in svg and b"matplotlib" not in svg.lower()


def test_nothing_is_loaded_before_a_chart_is_drawn():
    program = "import sys, msf.charts.programme; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)


def height_of(curves: Sequence[Curve]) -> float:
    return programme.curves_drawn(curves, "colleagues", ProgrammeWords()).height


def test_a_chart_grows_with_its_names():
    assert height_of(CURVES["very many"]) > height_of(USUAL) == height_of(())
