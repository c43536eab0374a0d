"""Programmes on the command line: what there is, what is entered again, and what an analyst takes away."""

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlmodel import select

from msf.base.audit import AuditEvent
from msf.base.config import Settings
from msf.base.db import reading, transaction
from msf.cli import msf
from msf.responses.models import ProgrammeSum
from msf.scoring.programme import unpacked
from tests.insights.released import APRIL, JANUARY, Town

Run = Callable[..., Result]
pytestmark = pytest.mark.sqlite


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `msf programme` long after the rounds of these tests."""
    monkeypatch.setenv("MSF_HOME", str(settings.home))
    monkeypatch.setenv("MSF_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("MSF_SECRET_KEY", settings.secret_key)
    from msf.cli import programme
    from tests.insights.released import LATER

    monkeypatch.setattr(programme, "utcnow", lambda: LATER)
    return lambda *words: CliRunner().invoke(msf, ["programme", *words])


@pytest.fixture
def town(make) -> Town:
    """Six released reports of one quarter, two of the next."""
    made = Town(make)
    for at in (*[JANUARY] * 6, *[APRIL] * 2):
        made.release(made.close(at))
    return made


def events(action: str) -> list[AuditEvent]:
    with reading() as session:
        return list(session.exec(select(AuditEvent).where(AuditEvent.action == action)))


def test_books_are_listed_with_their_standing_and_entered_again_where_they_are_lost(run: Run, town: Town) -> None:
    listed = run("list").output
    assert "The Service" in listed
    assert [line.split()[:4] for line in listed.splitlines()[1:]] == [
        ["doctor-colleagues/1", "2027-Q1", "6", "practitioners"],
        ["doctor-colleagues/1", "2027-Q2", "2", "practitioners"],
    ]
    assert [line.rpartition("raters  ")[2] for line in listed.splitlines()[1:]] == [
        "shown",
        "not shown: five practitioners or fewer",
    ]
    with transaction() as session:
        session.execute(sa.delete(ProgrammeSum))
    dry = run("rebuild", "--dry-run")
    assert "The Service, doctor-colleagues/1, 2027-Q1: 6 rounds entered; book 2027-Q1 of 6 practitioners" in dry.output
    assert dry.output.endswith("Nothing was written.\n")
    assert "no round has closed" in run("list").output
    assert run("rebuild").exit_code == 0
    assert run("list").output == listed
    assert run("rebuild").output == "Every quarter in which rounds closed has its book.\n"
    (event,) = events("programme.rebuilt")
    assert (event.actor, event.details["entered"]) == ("operator", 8)
    assert event.details["quarters"] == ["2027-Q1", "2027-Q2"]


def test_a_programme_is_analysed_from_what_is_kept_as_a_file_of_answers_is(
    run: Run, town: Town, tmp_path: Path
) -> None:
    done = run("analyse", "doctor-colleagues/1", "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    made = json.loads((tmp_path / "out" / "analysis.json").read_text("utf-8"))
    assert (made["released"], made["rows"], made["period"]) == (True, None, "January to March 2027")
    family = made["families"]["colleagues"]
    with reading() as session:
        book = unpacked(session.exec(select(ProgrammeSum).where(ProgrammeSum.until == "2027-Q1")).one().sums)
    assert (family["practitioners"], family["raters"]) == (6, book.raters)
    counts = {each["name"]: each["value"] for each in family["figures"] if each["scope"] == "programme"}
    assert counts["raters"] == book.raters
    assert "January to March 2027" in (tmp_path / "out" / "analysis.html").read_text("utf-8")
    assert "nan" not in (tmp_path / "out" / "figures.csv").read_text("utf-8").casefold()
    assert not (tmp_path / "out" / "problems.csv").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("doctor-colleagues/1", "--period", "2027-Q2"), "no such period"),
        (("doctor-colleagues/1", "--period", "soon"), "no such period"),
        (("nothing/1",), "Nothing of nothing/1 can be shown"),
        (("doctor-colleagues/1", "--service", "Nobody"), "Nobody"),
    ],
)
def test_what_cannot_be_analysed_is_said_in_a_sentence_and_writes_nothing(
    run: Run, town: Town, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = run("analyse", *words, "--out", str(tmp_path / "out"))
    assert done.exit_code in (1, 2) and "Traceback" not in done.output
    assert said in done.output, done.output
    assert not (tmp_path / "out").exists()


def test_a_book_in_which_somebody_is_missing_is_named_and_left(run: Run, town: Town) -> None:
    with transaction() as session:
        session.execute(sa.update(ProgrammeSum).where(ProgrammeSum.until == "2027-Q1").values(practitioners=4))
    told = run("rebuild").output
    assert "2027-Q1: the book is of 4 practitioners, though 6 left sums. A book that is there is never changed." in told


def test_an_export_is_written_whole_and_recorded(run: Run, town: Town, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "export"
    done = run("export", "--out", str(out), "--csv", "--parquet", "--spss")
    assert done.exit_code == 0, done.output
    assert f"Written to {out}." in done.output
    assert "6 reports; rows: cells " in done.output
    assert "Left out: 2 reports of too few practitioners so far" in done.output
    assert "Left out: 1 period of programmes with five practitioners or fewer." in done.output
    names = ("cells", "figures", "counts", "questions", "answers")
    expected = {f"{name}.{ending}" for name in names for ending in ("csv", "parquet", "sav")}
    assert {path.name for path in out.iterdir()} == expected | {"csv-metadata.json", "codebook.xml"}
    assert [path.name for path in out.parent.iterdir()] == ["export"]
    with (out / "cells.csv").open(encoding="utf-8") as file:
        rows = len(list(csv.reader(file))) - 1
    (event,) = events("programme.exported")
    assert (event.actor, event.details["reports"], event.details["cells"]) == ("operator", 6, rows)
    assert event.details["formats"] == ["csv", "parquet", "spss"]
    again = run("export", "--out", str(out))
    assert (again.exit_code, "not an empty folder. Name a new one." in again.output) == (1, True)
    assert len(events("programme.exported")) == 1


def test_numbers_of_reports_are_drawn_anew_for_each_export(run: Run, town: Town, tmp_path: Path) -> None:
    drawn = []
    for name in ("one", "two"):
        assert run("export", "--out", str(tmp_path / name)).exit_code == 0
        with (tmp_path / name / "cells.csv").open(encoding="utf-8") as file:
            drawn.append({row["report"] for row in csv.DictReader(file)})
    assert len(drawn[0]) == len(drawn[1]) == 6
    assert drawn[0] != drawn[1]


def test_a_missing_extra_is_named_and_the_rest_is_there(run: Run, town: Town, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = run("export", "--out", str(tmp_path / "export"), "--csv", "--parquet")
    assert done.exit_code == 1
    assert "pip install 'msf[parquet]'" in done.output
    assert (tmp_path / "export" / "cells.csv").exists()
    assert not list((tmp_path / "export").glob("*.parquet"))


def test_where_there_are_several_services_one_has_to_be_named(run: Run, make, tmp_path: Path) -> None:
    out = str(tmp_path / "export")
    make.organisation("Far Service", kind="service")
    assert make.employer.served_by == make.service.id
    unnamed = run("export", "--out", out)
    assert (unnamed.exit_code, "Name one service with --service: Far Service, The Service." in unnamed.output) == (
        2,
        True,
    )
    employer = run("export", "--out", out, "--service", "Northvale Hospital")
    assert (employer.exit_code, "is an employer" in employer.output) == (2, True)
    assert run("export", "--out", out, "--service", "Nowhere").exit_code == 1
    assert run("export", "--out", out, "--service", "Far Service").exit_code == 0


def test_a_folder_that_cannot_be_made_is_a_sentence(run: Run, make, tmp_path: Path) -> None:
    assert make.service.kind == "service"
    (tmp_path / "file").write_text("here")
    done = run("export", "--out", str(tmp_path / "file" / "export"))
    assert done.exit_code == 1
    assert "cannot be written: " in done.output
    assert events("programme.exported") == []
