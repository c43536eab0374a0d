"""Settings: safe defaults below one home folder, and a secret of its own that nobody else can read."""

import os
import threading
from pathlib import Path

import pytest

from msf.base.config import data, settings


def test_an_empty_environment_keeps_everything_below_one_home(tmp_path):
    found = settings({"MSF_HOME": str(tmp_path / "home")})
    home = (tmp_path / "home").resolve()
    assert found.home == home
    assert found.database_url == f"sqlite:///{home / 'msf.db'}"
    assert found.keys.is_relative_to(home)
    assert found.mail == f"folder:{home / 'mail'}"
    assert not found.secure


def test_the_secret_is_made_once_and_for_the_owner_only(tmp_path):
    first = settings({"MSF_HOME": str(tmp_path / "home")})
    again = settings({"MSF_HOME": str(tmp_path / "home")})
    kept = tmp_path / "home" / "secret_key"
    assert first.secret_key == again.secret_key == kept.read_text()
    assert len(first.secret_key) >= 32
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in kept.parent.iterdir()] == ["secret_key"]


def test_two_homes_have_two_secrets(tmp_path):
    secrets = {settings({"MSF_HOME": str(tmp_path / name)}).secret_key for name in ("a", "b")}
    assert len(secrets) == 2


def test_several_first_starts_at_once_read_the_same_secret(tmp_path):
    start, found = threading.Barrier(8), []

    def first_start() -> None:
        start.wait()
        found.append(settings({"MSF_HOME": str(tmp_path / "home")}).secret_key)

    threads = [threading.Thread(target=first_start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_secret_that_was_cut_short_is_refused(tmp_path):
    (tmp_path / "secret_key").write_text("short")
    with pytest.raises(RuntimeError, match="cut short"):
        settings({"MSF_HOME": str(tmp_path)})


def test_a_secret_from_the_environment_is_written_nowhere(tmp_path):
    found = settings({"MSF_HOME": str(tmp_path / "home"), "MSF_SECRET_KEY": "s" * 40})
    assert found.secret_key == "s" * 40
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("url", "host", "secure"),
    [
        ("https://feedback.example.org/", "feedback.example.org", True),
        ("http://127.0.0.1:8099", "127.0.0.1:8099", False),
    ],
)
def test_the_address_tells_host_and_safety(url, host, secure):
    found = settings({"MSF_BASE_URL": url, "MSF_SECRET_KEY": "s" * 40})
    assert (found.host, found.secure) == (host, secure)
    assert not found.base_url.endswith("/")


@pytest.mark.parametrize("name", ["surveys", "migrations", "templates"])
def test_the_shipped_data_is_found_from_any_folder(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert data(name).is_dir()
    assert Path(os.path.commonpath([data(name), Path(__file__)])) != Path("/")
