"""Keys in a database of their own: like a folder from outside, and nothing of a destroyed key is left in it."""

import secrets
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from msf.base import db
from msf.base.config import settings
from msf.base.keys import KeyMissing, Keys, KeyTable, SameDatabase, table
from tests.engines import Engine

NAME, OTHER = "0123456789abcdef" * 2, "f" * 32


@pytest.fixture
def place(engine: Engine, home: Path):
    """The address of an empty database."""
    url = engine.empty(home).replace("empty.db", "deeper/keys.db")
    yield url
    table.let_go()
    engine.drop(url)


def raw(place: str, home: Path) -> bytes:
    """What the database's files hold; on a server, what its table's pages hold."""
    if place.startswith("sqlite"):
        return b"".join(path.read_bytes() for path in home.rglob("keys.db*"))
    engine = db.connect(place).engine
    with engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        held = connection.execute(text("SELECT pg_read_binary_file(pg_relation_filepath('secret'))")).scalar()
    engine.dispose()
    return bytes(held or b"")


def test_a_table_keeps_keys_as_a_folder_does_and_forgets_them_for_good(place: str, home: Path) -> None:
    keys = Keys.at(place)
    secret, other = secrets.token_bytes(32), secrets.token_bytes(100)
    keys.tokens.write(NAME, secret)
    keys.seals.write(NAME, other)
    assert keys.tokens.read(NAME) == secret
    assert keys.both(NAME) == (secret, other)
    assert keys.kinds() == ["seals", "tokens"]
    with pytest.raises(FileExistsError):
        keys.tokens.write(NAME, other[:32])
    with pytest.raises(KeyMissing):
        keys.tokens.read(OTHER)
    with pytest.raises(KeyMissing):
        keys.both(OTHER)
    with pytest.raises(KeyMissing):
        keys.kind("seals", 32).read(NAME)
    with pytest.raises(ValueError, match="32 hexadecimal"):
        keys.tokens.read("../etc")
    assert secret in raw(place, home)
    keys.seals.replace(NAME, other[::-1])
    assert keys.seals.read(NAME) == other[::-1]
    assert other not in raw(place, home)
    keys.destroy(NAME)
    keys.destroy(NAME)
    left = raw(place, home)
    assert not any(each in left for each in (secret, other, other[::-1]))
    assert keys.tokens.names() == keys.seals.names() == keys.kinds() == []

    # of eight that want it first, all get the same one
    start, found = threading.Barrier(8), []

    def ask() -> None:
        start.wait()
        found.append(Keys.at(place).lasting("audit"))

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for each in askers:
        each.start()
    for each in askers:
        each.join()
    assert len(found) == 8
    assert set(found) == {keys.kind("audit").read("0" * 32)}


@pytest.mark.sqlite
def test_a_table_without_its_database_refuses_answers(tmp_path: Path) -> None:
    lost = KeyTable(f"sqlite:///{tmp_path / 'keys.db'}", "tokens")
    lost.write(NAME, bytes(32))
    table.let_go()
    (tmp_path / "keys.db").write_bytes(b"no database at all" * 400)
    with pytest.raises(KeyMissing):
        lost.read(NAME)


def test_keys_are_never_kept_with_the_answers(database: db.Database, home: Path) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    with pytest.raises(SameDatabase, match="never be kept in the same database"):
        settings({"MSF_HOME": str(home), "MSF_DATABASE_URL": url, "MSF_KEYS": url, "MSF_SECRET_KEY": "x" * 32})
    with pytest.raises(SameDatabase):
        Keys.at(url).tokens.write(NAME, bytes(32))
    with pytest.raises(SameDatabase):
        settings(
            {
                "MSF_DATABASE_URL": "postgresql://one@localhost/feedback",
                "MSF_KEYS": "postgresql+psycopg://two:secret@127.0.0.1:5432/feedback",
                "MSF_SECRET_KEY": "x" * 32,
            }
        )
