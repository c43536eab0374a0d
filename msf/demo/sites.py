"""The demo's one process: the site served on this machine, its background work, and the page that catches letters."""

import os
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import click
from flask import Flask
from waitress.server import create_server

from msf.accounts.guard import ANYONE, guard
from msf.app import HANDLERS, TICKS, create_app
from msf.base import config, db, queue, schema
from msf.base.clock import utcnow
from msf.demo.mailbox import mailbox

SIGN_INS = "sign-ins.txt"


class DemoSite:
    """A site with its own home folder, serving for as long as the `with` block lasts."""

    def __init__(self, home: Path, *, port: int) -> None:
        self.home, self._port = home.resolve(), port
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "DemoSite":
        listening = _listening(self._port)
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.app = self._app()
        self._server: Any = create_server(self.app, sockets=[listening], threads=8, ident=None)
        self._start(self._server.run)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._server.close()
        for thread in self._threads:
            thread.join(5)

    def work_in_background(self) -> None:
        """Do from now on what is due, every second, until the site stops."""
        self._start(lambda: queue.work(HANDLERS, stop=self._stop, every=tick))

    def work_now(self) -> None:
        """Do what is due now, and what that makes due."""
        queue.run_due(HANDLERS, clock=utcnow)

    def _start(self, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _app(self) -> Flask:
        chosen = replace(
            config.settings(
                {**os.environ, "MSF_HOME": str(self.home), "MSF_DATABASE_URL": f"sqlite:///{self.home / 'msf.db'}"}
            ),
            keys=self.home / "keys",
            mail=f"folder:{self.home / 'mail'}",
            base_url=self.url,
        )
        schema.upgrade(db.connect(chosen.database_url))
        app = create_app(chosen)
        guard(app, mailbox, ANYONE)
        app.register_blueprint(mailbox)
        return app


def tick(now: datetime) -> None:
    """Look once at everything that happens on a date."""
    for look in TICKS:
        look(now)


def sign_ins(home: Path) -> str:
    """The sign-ins of the demo's people, as they were written down when it was made."""
    return (home / SIGN_INS).read_text("utf-8")


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise click.ClickException(f"Port {port} is in use. Choose another: msf demo --port {port + 1}") from error
