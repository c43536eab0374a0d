"""Commands about questionnaires: list the shipped ones, check a file."""

from pathlib import Path

import click

from msf.instruments import catalogue, check, check_shelf, words


@click.group()
def surveys() -> None:
    """Questionnaires: list them, check a file."""


@surveys.command("list")
def list_surveys() -> None:
    """List the questionnaires that are here."""
    for each in catalogue():
        title = words(each.title, each.languages[0])
        state = "" if each.released else " (not released)"
        click.echo(f"{each.reference_name:26} {len(each.items):2} items, {each.minutes} minutes  {title}{state}")


@surveys.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
def check_survey(file: Path | None) -> None:
    """Check FILE, or every questionnaire that is here; each mistake with its line and what to do.

    The exit status is 1 where anything was found, a warning included: an item that is right as it is says so itself
    with “lint_ok”.
    """
    problems = check_shelf() if file is None else check(file)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        raise SystemExit(1)
    click.echo("No mistakes found.")
