"""The page about the method names every module of statistics, and its pictures and tables are what the code gives."""

import pkgutil
import re
from itertools import pairwise

import pytest

import msf.scoring
from bench.coverage import rows
from bench.pictures.__main__ import FOLDER, PICTURES
from tests.house.sources import ROOT

TEXT = (ROOT / "docs" / "method.md").read_text("utf-8")
IMAGES = dict(re.findall(r"!\[([^\]]+)\]\(pictures/method/([\w-]+)\.svg\)", TEXT))
DRAWN = {name: alt for alt, name in IMAGES.items()}
SECTIONS = {part.partition("\n")[0]: part for part in TEXT.split("\n## ")[1:]}


def anchor(heading: str) -> str:
    """What a heading is linked by."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_every_module_of_statistics_is_named():
    modules = {info.name for info in pkgutil.iter_modules(msf.scoring.__path__)}
    assert {name for name in modules if f"`msf.scoring.{name}`" not in TEXT} == set()
    assert len(modules) > 15


def test_every_module_that_is_named_exists():
    named = set(re.findall(r"`msf\.scoring\.([\w.]+)`", TEXT))
    known = {
        info.name.removeprefix("msf.scoring.") for info in pkgutil.walk_packages(msf.scoring.__path__, "msf.scoring.")
    }
    assert named - known == set()


def test_every_picture_is_on_the_page_once_and_no_other_lies_beside_them():
    assert sorted(DRAWN) == sorted(PICTURES) == sorted(path.stem for path in FOLDER.iterdir())
    assert TEXT.count("](pictures/method/") == len(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_drawn_again_is_the_same_to_the_byte(name: str):
    assert PICTURES[name]() == (FOLDER / f"{name}.svg").read_bytes()


@pytest.mark.parametrize("name", PICTURES)
def test_the_words_for_a_picture_say_what_it_shows_with_its_own_figures(name: str):
    shown = " ".join(re.findall(r"<!-- (.*?) -->", (FOLDER / f"{name}.svg").read_text("utf-8")))
    told = re.findall(r"\d+\.\d+|\d+%", DRAWN[name])
    assert [figure for figure in told if not re.search(rf"(?<![\d.]){re.escape(figure)}(?!\d)", shown)] == []
    assert len(DRAWN[name].split()) >= 12


def test_the_pictures_are_small_together():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 600_000


def test_every_section_about_a_statistic_has_a_picture():
    statistics = list(SECTIONS)[: list(SECTIONS).index("Held against other programs")]
    assert [name for name in statistics if "](pictures/method/" not in SECTIONS[name]] == []
    assert len(statistics) >= 15


def test_every_table_of_a_bench_begins_with_its_command():
    blocks = TEXT.split("```")[1::2]
    commands = [re.match(r"\n\.venv/bin/python -m bench\.(\w+)", block) for block in blocks]
    assert all(commands) and blocks
    assert all((ROOT / "bench" / f"{found[1]}.py").is_file() for found in commands if found)
    timed = (ROOT / "docs" / "performance.md").read_text("utf-8").partition("## Seconds of statistics")[2]
    assert timed.split("```")[1].startswith("\n.venv/bin/python -m bench.scoring\n")


def test_the_table_of_coverage_is_what_its_command_prints():
    first = next(rows(20_000, 6_000, 999, 1))
    [line] = re.findall(r"^typical item +3 (.+)$", TEXT, re.MULTILINE)
    printed = [float(number) for number in line.replace("%", "").split()]
    coverage = [first.ordinary, first.percentile, first.bca, first.moderated, first.shown, first.published]
    assert printed[:6] == pytest.approx(coverage, abs=0.00051)
    assert printed[6] == pytest.approx(first.moderated - first.published, abs=0.00051)
    assert printed[7] == pytest.approx(100 * first.equal, abs=0.051)
    assert printed[8:] == pytest.approx([first.ordinary_width, first.moderated_width, first.shown_width], abs=0.0051)


def test_every_test_that_the_table_of_agreement_names_exists():
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", SECTIONS["Held against other programs"])
    missing = [
        name for file, name in named if f"def {name}(" not in (ROOT / "tests" / "scoring" / file).read_text("utf-8")
    ]
    assert missing == []
    assert len(named) >= 10


def test_links_within_the_page_lead_to_its_headings():
    links = set(re.findall(r"\]\(#([\w-]+)\)", TEXT))
    assert links - {anchor(heading) for heading in SECTIONS} == set()
    assert len(links) >= 8


def test_headings_are_in_order_and_nothing_is_left_to_fill_in():
    assert TEXT.startswith("# ") and not re.search(r"^###", TEXT, re.MULTILINE)
    assert not re.search(r"\b[A-Z]{6,}\b", TEXT)
    assert all(one != other for one, other in pairwise(SECTIONS))
