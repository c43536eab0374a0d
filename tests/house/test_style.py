"""The house keeps its own rules: style, types, and who may know whom."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.house.sources import ROOT


def _run(*command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing():
    _run("ruff", "check")


def test_every_file_is_formatted():
    _run("ruff", "format", "--check")


def test_every_type_holds():
    _run("mypy")


@pytest.fixture
def loggers() -> Iterator[None]:
    """Loggers as they were: a tool that sets up its own log silences all others, and a silent log passes every test."""
    known = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    before = [(logger, logger.disabled) for logger in [logging.root, *known]]
    yield
    for logger, disabled in before:
        logger.disabled = disabled


@pytest.mark.usefixtures("loggers")
def test_every_contract_between_folders_is_kept(capsys: pytest.CaptureFixture[str]):
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == 0, capsys.readouterr().out


def test_every_slice_is_under_the_contract_of_rooms():
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [rooms] = [contract for contract in contracts if contract["name"] == "The rooms of every slice"]
    slices = {f"msf.{path.parent.name}" for path in Path(ROOT / "msf").glob("*/operations*")}
    slices |= {f"msf.{path.parent.name}" for path in Path(ROOT / "msf").glob("*/views*")}
    slices -= {"msf.demo"}
    assert slices <= set(rooms["containers"])
    assert len(slices) >= 5
