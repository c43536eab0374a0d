"""Each practitioner's report holds the known means, in the right blocks, and says the same in every format."""

import csv
import io
import json
import random
from collections import Counter, defaultdict
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import lxml.html
import pypdf
import pytest

from tests.collate.answers import ITEMS, few, rater, run, tree

GROUPS = ("doctor", "nurse", "admin", "Volunteers")
ORDER = {group: place for place, group in enumerate((*GROUPS, "patient"))}
LABELS = {"listens": "Listens well", "explains": "Explains well", "answers": "Answers questions"}
OWN = {"listens": "I listen well", "explains": "I explain well", "answers": "I answer questions"}
BOUNDS = {"at least": "{} or higher", "at most": "{} or lower", "about": "about {}", None: "{}"}
Answers = dict[tuple[str, str, str], list[list[str]]]


def made(rows: int, practitioners: int) -> list[list[str]]:
    """Unsorted rows of every family, with groups of any size and every kind of answer."""
    chance = random.Random(7)
    lines = [rater(f"Dr {place:02}", "self", "", *chance.choices("2345", k=3)) for place in range(practitioners)]
    sizes = {place: chance.choices((8, 5, 3, 1), k=len(GROUPS)) for place in range(practitioners)}
    kinds = ("1", "2", "3", "4", "4", "5", "5", "5", "", "NA", "na ", "DK", " dk")
    while len(lines) < rows:
        place = chance.randrange(practitioners)
        group = chance.choices((*GROUPS, "patient"), (*sizes[place], 8))[0]
        family = "patients" if group == "patient" else "colleagues"
        lines.append(rater(f"Dr {place:02}", family, group, *chance.choices(kinds, k=3)))
    chance.shuffle(lines)
    return lines


@pytest.fixture(scope="module")
def lines() -> list[list[str]]:
    return made(3000, 50)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, lines: list[list[str]]) -> Path:
    """3,000 rows of 50 practitioners, collated."""
    folder = tmp_path_factory.mktemp("collated")
    result = run(folder, lines)
    assert (result.exit_code, result.stderr) == (0, "")
    return folder / "out"


def cells(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "cells.json").read_text("utf-8"))
    return found


def answers_of(lines: list[list[str]]) -> Answers:
    found: Answers = defaultdict(list)
    for name, family, group, *ratings, _ in lines:
        found[name, family, group].append([rating.strip().upper() for rating in ratings])
    return found


def blocks_by_hand(sizes: dict[str, int]) -> list[list[str]]:
    """The rule of pooling, told again in other words: merge upwards from the smallest until nothing small is left."""
    alone = sorted(sizes, key=lambda group: (sizes[group], ORDER[group]))
    pool = [group for group in alone if sizes[group] < 5]
    if sum(sizes.values()) < 5:
        return []
    while pool and sum(sizes[group] for group in pool) < 5:
        pool.append(next(group for group in alone if group not in pool))
    blocks = [[group] for group in alone if group not in pool] + ([pool] if pool else [])
    return sorted((sorted(block, key=ORDER.__getitem__) for block in blocks), key=lambda block: ORDER[block[0]])


def mean_by_hand(values: list[int]) -> tuple[float, str | None]:
    exact = Fraction(sum(values), len(values))
    if len(values) < 10 and exact > Fraction(9, 2):
        return 4.5, "at least"
    if len(values) < 10 and exact < Fraction(3, 2):
        return 1.5, "at most"
    return floor(exact * 10 + Fraction(1, 2)) / 10, None


def sizes_of(found: Answers, name: str, family: str) -> dict[str, int]:
    return {group: len(rows) for (who, side, group), rows in found.items() if (who, side) == (name, family)}


def test_the_rows_hold_every_shape_of_partition(lines: list[list[str]]) -> None:
    found = answers_of(lines)
    sizes = [sizes_of(found, name, "colleagues") for name in {name for name, _, _ in found}]
    shapes = {tuple(len(block) for block in blocks_by_hand(each)) for each in sizes}
    assert {(1, 1, 1, 1), (1, 1, 2)} < shapes
    assert any(people < 5 for each in sizes for people in each.values())


def test_every_practitioner_has_the_blocks_and_means_worked_out_by_hand(out: Path, lines: list[list[str]]) -> None:
    found = answers_of(lines)
    checked = Counter[str]()
    for name in sorted({name for name, _, _ in found}):
        data = cells(out / name)
        assert (data["practitioner"], data["questionnaire"]) == (name, "small/1")
        for family in ("colleagues", "patients"):
            sizes = sizes_of(found, name, family)
            blocks = blocks_by_hand(sizes)
            assert data["families"][family] == {"n": sum(sizes.values()), "blocks": blocks, "withheld": False}
            for place, item in enumerate(ITEMS):
                answers = [[row[place] for group in block for row in found[name, family, group]] for block in blocks]
                expected = means_by_hand(blocks, answers)
                assert means_of(data, family, item) == expected, (name, family, item)
                checked[family] += len(expected)
    assert checked["colleagues"] > 300 and checked["patients"] > 140


def means_by_hand(blocks: list[list[str]], answers: list[list[str]]) -> dict[str, Any]:
    """Mean, bound and n of everybody and of each block, where they may be shown."""
    per_block = [[int(answer) for answer in given if answer.isdigit()] for given in answers]
    together = [value for values in per_block for value in values]
    shown = {"all": together} if len(together) >= 5 else {}
    if len(blocks) > 1 and all(not values or len(values) >= 5 for values in per_block):
        shown |= {str(block): values for block, values in zip(blocks, per_block, strict=True) if values}
    return {block: (*mean_by_hand(values), len(values)) for block, values in shown.items()}


def means_of(data: dict[str, Any], family: str, item: str) -> dict[str, Any]:
    """The same from the cells."""
    about = (family, "item", item, "mean")
    found = [c for c in data["cells"] if (c["family"], c["scope"], c["id"], c["statistic"]) == about]
    return {str(c["block"]): (c["value"], c.get("bound"), c["n"]) for c in found}


def test_own_answers_stand_in_the_cells_as_they_were_given(out: Path, lines: list[list[str]]) -> None:
    for name, family, _, *ratings, _ in lines:
        if family == "self":
            own = {c["id"]: c["value"] for c in cells(out / name)["cells"] if c["statistic"] == "value"}
            assert own == dict(zip(ITEMS, map(int, ratings), strict=True))


def expected_rows(data: dict[str, Any]) -> Counter[tuple[str, ...]]:
    """The rows of the full tables, told from the cells alone."""
    figures: dict[tuple[str, str, str, str], dict[str, Any]] = defaultdict(dict)
    for cell in data["cells"]:
        figures[cell["family"], str(cell["block"]), cell["scope"], cell["id"]][cell["statistic"]] = cell
    rows = Counter(_row(family, scope, id, found) for (family, _, scope, id), found in figures.items())
    for items in data["non_answers"].values():
        rows.update((LABELS[id], *map(str, reasons.values())) for id, reasons in items.items())
    return rows


def _row(family: str, scope: str, id: str, found: dict[str, Any]) -> tuple[str, ...]:
    values = {statistic: cell["value"] for statistic, cell in found.items()}
    if family == "self":
        return (OWN[id], str(values["value"])) if scope == "item" else ("Talking", f"{values['mean']:.1f}")
    mean = BOUNDS[found["mean"].get("bound")].format(f"{values['mean']:.1f}")
    counts = (str(values[f"count_{value}"]) for value in range(1, 6) if f"count_{value}" in values)
    label = LABELS[id] if scope == "item" else "Talking"
    return (label, mean, f"{values['low']:.1f}", f"{values['high']:.1f}", str(found["mean"]["n"]), *counts)


def full_tables(page: lxml.html.HtmlElement) -> Counter[tuple[str, ...]]:
    start = page.get_element_by_id("tables")
    rows = start.xpath("following::table//tbody/tr")
    texts = (tuple(cell.text_content() for cell in row if cell.text_content() != "–") for row in rows)
    return Counter(texts)


@pytest.mark.parametrize("name", ["Dr 00", "Dr 01", "Dr 17", "Dr 49"])
def test_the_page_shows_every_cell_of_the_data_and_no_other(out: Path, name: str) -> None:
    page = lxml.html.fromstring((out / name / "report.html").read_text("utf-8"))
    assert full_tables(page) == expected_rows(cells(out / name))
    data = cells(out / name)
    numbers = {text for row in expected_rows(data) for text in row}
    numbers |= {str(family["n"]) for family in data["families"].values()}
    for figure in page.xpath("//td[@class='report-number']"):
        text = figure.text_content()
        parts = text.replace(" to ", " (").rstrip(")").split(" (")
        assert text in ("not shown", "–") or set(parts) <= numbers, text


def test_the_csv_holds_the_same_cells_as_the_json(out: Path) -> None:
    for name in ("Dr 00", "Dr 17"):
        data = cells(out / name)
        rows = list(csv.DictReader(io.StringIO((out / name / "cells.csv").read_text("utf-8-sig"))))
        assert [tuple(row.values())[1:] for row in rows[: len(data["cells"])]] == [
            (c["family"], c["block"] if c["block"] == "all" else " + ".join(c["block"]), *written(c))
            for c in data["cells"]
        ]
        more = [(row["family"], row["id"], row["statistic"], int(row["value"])) for row in rows[len(data["cells"]) :]]
        reasons = data["non_answers"].items()
        assert more == [(f, i, r, n) for f, items in reasons for i, found in items.items() for r, n in found.items()]


def written(cell: dict[str, Any]) -> tuple[str, ...]:
    wanted = ("scope", "id", "statistic", "value", "n")
    return (*(str(cell[key]) for key in wanted), cell.get("bound", ""))


def test_every_cell_has_the_documented_keys_and_no_other(out: Path) -> None:
    data = cells(out / "Dr 00")
    assert list(data) == ["practitioner", "questionnaire", "families", "cells", "non_answers"]
    keys = {"family", "block", "scope", "id", "statistic", "value", "n"}
    assert all(set(cell) in (keys, keys | {"bound"}) for cell in data["cells"])


def test_pages_need_nothing_from_outside(out: Path) -> None:
    page = lxml.html.fromstring((out / "Dr 00/report.html").read_text("utf-8"))
    assert all(source.startswith("data:image/svg+xml;base64,") for source in page.xpath("//img/@src"))
    assert not page.xpath("//script | //link | //*[starts-with(@href, 'http')]")
    assert page.xpath("//style")[0].text


def test_the_order_of_rows_and_columns_and_the_delimiter_change_nothing(tmp_path: Path) -> None:
    lines = made(70, 2)
    assert run(tmp_path, lines).exit_code == 0
    turned = [[*row[::-1]] for row in sorted(lines)]
    head = ("well", *ITEMS[::-1], "group", "family", "practitioner")
    text = "\ufeff" + "\r\n".join(";".join(row) for row in [head, *turned]) + "\r\n\r\n"
    (tmp_path / "turned.csv").write_bytes(text.encode())
    assert run(tmp_path, tmp_path / "turned.csv", out="turned").exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "turned")
    (tmp_path / "tabs.csv").write_bytes(text.replace(";", "\t").replace("Dr 00", '"Dr 00"').encode())
    assert run(tmp_path, tmp_path / "tabs.csv", "--delimiter", "tab", out="tabs").exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "tabs")


def test_the_pdf_says_what_the_cells_say(tmp_path: Path) -> None:
    lines = made(140, 2)
    assert run(tmp_path, lines).exit_code == 0
    assert run(tmp_path, lines, out="pdf", pdf=True).exit_code == 0
    for name in ("Dr 00", "Dr 01"):
        folder = tmp_path / "pdf" / name
        assert (folder / "cells.json").read_bytes() == (tmp_path / "out" / name / "cells.json").read_bytes()
        reader = pypdf.PdfReader(folder / "report.pdf")
        text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
        for row in expected_rows(cells(folder)):
            assert " ".join(row) in text, row


def test_few_and_none_look_alike_and_the_report_says_what_is_withheld(tmp_path: Path) -> None:
    lines = [*few("Dr A", 4), rater("Dr B", "self", "", 4), *[rater("Dr C", "patients", "p")] * 2]
    assert run(tmp_path, lines).exit_code == 0
    for name in ("Dr A", "Dr B", "Dr C"):
        families = cells(tmp_path / "out" / name)["families"]
        withheld = {"n": None, "blocks": [], "withheld": True}
        assert (families["colleagues"], families["patients"]) == (withheld, withheld)
        page = (tmp_path / "out" / name / "report.html").read_text("utf-8")
        assert "Fewer than five colleagues answered" in page
        assert "Fewer than five patients answered" in page


def test_pooled_groups_are_named_in_the_report(tmp_path: Path) -> None:
    lines = [rater("Dr A", "colleagues", group, 4) for group in ["nurse"] * 6 + ["doctor"] * 3 + ["<b>Helpers</b>"] * 2]
    assert run(tmp_path, lines).exit_code == 0
    assert cells(tmp_path / "out/Dr A")["families"]["colleagues"]["blocks"] == [["doctor", "<b>Helpers</b>"], ["nurse"]]
    page = (tmp_path / "out/Dr A/report.html").read_text("utf-8")
    assert "doctors and &lt;b&gt;Helpers&lt;/b&gt; together; nurses" in page
    assert "<b>" not in page


def test_comments_are_left_out_and_the_report_says_so(tmp_path: Path) -> None:
    assert run(tmp_path, few("Dr A", 6, well="A word of mine")).exit_code == 0
    page = (tmp_path / "out/Dr A/report.html").read_text("utf-8")
    assert "A word of mine" not in page
    assert "left out, because no moderator has read it" in page


def test_comments_are_printed_on_request_for_families_that_are_shown(tmp_path: Path) -> None:
    words = [f"Remark {place} <script>alert(1)</script>" for place in range(6)]
    lines = [rater("Dr A", "colleagues", "nurse", 4, well=text) for text in words]
    lines += [rater("Dr A", "patients", "p", 4, well="Too few to tell")] * 4
    lines += [rater("Dr A", "self", "", 4, well="My own view")]
    assert run(tmp_path, lines, "--comments").exit_code == 0
    assert run(tmp_path, lines[::-1], "--comments", out="again").exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "again")
    page = lxml.html.fromstring((tmp_path / "out/Dr A/report.html").read_text("utf-8"))
    quotes = [quote.text_content() for quote in page.xpath("//blockquote")]
    assert sorted(quotes) == sorted([*words, "My own view"])
    assert quotes[:6] != words
    assert not page.xpath("//script")
    assert "No moderator has read them" in page.text_content()


def test_the_summary_counts_rows_and_reports(tmp_path: Path) -> None:
    assert run(tmp_path, [*few("Dr A", 2), *few("../x")]).exit_code == 1
    assert json.loads((tmp_path / "out/summary.json").read_text("utf-8")) == {
        "questionnaire": "small/1",
        "least": 5,
        "rows": 3,
        "refused": 1,
        "practitioners": 1,
        "reports": 1,
    }
