"""Commands about how long things are kept: show the periods, shorten them, count or delete what is due."""

from collections.abc import Callable
from typing import Any

import click

from msf.accounts import operations
from msf.accounts.queries import keepers, organisation_named
from msf.app import HANDLERS, SWEEPS
from msf.base.audit import OPERATOR
from msf.base.clock import utcnow
from msf.base.db import reading, transaction
from msf.base.queue import run_due
from msf.base.retention import INSTALLATION, PERIODS, Tally, Tenant, due, sweep
from msf.cli.installation import installed
from msf.rounds.queries import undecided


@click.group()
def retention() -> None:
    """How long things are kept, and deleting what is due."""
    installed()


@retention.command("show")
@click.argument("organisation", required=False)
def show_periods(organisation: str | None) -> None:
    """Show for how many days ORGANISATION, or every one, keeps things."""
    for tenant in _tenants(organisation):
        click.echo(tenant.name)
        for name, days in tenant.everything.items():
            shorter = "" if days == PERIODS[name].days else f" (shortened from {PERIODS[name].days})"
            click.echo(f"  {name:10} {days:5} days{shorter} after {PERIODS[name].since}: {PERIODS[name].label}")


def _tenants(name: str | None = None) -> list[Tenant]:
    with reading() as session:
        return keepers(session, None if name is None else [organisation_named(session, name).id])


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, period in reversed(list(PERIODS.items())):
        command = click.option(f"--{name}", metavar="DAYS", help=f"{period.label}: at most {period.days}.")(command)
    return command


@retention.command("set")
@click.argument("organisation")
@_options
def set_periods(organisation: str, **days: str | None) -> None:
    """Keep things of ORGANISATION for a shorter time than the default; never for longer.

    What is not named stays as it is. Give the default to go back to it.
    """
    given = {name: number for name, number in days.items() if number is not None}
    if not given:
        raise click.UsageError("Name at least one period, such as --addresses 14.")
    with transaction() as session:
        row = organisation_named(session, organisation)
        operations.set_retention(session, row.id, days={**row.retention, **given}, by=OPERATOR, now=utcnow())
    click.echo(f"{organisation} keeps " + ", ".join(f"{name} {int(number)} days" for name, number in given.items()))


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Only count what would be deleted.")
def run_sweeps(dry_run: bool) -> None:
    """Delete now what the coming night would delete, and rewrite the files it was in."""
    tenants, now = _tenants(), utcnow()
    with reading() as session:
        waiting = undecided(session, tenants, now=now)
    names = {tenant.id: tenant.name for tenant in (*tenants, INSTALLATION)}
    for each in SWEEPS:
        found = due(each, tenants, now=now) if dry_run else sweep(each, tenants, now=now, by=OPERATOR)
        click.echo(f"{each.label}: {_told(found, names)}")
    for organisation_id, rounds in waiting.items():
        click.echo(f"Waiting to be released or cancelled: {names[organisation_id]} rounds: {rounds}")
    if dry_run:
        click.echo("Nothing was deleted.")
    else:
        run_due(HANDLERS)


def _told(found: Tally, names: dict[str, str]) -> str:
    counts = [
        f"{names[organisation_id]} {', '.join(f'{what}: {number}' for what, number in of_it.items())}"
        for organisation_id, of_it in sorted(found.items(), key=lambda each: names[each[0]])
    ]
    return "; ".join(counts) or "nothing"
