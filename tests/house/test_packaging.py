"""What is installed is whole: the data travels in the wheel, and the requirements are pinned by their content."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.sources import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built here and unpacked into a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


@pytest.mark.parametrize("name", ["surveys", "migrations", "templates"])
def test_the_data_travels_in_the_wheel(installed: Path, name: str):
    def files(folder: Path) -> set[str]:
        return {
            str(path.relative_to(folder))
            for path in folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    assert files(installed / "msf" / "_data" / name) == files(ROOT / name)
    assert not (installed / name).exists(), "nothing of ours lies beside other people's packages"


def test_the_wheel_works_in_an_empty_folder(installed: Path, tmp_path: Path):
    def msf(*words: str) -> str:
        code = "import sys; from msf.cli import main; sys.argv[0] = 'msf'; main()"
        environ = {"PYTHONPATH": str(installed), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=tmp_path, env=environ, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "doctor-colleagues" in msf("surveys", "list")
    assert "up to date" not in msf("db", "upgrade")
    assert "up to date" in msf("db", "upgrade")
    assert (tmp_path / "instance" / "msf.db").is_file()


@pytest.mark.parametrize("name", ["run", "test"])
def test_every_requirement_is_pinned_by_its_content(name: str):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    pinned = re.findall(r"^([a-z0-9][\w.-]*)==([^ ;\\]+)[^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    asked = re.findall(r"^[a-z0-9][\w.-]*", text, re.MULTILINE)
    assert [each for each, _ in pinned] == asked
    assert {"flask", "hatchling", "sqlmodel"} <= set(asked)


def test_the_service_and_its_tests_run_on_the_same_versions():
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9][^\\\n]*", (ROOT / "requirements" / f"{name}.txt").read_text(), re.MULTILINE))

    assert pins("run") <= pins("test")
