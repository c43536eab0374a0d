"""The papers about safety and security keep to the facts: whole tables, tests that exist, numbers that add up."""

import csv
import re
from collections import Counter
from functools import cache

import pytest

from tests.house.sources import ROOT

DOCS = ROOT / "docs"
COLUMNS = ["requirement", "level", "about", "applies", "state", "how", "test"]
STATES = ("met", "partly", "not met", "operator", "not applicable")
CHAPTERS = {
    "V1": (8, 19), "V2": (4, 7), "V3": (8, 11), "V4": (2, 8), "V5": (4, 5), "V6": (13, 22), "V7": (6, 12), "V8": (4, 3),
    "V9": (4, 3), "V10": (5, 24), "V11": (3, 11), "V12": (3, 6), "V13": (1, 12), "V14": (2, 7), "V15": (3, 10),
    "V16": (0, 16), "V17": (0, 7),
}  # fmt: skip
"""How many requirements of level 1 and of level 2 each chapter of ASVS 5.0.0 has."""


@cache
def rows() -> list[dict[str, str]]:
    """The lines of the table of requirements."""
    with (DOCS / "asvs.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        found = list(reader)
        assert reader.fieldnames == COLUMNS
    return found


@cache
def functions(path: str) -> frozenset[str]:
    """The tests in one file."""
    return frozenset(re.findall(r"^(?:async )?def (test_\w+)\(", (ROOT / path).read_text("utf-8"), re.MULTILINE))


def missing(named: str) -> bool:
    """Whether a test, or a file, folder or pattern of files, is not there."""
    path, _, name = named.partition("::")
    if not path.startswith("tests/") or not any(ROOT.glob(path.rstrip("/"))):
        return True
    return bool(name) and name not in functions(path)


def test_every_requirement_of_levels_one_and_two_has_its_row():
    names = [row["requirement"] for row in rows()]
    assert [name for name in names if not re.fullmatch(r"V\d{1,2}\.\d{1,2}\.\d{1,2}", name)] == []
    assert names == sorted(set(names), key=lambda name: [int(part) for part in name[1:].split(".")])
    counts = Counter((row["requirement"].partition(".")[0], row["level"]) for row in rows())
    assert {chapter: (counts[chapter, "1"], counts[chapter, "2"]) for chapter in CHAPTERS} == CHAPTERS
    assert len(names) == sum(map(sum, CHAPTERS.values())) == 253


def test_every_row_says_a_state_and_how():
    wrong = [
        row["requirement"]
        for row in rows()
        if row["state"] not in STATES
        or row["applies"] not in ("yes", "no", "partly")
        or (row["applies"] == "no") != (row["state"] == "not applicable")
        or not row["how"].endswith((".", ")."))
        or not 1 <= len(row["about"].split()) <= 15
    ]
    assert wrong == []


def test_nothing_is_met_without_a_test_or_the_word_that_it_was_only_read():
    bare = [row["requirement"] for row in rows() if row["state"] == "met" and not row["test"]]
    unsaid = {row["requirement"] for row in rows() if row["requirement"] in bare and "read only" not in row["how"]}
    assert unsaid == set()
    assert bare


def test_every_test_that_the_requirements_name_exists():
    named = {each for row in rows() if row["test"] for each in row["test"].split("; ")}
    assert sorted(each for each in named if "::" not in each or missing(each)) == []
    assert len(named) > 50


def test_every_test_that_the_hazard_log_names_exists():
    named = re.findall(r"`(tests/[^`]+)`", (DOCS / "clinical-safety.md").read_text("utf-8"))
    assert sorted(each for each in named if missing(each)) == []
    assert len(named) > 20


@pytest.mark.parametrize("named", ["tests/nowhere", "tests/house/test_papers.py::test_of_nothing", "docs", "tests/*.x"])
def test_a_test_that_is_not_there_would_be_noticed(named):
    assert missing(named)


def test_the_page_about_security_counts_the_rows_as_they_are():
    text = (DOCS / "security.md").read_text("utf-8")
    shown = {name: (int(a), int(b), int(c)) for name, a, b, c in re.findall(
        r"^\| ([a-z ]+) \| (\d+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)}  # fmt: skip
    counts = Counter((row["level"], row["state"]) for row in rows())
    expected = {state: (one := counts["1", state], two := counts["2", state], one + two) for state in STATES}
    every = tuple(map(sum, zip(*expected.values(), strict=True)))
    assert shown == {**expected, "together": every}


def test_the_gaps_that_the_page_about_security_names_are_gaps():
    text = (DOCS / "security.md").read_text("utf-8")
    state = {row["requirement"]: row["state"] for row in rows()}
    gaps = set(re.findall(r"\bV\d+\.\d+\.\d+\b", text))
    assert {name for name in gaps if state[name] not in ("not met", "partly")} == set()
    assert {name for name, found in state.items() if found == "not met"} <= gaps


def test_letter_and_form_say_not_to_wait_where_a_patient_is_at_risk():
    letters = [f"mail/{name}/letter.{kind}" for name in ("invitation", "reminder") for kind in ("txt", "html")]
    for name in (*letters, "respond/_questions.html"):
        text = " ".join((ROOT / "templates" / name).read_text("utf-8").split())
        assert "a patient may be at risk now" in text, name
        assert "do not wait" in text, name
        assert "patient safety team" in text and "call the emergency services" in text, name


def test_links_between_the_papers_lead_somewhere():
    broken = []
    for page in [ROOT / "README.md", *DOCS.glob("*.md")]:
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
            target = link.partition("#")[0]
            if "://" not in link and target and not (page.parent / target).exists():
                broken.append(f"{page.name}: {link}")
    assert broken == []
