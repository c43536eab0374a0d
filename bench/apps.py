"""The two apps that bench/door.py sets side by side: the real site, and a bare Flask app that serves the same bytes."""

import json
import os
import secrets
import sqlite3
import threading
from pathlib import Path

from flask import Flask, Response, request

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000")


def ours() -> Flask:
    """The real site over the database that the environment names."""
    from msf.app import create_app  # noqa: PLC0415 - the bare app must not pay for it

    return create_app()


def bare() -> Flask:
    """Three pages that were kept as bytes, and one row inserted for each set of answers."""
    folder = Path(os.environ["BENCH_HOME"])
    pages = {name: (folder / f"{name}.html").read_bytes() for name in ("code", "form", "thanks")}
    headers = json.loads((folder / "headers.json").read_text("utf-8"))
    local = threading.local()
    app = Flask("bare")

    def database() -> sqlite3.Connection:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
            for pragma in PRAGMAS:
                local.connection.execute(f"PRAGMA {pragma}")
        return local.connection

    def page(name: str) -> Response:
        return Response(pages[name], headers=headers)

    @app.get("/give")
    def give() -> Response:
        return page("code")

    @app.post("/give")
    def answer() -> Response:
        if request.form.get("step") != "send":
            return page("form")
        row = (secrets.token_hex(16), json.dumps(request.form.to_dict()))
        connection = database()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO answer VALUES (?, ?)", row)
        connection.execute("COMMIT")
        return page("thanks")

    return app
