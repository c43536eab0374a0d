"""Commands about copies of keys: take one, look through it, put back what was lost."""

import os
from pathlib import Path

import click

from msf.base.clock import utcnow
from msf.base.config import current
from msf.base.db import reading, transaction
from msf.base.keys import Keys
from msf.base.keys.backup import Backup, opened_backup, sealed_backup
from msf.cli.installation import installed
from msf.respond.operations import keeping
from msf.respond.rules import wrong_with

master_key = click.option(
    "--master-key",
    "master",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with the master key; asked for as a passphrase where it is not given.",
)
file = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.group()
def keys() -> None:
    """Copies of the keys of open rounds, for the day they are lost."""
    installed()


@keys.command()
@file
@master_key
def backup(file: Path, master: Path | None) -> None:
    """Copy every key to FILE, a new one, wrapped with a master key.

    Whoever has FILE, its master key and a copy of the database can open the answers of open rounds. Keep the three
    apart, and destroy FILE when its rounds are over: no command here can reach a copy kept by hand.
    """
    secret = _master(master, new=True)
    now = utcnow()
    with transaction() as session:
        copied = keeping.entries(session, Keys.at(current().keys), today=now.date())
        keeping.note_copy(session, copied, now=now)
        _write(file, sealed_backup(copied, secret, made_on=now.date()))
    click.echo(f"{len(copied)} keys are copied to {file}.")


@keys.command()
@file
@master_key
def verify(file: Path, master: Path | None) -> None:
    """Say for each key in FILE whether it fits its round. The exit status is 1 where one does not or is lacking."""
    found = _opened(file, _master(master))
    with reading() as session:
        told = list(keeping.verdicts(session, found.entries, now=utcnow()))
        lacking = keeping.without_copy(session, found.entries)
    click.echo(f"Made on {found.made_on:%-d %B %Y}.")
    _tell(told)
    for reference in lacking:
        click.echo(f"round {reference}: its keys are not in this copy; take a new one")
    if lacking or not all(each.good for each in told):
        raise SystemExit(1)


@keys.command()
@file
@master_key
def restore(file: Path, master: Path | None) -> None:
    """Put back from FILE what is missing or wrong here; never over a good key, and not for a round that is over.

    The exit status is 1 where something was refused.
    """
    found = _opened(file, _master(master))
    with transaction() as session:
        told = keeping.restore(session, Keys.at(current().keys), found.entries, now=utcnow())
    _tell(told)
    if not all(each.good for each in told):
        raise SystemExit(1)


def _tell(told: list[keeping.Verdict]) -> None:
    for each in told:
        until = f" (until {each.entry.until:%-d %B %Y})" if each.entry.until else ""
        click.echo(f"{each.entry.label}, {each.entry.kind}: {each.words}{until}")


def _master(path: Path | None, *, new: bool = False) -> bytes:
    """The master key from its file, or a passphrase that is asked for, twice where it is new."""
    if path is None:
        typed: str = click.prompt("Master passphrase", hide_input=True, confirmation_prompt=new)
        if new and (wrong := wrong_with(typed)):
            raise click.ClickException(f"{wrong}.")
        return typed.encode("utf-8")
    secret = path.read_bytes().strip()
    if len(secret) < 32:
        raise click.ClickException("The file with the master key holds fewer than 32 bytes.")
    return secret


def _opened(path: Path, master: bytes) -> Backup:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read.") from error
    return opened_backup(raw, master)


def _write(path: Path, content: bytes) -> None:
    """A new file for its owner alone; one that is there is left alone."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be made: {error.strerror}.") from error
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
