"""The statistics of a file are those of plain counting and of other programs, and are safe to hand on unless asked."""

import csv
import json
import random
import re
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import lxml.html
import numpy as np
import pandas as pd
import pingouin
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.cli.analyse import analyse
from msf.collate.analysis import sums
from msf.scoring.disclosure import item_mask, partition
from msf.scoring.programme import figures_of, packed
from tests.collate.answers import HEAD, ITEMS, SURVEY, Line, few, problems, rater, survey, tree, write
from tests.scoring.programmes import realistic as numbers

DOCS = Path(__file__).parents[2] / "docs" / "analyse.md"


def run(folder: Path, answers: Path | Sequence[Line], *options: str, out: str = "out") -> Result:
    """`msf analyse` on a file or on rows, into `folder`/`out`; without charts, unless they are asked for."""
    if not isinstance(answers, Path):
        answers = write(folder / "answers.csv", answers)
    charts = [] if "--charts" in options else ["--no-charts"]
    asked = [str(answers), "--survey", str(survey(folder)), "--out", str(folder / out), *options, *charts]
    return CliRunner().invoke(analyse, [each for each in asked if each != "--charts"], catch_exceptions=False)


def read(folder: Path, out: str = "out") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / out / "analysis.json").read_text("utf-8"))
    return found


def figures(folder: Path, family: str = "colleagues", out: str = "out") -> dict[tuple[str, str], dict[str, Any]]:
    """By id and name."""
    listed = read(folder, out)["families"][family]["figures"]
    return {(each["id"], each["name"]): each for each in listed}


def same(practitioners: int, raters: int, *ratings: object, family: str = "colleagues") -> list[list[str]]:
    """So many practitioners with so many raters each, who all say the same."""
    return [rater(f"Dr {who:02}", family, "nurse", *ratings) for who in range(practitioners) for _ in range(raters)]


@cache
def realistic(seed: int = 2, practitioners: int = 24) -> list[list[str]]:
    """Practitioners who differ, raters who differ more, a few answers missing, own answers, in random order."""
    rng = np.random.default_rng(seed)
    lines = []
    for who in range(practitioners):
        better = rng.normal(0, 0.4)
        for _ in range(rng.integers(6, 12)):
            given = np.clip(np.rint(4 + better + rng.normal(0, 0.5) + rng.normal(0, 0.6, 3)), 1, 5).astype(int)
            cells = [str(v) if rng.random() > 0.05 else rng.choice(["", "NA", "DK"]) for v in given]
            lines.append(rater(f"Dr {who:02}", "colleagues", rng.choice(["doctor", "nurse"]), *cells))
        own = np.clip(np.rint(3.8 + better + rng.normal(0, 0.5, 3)), 1, 5).astype(int)
        lines.append(rater(f"Dr {who:02}", "self", "", *own))
    rng.shuffle(lines)
    return lines


def test_a_small_file_has_the_figures_that_can_be_counted_on_fingers(tmp_path: Path) -> None:
    lines = same(6, 4, 4, 5, "NA") + same(6, 1, 2, 5, "")
    assert run(tmp_path, lines).exit_code == 0
    found = figures(tmp_path)
    assert found["all", "practitioners"]["value"] == 6
    assert found["all", "raters"]["value"] == 30
    assert (found["listens", "mean"]["value"], found["listens", "mean"]["n"]) == (3.6, 30)
    assert (found["explains", "share_top"]["value"], found["listens", "share_top"]["value"]) == (1, 0)
    assert found["listens", "share_below_satisfactory"]["value"] == 0.2
    # Nobody's report shows the third item, which nobody rated.
    assert not [name for id, name in found if id == "answers"]
    assert read(tmp_path)["families"]["colleagues"]["left_out"] == {"items": ["answers"], "domains": ["talk"]}


def test_figures_are_those_of_pandas_and_pingouin(tmp_path: Path) -> None:
    assert run(tmp_path, realistic()).exit_code == 0
    found = figures(tmp_path)
    table = pd.DataFrame(realistic(), columns=[*HEAD])
    rows, own = table[table.family == "colleagues"], table[table.family == "self"].set_index("practitioner")
    answers = rows[[*ITEMS]].apply(pd.to_numeric, errors="coerce")
    assert ((answers.groupby(rows.practitioner).count() >= 5).all()).all()  # so every report shows every item
    for item in ITEMS:
        assert found[item, "mean"]["value"] == pytest.approx(answers[item].mean(), rel=1e-9)
        assert found[item, "share_cannot_say"]["value"] == pytest.approx((rows[item] == "DK").mean(), rel=1e-9)
    alpha = pingouin.cronbach_alpha(answers, nan_policy="pairwise")[0]
    assert found["talk", "alpha"]["value"] == pytest.approx(alpha, rel=1e-9)
    score = answers.mean(axis=1).where(answers.notna().sum(axis=1) >= 2)
    groups = score.groupby(rows.practitioner)
    n, a = groups.count(), groups.ngroups
    inside = ((score - groups.transform("mean")) ** 2).sum() / (n.sum() - a)
    across = (n * (groups.mean() - score.mean()) ** 2).sum() / (a - 1)
    n0 = (n.sum() - (n**2).sum() / n.sum()) / (a - 1)
    assert found["talk", "variance_raters_anova"]["value"] == pytest.approx(inside, rel=1e-9)
    assert found["talk", "variance_practitioners_anova"]["value"] == pytest.approx((across - inside) / n0, rel=1e-8)
    gap = own[[*ITEMS]].astype(int).mean(axis=1) - groups.mean()
    assert found["talk", "own_less_others"]["value"] == pytest.approx(gap.mean(), rel=1e-8)
    assert found["talk", "own_less_others"]["n"] == 24
    assert "indicative" in found["talk", "reliability"]["remark"]


def test_colleagues_and_patients_stay_apart_and_share_the_own_answers(tmp_path: Path) -> None:
    own = [rater(f"Dr {who:02}", "self", "", 2 + who % 3) for who in range(7)]
    lines = same(7, 5, 4) + same(7, 6, 5, family="patients") + own
    assert run(tmp_path, lines).exit_code == 0
    assert list(read(tmp_path)["families"]) == ["colleagues", "patients"]
    for family, mean, raters in (("colleagues", 4, 35), ("patients", 5, 42)):
        found = figures(tmp_path, family)
        assert (found["listens", "mean"]["value"], found["all", "raters"]["value"]) == (mean, raters)
        assert found["talk", "own_less_others"]["value"] == pytest.approx(np.mean([2 + w % 3 for w in range(7)]) - mean)


def test_answers_that_a_practitioners_own_report_does_not_show_are_in_no_figure(tmp_path: Path) -> None:
    hidden = [rater("Dr Few", "colleagues", "nurse", 1, 5, 5)] * 4 + [rater("Dr Few", "colleagues", "nurse", "", 5, 5)]
    assert run(tmp_path, same(6, 5, 4, 5, 5) + hidden).exit_code == 0
    found = figures(tmp_path)
    assert (found["listens", "mean"]["value"], found["listens", "mean"]["n"]) == (4, 30)
    assert found["explains", "mean"]["n"] == 35
    assert found["listens", "share_blank"]["value"] == 0
    assert run(tmp_path, same(6, 5, 4, 5, 5) + hidden, "--least", "4", out="four").exit_code == 0
    assert figures(tmp_path, out="four")["listens", "mean"]["n"] == 34


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=30))
def test_the_items_shown_are_those_of_the_pooled_groups_of_a_report(raters: list[tuple[int, int]]) -> None:
    """However many of each group gave an answer: what is shown for the family is what the pooled blocks make it."""
    answered = np.zeros(4, np.int64)
    for group, rating in raters:
        answered[group] += rating > 1
    people = {str(group): sum(g == group for g, _ in raters) for group in range(4)}
    blocks = partition({group: count for group, count in people.items() if count}, least=5)
    pooled = np.array([[answered[[int(group) for group in block]].sum()] for block in blocks], np.int64)
    wanted = bool(blocks) and bool(item_mask(pooled, least=5).family[0])
    assert sums.shown_items(np.array([[answered.sum()]]), least=5).tolist() == [[wanted]]


def test_of_five_practitioners_nothing_is_shown_unless_everything_is_asked_for(tmp_path: Path) -> None:
    lines = same(5, 8, 4)
    result = run(tmp_path, lines)
    assert result.exit_code == 0
    assert "nothing is shown, since fewer than six practitioners" in result.stdout
    found = read(tmp_path)
    assert found["released"] is True
    assert found["families"]["colleagues"] == {
        "withheld": True,
        "practitioners": None,
        "raters": None,
        "left_out": {"items": [*ITEMS], "domains": ["talk"]},
        "figures": [],
    }
    assert len((tmp_path / "out/figures.csv").read_text("utf-8-sig").splitlines()) == 1
    assert "Nothing is shown of them" in (tmp_path / "out/analysis.html").read_text("utf-8")
    result = run(tmp_path, lines, "--everything", out="all")
    assert "keep them as confidential as the answers" in result.stdout
    assert read(tmp_path, "all")["released"] is False
    assert figures(tmp_path, out="all")["listens", "mean"]["value"] == 4
    assert "Treat this page as the file of answers itself" in (tmp_path / "all/analysis.html").read_text("utf-8")


def test_an_item_that_one_practitioner_dominates_is_left_out_unless_everything_is_asked_for(tmp_path: Path) -> None:
    lines = same(6, 5, 4) + [rater("Dr Loud", "colleagues", "nurse", 2)] * 60
    run(tmp_path, lines)
    assert read(tmp_path)["families"]["colleagues"]["left_out"]["items"] == [*ITEMS]
    assert {name for _, name in figures(tmp_path)} == {"practitioners", "raters"}
    run(tmp_path, lines, "--everything", out="all")
    assert figures(tmp_path, out="all")["listens", "mean"]["n"] == 90


def test_the_order_of_rows_and_columns_changes_no_byte(tmp_path: Path) -> None:
    lines = [*realistic(), *(rater(f"Dr {who:02}", "patients", "p", 3 + who % 3, 4, "DK") for who in range(9))]
    assert run(tmp_path, lines, "--charts").exit_code == 0
    mixed = random.Random(3).sample(lines, len(lines))
    at = [3, 6, 1, 5, 0, 4, 2]
    other = write(
        tmp_path / "other.csv", [[line[i] for i in at] for line in mixed], [HEAD[i] for i in at], delimiter=";"
    )
    assert run(tmp_path, other, "--charts", out="again").exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "again")
    assert {"analysis.json", "figures.csv", "analysis.html", "problems.csv", "charts/colleagues-people.svg"} <= tree(
        tmp_path / "out"
    ).keys()


@settings(deadline=None, max_examples=20, derandomize=True)
@given(st.integers(0, 2**32))
def test_the_order_of_a_practitioners_raters_changes_no_bit_of_the_sums(seed: int) -> None:
    answers = numbers(practitioners=1)
    raters = [row.tobytes() for row in answers.ratings]

    def added_up(rows: list[bytes]) -> str:
        family = sums.Family(answers.shape, least=5)
        family.add(rows, None)
        return json.dumps(packed(family.sums))

    assert added_up(random.Random(seed).sample(raters, len(raters))) == added_up(raters)


def test_the_size_of_a_batch_changes_nothing_that_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, realistic())
    monkeypatch.setattr(sums, "BATCH", 7)
    run(tmp_path, realistic(), out="small")
    one, two = figures(tmp_path), figures(tmp_path, out="small")
    assert one.keys() == two.keys()
    for place, figure in one.items():
        near = [part for part in ("value", "low", "high") if figure[part] is not None]
        expected = {part: pytest.approx(figure[part], rel=1e-8, abs=1e-12) for part in near}
        assert two[place] == {**figure, **expected}


def test_the_table_holds_the_same_cells_and_nothing_a_spreadsheet_would_run(tmp_path: Path) -> None:
    formula = survey(tmp_path)
    formula.write_text(SURVEY.replace("Listens well", "=1+1 well").replace('"Talking"', '"+Talking"'), "utf-8")
    answers = write(tmp_path / "answers.csv", realistic())
    asked = [str(answers), "--survey", str(formula), "--out", str(tmp_path / "out"), "--no-charts"]
    assert CliRunner().invoke(analyse, asked, catch_exceptions=False).exit_code == 0
    with (tmp_path / "out/figures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]
    assert {"'=1+1 well", "'+Talking"} <= {row["title"] for row in rows}
    listed = read(tmp_path)["families"]["colleagues"]["figures"]
    assert len(rows) == len(listed) > 40
    for row, figure in zip(rows, listed, strict=True):
        for name, cell in figure.items():
            assert row[name] == ("" if cell is None else str(cell))


def test_the_data_name_the_questionnaire_and_what_was_read(tmp_path: Path) -> None:
    run(tmp_path, [*realistic(), rater("Dr 00", "colleagues", "nurse", 9)])
    found = read(tmp_path)
    assert (found["format"], found["least"], found["rows"], found["refused"]) == (1, 5, len(realistic()) + 1, 1)
    assert found["questionnaire"]["name"] == "small/1"
    assert re.fullmatch("[0-9a-f]{64}", found["questionnaire"]["digest"])
    assert found["domains"] == [{"id": "talk", "title": "Talking", "items": [*ITEMS]}]
    assert found["items"][0] == {"id": "listens", "text": "Listens well"}
    assert found["scale"] == {"points": 5, "satisfactory_from": 3}


def test_the_page_stands_alone_and_says_what_it_shows(tmp_path: Path) -> None:
    run(tmp_path, realistic() + same(7, 6, 5, 4, "NA", family="patients"), "--charts")
    text = (tmp_path / "out/analysis.html").read_text("utf-8")
    page = lxml.html.fromstring(text)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.xpath("//a/@href")} <= set(ids)
    assert page.xpath("string(//title)") == "Programme statistics – A small survey"
    assert not page.xpath("//script|//link")
    assert all(source.startswith("data:image/svg+xml") for source in page.xpath("//img/@src"))
    assert all(alt.strip() for alt in page.xpath("//img/@alt"))
    levels = [int(tag.tag[1]) for tag in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1 and all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert not {cell.text_content().strip() for cell in page.xpath("//td|//dd")} & {"", "nan", "None", "inf"}
    assert not re.search(r"\bnan\b|\binf\b|{{|}}", page.xpath("//main")[0].text_content())
    assert "rests on at least six practitioners" in page.text_content()
    names = {path.name for path in (tmp_path / "out/charts").iterdir()}
    assert names == {
        f"{family}-{chart}.svg" for family in ("colleagues", "patients") for chart in ("people", "items")
    } - {"patients-people.svg"}


def test_without_charts_there_is_no_picture_and_their_numbers_stand_in_tables(tmp_path: Path) -> None:
    run(tmp_path, realistic())
    page = lxml.html.fromstring((tmp_path / "out/analysis.html").read_text("utf-8"))
    assert not page.xpath("//img")
    assert not (tmp_path / "out/charts").exists()
    assert "Reliability with so many people" in page.text_content()


def test_of_one_rater_there_is_nothing_to_hand_on_and_everything_is_one_answer(tmp_path: Path) -> None:
    assert run(tmp_path, few("Dr A")).exit_code == 0
    assert read(tmp_path)["families"]["colleagues"]["withheld"] is True
    assert run(tmp_path, few("Dr A"), "--everything", out="all").exit_code == 0
    found = figures(tmp_path, out="all")
    assert (found["all", "raters"]["value"], found["all", "practitioners"]["value"]) == (1, 1)
    assert ("listens", "mean") not in found  # no report shows a single answer


@pytest.mark.parametrize("cells", [("DK",), ("",), ("NA",), (5,), ("DK", 5, "")])
def test_odd_answers_make_no_figure_that_is_no_number(cells: tuple[object, ...], tmp_path: Path) -> None:
    for option in ((), ("--everything",)):
        out = f"out{len(option)}"
        assert run(tmp_path, same(25, 6, *cells), *option, "--charts", out=out).exit_code == 0
        for name, content in tree(tmp_path / out).items():
            if not name.endswith(".svg"):
                assert not re.search(r"\b(nan|NaN|inf|Infinity)\b", content.decode("utf-8-sig")), name


def test_refused_rows_are_listed_and_the_rest_is_counted(tmp_path: Path) -> None:
    result = run(
        tmp_path, [*same(6, 5, 4), rater("Dr 00", "colleagues", "nurse", 6, 4), rater("Dr 00", "friends", "x")]
    )
    assert result.exit_code == 1
    assert "2 of 32 rows refused" in result.stderr
    assert [(line, column) for line, column, _ in problems(tmp_path)] == [(32, "listens"), (33, "family")]
    assert figures(tmp_path)["listens", "mean"]["n"] == 30


def test_where_every_rater_was_refused_the_list_is_all_there_is(tmp_path: Path) -> None:
    result = run(tmp_path, few("../x", 3))
    assert (result.exit_code, "See" in result.stderr, "problems.csv" in result.stderr) == (2, True, True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["problems.csv"]
    assert len(problems(tmp_path)) == 3


REFUSED: dict[str, tuple[Sequence[Line], Sequence[str], str]] = {
    "own answers only": ([rater("Dr A", "self", "", 4)], HEAD, "no row of a colleague or a patient"),
    "no rows": ([], HEAD, "holds no row of answers"),
    "a missing item": (few("Dr A"), [name for name in HEAD if name != "explains"], "Missing: “explains”"),
    "an unknown column": (few("Dr A"), [*HEAD, "age"], "Unknown: “age”"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_analysed_is_refused_with_reasons_and_nothing_is_written(case: str, tmp_path: Path) -> None:
    lines, head, words = REFUSED[case]
    result = run(tmp_path, write(tmp_path / "answers.csv", lines, head))
    assert (result.exit_code, words in result.stderr) == (2, True), result.stderr
    assert not (tmp_path / "out").exists()


def test_an_empty_file_and_a_folder_in_use_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    assert run(tmp_path, tmp_path / "empty.csv").exit_code == 2
    (tmp_path / "out").mkdir()
    (tmp_path / "out/kept.txt").write_text("mine")
    result = run(tmp_path, few("Dr A"))
    assert (result.exit_code, "is not empty" in result.stderr) == (2, True)


def test_a_least_number_under_four_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path, few("Dr A"), "--least", "3").exit_code == 2


CAPPED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, 3_000))
from msf.cli import main
main(sys.argv[1:])
"""


def test_where_writing_fails_no_half_file_is_left(tmp_path: Path) -> None:
    answers = write(tmp_path / "answers.csv", same(6, 5, 4))
    asked = ["analyse", str(answers), "--survey", str(survey(tmp_path)), "--out", str(tmp_path / "out")]
    done = subprocess.run([sys.executable, "-c", CAPPED, *asked], capture_output=True, text=True, check=False)
    assert (done.returncode, "stopped: File too large" in done.stderr) == (2, True), done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["problems.csv"]


PEAK = """
import re, sys
from pathlib import Path
from msf.collate.analysis import Order, analyse
from msf.instruments import load
analyse(Order(Path(sys.argv[1]), load(sys.argv[2]), Path(sys.argv[3]), charts=False))
print(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text()).group(1))
"""


def test_five_times_the_rows_take_hardly_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def peak(rows: int) -> int:
        lines = [rater(f"Dr {at * 7 % rows // 20}", "colleagues", "nurse", 1 + at % 5) for at in range(rows)]
        answers = write(tmp_path / f"{rows}.csv", lines)
        command = [sys.executable, "-c", PEAK, str(answers), str(survey(tmp_path)), str(tmp_path / f"out-{rows}")]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    small, large = peak(20_000), peak(100_000)
    assert large < 1.2 * small


def test_the_paper_explains_every_figure_and_every_file() -> None:
    text = DOCS.read_text("utf-8")
    answers = numbers()
    facts = {"items": [*"abcdefghi"], "domains": [*"xyz"], "satisfactory": 3, "whole": True}
    named = {figure.name for figure in figures_of(answers.sums(), answers.shape, **facts)}
    assert not {name for name in named - {"asked", "share_answered", "proposed"} if f"`{name}`" not in text}
    for name in (
        "analysis.json",
        "figures.csv",
        "analysis.html",
        "problems.csv",
        "charts/",
        "--everything",
        "left_out",
    ):
        assert name in text
