"""The command line as an operator uses it, from an empty folder to the files of a report."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from msf.base import config, queue
from msf.base.config import Settings, data
from msf.base.db import Database, reading, transaction
from msf.cli import COMMANDS, msf
from tests.respond.rounds import OpenRound, open_round
from tests.site import Site

Run = Callable[..., Result]
MIGRATIONS = len(list((data("migrations") / "versions").glob("0*.py")))
MSF = str(Path(sys.executable).with_name("msf"))
pytestmark = pytest.mark.sqlite


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `msf` with this test's settings in its environment, as a shell would."""
    monkeypatch.setenv("MSF_HOME", str(settings.home))
    monkeypatch.setenv("MSF_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("MSF_SECRET_KEY", settings.secret_key)
    return lambda *words: CliRunner().invoke(msf, list(words))


@pytest.fixture
def opened(settings: Settings) -> OpenRound:
    """A round that opened today."""
    config.use(settings)
    return open_round(settings, now=datetime.now(UTC), patients=12)


def test_help_names_every_command(run: Run) -> None:
    told = run("--help")
    assert told.exit_code == 0
    assert all(name in told.output for name in COMMANDS)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help(run: Run, name: str) -> None:
    assert run(name, "--help").exit_code == 0


def test_the_shipped_questionnaires_are_listed_and_without_mistakes(run: Run) -> None:
    listed = run("surveys", "list")
    assert "doctor-colleagues/1" in listed.output
    assert "18 items" in listed.output
    assert run("surveys", "check").exit_code == 0


def test_a_broken_questionnaire_is_named_with_line_and_remedy(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("key: x\nversion: [", "utf-8")
    told = run("surveys", "check", str(broken))
    assert told.exit_code == 1
    assert "broken.yaml:3" in told.output
    assert "Do:" in told.output


def test_a_new_installation_gets_its_tables_people_and_a_clean_bill_of_health(tmp_path: Path) -> None:
    environment = {"MSF_HOME": str(tmp_path / "new"), "MSF_MAIL": "smtp://127.0.0.1:2525", "PATH": ""}
    environment["MSF_AUDIT_HEADS"] = f"folder:{tmp_path / 'heads'}"

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        command = [MSF, *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)

    early = call("check")
    assert early.returncode == 1
    assert "msf db upgrade" in early.stdout
    assert call("db", "upgrade").stdout == f"{MIGRATIONS} migrations done.\n"
    assert call("account", "organisation", "Service", "--kind", "service").returncode == 0
    person = ("--name", "Ann Lee", "--organisation", "Service", "--role", "coordinator")
    added = call("account", "add", "ann@service.example", *person, "--password", "a calm clinic by the sea")
    assert added.stdout == "Ann Lee can sign in with ann@service.example.\n"
    again = call("account", "add", "ann@service.example", *person, "--password", "a calm clinic by the sea")
    assert again.returncode == 1
    assert "Traceback" not in again.stderr
    healthy = call("check")
    assert healthy.returncode == 0, healthy.stdout


def test_a_lost_key_and_a_lost_round_are_told_plainly(run: Run, opened: OpenRound) -> None:
    opened.keys.seals.destroy(opened.id)
    told = run("check")
    assert told.exit_code == 1
    assert "answers are refused" in told.output
    missing = run("round", "show", "R-NOWHERE")
    assert missing.exit_code == 1
    assert "There is no round R-NOWHERE" in missing.output


def test_bots_answer_at_the_door_and_the_closed_round_gives_its_report(
    run: Run, opened: OpenRound, server: Site, tmp_path: Path
) -> None:
    before = run("round", "show", opened.id)
    assert "colleagues: 16 invited" in before.output
    reference = before.output.split(":")[0]
    answered = run("bots", reference, "--raters", "24", "--seed", "7", "--url", server.url)
    assert "24 answers were taken." in answered.output
    assert "Closed" in run("round", "close", reference, "--yes").output.title()
    server.settle()
    files = {ending: tmp_path / f"report.{ending}" for ending in ("pdf", "html", "json", "csv")}
    made = run("report", reference, *(word for ending, path in files.items() for word in (f"--{ending}", str(path))))
    assert made.exit_code == 0, made.output
    assert files["pdf"].read_bytes().startswith(b"%PDF")
    assert json.loads(files["json"].read_text("utf-8"))
    assert "Dr Robin Sample" in files["html"].read_text("utf-8")
    assert run("report", reference).exit_code == 2
    assert run("round", "close", reference, "--yes").exit_code == 1


def test_a_site_without_tables_is_told_so_without_a_stack_trace(tmp_path: Path) -> None:
    command = [MSF, "round", "list"]
    told = subprocess.run(command, env={"MSF_HOME": str(tmp_path)}, capture_output=True, text=True, timeout=120)
    assert told.returncode == 1
    assert told.stderr == "Error: The database is not up to date. Run “msf db upgrade” first.\n"


def test_a_site_that_others_reach_does_not_keep_letters_and_its_files_are_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = {"MSF_HOME": str(home), "MSF_SECRET_KEY": "only for tests " * 3}
    subprocess.run([MSF, "db", "upgrade"], env=environment, check=True, capture_output=True, timeout=120, umask=0o022)
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "msf.db").stat().st_mode & 0o077 == 0
    environment["MSF_BASE_URL"] = "https://feedback.example.org"
    for command in (["serve", "--port", "0"], ["work", "--once"]):
        told = subprocess.run([MSF, *command], env=environment, capture_output=True, text=True, timeout=120)
        assert told.returncode == 1
        assert "Set MSF_MAIL" in told.stderr


def test_work_that_was_given_up_is_listed_and_tried_again(run: Run, database: Database) -> None:
    now = datetime.now(UTC)
    with transaction() as session:
        for kind in ("respond.finish_close", "reports.draft"):
            queue.defer(session, kind, {"round_id": "a" * 32}, run_at=now, key=kind)
        session.connection().execute(sa.update(queue.Job).values(state="dead", attempts=8, last_error="OSError"))
    assert "respond.finish_close" in run("jobs", "list").output
    assert "1 pieces of work" in run("jobs", "retry", "--kind", "reports.draft").output
    with reading() as session:
        assert queue.waiting(session) == {"ready": 1, "dead": 1}
    run("jobs", "retry")
    assert run("jobs", "list").output == "No work was given up.\n"
