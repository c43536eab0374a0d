"""The record of what staff did, as an operator checks it, marks a restore, and writes it out."""

import csv

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from msf.base import config
from msf.base.audit import AuditEvent
from msf.base.db import reading, transaction
from msf.base.keys import LASTING, Keys
from msf.cli import msf

pytestmark = pytest.mark.sqlite


@pytest.fixture
def run(settings, monkeypatch):
    monkeypatch.setenv("MSF_HOME", str(settings.home))
    monkeypatch.setenv("MSF_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("MSF_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("MSF_AUDIT_HEADS", f"folder:{settings.home / 'heads'}")
    return lambda *words: CliRunner().invoke(msf, list(words))


def _alter(statement):
    with transaction() as session:
        session.connection().execute(statement)


def test_an_operator_finds_what_was_changed_and_what_was_cut(run, make, settings, tmp_path):
    make.round("approved")
    before = run("audit", "heads")
    (tmp_path / "heads").write_text(before.output)
    whole = run("audit", "verify", "--heads", str(tmp_path / "heads"))
    assert (whole.exit_code, "wrong" in whole.output) == (0, False)
    assert "ok     Northvale Hospital: " in whole.output

    of_it = AuditEvent.organisation_id == make.employer.id
    with reading() as session:
        last = session.connection().execute(sa.select(sa.func.max(AuditEvent.sequence)).where(of_it)).scalar()
    _alter(sa.delete(AuditEvent).where(of_it, AuditEvent.sequence == last))
    assert run("audit", "verify").exit_code == 0
    cut = run("audit", "verify", "--heads", str(tmp_path / "heads"))
    assert cut.exit_code == 1
    assert f"entry {last} is missing: the end is cut, entry {last} was sent out as the last" in cut.output

    assert run("audit", "reseal", "--reason", "Restored", "--heads", str(tmp_path / "heads"), "--yes").exit_code == 0
    assert run("audit", "verify", "--heads", str(tmp_path / "heads")).exit_code == 0

    sheet = tmp_path / "out.csv"
    assert run("audit", "export", str(sheet), "--organisation", "Northvale Hospital").exit_code == 0
    rows = list(csv.DictReader(sheet.read_text("utf-8-sig").splitlines()))
    assert [row["sequence"] for row in rows] == [str(number) for number in range(1, last + 1)]
    assert (rows[-1]["action"], "Restored" in rows[-1]["details"]) == ("audit.resealed", True)

    _alter(sa.update(AuditEvent).where(of_it, AuditEvent.sequence == 2).values(actor="=nobody"))
    changed = run("audit", "verify")
    assert changed.exit_code == 1
    assert "wrong  Northvale Hospital: entry 2 (2027-03-01 09:00:00 UTC, " in changed.output
    assert ") was changed\n" in changed.output
    run("audit", "export", str(sheet))
    assert "'=nobody" in sheet.read_text("utf-8-sig")


def test_without_the_key_check_tells_and_a_new_one_is_made_only_on_demand(run, make, settings):
    make.round()
    refused = run("audit", "reseal", "--reason", "No reason", "--new-key", "--yes")
    assert (refused.exit_code, "no new one was made" in refused.output) == (1, True)
    Keys.at(config.current().keys).kind("audit").destroy(LASTING)
    assert "attention audit: the key of the record is missing" in run("check").output
    assert run("audit", "verify").exit_code == 1
    assert run("audit", "reseal", "--reason", "Lost with the disk", "--new-key", "--yes").exit_code == 0
    told = run("audit", "verify")
    assert (told.exit_code, "under a key that is lost, not checked" in told.output) == (0, True)
    assert "ok        audit" in run("check").output
