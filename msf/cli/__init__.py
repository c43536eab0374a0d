"""The command line: one short function a command, each a call into an operation, loaded only when it is used."""

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from msf.base.errors import Refusal

COMMANDS = {
    "demo": ("msf.cli.site", "Start a populated site to look around in."),
    "serve": ("msf.cli.site", "Serve the site."),
    "work": ("msf.cli.site", "Run background work: dates, letters, reports."),
    "jobs": ("msf.cli.jobs", "Background work that was given up: list it, try it again."),
    "check": ("msf.cli.health", "Check keys, migrations, mail, work and disk."),
    "keys": ("msf.cli.keys", "Copies of the keys of open rounds: take, verify, put back."),
    "audit": ("msf.cli.audit", "The record of what staff did: verify, heads, re-seal, export."),
    "db": ("msf.cli.site", "The database."),
    "account": ("msf.cli.people", "Organisations and people who sign in."),
    "surveys": ("msf.cli.surveys", "Questionnaires: list them, check a file."),
    "round": ("msf.cli.rounds", "Rounds: list, show, close."),
    "retention": ("msf.cli.retention", "How long things are kept: show, shorten, delete what is due."),
    "bots": ("msf.cli.rounds", "Answer an open round as raters would, over HTTP."),
    "programme": ("msf.cli.programme", "Programmes: list their books, enter missing ones, export for an analyst."),
    "report": ("msf.cli.rounds", "Write the report of a closed round to files."),
    "collate": ("msf.cli.collate", "Make reports from a file of answers, without a database."),
    "analyse": ("msf.cli.analyse", "Make programme statistics of a file of answers, without a database."),
}


class Commands(click.Group):
    """The group of `COMMANDS`, each imported when it is asked for, so that help and small commands start at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called `cmd_name`."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it refuses becomes two plain sentences and exit status 1."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            click.echo(f"{refusal.message} {refusal.remedy}".strip(), err=True)
            ctx.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="msf")
def msf() -> None:
    """Multi-source feedback for health practitioners: questionnaires, confidential answers, reports.

    Start with “msf demo”. Settings come from the environment (MSF_HOME, MSF_DATABASE_URL, ...); docs/operators.md
    names them all.
    """


def one_thread() -> None:
    """Let numpy's linear algebra use one thread, unless somebody chose otherwise: our matrices are small, and threads
    that wait for each other make a page take several times as long where others use the processors too.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main(arguments: Sequence[str] | None = None) -> None:
    """The `msf` command."""
    one_thread()
    msf.main(args=list(sys.argv[1:] if arguments is None else arguments), prog_name="msf")
