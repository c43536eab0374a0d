"""Commands about rounds: list, show, close, let bots answer, and write a report to files."""

from pathlib import Path

import click
import sqlalchemy as sa
from sqlmodel import Session, col, select

from msf.app import HANDLERS
from msf.base.audit import OPERATOR
from msf.base.clock import utcnow
from msf.base.config import current
from msf.base.db import reading, transaction
from msf.base.errors import NotFound
from msf.base.keys import Keys
from msf.base.queue import run_due
from msf.cli.installation import installed
from msf.demo.bots import Mind, answer_all
from msf.invitations import queries as invitations
from msf.invitations.rules import token, token_text
from msf.reports import queries as report_shelf
from msf.reports.formats import report_pdf, standalone_page
from msf.reports.operations import record_view
from msf.reports.rules.export import cells_csv, cells_json
from msf.respond import operations
from msf.rounds.models import Round
from msf.rounds.rules import LABELS


def _round(session: Session, reference: str) -> Round:
    """The round with this reference or id."""
    known = sa.or_(col(Round.reference) == reference.upper(), col(Round.id) == reference.lower())
    found = session.exec(select(Round).where(known)).first()
    if found is None:
        raise NotFound(f"There is no round {reference}.", remedy="“msf round list” shows them all.")
    return found


@click.group("round")
def round() -> None:
    """Rounds: list, show, close."""
    installed()


@round.command("list")
def list_rounds() -> None:
    """List every round with its state and dates."""
    with reading() as session:
        rows = session.exec(select(Round).order_by(col(Round.opens_on), col(Round.reference))).all()
    for row in rows:
        click.echo(f"{row.reference}  {row.opens_on} to {row.closes_on}  {LABELS[row.state]}")
    if not rows:
        click.echo("There are no rounds yet.")


@round.command("show")
@click.argument("reference")
def show_round(reference: str) -> None:
    """Show one round: state, dates, and how many were invited. Who has answered is known to nobody."""
    with reading() as session:
        row = _round(session, reference)
        invited = row.invited or invitations.invited_counts(session, row.id)
    click.echo(f"{row.reference}: {LABELS[row.state]}, {row.opens_on} to {row.closes_on}")
    for family, groups in sorted(invited.items()):
        click.echo(f"  {family}: {sum(groups.values())} invited")
    if row.answered_on:
        told = f"at least {row.answered}" if row.answered else f"fewer than {row.k}"
        click.echo(f"  {told} answered, as counted on {row.answered_on:%-d %B %Y}")
    if row.unreadable:
        click.echo(f"  {row.unreadable} sealed answers could not be opened at the close")


@round.command("close")
@click.argument("reference")
@click.confirmation_option(prompt="Nobody can answer after this. Close the round for good?")
def close_round(reference: str) -> None:
    """Close the round now and do the work that follows: open, shuffle, destroy the keys, draw up the report.

    A strict round takes no more answers from then on, and waits for its key holders; no command opens it.
    """
    with transaction() as session:
        row = _round(session, reference)
        operations.close_round(session, row.id, keys=Keys.at(current().keys), by=OPERATOR, now=utcnow())
        session.refresh(row)
        waits, many = row.state == "awaiting_key_holder", row.holders_needed
    run_due(HANDLERS)
    if waits:
        who = "both of its key holders sign" if many == 2 else "one of its key holders signs"
        click.echo(f"{row.reference} takes no more answers. It is opened once {who} in and gives a passphrase at")
        click.echo(f"{current().base_url}/keys/{row.id}. A letter asks for that.")
        return
    click.echo(f"{row.reference} is closed.")


@click.command()
@click.argument("reference")
@click.option("--raters", default=10, show_default=True, help="How many answer.")
@click.option("--family", type=click.Choice(["colleagues", "patients"]), help="Only these.")
@click.option("--level", default=4.1, show_default=True, help="How good they find the practitioner, on average.")
@click.option("--seed", type=int, help="For the same play again.")
@click.option("--url", help="Where the site answers; MSF_BASE_URL where not given.")
def bots(reference: str, raters: int, family: str | None, level: float, seed: int | None, url: str | None) -> None:
    """Answer the open round REFERENCE as raters would, through the real door over HTTP."""
    installed()
    codes = codes_of(reference, family)
    with click.progressbar(length=min(raters, len(codes)), label="Answering") as bar:
        done = 0
        for _ in answer_all(url or current().base_url, codes, most=raters, mind=Mind(level), seed=seed):
            done += 1
            bar.update(1)
    click.echo(f"{done} answers were taken.")


def codes_of(reference: str, family: str | None = None) -> list[str]:
    """The codes of an open round's raters, worked out from its key as the letters' are."""
    with reading() as session:
        row = _round(session, reference)
        secret = Keys.at(current().keys).tokens.read(row.id)
        places = invitations.places(session, row.id)
    return [token_text(token(secret, place.n)) for place in places if family in (None, place.family)]


@click.command()
@click.argument("reference")
@click.option("--pdf", type=click.Path(path_type=Path), help="The report to print.")
@click.option("--html", type=click.Path(path_type=Path), help="The report as one page.")
@click.option("--json", type=click.Path(path_type=Path), help="Every figure, with how many it rests on.")
@click.option("--csv", type=click.Path(path_type=Path), help="The same figures as a table.")
def report(reference: str, **wanted: Path | None) -> None:
    """Write the report of the closed round REFERENCE to the files named. Figures and words are those on its page."""
    installed()
    if not any(wanted.values()):
        raise click.UsageError("Name at least one file: --pdf, --html, --json or --csv.")
    with reading() as session:
        row = _round(session, reference)
        seen = report_shelf.opened_of(session, report_shelf.report_of(session, row.id), row)
    for ending, path in wanted.items():
        if path is not None:
            path.write_bytes(_made(seen, ending))
            click.echo(f"Written: {path}")
    with transaction() as session:
        for ending in (ending for ending, path in wanted.items() if path is not None):
            record_view(
                session, seen.id, organisation_id=seen.organisation_id, ending=ending, by=OPERATOR, now=utcnow()
            )


def _made(seen: report_shelf.Opened, ending: str) -> bytes:
    if ending == "pdf":
        return report_pdf(seen.document)
    if ending == "html":
        return standalone_page(seen.document).encode("utf-8")
    if ending == "csv":
        return cells_csv(seen.parts)
    return cells_json(seen.parts, practitioner=seen.facts.practitioner, reference=seen.facts.reference)
