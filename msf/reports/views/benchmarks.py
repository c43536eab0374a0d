"""The benchmarks of a service, for its staff: which sets there are, and the quartiles of one; nobody’s own means."""

from flask import Blueprint, render_template, request, url_for

from msf.accounts.guard import me
from msf.base.db import reading
from msf.base.shelf import known, needed
from msf.instruments import words
from msf.reports import queries
from msf.reports.queries import BenchmarkRow
from msf.reports.rules.benchmarks import YEARS, bands, line_of
from msf.rounds.rules import stratum_words
from msf.scoring.benchmarks import LEAST

benchmarks = Blueprint("benchmarks", __name__, url_prefix="/benchmarks")


@benchmarks.get("")
def index() -> str:
    """Every set of the service, the latest first."""
    with reading() as session:
        found = queries.benchmark_rows(session, me(), page=request.args.get("page", 1, type=_number))
    return render_template(
        "reports/benchmarks.html",
        found=found,
        rows=[(each, _words_of(each)) for each in found.rows],
        least=LEAST,
        page_href=lambda number: url_for(".index", page=number),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


@benchmarks.get("/<set_id>")
def show(set_id: str) -> str:
    """One set: whom it is made of, in numbers, and its quartiles by area."""
    with reading() as session:
        found = queries.benchmark_row(session, me(), set_id)
    asked, quartiles = needed(found.benchmark.questionnaire), bands(found.benchmark)
    return render_template(
        "reports/benchmark.html",
        found=found,
        said=_words_of(found),
        areas=[(words(domain.title, "en"), quartiles.get(domain.id)) for domain in asked.domains],
        highest=asked.scale.highest,
        least=LEAST,
        line=line_of(found.benchmark.family),
        years=YEARS,
    )


def _words_of(row: BenchmarkRow) -> dict[str, str]:
    """Its questionnaire, family and stratum as people say them, and the start of its digest."""
    name, stratum = row.benchmark.questionnaire, stratum_words(row.benchmark.stratum)
    asked = known(name)
    return {
        "questionnaire": f"{words(asked.title, 'en')} (version {asked.version})" if asked else name,
        "family": row.benchmark.family.capitalize(),
        "stratum": stratum[:1].upper() + stratum[1:],
        "digest": row.digest[:8],
    }
