"""A PDF of ours is accessible, embeds its fonts and shows every script."""

import io
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.base.config import data
from msf.base.pdf import PdfRefused, compile_pdf
from msf.charts import Row, Scale, domain_profile, uncovered
from msf.charts.faces import coverage
from msf.charts.letters import width_of

REPORT = data("templates") / "reports" / "report.typ"
CHART = domain_profile([Row("Listens", 4.4, 4.1, 4.7, 18, 4.0)], scale=Scale(("a", "b", "c"), 2), family="colleagues")
LANGUAGES = (
    "Mae'n gwrando'n dda. Dŵr, tŷ, ŷd, ŵyn.",
    "كانت الطبيبة لطيفة جدا وشرحت كل شيء (مرتين!)\n\nشكرا لها ولفريق NHS كله.",
    "डॉक्टर ने मेरी बात ध्यान से सुनी और सब कुछ समझाया।",
    "ਡਾਕਟਰ ਨੇ ਮੇਰੀ ਗੱਲ ਧਿਆਨ ਨਾਲ ਸੁਣੀ।",
    "ডাক্তার খুব ভালো",
    "ડૉક્ટર ખૂબ સારા છે",
    "Thank you 👍🏽 🙂 ❤️ 1️⃣ 👩‍⚕️ ✓ → ≥ 5 ★",
)
HOSTILE = (
    '#panic("stop")',
    "$x$ and $",
    "*bold* _italic_ = heading",
    "] #set page(fill: red) [",
    '#import "@preview/x:0.1.0"',
    "`raw` \\ // comment /* x */ <label> @ref",
    '#read("/etc/passwd")',
    "#include sys.inputs",
    '"); panic("stop',
)
QUESTION = "Explains what is wrong, what can be done about it and what will happen next"


def report(*quotes: str, **changes: Any) -> dict[str, Any]:
    """A short report with every kind of block."""
    head = [{"text": "Question", "numeric": False}, {"text": "Mean", "numeric": True}]
    chart = {
        "kind": "chart",
        "image": "a.svg",
        "alt": "Mean 4.4",
        "title": "Most said good",
        "sentence": "4.4 out of 5.",
    }
    rows = [[QUESTION, f"{n}.0"] for n in range(90)]
    table = {"kind": "table", "caption": "All questions", "head": head, "rows": rows, "first_is_header": True}
    summary = [{"kind": "text", "text": "One.\n\nTwo."}, {"kind": "note", "text": "Take care."}]
    return {
        "title": "Feedback for Dr Example",
        "subtitle": "March to May 2027",
        "language": "en",
        "reference": "R-0042",
        "version": "1",
        "facts": [["Practitioner", "Dr Example"]],
        "sections": [
            {
                "id": "s",
                "title": "Summary",
                "level": 1,
                "blocks": [*summary, {"kind": "list", "items": ["first", "last"]}],
            },
            {"id": "d", "title": "By question", "level": 2, "blocks": [chart, table]},
            {
                "id": "q",
                "title": "Own words",
                "level": 1,
                "blocks": [{"kind": "quotes", "title": "What", "quotes": quotes}],
            },
        ],
        **changes,
    }


def made(*quotes: str, **changes: Any) -> bytes:
    return compile_pdf(REPORT, report(*quotes, **changes), images={"a.svg": CHART})


def words_in(pdf: bytes) -> str:
    """All words of a PDF with single spaces between them, without the places where a long word may break."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().replace("\u200b", "") for page in pages).split())


def tags_in(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every element of the structure tree."""
    waiting = [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        yield element
        kids = element.get("/K", [])
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        waiting.extend(kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid)


def glyphs_in(pdf: pikepdf.Pdf) -> Iterator[tuple[str, int]]:
    """Each glyph that any page draws: the name of its font and its number in it."""
    for page in pdf.pages:
        font = ""
        fonts = {name: str(entry.BaseFont) for name, entry in page.resources.get("/Font", {}).items()}
        for step in pikepdf.parse_content_stream(page):
            if str(step.operator) == "Tf":
                font = fonts[str(step.operands[0])]
            elif str(step.operator) in ("Tj", "TJ"):
                yield from ((font, glyph) for glyph in _numbers(step.operands[0]))


def _numbers(shown: Any) -> Iterator[int]:
    for piece in shown if isinstance(shown, pikepdf.Array) else [shown]:
        if isinstance(piece, pikepdf.String):
            raw = bytes(piece)
            yield from (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))


def test_the_same_report_gives_the_same_bytes():
    assert made(*LANGUAGES) == made(*LANGUAGES)
    assert made("one") != made("two")


def test_a_report_is_a_tagged_pdf_with_title_language_and_bookmarks():
    with pikepdf.open(io.BytesIO(made("Kind."))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"] == "Feedback for Dr Example"
            assert "xmp:CreateDate" not in about
        with pdf.open_outline() as outline:
            assert [entry.title for entry in outline.root[-2:]] == ["Summary", "Own words"]
            assert [entry.title for entry in outline.root[-2].children] == ["By question"]


def test_headings_tables_and_pictures_are_told_to_those_who_listen():
    with pikepdf.open(io.BytesIO(made("Kind.", "كانت لطيفة"))) as pdf:
        tags = list(tags_in(pdf))
        kinds = [str(tag.get("/S", "")) for tag in tags]
        assert {"/H1", "/H2", "/L", "/LI", "/Table", "/THead", "/TBody", "/BlockQuote", "/TOC"} <= set(kinds)
        assert [str(tag.Alt) for tag in tags if tag.get("/S") == "/Figure"] == ["Mean 4.4"]
        heads = [tag for tag in tags if tag.get("/S") == "/TH"]
        assert len(heads) == 2
        assert all("/Column" in repr(head.A) for head in heads)
        assert "ar" in {str(tag.Lang) for tag in tags if "/Lang" in tag}


def test_every_page_tells_its_number_and_the_head_of_a_table_comes_again():
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made("Kind."))).pages]
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert "R-0042" in page
        assert "Version 1" in page
    for page in pages:
        assert ("Explains what" in page) <= ("Mean" in page)


def test_no_empty_box_is_drawn_in_place_of_a_letter():
    with pikepdf.open(io.BytesIO(made(*LANGUAGES))) as pdf:
        glyphs = list(glyphs_in(pdf))
    assert len(glyphs) > 1000
    assert all(number > 0 for _, number in glyphs)
    fonts = {font.split("+")[1] for font, _ in glyphs}
    scripts = {"Sans", "SansArabic", "SansDevanagari", "SansGurmukhi", "SansBengali", "SansGujarati", "Emoji"}
    assert {f"Noto{script}-Regular" for script in scripts} <= fonts


def test_welsh_letters_can_be_read_out_of_the_pdf():
    assert "Dŵr, tŷ, ŷd, ŵyn." in words_in(made(*LANGUAGES))


def test_letters_that_no_font_has_are_marked_wherever_they_stand():
    changes = {"title": "Feedback for 医生", "facts": [["Name", "ขอบคุณ"]]}
    words = words_in(made("Thank you 很好", **changes))
    assert "Feedback for [?×2]" in words
    assert "[?×5]" in words
    assert "Thank you [?×2]" in words


def test_every_letter_the_fonts_have_can_stand_in_a_report():
    everything = sorted(frozenset().union(*coverage()))
    assert made(" ".join(everything))
    assert made("".join(everything))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(alphabet=st.characters(), max_size=60), min_size=1, max_size=20))
def test_whatever_people_write_a_report_can_be_made(quotes: list[str]):
    assert made(*quotes)


def test_what_people_write_is_never_read_as_markup():
    changes = {
        "title": HOSTILE[0],
        "subtitle": HOSTILE[1],
        "facts": [[HOSTILE[2], HOSTILE[3]]],
        "sections": [
            {
                "id": "x",
                "title": HOSTILE[5],
                "level": 1,
                "blocks": [
                    {"kind": "text", "text": HOSTILE[6]},
                    {"kind": "note", "text": HOSTILE[7]},
                    {"kind": "list", "items": [HOSTILE[4]]},
                    {"kind": "chart", "image": "a.svg", "alt": HOSTILE[8], "title": HOSTILE[8], "sentence": HOSTILE[0]},
                    {
                        "kind": "table",
                        "caption": HOSTILE[2],
                        "head": [{"text": HOSTILE[1], "numeric": False}],
                        "rows": [[HOSTILE[3]]],
                        "first_is_header": True,
                    },
                    {"kind": "quotes", "title": HOSTILE[4], "quotes": HOSTILE},
                ],
            }
        ],
    }
    words = words_in(made(**changes))
    for hostile in HOSTILE:
        assert "".join(hostile.split()) in "".join(words.split())


def test_a_comment_without_a_space_wraps_within_the_page():
    for letter in ("W", "x", "ŵ", "."):
        text = "\n".join(
            page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made(letter * 8000))).pages
        ).replace("\u200b", "")
        assert text.count(letter) >= 8000
        lines = [line for line in text.splitlines() if letter * 10 in line]
        assert max(width_of(line, 10.0) for line in lines) <= 455


def test_a_comment_longer_than_a_page_goes_on_over_the_next():
    reader = pypdf.PdfReader(io.BytesIO(made("A long thought. " * 1000)))
    assert sum(page.extract_text().replace("\n", " ").count("thought") for page in reader.pages) == 1000


def test_a_section_of_the_second_level_may_come_first():
    first = deepcopy(report("Kind."))
    first["sections"] = first["sections"][1:]
    assert compile_pdf(REPORT, first, images={"a.svg": CHART})


def test_a_report_with_nothing_in_it_is_still_a_report():
    assert "Feedback for Dr Example" in words_in(made(sections=[], facts=[], subtitle=""))


def test_a_picture_without_words_in_its_place_is_refused():
    sections = report()["sections"]
    sections[1]["blocks"][0]["alt"] = ""
    with pytest.raises(PdfRefused, match="in place of its picture"):
        made(sections=sections)


def test_a_missing_picture_is_refused():
    with pytest.raises(PdfRefused, match="could not be made"):
        compile_pdf(REPORT, report(), images={})


def test_a_refusal_does_not_repeat_what_people_wrote(tmp_path: Path):
    template = tmp_path / "other.typ"
    template.write_text(
        '#set document(title: "x")\n#set text(font: "Noto Emoji", fallback: false)\n#json("data.json").words'
    )
    with pytest.raises(PdfRefused) as refused:
        compile_pdf(template, {"words": "secret"}, images={})
    assert "secret" not in refused.value.message
    assert refused.value.message.endswith("the text ….")


@pytest.mark.parametrize("name", ["../a.svg", "a/b.svg", "/a.svg", "data.json", "main.typ", "a.svg\n", ".svg", ""])
def test_only_plain_names_of_pictures_are_taken(name: str):
    with pytest.raises(PdfRefused, match="not a name for an image"):
        compile_pdf(REPORT, report(), images={name: CHART})


@pytest.mark.parametrize("path", ["/etc/hostname", "../beside.txt"])
def test_a_template_reads_nothing_but_its_own_files(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "beside.txt").write_text("beside")
    template = tmp_path / "other.typ"
    template.write_text(f'#set document(title: "x")\n#read("{path}")')
    with pytest.raises(PdfRefused):
        compile_pdf(template, {}, images={})


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made("Kind.")
    with pytest.raises(PdfRefused):
        compile_pdf(REPORT, report(), images={})
    assert list(tmp_path.iterdir()) == []


def test_the_sample_comments_are_all_in_letters_that_the_fonts_have():
    assert [uncovered(words) for words in LANGUAGES] == [0] * len(LANGUAGES)
