"""Commands that run the site: demo, serve, work, and the database's migrations."""

import contextlib
import logging
import os
import shutil
import signal
import threading
from pathlib import Path
from typing import Any

import click
import waitress

from msf.app import HANDLERS
from msf.base import audit, config, queue, schema
from msf.base import db as database
from msf.base.clock import utcnow
from msf.cli.installation import installed, refuse_kept_letters
from msf.demo.sites import DemoSite, sign_ins, tick
from msf.demo.story import tell

MEBIBYTE = 1024 * 1024
LIMITS: dict[str, Any] = {
    "ident": None,
    "_quiet": True,
    "max_request_body_size": 2 * MEBIBYTE,
    "inbuf_overflow": 4 * MEBIBYTE,
    "outbuf_overflow": 32 * MEBIBYTE,
    "channel_timeout": 60,
}
"""How the server answers: without its name, nothing larger than it could use, and no request or report in a file."""


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port on this machine.")
@click.option("--home", default="instance/demo", show_default=True, help="Where the demo keeps its files.")
@click.option("--fresh", is_flag=True, help="Throw the demo's earlier files away and begin anew.")
def demo(port: int, home: str, fresh: bool) -> None:
    """Start a populated site: a round in nomination, one open, one with a released report.

    Everything runs in this one process: web, background work, and a page that catches the mail. Every answer was
    given by small programs through the real door over HTTP. All people and organisations in it are invented.
    """
    folder = Path(home)
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    with DemoSite(folder, port=port) as site:
        if not (folder / "sign-ins.txt").exists():
            click.echo("Making the demo: organisations, people, three rounds and their answers …")
            tell(site, say=click.echo)
        site.work_in_background()
        click.echo(
            f"\nThe site answers at {site.url}\n\n{sign_ins(folder)}\nLetters are caught at {site.url}/demo/mail"
        )
        click.echo("Stop it with Ctrl-C.")
        _wait()


def _wait() -> threading.Event:
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    while not stop.wait(0.5):
        pass
    return stop


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--threads", default=8, show_default=True, help="Requests served at once.")
@click.option("--with-work", is_flag=True, help="Run background work in this process too.")
@click.option("--behind-proxy", help="Address of the web server in front, whose word on visitors' addresses is taken.")
def serve(host: str, port: int, threads: int, with_work: bool, behind_proxy: str | None) -> None:
    """Serve the site with waitress. Put a web server with TLS in front of it."""
    app = installed()
    refuse_kept_letters()
    stop = threading.Event()
    worker = threading.Thread(target=queue.work, args=(HANDLERS,), kwargs={"stop": stop, "every": tick}, daemon=True)
    if with_work:
        worker.start()
    click.echo(f"Serving on http://{host}:{port}")
    with contextlib.suppress(KeyboardInterrupt):
        waitress.serve(app, host=host, port=port, threads=threads, **LIMITS, **_trusting(behind_proxy))
    stop.set()


def _trusting(proxy: str | None) -> dict[str, Any]:
    """What makes waitress believe `proxy`, and nobody else, about where a request comes from."""
    if proxy is None:
        return {}
    return {
        "trusted_proxy": proxy,
        "trusted_proxy_headers": {"x-forwarded-for"},
        "clear_untrusted_proxy_headers": True,
    }


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and stop.")
def work(once: bool) -> None:
    """Run background work until it is stopped: open and close rounds on their dates, send letters, draw up reports."""
    installed()
    refuse_kept_letters()
    if once:
        tick(utcnow())
        click.echo(f"{queue.run_due(HANDLERS)} pieces of work done.")
        return
    logging.getLogger("msf").info("Working.")
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    queue.work(HANDLERS, stop=stop, every=tick)


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database's tables up to date."""
    os.umask(0o077)
    chosen = config.settings()
    if chosen.database_url.startswith("sqlite"):
        chosen.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = database.connect(chosen.database_url)
    missing = schema.pending(opened)
    schema.upgrade(opened)
    if missing:
        with database.transaction(opened) as session:
            audit.note_installation(session, "installation.migrated", {"migrations": missing}, now=utcnow())
    click.echo(f"{len(missing)} migrations done." if missing else "The database is up to date.")
