"""The command that makes programme statistics of a file of answers: exit 0 all well, 1 rows refused, 2 no figures."""

from pathlib import Path

import click

from msf.cli.collate import SIGNS, bar, survey_of, tell_refused
from msf.collate import CollateRefused, analysis
from msf.scoring.disclosure import FLOOR


@click.command()
@click.argument("answers", type=click.Path(path_type=Path))
@click.option("--survey", required=True, type=click.Path(path_type=Path), help="The questionnaire, a YAML file.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="New or empty folder for the figures.")
@click.option(
    "--least", default=5, show_default=True, type=click.IntRange(FLOOR), help="Fewest people a figure may rest on."
)
@click.option("--delimiter", type=click.Choice(list(SIGNS)), help="What stands between cells, if not found by itself.")
@click.option("--no-charts", is_flag=True, help="Leave out the charts.")
@click.option("--everything", is_flag=True, help="Leave nothing out; the figures are then as confidential as the file.")
@click.pass_context
def analyse(
    ctx: click.Context,
    answers: Path,
    survey: Path,
    out: Path,
    least: int,
    delimiter: str | None,
    no_charts: bool,
    everything: bool,
) -> None:
    """Make the statistics of a programme of ANSWERS, a CSV file with one row a rater, without a database.

    The file is that of “msf collate”. For each family in it: reliability and how many raters it takes, consistency,
    item figures, own views, how carefully people answered. What rests on fewer than six practitioners, or mostly on
    one, is left out, so that the figures can be handed on.

    Rows that cannot be read are listed in problems.csv. Exit status: 0 all well, 1 some rows were refused and the
    rest counted, 2 no figures were made. docs/analyse.md says more.
    """
    order = analysis.Order(
        answers, survey_of(survey), out, least, not no_charts, everything, SIGNS[delimiter] if delimiter else None
    )
    try:
        outcome = analysis.analyse(order, bar)
    except CollateRefused as refused:
        click.echo(f"{refused.message} {refused.remedy}".strip(), err=True)
        ctx.exit(2)
    if outcome.refused:
        tell_refused(outcome.rows, outcome.refused, outcome.first, out)
    for family, counted in outcome.families.items():
        click.echo(_said(family, counted))
    click.echo(_handing_on(out, everything=everything))
    ctx.exit(1 if outcome.refused else 0)


def _said(family: str, counted: analysis.Counted | None) -> str:
    if counted is None:
        return f"{family.capitalize()}: nothing is shown, since fewer than six practitioners have ratings from them."
    return f"{family.capitalize()}: {counted.practitioners:,} practitioners, {counted.raters:,} raters."


def _handing_on(out: Path, *, everything: bool) -> str:
    if everything:
        return f"The figures in {out} leave nothing out: keep them as confidential as the answers."
    return f"The figures in {out} can be handed on."
