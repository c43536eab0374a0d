"""The page of the export: for administrators of a service alone, one at a time, recorded, and gone from the disk."""

import importlib
import io
import tempfile
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlmodel import select

from msf.accounts.rules import ROLES
from msf.base.audit import AuditEvent
from msf.base.db import reading
from msf.insights import operations
from tests.insights.released import JANUARY, LATER, Town
from tests.make import PASSWORD

door = importlib.import_module("msf.insights.views.exports")


def sign_in(page, account):
    page.get("/sign-in")
    page.submit({"email": account.email, "password": PASSWORD}, button="Sign in")
    return page


@pytest.fixture
def later(monkeypatch) -> None:
    """Long after the rounds of these tests, but signed in just now."""
    monkeypatch.setattr(door, "utcnow", lambda: LATER)


def take(page):
    """Press the button; the answer that is no page."""
    form = page.get("/programmes/export").form(button="Make the export and download it")
    return page.client.post(form.action, data={name: values[0] for name, values in form.fields.items()})


def test_an_administrator_downloads_everything_as_one_file_and_it_is_recorded(
    page, make, later, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    town = Town(make)
    for _ in range(6):
        town.release(town.close(JANUARY))
    administrator = make.account("administrator")
    sign_in(page, administrator)
    shown = page.get("/programmes/export")
    assert "Files as CSV, Parquet, SPSS." in shown.text
    assert "The Service" in shown.text
    answer = take(page)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="feedback-export-2027-08-02.zip"'
    assert len(answer.data) == int(answer.headers["Content-Length"])
    names = ZipFile(io.BytesIO(answer.data)).namelist()
    assert {"export/cells.csv", "export/cells.sav", "export/figures.parquet", "export/codebook.xml"} <= set(names)
    assert len(ZipFile(io.BytesIO(answer.data)).read("export/cells.csv").splitlines()) > 1000
    with reading() as session:
        (event,) = session.exec(select(AuditEvent).where(AuditEvent.action == "programme.exported"))
    assert (event.actor, event.organisation_id, event.details["reports"]) == (administrator.id, make.service.id, 6)
    answer.close()
    assert list(tmp_path.glob("msf-export-*")) == []


@pytest.mark.sqlite
def test_it_is_for_administrators_alone(visitor, make) -> None:
    for role in sorted(set(ROLES) - {"administrator"}):
        other = sign_in(visitor(), make.account(role))
        other.get("/programmes/export", status=403)


@pytest.mark.sqlite
def test_a_second_one_at_the_same_time_is_refused_in_words(page, make, later) -> None:
    sign_in(page, make.account("administrator"))
    with door._turn:
        answer = take(page)
    assert (answer.status_code, b"room for one at a time" in answer.data) == (409, True)
    again = take(page)
    assert again.status_code == 200
    again.close()


@pytest.mark.sqlite
def test_one_that_is_too_large_is_refused_with_the_way_to_make_it(page, make, later, monkeypatch) -> None:
    town = Town(make)
    for _ in range(2):
        town.release(town.close(JANUARY))
    sign_in(page, make.account("administrator"))
    monkeypatch.setattr(door, "MOST", 1)
    answer = take(page)
    assert answer.status_code == 409
    assert "It holds 2 reports, and a page makes an export of at most 1000." in answer.text
    assert "msf programme export --out FOLDER --service &#39;The Service&#39;" in answer.text


@pytest.mark.sqlite
def test_what_is_not_installed_is_said_before(page, make, monkeypatch) -> None:
    monkeypatch.setattr(door, "available", lambda name: name != "spss")
    text = sign_in(page, make.account("administrator")).get("/programmes/export").text
    assert "Files as CSV, Parquet. SPSS: the packages for it are not installed here." in text


@pytest.mark.sqlite
def test_equal_folders_are_equal_parcels(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "a.csv").write_text("a\n")
    parcels = []
    for _ in range(2):
        file = io.BytesIO()
        operations.pack(tmp_path / "export", file, on=LATER.date())
        parcels.append(file.getvalue())
        (tmp_path / "export" / "a.csv").touch()
    assert parcels[0] == parcels[1]
