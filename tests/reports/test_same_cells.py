"""One set of figures in every format: what page, PDF, JSON, CSV or a chart shows, all show, as exact and no more."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pikepdf
import pypdf
import pytest

from msf.instruments import CANNOT_SAY, find
from msf.reports.formats import report_pdf, standalone_page
from msf.reports.rules import ALL, Cell, NonAnswers, Part, part_of, pool, tally, words
from msf.reports.rules.benchmarks import beside
from msf.reports.rules.benchmarks import told as told_of
from msf.reports.rules.document import document_of
from msf.reports.rules.drawing import drawn
from msf.reports.rules.export import cells_csv, cells_json
from msf.reports.rules.shapes import Chart, Document, Table
from msf.scoring.disclosure import partition
from tests.charts.test_charts import texts_of
from tests.pages import Page
from tests.reports.samples import COLLEAGUES, COMMENTS, PATIENTS, comparable, facts, ratings
from tests.reports.test_formats import cells_in, cells_of

DECIMAL = re.compile(r"\d+\.\d+")
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def built(name: str, groups: dict[str, int], *, lost: float = 0.0, level: float = 4.2, ends: bool = False) -> Part:
    """A part of so many people of each group, who left so much out; `ends` has items at both ends of the scale."""
    asked = find(name)
    order = [group.id for group in asked.groups]
    people = [groups.get(group, 0) for group in order]
    random = np.random.default_rng(sum(people))
    given = ratings(asked, sum(people), seed=7, level=level)
    given[random.random(given.shape) < lost] = CANNOT_SAY
    if ends:
        given[:, ::2], given[:, 1::2] = asked.scale.highest, asked.scale.lowest
    index = np.repeat(np.arange(len(order)), people)
    found = tally(asked.family, given, index, [(group,) for group in order], asked.scale.size)
    own = ratings(asked, 1, seed=3)[0] if asked.family == "colleagues" else None
    present = {group: n for group, n in found.answered.items() if n or groups.get(group) == 0}
    return part_of(asked, [pool(found, partition(present, asked=True))], own, least=5)


PEERS_SET = comparable(21)
ROUNDS = {
    "blanks and a withheld family": [
        built(COLLEAGUES, {"doctor": 7, "nurse": 6, "admin": 2, "allied": 0}, lost=0.2),
        built(PATIENTS, {"patient": 3}),
    ],
    "small groups at both ends of the scale, and distributions": [
        built(COLLEAGUES, {"doctor": 4, "nurse": 2, "admin": 1}, ends=True),
        built(PATIENTS, {"patient": 34}),
    ],
    "comparable practitioners beside what colleagues said": [
        beside(built(COLLEAGUES, {"doctor": 12}), PEERS_SET),
        built(PATIENTS, {"patient": 34}),
    ],
}
COMPARED = {
    "comparable practitioners beside what colleagues said": {"colleagues": told_of(PEERS_SET), "patients": None}
}


@dataclass(frozen=True)
class Shown:
    """One round in every format."""

    parts: list[Part]
    document: Document
    page: Page
    pdf: bytes
    text: str
    json: bytes
    csv: bytes


@pytest.fixture(scope="module", params=ROUNDS)
def shown(request: pytest.FixtureRequest) -> Shown:
    """Each round in turn; laid out once."""
    parts, told = ROUNDS[request.param], facts(peers=COMPARED.get(request.param, {}))
    withheld = {name for part in parts for name, family in part.families.items() if family.withheld}
    said = [each for each in COMMENTS if each.family not in withheld]
    document = document_of(parts, [find(COLLEAGUES), find(PATIENTS)], said, told)
    page = Page(standalone_page(document), url="report.html", status=200)
    files = cells_json(parts, practitioner=told.practitioner, reference=told.reference), cells_csv(parts)
    pdf = report_pdf(document)
    text = "\n".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return Shown(parts, document, page, pdf, text, *files)


def from_csv(content: bytes) -> list[Part]:
    """The parts that a CSV tells of, with as much as it tells."""
    cells: dict[str, list[Cell]] = {}
    counts: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
        name, family, block = row["questionnaire"], row["family"], tuple(row["block"].split(" + "))
        own = cells.setdefault(name, [])
        if row["statistic"] in NonAnswers._fields:
            counts.setdefault((name, family, row["id"]), {})[row["statistic"]] = int(row["value"])
            continue
        value = float(row["value"]) if "." in row["value"] else int(row["value"])
        about = (row["scope"], row["id"], row["statistic"], value, int(row["n"]), row["bound"] or None)
        own.append(Cell(family, ALL if block == (ALL,) else block, *about))  # type: ignore[arg-type]
    found = []
    for name, own in cells.items():
        unrated: dict[str, dict[str, NonAnswers]] = {}
        for (of, family, item), reasons in counts.items():
            if of == name:
                unrated.setdefault(family, {})[item] = NonAnswers(**reasons)
        found.append(Part(name, {}, tuple(own), unrated))
    return found


def numbers(texts: Iterator[str] | list[str], pattern: re.Pattern[str] = DECIMAL) -> set[str]:
    """Every number in some texts."""
    return {number for text in texts for number in pattern.findall(text)}


def spoken(document: Document) -> Iterator[str]:
    """Every word of the document besides what is drawn and what people wrote."""
    yield from (document.title, document.subtitle, *(text for line in document.facts for text in line))
    for block in document.blocks():
        plain = {key: value for key, value in vars_of(block).items() if key not in ("drawing", "quotes")}
        yield json.dumps(plain, default=str, ensure_ascii=False)


def vars_of(block: Any) -> dict[str, Any]:
    """The fields of a block."""
    return {name: getattr(block, name) for name in block.__slots__}


def test_json_csv_and_the_tables_of_page_and_pdf_hold_the_same_cells(shown: Shown):
    kept = cells_of(shown.parts)
    assert cells_of([Part.from_json(each) for each in json.loads(shown.json)["parts"]]) == kept
    assert cells_of(from_csv(shown.csv)) == kept
    assert cells_in(shown.document, shown.parts) == kept
    on_page = [
        [[cell.text for cell in row.all("th", "td")] for row in table.all("tr")] for table in shown.page.all("table")
    ]
    tables = [block for block in shown.document.blocks() if isinstance(block, Table)]
    assert on_page == [[[head.text for head in table.head], *map(list, table.rows)] for table in tables]
    bare = "".join(shown.text.split()).replace("-", "")
    for row in {row for table in tables for row in table.rows}:
        assert "".join("".join(row).split()).replace("-", "") in bare, row


def test_no_format_is_more_exact_or_says_a_figure_that_the_others_hide(shown: Shown):
    allowed = numbers([f"{cell.value:.1f}" for part in shown.parts for cell in part.cells])
    fixed = {"4.5", "1.5"}  # where means are coded, said in how to read the report
    said = numbers(spoken(shown.document))
    assert said <= allowed | fixed
    attributes = [
        value for each in shown.page.all() for name, value in each.attrs.items() if name not in ("src", "content")
    ]
    assert numbers(attributes) <= allowed
    assert numbers([shown.text]) == said
    everything = json.loads(shown.json, parse_float=str)
    written = {
        cell["value"] for part in everything["parts"] for cell in part["cells"] if isinstance(cell["value"], str)
    }
    assert written <= allowed and numbers([shown.csv.decode()]) <= allowed


def test_a_chart_says_what_the_table_beside_it_says(shown: Shown):
    blocks = list(shown.document.blocks())
    charts = [(block, blocks[place + 1]) for place, block in enumerate(blocks) if isinstance(block, Chart)]
    for chart, table in charts:
        assert isinstance(table, Table)
        lines = texts_of(drawn(chart.drawing))
        points = {str(point) for point in range(1, chart.drawing.scale.size + 1)}
        unrated = {str(row.unrated) for row in chart.drawing.rows if getattr(row, "unrated", None)}
        told = numbers([text for row in table.rows for text in row], NUMBER)
        told |= {str(sum(row.counts)) for row in chart.drawing.rows if hasattr(row, "counts")}
        told |= {f"{number}.0" for number in told if number.isdigit()}  # a chart writes own answers with a decimal
        assert numbers(lines, NUMBER) <= told | points | unrated | {"95"}  # the key says what the lines are
        means = {row[1] for row in table.rows if [head.text for head in table.head][1] == "Mean"} - {words.NOT_SHOWN}
        assert means <= set(lines)
        assert numbers([chart.title, chart.sentence, chart.alt]) <= numbers(
            [text for row in table.rows for text in row]
        )
        assert [row.label for row in chart.drawing.rows] == [row[0] for row in table.rows if row[0] in
                                                             {each.label for each in chart.drawing.rows}]  # fmt: skip
    drawn_ids = {name for chart, _ in charts for name in re.findall(r'id="([^"]+)"', drawn(chart.drawing).decode())}
    assert all(re.fullmatch(r"Noto\w+-(Regular|Bold)-[0-9a-f]+", name) for name in drawn_ids)
    assert not any(re.search(r"<(title|desc|metadata)", drawn(chart.drawing).decode()) for chart, _ in charts)


def test_nothing_is_hidden_in_names_keys_and_metadata(shown: Shown):
    with pikepdf.open(io.BytesIO(shown.pdf)) as pdf:
        alts = Counter(
            str(each["/Alt"]) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each
        )
        assert set(pdf.docinfo.keys()) <= {"/Title", "/Subject", "/Creator", "/Producer"}
        assert not pdf.attachments
        told = " ".join(str(value) for value in pdf.docinfo.values())
    assert set(alts) <= {chart.alt for chart in shown.document.charts()} and alts
    assert not DECIMAL.search(told.replace("Typst 0.15.1", ""))
    images = {each.attrs["alt"] for each in shown.page.all("img")}
    assert images == {chart.alt for chart in shown.document.charts()}
    ids = {each.attrs["id"] for each in shown.page.all() if "id" in each.attrs}
    assert ids == {section.id for section in shown.document.sections} | {"contents"}
    groups = {group.id for part in shown.parts for group in find(part.questionnaire).groups} - {"patient"}
    assert not any(group in name.split("-") for name in ids for group in groups)
    items = {item for part in shown.parts for item in find(part.questionnaire).item_ids}
    families = {"self", "colleagues", "patients"}
    fields = {"practitioner", "reference", "parts", "questionnaire", "families", "cells", "non_answers", "n", "blocks",
              "withheld", "family", "block", "scope", "id", "statistic", "value", "bound"}  # fmt: skip
    assert keys_of(json.loads(shown.json)) <= fields | families | items | set(NonAnswers._fields)


def test_groups_that_are_not_shown_apart_are_named_in_no_format(shown: Shown):
    for part in shown.parts:
        asked = find(part.questionnaire)
        for name, family in (found for found in part.families.items() if found[0] != "self"):
            blocks = {cell.block for cell in part.cells if cell.family == name} - {ALL}
            assert blocks <= set(family.blocks) and (len(family.blocks) > 1 or not blocks)
            assert not (family.withheld and (family.blocks or family.n or part.non_answers.get(name)))
            every = {group.id for group in asked.groups if len(asked.groups) > 1}
            alone = every - {block[0] for block in blocks if len(block) == 1}
            for label in (words.block_name((group,), asked, "en") for group in alone):
                captions = [each.caption for each in shown.document.blocks() if isinstance(each, Table)]
                assert not any(caption.endswith(f": {words.inside(label)}") for caption in captions)
                assert f": {words.inside(label)}\n" not in shown.text


def keys_of(plain: Any) -> set[str]:
    """Every key anywhere in JSON."""
    if isinstance(plain, dict):
        return {*plain, *(key for value in plain.values() for key in keys_of(value))}
    return {key for value in plain for key in keys_of(value)} if isinstance(plain, list) else set()
