"""The analyst's export: exactly the cells of released reports and the figures of programmes, and never a rater."""

import csv
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import numpy as np
import pandas
import pyarrow.parquet
import pyreadstat
import pytest
from sqlmodel import Session, col, select

from msf.base import config, db
from msf.base.config import settings as read_settings
from msf.base.db import reading, transaction
from msf.base.keys import Keys
from msf.insights.operations import FORMATS, Exported, write_export
from msf.insights.rules.export import tables_of
from msf.insights.rules.export.columns import ESTIMATORS, FIGURES
from msf.instruments import catalogue, find
from msf.invitations.models import Nominee
from msf.reports.models import Report
from msf.reports.rules.cells import PEERS, Cell, Part, csv_rows
from msf.responses.models import Answer, Comment
from msf.responses.queries import books, sums_in
from msf.responses.rules.programme import shape_of
from msf.rounds.models import Round
from msf.scoring.programme import figures_of, released
from tests.insights.released import APRIL, GROUPS, JANUARY, LATER, RELEASE, WORDS, Town, town
from tests.make import Make

COLLEAGUES = "doctor-colleagues/1"


@dataclass
class Written:
    """One export and where it lies."""

    town: Town
    folder: Path
    done: Exported

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of one table as CSV has them."""
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True))


def export(town: Town, folder: Path, *, seed: int = 1, formats=tuple(FORMATS), now=LATER, service=None) -> Written:
    folder.mkdir()
    with reading() as session:
        place = service or town.make.service.id
        done = write_export(session, place, folder, formats=formats, numbers=Random(seed), now=now)
    return Written(town, folder, done)


@pytest.fixture
def written(make, tmp_path: Path) -> Written:
    return export(town(make), tmp_path / "export")


@pytest.fixture(scope="module")
def files(_sqlite, tmp_path_factory) -> Written:
    """The same export, for tests that look at nothing but its files."""
    home = tmp_path_factory.mktemp("home")
    opened = db.connect(_sqlite.fresh(home))
    db.use(opened)
    url = opened.engine.url.render_as_string(hide_password=False)
    chosen = {"MSF_HOME": str(home), "MSF_DATABASE_URL": url, "MSF_SECRET_KEY": "only for tests " * 3}
    config.use(read_settings(chosen | {"MSF_BASE_URL": "http://localhost"}))
    keys = Keys.at(config.current().keys)
    made = export(town(Make(opened, now=JANUARY, keys=keys, session=None)), home / "export")
    opened.engine.dispose()
    return made


def reports(session: Session, state: str = "released_organisation", *, quarter: int = 1) -> list[Report]:
    """The reports of rounds in this state that closed in one quarter."""
    query = select(Report, Round).join(Round, col(Round.id) == col(Report.round_id))
    found = session.exec(query.where(Round.state == state)).all()
    return [report for report, row in found if row.closed_on and (row.closed_on.month + 2) // 3 == quarter]


def test_the_cells_are_those_of_released_reports_and_of_no_others(written: Written) -> None:
    with reading() as session:
        kept = reports(session)
        assert len(kept) == 7
        expected = Counter(
            tuple(map(str, ("2027-Q1", "doctor", *row)))
            for report in kept
            for part in report.results["parts"]
            for row in csv_rows(Part.from_json(part))
        )
    names = ("quarter", "profession", "questionnaire", "family", "block", "scope", "id", "statistic")
    found = Counter(
        (*(row[name] for name in names), row["value"], row["n"], row["bound"]) for row in written.rows("cells")
    )
    assert {statistic for *_, statistic, _v, _n, _b in found} > {"mean", "low", "high", "value", "blank"}
    assert found == expected
    assert len({row["report"] for row in written.rows("cells")}) == written.done.reports == 7


@pytest.mark.sqlite
def test_each_number_of_a_report_stands_for_one_report(written: Written) -> None:
    of: dict[str, set] = {}
    for row in written.rows("cells"):
        about = (row["questionnaire"], row["family"], row["block"], row["id"], row["statistic"])
        of.setdefault(row["report"], set()).add((*about, row["value"], row["n"], row["bound"]))
    with reading() as session:
        kept = [
            {
                (q, family, block, id, statistic, str(value), str(n), bound)
                for part in report.results["parts"]
                for q, family, block, _, id, statistic, value, n, bound in csv_rows(Part.from_json(part))
            }
            for report in reports(session)
        ]
    assert sorted(map(sorted, of.values())) == sorted(map(sorted, kept))


def test_what_is_left_out_is_counted(files: Written) -> None:
    left = {name: number for name, number in files.done.left_out.items() if number}
    # The three of the second quarter are too few; its book, of three practitioners, too.
    assert left == {"thin": 3, "void": 1, "thin_periods": 1}


def test_figures_and_counts_are_those_of_the_shown_books(written: Written) -> None:
    asked = find(COLLEAGUES)
    shape = shape_of(asked)
    with reading() as session:
        rows = [row for row in books(session, [written.town.make.service.id]) if row.practitioners > 5]
        sums = released(shape, sums_in(session, rows))
    assert [(row.since, row.until, row.practitioners) for row in rows] == [("2027-Q1", "2027-Q1", 10)]
    expected = figures_of(
        sums, shape, items=asked.item_ids, domains=[domain.id for domain in asked.domains],
        satisfactory=asked.scale.satisfactory_from, whole=True,
    )  # fmt: skip
    found = written.rows("figures")
    assert [(row["scope"], row["id"], row["figure"]) for row in found] == [(f.scope, f.id, f.name) for f in expected]
    assert [row["value"] for row in found] == ["" if f.value is None else str(float(f.value)) for f in expected]
    assert [row["estimator"] for row in found] == [figure.estimator for figure in expected]
    counts = written.rows("counts")
    assert len(counts) == len(asked.items) * (asked.scale.size + 3)
    first = [int(row["raters"]) for row in counts if row["item"] == asked.item_ids[0]]
    assert first == [*sums.values[0].tolist(), *sums.nonanswers[0].tolist()]
    assert sum(first) == 10 * sum(GROUPS.values())


def test_no_byte_of_any_file_names_anybody_or_holds_a_single_answer(written: Written) -> None:
    content = b"\0".join(path.read_bytes() for path in sorted(written.folder.iterdir()))
    with reading() as session:
        rows = session.exec(select(Round)).all()
        plain = {WORDS, "Wagtail", "Northvale", "The Service", "VOID-REASON-CANARY", "northvale.example", "example.org"}
        plain |= {text for row in rows for text in (row.id, row.reference, row.practitioner_id, row.organisation_id)}
        plain |= set(session.exec(select(Report.id))) | set(session.exec(select(Nominee.name)))
        sheets = set(session.exec(select(Answer.ratings)))
    assert len(plain) > 60
    assert [text for text in plain if text.encode() in content] == []
    assert [sheet for sheet in sheets if sheet in content or sheet.hex().encode() in content] == []
    assert WORDS.encode() in _database_words()


def _database_words() -> bytes:
    with reading() as session:
        return "\n".join(session.exec(select(Comment.text))).encode()


@pytest.mark.sqlite
def test_equal_data_and_numbers_give_equal_bytes_and_other_numbers_change_nothing_else(
    written: Written, tmp_path: Path
) -> None:
    again, other = export(written.town, tmp_path / "again"), export(written.town, tmp_path / "other", seed=2)
    for path in written.folder.iterdir():
        assert path.read_bytes() == (again.folder / path.name).read_bytes(), path.name
    plain = [{**row, "report": ""} for row in written.rows("cells")]
    assert [{**row, "report": ""} for row in other.rows("cells")] == plain
    assert {row["report"] for row in other.rows("cells")}.isdisjoint({row["report"] for row in written.rows("cells")})


@pytest.mark.sqlite
def test_the_order_of_reports_is_that_of_their_content(written: Written, tmp_path: Path) -> None:
    with transaction() as session:
        for number, row in enumerate(session.exec(select(Report).order_by(col(Report.id)))):
            row.drafted_at += timedelta(hours=number)
    assert (export(written.town, tmp_path / "moved").folder / "cells.csv").read_bytes() == (
        written.folder / "cells.csv"
    ).read_bytes()


@pytest.mark.sqlite
def test_what_was_released_in_a_quarter_that_runs_is_not_there_yet(make, tmp_path: Path) -> None:
    made = Town(make)
    for _ in range(6):
        made.release(made.close(JANUARY))
    early = export(made, tmp_path / "early", formats=("csv",), now=RELEASE + timedelta(days=1))
    assert (early.done.reports, early.done.left_out["running"]) == (0, 6)
    assert early.rows("cells") == []
    assert [row["until"] for row in early.rows("figures")][:1] == ["2027-Q1"]
    assert export(made, tmp_path / "late", formats=("csv",)).done.reports == 6


def test_few_more_reports_wait_until_they_are_many(make, tmp_path: Path) -> None:
    made = Town(make)
    for _ in range(6):
        made.release(made.close(JANUARY))
    before = export(made, tmp_path / "before", formats=("csv",))
    late = [made.close(JANUARY) for _ in range(6)]
    after_next = LATER + timedelta(days=190)
    for round_id in late[:2]:
        made.release(round_id, LATER)
    few = export(made, tmp_path / "few", formats=("csv",), now=after_next)
    assert (few.done.reports, few.done.left_out["thin"]) == (before.done.reports, 2) == (6, 2)
    for round_id in late[2:]:
        made.release(round_id, LATER + timedelta(days=92))
    assert export(made, tmp_path / "many", formats=("csv",), now=after_next).done.reports == 12


@pytest.mark.sqlite
def test_one_of_another_profession_or_questionnaire_does_not_go_with_the_others(make, tmp_path: Path) -> None:
    made = Town(make)
    for _ in range(6):
        made.release(made.close(JANUARY))
    made.release(made.close(JANUARY, patient_questionnaire=None))
    dentist = make.practitioner("Wagtail the dentist", profession="dentist")
    made.release(made.close(JANUARY, who=dentist, groups={"dentist": 5, "nurse": 5}))
    done = export(made, tmp_path / "export", formats=("csv",))
    assert {row["profession"] for row in done.rows("cells")} == {"doctor"}
    assert (done.done.reports, done.done.left_out["thin"]) == (6, 2)


@pytest.mark.sqlite
def test_an_empty_service_has_an_empty_export_with_a_whole_codebook(make, tmp_path: Path) -> None:
    done = export(Town(make), tmp_path / "export")
    assert (done.done.reports, done.rows("cells"), done.rows("figures")) == (0, [], [])
    assert len(done.rows("questions")) > 60
    frame, _ = pyreadstat.read_sav(done.folder / "cells.sav")
    assert len(frame) == 0
    assert pyarrow.parquet.read_table(done.folder / "cells.parquet").num_rows == 0


@pytest.mark.sqlite
def test_another_service_sees_nothing_of_it(written: Written, tmp_path: Path) -> None:
    far = written.town.make.organisation("Far Service", kind="service")
    there = export(written.town, tmp_path / "there", formats=("csv",), service=far.id)
    assert (there.done.reports, there.rows("cells"), there.rows("figures"), there.rows("counts")) == (0, [], [], [])
    assert sum(there.done.left_out.values()) == 0


# ---- formats


def _typed(name: str, rows: list[dict[str, str]]) -> pandas.DataFrame:
    """The CSV with the types that the description gives."""
    table = next(each for each in tables_of(catalogue()) if each.name == name)
    frame = pandas.DataFrame(rows, dtype="object")
    for column in table.columns:
        if column.kind != "text":
            frame[column.name] = pandas.to_numeric(frame[column.name].replace("", None))
    return frame


def test_parquet_reads_back_as_the_same_rows_with_their_descriptions(files: Written) -> None:
    for table in tables_of(catalogue()):
        read = pyarrow.parquet.read_table(files.folder / f"{table.name}.parquet")
        back = read.to_pandas()
        for column in table.columns:
            expected = _typed(table.name, files.rows(table.name))[column.name]
            found = back[column.name].fillna("") if column.kind == "text" else back[column.name]
            if column.kind == "text":
                assert found.tolist() == expected.tolist(), column.name
            else:
                np.testing.assert_array_equal(found.to_numpy(float), expected.to_numpy(float))
            told = read.schema.field(column.name).metadata
            assert told[b"description"].decode() == column.about
            assert read.schema.field(column.name).nullable == bool(column.empty)


def test_spss_reads_back_as_the_same_rows_with_labels_and_missing_values(files: Written) -> None:
    for table in tables_of(catalogue()):
        path = files.folder / f"{table.name}.sav"
        frame, about = pyreadstat.read_sav(path)
        coded, kept = pyreadstat.read_sav(path, user_missing=True)
        expected = _typed(table.name, files.rows(table.name))
        assert about.column_names_to_labels == {column.name: column.title for column in table.columns}
        for column in table.columns:
            there = expected[column.name]
            if column.values:
                labels = kept.variable_value_labels[column.name]
                back = ["" if code == -99 else labels[code].partition(": ")[0] for code in coded[column.name]]
                assert back == there.tolist(), column.name
                assert frame[column.name].isna().tolist() == [not value for value in there]
            elif column.kind == "text":
                assert frame[column.name].tolist() == there.tolist(), column.name
            else:
                np.testing.assert_array_equal(frame[column.name].to_numpy(float), there.to_numpy(float))
    assert about.file_encoding.upper() == "UTF-8"


@pytest.mark.sqlite
def test_long_tables_are_several_files_of_spss(written: Written, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("msf.insights.operations.writing.SAV_ROWS", 500)
    parts = export(written.town, tmp_path / "parts", formats=("csv", "spss"))
    total = len(parts.rows("cells"))
    sizes = [
        len(pyreadstat.read_sav(parts.folder / name)[0])
        for name in ["cells.sav", *(f"cells-{n}.sav" for n in range(2, -(-total // 500) + 1))]
    ]
    assert sum(sizes) == total > 1000
    assert sizes[0] == 500


@pytest.mark.sqlite
def test_a_format_whose_packages_are_missing_is_named_and_the_others_are_written(make, tmp_path, monkeypatch) -> None:
    for name in ("pyarrow", "pyreadstat"):
        monkeypatch.setitem(sys.modules, name, None)
    done = export(Town(make), tmp_path / "export").done
    assert done.formats == ("csv",)
    assert done.lacking == (
        "Parquet was not written, since its packages are missing. Install them with: pip install 'msf[parquet]'. "
        "Then export again.",
        "SPSS was not written, since its packages are missing. Install them with: pip install 'msf[spss]'. "
        "Then export again.",
    )
    assert {path.suffix for path in (tmp_path / "export").iterdir()} == {".csv", ".json", ".xml"}


# ---- codebooks


def test_the_metadata_describe_every_column_and_hold_for_every_value(files: Written) -> None:
    whole = json.loads((files.folder / "csv-metadata.json").read_text("utf-8"))
    assert whole["@context"][0] == "http://www.w3.org/ns/csvw"
    by_url = {table["url"]: table["tableSchema"] for table in whole["tables"]}
    assert {name for name in by_url} == {path.name for path in files.folder.glob("*.csv")}
    for url, schema in by_url.items():
        rows = files.rows(url.removesuffix(".csv"))
        names = [column["name"] for column in schema["columns"]]
        assert (files.folder / url).read_text("utf-8").splitlines()[0] == ",".join(names)
        assert all(column["name"] == column["titles"][0] for column in schema["columns"])
        keys = [tuple(row[name] for name in schema["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys), url
        for column in schema["columns"]:
            _holds(column, [row[column["name"]] for row in rows])
        for link in schema.get("foreignKeys", ()):
            target = link["reference"]
            there = {
                tuple(row[name] for name in target["columnReference"])
                for row in files.rows(target["resource"].removesuffix(".csv"))
            }
            assert {tuple(row[name] for name in link["columnReference"]) for row in rows} <= there


def _holds(column, values) -> None:
    datatype = column["datatype"]
    for value in values:
        if value == "":
            assert not column["required"], column["name"]
            continue
        if datatype["base"] == "integer":
            assert re.fullmatch(r"-?\d+", value)
        if datatype["base"] == "double":
            assert np.isfinite(float(value))
        if "format" in datatype:
            assert re.search(datatype["format"], value), (column["name"], value)
        if "minimum" in datatype:
            assert float(value) >= datatype["minimum"]


def test_the_codebook_has_a_variable_for_every_column_with_the_words_of_every_item(files: Written) -> None:
    space = {"d": "ddi:codebook:2_5"}
    book = ElementTree.parse(files.folder / "codebook.xml").getroot()
    assert (book.tag, book.get("version")) == ("{ddi:codebook:2_5}codeBook", "2.5")
    assert [each.tag.partition("}")[2] for each in book][:2] == ["docDscr", "stdyDscr"]
    tables = tables_of(catalogue())
    variables = {each.get("ID"): each for each in book.findall("d:dataDscr/d:var", space)}
    assert list(variables) == [f"{table.name}.{column.name}" for table in tables for column in table.columns]
    described = {each.get("ID"): each for each in book.findall("d:fileDscr", space)}
    assert {each.get("files") for each in variables.values()} == set(described) == {table.name for table in tables}
    named = [each.text for each in described["cells"].findall("d:fileTxt/d:fileName", space)]
    assert named == ["cells.csv", "cells.parquet", "cells.sav"]
    cases = {name: int(each.findtext("d:fileTxt/d:dimensns/d:caseQnty", "", space)) for name, each in described.items()}
    assert cases == dict(files.done.rows)
    order = ["labl", "valrng", "txt", "catgry", "varFormat"]
    for each in variables.values():
        places = [order.index(part.tag.partition("}")[2]) for part in each]
        assert places == sorted(places)
    told = {
        (category.findtext("d:catValu", "", space), label.get("level")): label.text
        for category in variables["cells.id"].findall("d:catgry", space)
        for label in category.findall("d:labl", space)
    }
    for asked in catalogue():
        for item in asked.items:
            assert told[item.id, asked.reference_name] == item.text["en"]
    listed = {each.get("VALUE") for each in variables["cells.statistic"].findall("d:valrng/d:item", space)}
    assert {row["statistic"] for row in files.rows("cells")} <= listed


def test_every_statistic_of_a_report_is_described() -> None:
    column = next(each for each in tables_of(catalogue())[0].columns if each.name == "statistic")
    told = set((Cell.__doc__ or "").replace("`", " ").replace(",", " ").split())
    named = {"mean", "low", "high", "value", "count_1"}
    assert named <= told
    assert named <= set(column.values)
    assert not set(PEERS) & set(column.values)


def test_every_figure_and_estimator_of_a_programme_is_described(files: Written) -> None:
    found = files.rows("figures")
    assert {row["figure"] for row in found} <= set(FIGURES)
    assert len({row["figure"] for row in found}) > 20
    assert [row["estimator"] for row in found if not any(each in row["estimator"] for each in ESTIMATORS)] == []


def test_the_second_quarter_is_in_no_figure(files: Written) -> None:
    assert APRIL.month == 4
    assert {row["until"] for row in [*files.rows("figures"), *files.rows("counts")]} == {"2027-Q1"}
