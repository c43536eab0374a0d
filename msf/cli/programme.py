"""Commands about programmes: list their books, enter again what is missing, and export for an analyst."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from random import SystemRandom

import click
from sqlmodel import Session

from msf.accounts.models import Organisation
from msf.accounts.queries import keepers, organisation_named, organisations
from msf.base.audit import OPERATOR
from msf.base.clock import today, utcnow
from msf.base.db import reading, transaction
from msf.base.errors import NotFound
from msf.cli.installation import installed
from msf.collate.analysis import Result, folder, publish
from msf.collate.faults import CollateRefused
from msf.collate.folders import check_out
from msf.insights.operations import FORMATS, Exported, left_out, record_export, write_export
from msf.insights.queries import programme_of
from msf.insights.rules.periods import ALL, over, shown, spoken
from msf.respond.operations import Gap, Rebuilt, Short, gaps, rebuild_quarter, record_rebuilt, short_books
from msf.responses.queries import BookRow, books


@click.group()
def programme() -> None:
    """Programmes: the rounds of a service with one questionnaire, by quarter."""
    installed()


# ---- list


@programme.command("list")
@click.option("--service", help="Only the service of this name.")
def list_books(service: str | None) -> None:
    """List every book: its quarters, how many practitioners and raters are in it, and whether it is shown."""
    now = utcnow()
    with reading() as session:
        chosen = [_service(session, service)] if service else _services(session)
        found = [(each, books(session, [each.id])) for each in chosen]
    for each, rows in found:
        click.echo(each.name)
        for row in rows:
            click.echo(f"  {_line(row)}  {_standing(row, today(now, each.zone))}")
        if not rows:
            click.echo("  no round has closed, or “msf programme rebuild” has to be run")


def _line(row: BookRow) -> str:
    size = f"{row.practitioners:6} practitioners {row.raters:8} raters"
    return f"{row.questionnaire:28} {_span(row.since, row.until):18} {size}"


def _span(since: str, until: str) -> str:
    return until if since == until else f"{since} to {until}"


def _standing(row: BookRow, day: date) -> str:
    if not over(row.until, day):
        return "not ended"
    return "shown" if shown([row], day) else "not shown: five practitioners or fewer"


def _services(session: Session) -> list[Organisation]:
    found = organisations(session, [tenant.id for tenant in keepers(session)])
    return [each for each in found if each.kind == "service"]


def _service(session: Session, name: str | None) -> Organisation:
    """The service of this name; without one, the only service there is."""
    if name is not None:
        named = organisation_named(session, name)
        if named.kind != "service":
            raise click.UsageError(f"{name} is an employer. Name the service that runs its rounds.")
        return named
    found = _services(session)
    if len(found) != 1:
        raise click.UsageError(
            f"Name one service with --service: {', '.join(each.name for each in found) or 'none yet'}."
        )
    return found[0]


# ---- analyse


@programme.command("analyse")
@click.argument("questionnaire")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="New or empty folder for the figures.")
@click.option("--period", default=ALL, show_default=True, help="One period, named by its last quarter: 2027-Q1.")
@click.option("--service", help="The service; needed where there are several.")
@click.option("--no-charts", is_flag=True, help="Leave out the charts.")
def analyse_kept(questionnaire: str, out: Path, period: str, service: str | None, no_charts: bool) -> None:
    """Write the figures of QUESTIONNAIRE (such as doctor-colleagues/1) as “msf analyse” does, from what is kept.

    Of whole periods that are over and rest on enough practitioners, as the page of the programme shows them.
    """
    with reading() as session:
        place = _service(session, service)
    try:
        check_out(out)
        with reading() as session:
            day = today(utcnow(), place.zone)
            found = programme_of(session, place.id, questionnaire, period=period, today=day)
        study, months = found.study, spoken(found.books[0].since, found.books[-1].until)
        result = Result(study.asked, 5, True, None, None, {study.asked.family: study}, months)
        with folder(out):
            publish(out, result, charts=not no_charts)
    except NotFound:
        raise click.ClickException(f"Nothing of {questionnaire} can be shown. “msf programme list” says why.") from None
    except CollateRefused as refused:
        raise click.ClickException(f"{refused.message} {refused.remedy}".strip()) from None
    click.echo(f"{len(study.figures):,} figures, {months}, in {out}.")


# ---- rebuild


@programme.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be entered.")
def rebuild(dry_run: bool) -> None:
    """Enter again, from what each round left, the quarters that have no book at all.

    After an upgrade, or where a book was lost. A book that is there stays as it is, so run it before the next round
    closes.
    """
    with reading() as session:
        found, short = gaps(session), short_books(session)
        names = {tenant.id: tenant.name for tenant in keepers(session)}
    for gap in found:
        _rebuild(gap, names[gap.service_id], dry=dry_run)
    for each in short:
        click.echo(_short(each, names[each.service_id]))
    if not found:
        click.echo("Every quarter in which rounds closed has its book.")
    if dry_run:
        click.echo("Nothing was written.")


def _rebuild(gap: Gap, service: str, *, dry: bool) -> None:
    done = []
    for each in _quarters(gap, dry=dry):
        click.echo(f"{service}, {gap.questionnaire}, {each.quarter}: {_told(each)}")
        done.append(each)
    if not dry:
        with transaction() as session:
            record_rebuilt(session, gap, done, now=utcnow())


def _quarters(gap: Gap, *, dry: bool) -> Iterator[Rebuilt]:
    """Each quarter in a transaction of its own, so that nobody who answers waits for long."""
    carried = None
    for quarter in gap.quarters:
        with reading() if dry else transaction() as session:
            found = rebuild_quarter(session, gap, quarter, carried=carried, dry=dry)
        carried = found.carried
        yield found


def _told(done: Rebuilt) -> str:
    words = [f"{done.entered} rounds entered"]
    words += [
        f"{number} {what}"
        for number, what in (
            (done.twice, "left out: another round of the same practitioner is in the book"),
            (done.counts, "cannot be entered: their single sums were deleted after their time, only counts are left"),
            (done.older, "cannot be entered: another version of the software wrote what they left"),
        )
        if number
    ]
    if done.since and done.until:
        words.append(f"book {_span(done.since, done.until)} of {done.practitioners} practitioners")
    elif done.carried:
        words.append("five practitioners or fewer, carried into the next quarter")
    return "; ".join(words)


def _short(book: Short, service: str) -> str:
    return (
        f"{service}, {book.questionnaire}, {_span(book.since, book.until)}: the book is of {book.practitioners} "
        f"practitioners, though {book.left} left sums. A book that is there is never changed."
    )


# ---- export


@programme.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder.")
@click.option("--service", help="The service; needed where there are several.")
@click.option("--csv", is_flag=True, help="CSV, with its codebook.")
@click.option("--parquet", is_flag=True, help="Parquet; needs the extra “parquet”.")
@click.option("--spss", is_flag=True, help="SPSS; needs the extra “spss”.")
def export(out: Path, service: str | None, **chosen: bool) -> None:
    """Write cells of released reports and figures of programmes, with a codebook, into the new folder OUT.

    Without a format, CSV. Nothing in it is of a single rater; it is confidential all the same (docs/export.md). The
    exit status is 1 where a format could not be written.
    """
    wanted = tuple(name for name in FORMATS if chosen[name]) or ("csv",)
    with reading() as session:
        place = _service(session, service)
    done = _write(out, place.id, wanted)
    for line in _outcome(done, out):
        click.echo(line)
    for sentence in done.lacking:
        click.echo(sentence, err=True)
    if done.lacking:
        raise SystemExit(1)


def _write(out: Path, service_id: str, formats: tuple[str, ...]) -> Exported:
    """Write beside the folder first, so that there is a whole export that is in the record, or none."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise click.ClickException(f"{out} is there and not an empty folder. Name a new one.")
    now = utcnow()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".export-") as partial:
            folder = Path(partial) / "export"
            folder.mkdir()
            with reading() as session:
                done = write_export(session, service_id, folder, formats=formats, numbers=SystemRandom(), now=now)
            with transaction() as session:
                record_export(session, service_id, done, by=OPERATOR, now=now)
            os.replace(folder, out)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror or error}.") from error
    return done


def _outcome(done: Exported, out: Path) -> Iterable[str]:
    rows = ", ".join(f"{name} {number}" for name, number in done.rows.items())
    yield f"{done.reports} reports; rows: {rows}. Written to {out}."
    yield from (f"Left out: {each}." for each in left_out(done))
