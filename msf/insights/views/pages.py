"""Pages of programmes for the staff of a service: the list, one questionnaire in a choice of periods, and its files."""

from datetime import date

from flask import Blueprint, Response, make_response, render_template, request, url_for

from msf.accounts.guard import me
from msf.base.clock import today, utcnow
from msf.base.db import reading
from msf.base.errors import NotFound
from msf.insights import queries
from msf.insights.formats import TYPES, data_file
from msf.insights.rules.page import sections_of
from msf.insights.rules.periods import ALL, spoken

pages = Blueprint("programmes", __name__, url_prefix="/programmes")

FAMILIES = {"colleagues": "Colleagues", "patients": "Patients"}


@pages.get("")
def index() -> str:
    """The questionnaires with something to show."""
    with reading() as session:
        number = request.args.get("page", 1, type=_number)
        found = queries.programmes_of(session, me(), today=_today(), page=number)
    return render_template(
        "insights/index.html",
        found=found,
        families=FAMILIES,
        may_export="administrator" in me().roles,
        page_href=lambda number: url_for(".index", page=number),
    )


@pages.get("/<key>/<version>")
def show(key: str, version: str) -> str:
    """One questionnaire, of all periods or of one."""
    found = _opened(key, version)
    months = spoken(found.books[0].since, found.books[-1].until)
    return render_template(
        "insights/show.html",
        title=found.study.said(found.study.asked.title),
        version=version,
        family=FAMILIES[found.study.asked.family],
        sections=sections_of(found.study, months),
        period=_period(),
        months=months,
        choices=[(book.until, spoken(book.since, book.until)) for book in reversed(found.offered)],
        action=url_for(".show", key=key, version=version),
        files={
            ending: url_for(".download", key=key, version=version, ending=ending, period=_period()) for ending in TYPES
        },
    )


@pages.get("/<key>/<version>.<ending>")
def download(key: str, version: str, ending: str) -> Response:
    """The same figures as a file."""
    if ending not in TYPES:
        raise NotFound
    found = _opened(key, version)
    answer = make_response(data_file(ending, found.study, found.books))
    answer.content_type = TYPES[ending]
    answer.headers["Content-Disposition"] = f'attachment; filename="programme-{key}-{version}-{_period()}.{ending}"'
    return answer


def _opened(key: str, version: str) -> queries.Opened:
    with reading() as session:
        return queries.programme(session, me(), f"{key}/{version}", period=_period(), today=_today())


def _period() -> str:
    return request.args.get("period") or ALL


def _today() -> date:
    return today(utcnow(), me().zone)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
