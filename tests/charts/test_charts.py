"""Charts are the same bytes for the same numbers, say what they show, and draw nothing wrong."""

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.charts import Counts, Row, Scale, Words, blocks, covered, distribution, domain_profile, item_profile, spread
from msf.charts import profile as profiles
from msf.charts.canvas import WIDTH, Canvas
from msf.charts.letters import outline, width_of, wrapped

FIVE = Scale(("Very poor", "Less than satisfactory", "Satisfactory", "Good", "Very good"), 3)
WORDY = "Well below what I would expect of a colleague at this stage of training"
SIX = Scale((WORDY, "Below", "Borderline", "Meets what is expected", "Above", WORDY.replace("below", "above")), 4)

USUAL = (
    Row("Clinical assessment and decisions", 4.4, 4.1, 4.7, 18, 4.0),
    Row("Record keeping, referrals and handover between teams", 3.2, 2.7, 3.7, 17, 3.2),
    Row("Working with colleagues", 4.5, 4.1, 5.0, 6, 5.0, "high"),
    Row("Teaching", self_value=2.0),
    Row("Reliability", 1.5, 1.0, 1.9, 7, 1.0, "low"),
    Row("Probity and health"),
)
EDGES = {
    "no row": (),
    "nothing known": (Row("Teaching"), Row("Probity")),
    "one row": (Row("Listens", 4.0, 3.5, 4.5, 9, 4.0),),
    "forty rows": tuple(Row(f"Question number {n}", 1 + n / 10, n=n, self_value=3.0) for n in range(1, 41)),
    "a very long label": (Row("Explains to people what is wrong " * 20, 4.0, 3.5, 4.5, 9, 4.0),),
    "a label without a space": (Row("x" * 300, 4.0, 3.5, 4.5, 9, 4.0),),
    "right to left": (Row("يستمع إلى المرضى وأسرهم باهتمام شديد", 4.0, 3.5, 4.5, 9, 4.0),),
    "letters no font has": (Row("医生很好 ขอบคุณ", 4.0),),
    "signs of markup": (Row("$x^2$ -- <b> & \\frac{1}{2}", 4.0),),
    "values outside the scale": (Row("Outside", 9.0, -3.0, 12.0, 12345, 0.0),),
    "an empty label": (Row("", 3.0),),
}
COUNTS = (
    Counts("Explains what is wrong, what can be done about it and what will happen next", (0, 1, 3, 8, 6), 2),
    Counts("Listens", (1, 1, 1, 1, 60)),
    Counts("Is on time", (6, 4, 4, 2, 1), 1),
    Counts("Is kind", (18, 0, 0, 0, 0)),
    Counts("Nobody answered", (0, 0, 0, 0, 0), 18),
)


def texts_of(svg: bytes) -> list[str]:
    """The words of a chart; the letters are shapes, and each line of words stands before them as a comment."""
    return re.findall(r"<!-- (.*?) -->", svg.decode())


Box = tuple[float, float, float, float]

SHAPE = re.compile(r'<path id="([^"]+)" d="([^"]*)"/>')
LINE = re.compile(r'translate\((\S+) (\S+)\) scale\((\S+) \S+\)">\n<!-- (.*?) -->\n(.*?)</g>', re.DOTALL)
LETTER = re.compile(r'<use x="(\S+)" y="(\S+)" xlink:href="#([^"]+)"/>')


def points_of(path: str) -> list[tuple[float, float]]:
    numbers = [float(number) for number in re.findall(r"-?\d+", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def boxes_of(svg: str) -> list[tuple[str, Box]]:
    """Each line of words with the room that its letters take on the sheet: left, top, right, bottom."""
    shapes = {name: points_of(path) for name, path in SHAPE.findall(svg)}
    found = []
    for left, base, scale, words, letters in LINE.findall(svg):
        ink = [(float(x) + px, float(y) + py) for x, y, name in LETTER.findall(letters) for px, py in shapes[name]]
        across = [float(left) + float(scale) * x for x, _ in ink]
        down = [float(base) - float(scale) * y for _, y in ink]
        if ink:
            found.append((words, (min(across), min(down), max(across), max(down))))
    return found


def assert_whole(canvas: Canvas) -> None:
    """All words lie on the sheet, and no words lie over other words."""
    extents = boxes_of(canvas.svg().decode())
    assert extents
    for words, (left, top, right, bottom) in extents:
        assert left >= -0.5, words
        assert top >= -0.5, words
        assert right <= WIDTH + 0.5, words
        assert bottom <= canvas.height + 0.5, words
    for (words, box), (others, other) in combinations(extents, 2):
        beside = box[2] <= other[0] + 0.5 or other[2] <= box[0] + 0.5
        above = box[3] <= other[1] + 0.5 or other[3] <= box[1] + 0.5
        assert beside or above, (words, others)


def profile_sheet(rows: Sequence[Row], scale: Scale, room: float) -> Canvas:
    return profiles.drawn(rows, scale, "colleagues", Words(), label_room=room)


def test_the_same_rows_give_the_same_bytes():
    assert domain_profile(USUAL, scale=FIVE, family="colleagues") == domain_profile(
        USUAL, scale=FIVE, family="colleagues"
    )
    assert distribution(COUNTS, scale=FIVE) == distribution(COUNTS, scale=FIVE)


def test_other_processes_give_the_same_bytes():
    rows = "[Row('Listens', 4.0, 3.5, 4.5, 9, 4.0), Row('Explains', self_value=2.0)]"
    program = (
        "import sys; from msf.charts import Row, Scale, domain_profile; "
        f"sys.stdout.buffer.write(domain_profile({rows}, scale=Scale(('a', 'b', 'c'), 2), family='patients'))"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    listens, explains = Row("Listens", 4.0, 3.5, 4.5, 9, 4.0), Row("Explains", self_value=2.0)
    assert there == domain_profile([listens, explains], scale=Scale(("a", "b", "c"), 2), family="patients")


def test_threads_that_draw_at_once_do_not_disturb_each_other():
    def drawn(n: int) -> bytes:
        rows = [replace(row, label=f"{row.label} {n} ≥ ❤") for row in USUAL[: n % 3 + 1]]
        return domain_profile(rows, scale=FIVE, family="colleagues")

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(drawn, range(12)))
    outline.cache_clear()
    wrapped.cache_clear()
    assert [drawn(n) for n in range(12)] == together


def test_nothing_is_loaded_before_a_chart_is_drawn_and_never_more_than_the_renderer():
    program = (
        "import sys; import msf.charts as charts; assert 'matplotlib' not in sys.modules; "
        "charts.distribution((), scale=charts.Scale(('a', 'b'), 2)); assert 'matplotlib' in sys.modules; "
        "assert not {'matplotlib.pyplot', 'matplotlib.figure', 'matplotlib.axes'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)


@pytest.mark.parametrize("draw", [domain_profile, item_profile, blocks])
@pytest.mark.parametrize("rows", EDGES.values(), ids=EDGES.keys())
def test_any_rows_can_be_drawn(draw: Callable[..., bytes], rows: tuple[Row, ...]):
    svg = ElementTree.fromstring(draw(rows, scale=FIVE, family="patients"))
    assert svg.get("width") == "453.5pt"


@pytest.mark.parametrize("room", [134, 164, 196])
@pytest.mark.parametrize("scale", [FIVE, SIX], ids=["five", "six"])
@pytest.mark.parametrize("rows", [USUAL, *EDGES.values()], ids=["usual", *EDGES])
def test_no_words_of_a_profile_are_cut_off_or_overlap(rows: tuple[Row, ...], scale: Scale, room: float):
    assert_whole(profile_sheet(rows, scale, room))


@pytest.mark.parametrize("rows", [(), COUNTS[:1], COUNTS, COUNTS * 8], ids=["none", "one", "usual", "forty"])
def test_no_words_of_a_distribution_are_cut_off_or_overlap(rows: tuple[Counts, ...]):
    assert_whole(spread.drawn(rows, FIVE, Words()))


def test_a_distribution_holds_for_scales_of_any_size():
    for size in (1, 2, 3, 4, 6, 9):
        for satisfactory_from in (1, size):
            scale = Scale(tuple(f"Point {n}" for n in range(1, size + 1)), satisfactory_from)
            assert_whole(spread.drawn([Counts("Listens", tuple(range(size)))], scale, Words()))


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.builds(Counts, st.just("Listens to people"), st.tuples(*[st.integers(0, 400)] * 5), st.none()), max_size=4
    )
)
def test_counts_never_overlap_however_small_their_parts(rows: list[Counts]):
    assert_whole(spread.drawn(rows, FIVE, Words()))


def test_the_shape_of_a_letter_is_written_once_and_before_its_use():
    for svg in (domain_profile(USUAL, scale=FIVE, family="colleagues"), distribution(COUNTS, scale=FIVE)):
        known: list[str] = []
        for shape, used in re.findall(r'<path id="([^"]+)"|xlink:href="#([^"]+)"', svg.decode()):
            assert used in known if used else shape not in known
            known.append(shape)


def test_words_are_as_wide_as_their_letters():
    svg = domain_profile(USUAL, scale=FIVE, family="colleagues").decode()
    row = next(box for words, box in boxes_of(svg) if words == "Clinical assessment and")
    assert row[2] - row[0] == pytest.approx(width_of("Clinical assessment and"), abs=1.5)
    number = next(box for words, box in boxes_of(svg) if words == "18 people")
    assert number[2] == pytest.approx(WIDTH, abs=0.8)


def test_every_number_stands_in_the_chart():
    words = texts_of(domain_profile(USUAL, scale=FIVE, family="colleagues"))
    assert {"4.4", "self 4.0", "18 people", "4.5 or higher", "1.5 or lower", "not shown"} <= set(words)
    assert {"Very poor", "Very good", "1", "2", "3", "4", "5"} <= set(words)
    counts = texts_of(distribution(COUNTS, scale=FIVE))
    assert {"8", "60", "18 people", "2 not rated", "0 people", *FIVE.labels} <= set(counts)


def test_nothing_is_said_of_marks_that_are_not_there():
    words = texts_of(domain_profile([Row("Teaching", self_value=2.0)], scale=FIVE, family="colleagues"))
    assert Words().others not in words
    assert "self" in words


def test_words_of_another_language_take_the_place_of_the_english_ones():
    welsh = Words(self_name="hunan", people="{n} o bobl", person="1 person", not_shown="heb ei ddangos")
    words = texts_of(domain_profile(USUAL, scale=FIVE, family="colleagues", words=welsh))
    assert {"hunan 4.0", "18 o bobl", "heb ei ddangos"} <= set(words)
    assert "18 people" not in words


def test_families_differ_in_colour_and_in_shape():
    row = [Row("Listens", 4.0)]
    colleagues = domain_profile(row, scale=FIVE, family="colleagues").decode()
    patients = domain_profile(row, scale=FIVE, family="patients").decode()
    assert 'fill="#0b5c66"' in colleagues
    assert 'fill="#6b4e9b"' not in colleagues
    assert 'fill="#6b4e9b"' in patients
    round_marks = re.compile(r'\nC [^"]*" fill="#')
    assert round_marks.search(colleagues)
    assert not round_marks.search(patients.split("<defs>")[0])


def test_a_page_that_allows_no_inline_style_shows_the_whole_chart():
    for svg in (domain_profile(USUAL, scale=FIVE, family="colleagues"), distribution(COUNTS, scale=FIVE)):
        assert b"style" not in svg
        assert b"<script" not in svg


def test_a_chart_does_not_tell_when_or_by_what_it_was_drawn():
    svg = domain_profile(USUAL, scale=FIVE, family="colleagues")
    assert b"<metadata" not in svg
    assert b"matplotlib" not in svg.lower()


@given(st.text(max_size=80), st.sampled_from([30.0, 134.0]))
@settings(max_examples=30, deadline=None)
def test_lines_are_never_wider_than_their_room_and_lose_no_letter(words: str, room: float):
    words = covered(words)
    lines = wrapped(words, room)
    assert all(width_of(line) <= room or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(words.split())
