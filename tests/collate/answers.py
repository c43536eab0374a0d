"""A small survey, files of answers to it, and the command run on them."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from click.testing import CliRunner, Result

from msf.cli.collate import collate

SURVEY = """\
key: small
version: 1
released: false
languages: ["en"]
title: {en: "A small survey"}
family: colleagues
professions: [doctor]
minutes: 2
introduction: {en: "Please think about the last year."}
scale:
  points:
    - {value: 1, label: {en: "Poor"}}
    - {value: 2, label: {en: "Weak"}}
    - {value: 3, label: {en: "Good enough"}}
    - {value: 4, label: {en: "Good"}}
    - {value: 5, label: {en: "Very good"}}
  satisfactory_from: 3
  does_not_apply: {en: "Does not apply"}
  cannot_say: {en: "Cannot say"}
domains:
  - {id: talk, title: {en: "Talking"}, standards: ["GMC GMP 2024 domain 2"]}
items:
  - {id: listens, domain: talk, text: {en: "Listens well"}, self_text: {en: "I listen well"}}
  - {id: explains, domain: talk, text: {en: "Explains well"}, self_text: {en: "I explain well"}}
  - {id: answers, domain: talk, text: {en: "Answers questions"}, self_text: {en: "I answer questions"}}
prompts:
  - {id: well, text: {en: "What goes well?"}, self_text: {en: "What goes well for me?"}, limit: 300}
groups:
  - {id: doctor, label: {en: "Doctors"}, least: 5}
  - {id: nurse, label: {en: "Nurses"}, least: 5}
  - {id: admin, label: {en: "Office staff"}, least: 3}
reference: {item: 0.7, domain: 0.6}
provenance: "Written as an example. Never used."
"""
ITEMS = ("listens", "explains", "answers")
HEAD = ("practitioner", "family", "group", *ITEMS, "well")
Line = Sequence[str]


def rater(name: str, family: str, group: str, *ratings: object, well: str = "") -> list[str]:
    """One row; where there are fewer ratings than items the last is given to the rest."""
    given = [str(rating) for rating in ratings or ("4",)]
    return [name, family, group, *(given + [given[-1]] * len(ITEMS))[: len(ITEMS)], well]


def few(name: str, raters: int = 1, **more: str) -> list[list[str]]:
    """Rows of too few raters for anything to be drawn, so that tests of refusals are quick."""
    return [rater(name, "colleagues", "nurse", 4, **more) for _ in range(raters)]


def survey(folder: Path) -> Path:
    """The small survey as a file."""
    path = folder / "survey.yaml"
    path.write_text(SURVEY, "utf-8")
    return path


def write(path: Path, lines: Sequence[Line], head: Sequence[str] = HEAD, **style: object) -> Path:
    """A CSV file of these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, **style).writerows([head, *lines])  # type: ignore[arg-type]
    return path


def run(folder: Path, answers: Path | Sequence[Line], *options: str, out: str = "out", pdf: bool = False) -> Result:
    """`msf collate` on a file or on rows, into `folder`/`out`; without PDFs, unless they are asked for."""
    if not isinstance(answers, Path):
        answers = write(folder / "answers.csv", answers)
    asked = [
        str(answers),
        "--survey",
        str(survey(folder)),
        "--out",
        str(folder / out),
        *options,
        *([] if pdf else ["--no-pdf"]),
    ]
    return CliRunner().invoke(collate, asked, catch_exceptions=False)


def problems(folder: Path, out: str = "out") -> list[tuple[int, str, str]]:
    """Line, column and reason of everything refused."""
    with (folder / out / "problems.csv").open(encoding="utf-8-sig", newline="") as file:
        return [(int(row["line"] or 0), row["column"], row["reason"]) for row in csv.DictReader(file)]


def folders(folder: Path, out: str = "out") -> set[str]:
    """Who has a report."""
    return {path.name for path in (folder / out).iterdir() if path.is_dir()}


def tree(folder: Path) -> Mapping[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
