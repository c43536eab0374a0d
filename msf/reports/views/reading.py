"""The report itself: as a page with its charts, and as released files; every opening is noted."""

from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from msf.accounts.guard import me
from msf.accounts.queries import readings
from msf.accounts.rules import ROLES
from msf.base.clock import utcnow
from msf.base.db import reading, transaction
from msf.base.errors import NotFound
from msf.reports import operations, queries
from msf.reports.formats import TYPES
from msf.reports.rules.drawing import drawn
from msf.reports.rules.release import NotReleased, ReportDeleted, ReportVoid
from msf.reports.rules.shapes import Chart
from msf.rounds.queries import about, visible
from msf.rounds.rules import LABELS

pages = Blueprint("reports", __name__, url_prefix="")


@pages.get("/reports")
def index() -> str:
    """The reports that the person who asks may open."""
    with reading() as session:
        found = queries.reports_of(session, me(), page=request.args.get("page", 1, type=_number))
    return render_template(
        "reports/index.html",
        found=found,
        labels=LABELS,
        own=not me().roles - {"practitioner"},
        page_href=lambda number: url_for(".index", page=number),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


@pages.get("/rounds/<round_id>/report")
def of_round(round_id: str) -> AnyResponse:
    """The report of a round, wherever it lives."""
    with reading() as session:
        round = visible(session, me(), round_id)
        if round.state == "archived":
            raise ReportDeleted
        report = queries.report_of(session, round.id)
    return redirect(url_for(".show", report_id=report.id), 303)


def _opened(report_id: str) -> queries.Opened:
    """The report, if this person may open it and it is not void; a preview not for somebody who was asked to answer."""
    with reading() as session:
        found = queries.opened(session, me(), report_id)
        if found.void_reason is not None:
            raise ReportVoid(found.void_reason)
        if found.preview:
            operations.check_reader(visible(session, me(), found.round_id), me().id)
    return found


def _note(found: queries.Opened, ending: str, now: datetime) -> None:
    with transaction() as session:
        operations.record_view(
            session, found.id, organisation_id=found.organisation_id, ending=ending, by=me().id, now=now
        )


@pages.get("/reports/<report_id>")
def show(report_id: str) -> str:
    """The report as a page."""
    found = _opened(report_id)
    with reading() as session:
        own = about(session, me(), found.round_id)
    _note(found, "page", utcnow())

    def source(chart: Chart) -> str:
        return url_for(".chart", report_id=report_id, name=chart.name)

    return render_template(
        "reports/show.html",
        document=found.document,
        source=source,
        report=found,
        state=LABELS[found.state],
        own=own,
    )


@pages.get("/reports/<report_id>/readers")
def readers(report_id: str) -> str:
    """Who has opened the report, for the practitioner it is about and for nobody else."""
    with reading() as session:
        found = queries.opened(session, me(), report_id)
        if not about(session, me(), found.round_id):
            raise NotFound
        list_of = readings(session, report_id, number=request.args.get("page", 1, type=_number))
    return render_template(
        "reports/readers.html",
        report=found,
        found=list_of,
        roles=ROLES,
        zone=me().zone,
        page_href=lambda number: url_for(".readers", report_id=report_id, page=number),
    )


@pages.get("/reports/<report_id>.<ending>")
def download(report_id: str, ending: str) -> Response:
    """The released bytes in one format."""
    if ending not in TYPES:
        raise NotFound
    found = _opened(report_id)
    with reading() as session:
        file = queries.file_of(session, report_id, ending)
    if file is None:
        raise NotReleased
    _note(found, ending, utcnow())
    answer = make_response(file.content)
    answer.content_type = TYPES[ending]
    answer.headers["Content-Disposition"] = f'attachment; filename="feedback-{found.facts.reference}.{ending}"'
    return answer


@pages.get("/reports/<report_id>/charts/<name>.svg")
def chart(report_id: str, name: str) -> Response:
    """One chart of the report."""
    found = _opened(report_id).document.chart(name)
    if found is None:
        raise NotFound
    answer = make_response(drawn(found.drawing))
    answer.content_type = "image/svg+xml; charset=utf-8"
    return answer
