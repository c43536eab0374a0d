"""The health check: one line for everything an operator must know, and an exit status a watch can read."""

import contextlib
import shutil
from collections.abc import Iterator

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from msf.base import audit, db, queue, schema
from msf.base.clock import utcnow
from msf.base.config import Settings, settings
from msf.base.errors import Refusal
from msf.base.keys import Keys
from msf.base.mail import sender_of
from msf.respond.queries import key_troubles

LEAST_FREE = 500 * 1024 * 1024


@click.command()
def check() -> None:
    """Check keys, migrations, mail, work and disk. The exit status is 1 where something needs attention."""
    chosen = settings()
    troubles = 0
    for name, trouble in _findings(chosen):
        troubles += bool(trouble)
        click.echo(f"{'attention' if trouble else 'ok':9} {name}{': ' + trouble if trouble else ''}")
    raise SystemExit(1 if troubles else 0)


def _findings(chosen: Settings) -> Iterator[tuple[str, str]]:
    yield "disk", _disk(chosen)
    yield "mail", _mail(chosen)
    try:
        database = db.connect(chosen.database_url)
        missing = schema.pending(database)
    except SQLAlchemyError as error:
        yield "database", f"cannot be reached ({type(error).__name__})"
        return
    yield "database", f"{len(missing)} migrations are missing: run “msf db upgrade”" if missing else ""
    if not missing:
        db.use(database)
        yield from _inside(chosen)


def _inside(chosen: Settings) -> Iterator[tuple[str, str]]:
    with db.reading() as session:
        yield "keys", (keys := _keys(session, chosen))
        waiting = queue.waiting(session)
        yield "audit", audit.trouble(session, chosen.audit_heads, now=utcnow())
    with contextlib.suppress(Refusal), db.transaction() as session:
        audit.note_health(session, "keys.trouble", keys.count("; ") + 1 if keys else 0, now=utcnow())
    dead = waiting.get("dead", 0)
    yield "work", f"{dead} pieces of work were given up: see “msf jobs list”" if dead else ""


def _keys(session: Session, chosen: Settings) -> str:
    try:
        found = key_troubles(session, Keys.at(chosen.keys))
    except (OSError, SQLAlchemyError, Refusal) as error:
        return str(error) if isinstance(error, Refusal) else f"cannot be reached ({type(error).__name__})"
    return "; ".join(f"round {each.reference}: {each.trouble}" for each in found)


def _disk(chosen: Settings) -> str:
    folder = next(path for path in (chosen.home, *chosen.home.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    return f"only {free // 2**20} MB are free below {folder}" if free < LEAST_FREE else ""


def _mail(chosen: Settings) -> str:
    try:
        sender_of(chosen.mail)
    except ValueError as error:
        return str(error)
    if chosen.mail.startswith("folder:"):
        return "letters are kept in a folder and reach nobody: set MSF_MAIL to smtp://host:port"
    return ""
