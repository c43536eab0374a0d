"""One store of cells in every format: the same figures, all of them, and nothing that can run or be run."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pypdf
import pytest

from msf.base.sheets import defused
from msf.instruments import find
from msf.reports.formats import files_of, report_pdf, standalone_page
from msf.reports.rules import Cell, Part, words
from msf.reports.rules.cells import PEERS
from msf.reports.rules.document import document_of
from msf.reports.rules.export import cells_csv
from msf.reports.rules.facts import Facts, Said
from msf.reports.rules.shapes import Document, Table
from tests.pages import Page
from tests.reports.samples import COLLEAGUES, COMMENTS, PATIENTS, facts, part, usual

SMALL = [part(COLLEAGUES, {"doctor": 6, "nurse": 5, "admin": 2}, seed=8)]


@pytest.fixture(scope="module")
def whole() -> tuple[list[Part], Facts, Document, dict[str, bytes]]:
    """A usual report in every format."""
    parts, told, document = usual()
    return parts, told, document, files_of(document, parts, told)


BESIDE = dict(zip(PEERS, ("Lower end", "Upper end", "Reports"), strict=True))
Key = tuple[str, str, str, str, str]


def cells_in(document: Document, parts: list[Part]) -> Counter[Key]:
    """Every figure of the full tables, as (who, block, what, statistic, text)."""
    found: Counter[Key] = Counter()
    sections = [section for section in document.sections if section.id.startswith("tables-")]
    for section in sections:
        for table in (block for block in section.blocks if isinstance(block, Table)):
            block = table.caption.partition(", with how many")[0].partition(": ")[2] or "all together"
            for row in table.rows:
                for head, value in zip(table.head[1:], row[1:], strict=True):
                    if value != words.NOTHING:
                        found[section.id, block, row[0], head.text, value] += 1
    return found


def cells_of(parts: list[Part]) -> Counter[Key]:
    """The same of the store of cells."""
    found: Counter[Key] = Counter()
    for each in parts:
        questionnaire = find(each.questionnaire)
        texts = {item.id: item.text["en"] for item in questionnaire.items}
        texts |= {domain.id: domain.title["en"] for domain in questionnaire.domains}
        own = {item.id: item.self_text["en"] for item in questionnaire.items}
        found.update(_beside(each, texts))
        for cell in _of_raters(each):
            block = words.inside(words.block_name(cell.block, questionnaire, "en"))
            number = f"{cell.value:.1f}" if cell.statistic in ("mean", "low", "high") else str(cell.value)
            if cell.family == "self":
                what = own.get(cell.id, texts.get(cell.id, ""))
                found[f"tables-self-{questionnaire.family}", "all together", what, "Self", number] += 1
                continue
            place = (f"tables-{cell.family}", block, texts[cell.id])
            head = {"mean": "Mean", "low": "Low", "high": "High"}.get(cell.statistic, cell.statistic[-1])
            bound = {"at least": " or higher", "at most": " or lower"}.get(cell.bound or "", "")
            found[*place, head, ("about " if cell.bound == "about" else "") + number + bound] += 1
            if cell.statistic == "mean":
                found[*place, "Answers", str(cell.n)] += 1
        for family, items in each.non_answers.items():
            for item, reasons in items.items():
                for head, count in zip(("Left blank", "Does not apply", "Cannot say"), reasons, strict=True):
                    found[f"tables-{family}", "all together", texts[item], head, str(count)] += 1
    return found


def _of_raters(part: Part) -> list[Cell]:
    return [cell for cell in part.cells if cell.statistic not in PEERS]


def _beside(part: Part, texts: dict[str, str]) -> Iterator[Key]:
    for cell in part.cells:
        if cell.statistic in PEERS:
            number = str(cell.value) if cell.statistic == PEERS[-1] else f"{cell.value:.1f}"
            place = (f"tables-{cell.family}", "middle half of comparable practitioners", texts[cell.id])
            yield *place, BESIDE[cell.statistic], number


@pytest.mark.parametrize("parts", [usual()[0], SMALL], ids=["usual", "small"])
def test_the_full_tables_hold_every_cell_once_and_no_other_figure(parts):
    document = document_of(parts, [find(COLLEAGUES), find(PATIENTS)], [], facts())
    assert cells_in(document, parts) == cells_of(parts)


def test_the_page_shows_the_tables_of_the_document(whole):
    _, _, document, _ = whole
    page = Page(standalone_page(document), url="report.html", status=200)
    shown = [[[cell.text for cell in row.all("th", "td")] for row in table.all("tr")] for table in page.all("table")]
    assert shown == [
        [[head.text for head in table.head], *map(list, table.rows)]
        for table in document.blocks()
        if isinstance(table, Table)
    ]


def test_every_row_of_every_table_stands_in_the_text_of_the_pdf(whole):
    _, _, document, files = whole
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files["pdf"])).pages)
    bare = "".join(text.split()).replace("-", "")
    for table in (block for block in document.blocks() if isinstance(block, Table)):
        for row in table.rows:
            assert "".join("".join(row).split()).replace("-", "") in bare, row


def test_json_gives_every_cell_back(whole):
    parts, _, _, files = whole
    plain = json.loads(files["json"])
    assert [Part.from_json(each) for each in plain["parts"]] == parts
    assert plain["practitioner"] == "Dr Example"


def test_csv_holds_every_cell_and_every_answer_that_is_no_rating(whole):
    parts, _, _, files = whole
    rows = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    values = [row for row in rows if row["statistic"] not in ("blank", "not_applicable", "cannot_say")]
    expected = [
        (cell.family, "all" if cell.block == "all" else " + ".join(cell.block), cell.id, cell.statistic,
         float(cell.value), str(cell.n), cell.bound or "")
        for each in parts for cell in each.cells
    ]  # fmt: skip
    assert expected == [
        (r["family"], r["block"], r["id"], r["statistic"], float(r["value"]), r["n"], r["bound"]) for r in values
    ]
    assert len(rows) - len(values) == 3 * sum(len(items) for each in parts for items in each.non_answers.values())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_whatever_a_spreadsheet_would_run_is_defused(text):
    assert defused(text) == f"'{text}"


def test_formulas_in_names_of_groups_do_not_reach_a_spreadsheet_alive():
    found = part(COLLEAGUES, {"doctor": 6})
    cells = tuple(replace(cell, id="=cmd()") for cell in found.cells)
    rows = list(csv.reader(io.StringIO(cells_csv([replace(found, cells=cells)]).decode("utf-8-sig"))))
    assert {row[4] for row in rows[1:] if row[5] == "mean"} == {"'=cmd()"}


def test_equal_reports_have_equal_bytes(whole):
    parts, told, _, files = whole
    again = document_of(parts, [find(COLLEAGUES), find(PATIENTS)], COMMENTS, told)
    assert files_of(again, parts, told) == files


def test_a_comment_is_text_in_every_format():
    nasty = '<script>alert(1)</script> {{ 7*7 }} #panic() \\ * _x_ "quoted" & Ünïcode 🎉 ਸਤ'
    document = document_of(SMALL, [find(COLLEAGUES)], [Said("colleagues", f"{COLLEAGUES}:does_well", nasty)], facts())
    page = Page(standalone_page(document), url="report.html", status=200)
    assert not page.all("script")
    assert nasty in [quote.text for quote in page.all("blockquote")]
    text = "".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(report_pdf(document))).pages)
    assert "<script>alert(1)</script> {{ 7*7 }} #panic()" in " ".join(text.split())


def test_the_file_needs_no_other_and_can_reach_none(whole):
    page = standalone_page(whole[2])
    parsed = Page(page, url="report.html", status=200)
    assert all(image.attrs["src"].startswith("data:image/svg+xml;base64,") for image in parsed.all("img"))
    assert not parsed.all("link", "script", "iframe")
    assert "default-src 'none'" in page
    known = [line for line in parsed.problems() if "<style>" not in line]
    assert not known
