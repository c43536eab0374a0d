"""The command that makes reports from a file of answers: exit 0 all well, 1 something refused, 2 nothing done."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from msf import collate as collating
from msf.collate.columns import DELIMITERS
from msf.instruments import Questionnaire, SurveyInvalid, load
from msf.scoring.disclosure import FLOOR

SIGNS = {name: sign for sign, name in DELIMITERS.items()}


@click.command()
@click.argument("answers", type=click.Path(path_type=Path))
@click.option("--survey", required=True, type=click.Path(path_type=Path), help="The questionnaire, a YAML file.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="New or empty folder for the reports.")
@click.option("--no-pdf", is_flag=True, help="Leave out the PDFs.")
@click.option(
    "--least", default=5, show_default=True, type=click.IntRange(FLOOR), help="Fewest people a figure may rest on."
)
@click.option("--comments", is_flag=True, help="Print comments too. No moderator has read them: see docs/collate.md.")
@click.option("--delimiter", type=click.Choice(list(SIGNS)), help="What stands between cells, if not found by itself.")
@click.pass_context
def collate(
    ctx: click.Context,
    answers: Path,
    survey: Path,
    out: Path,
    no_pdf: bool,
    least: int,
    comments: bool,
    delimiter: str | None,
) -> None:
    """Make a report for each practitioner in ANSWERS, a CSV file with one row a rater, without a database.

    Its columns: practitioner, family (self, colleagues, patients), group, one for each item of the survey, and
    perhaps one for each prompt. An empty cell, NA (does not apply) and DK (cannot say) are three different things.

    Rows that cannot be read are listed in problems.csv. Exit status: 0 all well, 1 some rows were refused and the
    rest collated, 2 nothing done. docs/collate.md says more.
    """
    order = collating.Order(
        answers, survey_of(survey), out, least, not no_pdf, comments, SIGNS[delimiter] if delimiter else None
    )
    try:
        outcome = collating.collate(order, bar)
    except collating.CollateRefused as refused:
        click.echo(f"{refused.message} {refused.remedy}".strip(), err=True)
        ctx.exit(2)
    _tell(outcome, out)
    ctx.exit(0 if outcome.complete else 1)


def survey_of(path: Path) -> Questionnaire:
    """The questionnaire of a file; what is wrong with it is printed, with exit status 2."""
    try:
        return load(path)
    except SurveyInvalid as invalid:
        click.echo(f"The questionnaire cannot be used:\n{invalid}", err=True)
        raise click.exceptions.Exit(2) from None


@contextmanager
def bar(words: str, length: int) -> Iterator[Callable[[int], None]]:
    """A progress bar where somebody watches, else nothing."""
    with click.progressbar(length=length, label=words, file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        yield shown.update


def _tell(outcome: collating.Outcome, out: Path) -> None:
    if not outcome.complete:
        tell_refused(outcome.rows, outcome.refused, outcome.first, out)
    click.echo(f"{outcome.reports:,} reports from {outcome.rows - outcome.refused:,} rows in {out}.")


def tell_refused(rows: int, refused: int, first: Iterable[collating.Fault], out: Path) -> None:
    """How many rows were refused, and the first of what was wrong."""
    click.echo(f"{refused:,} of {rows:,} rows refused; see {out / 'problems.csv'}.", err=True)
    for fault in first:
        place = ", ".join(filter(None, (f"line {fault.line}" * bool(fault.line), fault.column)))
        click.echo("  " + ": ".join(filter(None, (place, fault.reason))), err=True)
