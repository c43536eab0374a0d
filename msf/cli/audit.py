"""Commands about the record of what staff did: check it, print its heads, mark a restore, write it out."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from sqlmodel import Session

from msf.accounts.queries import keepers
from msf.base import audit as record
from msf.base.clock import utcnow
from msf.base.db import reading, transaction
from msf.base.sheets import csv_line
from msf.cli.installation import installed

HEADS = click.option(
    "--heads",
    "files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A file of heads that was sent out; may be given several times.",
)
COLUMNS = ("organisation", "sequence", "time", "actor", "action", "object", "details", "mac")


@click.group()
def audit() -> None:
    """The record of what staff did: verify, heads, re-seal, export."""
    installed()


@audit.command()
@HEADS
def verify(files: tuple[Path, ...]) -> None:
    """Check every chain, and name the first entry that is wrong. The exit status is 1 where there is one."""
    sent = list(_heads_in(files))
    wrong = False
    with reading() as session:
        names = _names(session)
        for organisation_id in sorted({*record.chains(session), *(head.organisation_id for head in sent)}):
            found = record.verify(session, organisation_id, heads=sent)
            wrong = wrong or found.fault is not None
            name = names.get(organisation_id, organisation_id)
            click.echo(f"{'wrong' if found.fault else 'ok':6} {name}: {_told(found)}")
    raise SystemExit(1 if wrong else 0)


def _told(found: record.Checked) -> str:
    """What was found in one chain, in words."""
    if found.fault is not None:
        return _wrong(found.fault)
    words = [f"{found.through - found.pruned} entries"]
    extra = (
        (found.before, "from before the chain"),
        (found.pruned, "deleted after their time"),
        (found.unchecked, "under a key that is lost, not checked"),
    )
    return ", ".join([*words, *(f"{count} {what}" for count, what in extra if count)])


def _wrong(fault: record.Fault) -> str:
    name = "entries" if fault.at is None and fault.sequence is None else f"entry {fault.sequence or 'without a number'}"
    at = f" ({fault.at:%Y-%m-%d %H:%M:%S} UTC, {fault.action})" if fault.at else ""
    return f"{name}{at} {fault.what}"


@audit.command()
def heads() -> None:
    """Print the last seal of every chain, to be kept out of reach of whoever can write to the database."""
    with reading() as session:
        click.echo(record.lines_of(record.heads(session), utcnow()), nl=False)


@audit.command()
@click.option("--reason", required=True, help="Why: it is kept in the record.")
@click.option("--new-key", is_flag=True, help="The key is lost for good: older entries cannot be checked any more.")
@HEADS
@click.confirmation_option(prompt="This is marked in every chain for good. Go on?")
def reseal(reason: str, new_key: bool, files: tuple[Path, ...]) -> None:
    """After a restore from a backup: mark in every chain where it goes on, and what the heads given say was lost."""
    lost = list(_heads_in(files))
    with transaction() as session:
        if new_key:
            count = record.begin_again(session, reason=reason, now=utcnow())
        else:
            count = record.reseal(session, reason=reason, lost=lost, now=utcnow())
    click.echo(f"{count} chains go on from here.")


@audit.command()
@click.argument("path", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--organisation", help="Only the organisation of this name.")
def export(path: Path, organisation: str | None) -> None:
    """Write every entry, oldest first, as CSV to PATH."""
    with reading() as session:
        names = _names(session)
        wanted = [each for each in record.chains(session) if organisation in (None, names.get(each))]
        count = _write(path, (row for each in wanted for row in _rows(session, each, names)))
    with transaction() as session:
        record.note_installation(session, "audit.exported", {"entries": count}, now=utcnow())
    click.echo(f"{count} entries written to {path}")


def _rows(session: Session, organisation_id: str, names: dict[str, str]) -> Iterator[tuple[str | float, ...]]:
    for row in record.entries(session, organisation_id):
        told = (names.get(row.organisation_id, row.organisation_id), row.sequence or "", row.at.isoformat())
        yield (
            *told,
            row.actor,
            row.action,
            row.object,
            json.dumps(row.details, sort_keys=True),
            (row.mac or b"").hex(),
        )


def _write(path: Path, found: Iterable[tuple[str | float, ...]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(COLUMNS))
        for row in found:
            file.write(csv_line(row))
            count += 1
    return count


def _heads_in(files: Iterable[Path]) -> Iterator[record.Head]:
    for path in files:
        with path.open(encoding="utf-8") as lines:
            yield from record.read_heads(lines)


def _names(session: Session) -> dict[str, str]:
    """What each organisation is called."""
    return {each.id: each.name for each in keepers(session)} | {record.INSTALLATION: "The installation"}
