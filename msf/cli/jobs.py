"""Commands about background work that was given up: see it, and have it tried again."""

import click

from msf.base import queue
from msf.base.clock import utcnow
from msf.base.db import reading, transaction
from msf.cli.installation import installed


@click.group()
def jobs() -> None:
    """Background work that was given up: list it, try it again."""
    installed()


@jobs.command("list")
def list_jobs() -> None:
    """List the work that failed at every attempt, with the kind of error."""
    with reading() as session:
        found = queue.given_up(session)
    for job in found:
        about = ", ".join(f"{name} {value}" for name, value in sorted(job.payload.items()))
        click.echo(f"{job.kind:28} {job.last_error or '':20} {about}")
    if not found:
        click.echo("No work was given up.")


@jobs.command()
@click.option("--kind", help="Only work of this kind, as “msf jobs list” names it.")
def retry(kind: str | None) -> None:
    """Have the work that was given up tried again by the worker."""
    with transaction() as session:
        count = queue.revive(session, now=utcnow(), kind=kind)
    click.echo(f"{count} pieces of work will be tried again." if count else "No such work was given up.")
