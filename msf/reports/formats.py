"""One document as PDF, as a page that needs no other file, and its cells as JSON and CSV; no web, no database."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from msf.base.config import data
from msf.base.pdf import compile_pdf
from msf.reports.rules.cells import Part
from msf.reports.rules.drawing import drawn, images_of
from msf.reports.rules.export import cells_csv, cells_json
from msf.reports.rules.facts import Facts
from msf.reports.rules.shapes import Chart, Document

STYLE = Path(__file__).resolve().parents[1] / "static" / "report.css"
TYPES = {"pdf": "application/pdf", "json": "application/json", "csv": "text/csv; charset=utf-8"}


def report_pdf(document: Document) -> bytes:
    """The report as PDF/UA-1; the same bytes for an equal document."""
    return compile_pdf(data("templates") / "reports" / "report.typ", document.to_json(), images=images_of(document))


def standalone_page(document: Document) -> str:
    """The report as one HTML file with its style and charts inside."""
    page = shelf().get_template("reports/standalone.html")
    return page.render(document=document, source=_inside, style=STYLE.read_text("utf-8"))


def files_of(document: Document, parts: Sequence[Part], facts: Facts) -> dict[str, bytes]:
    """The files of a release, by the ending of their names."""
    return {"pdf": report_pdf(document), **data_files(parts, facts)}


def data_files(parts: Sequence[Part], facts: Facts) -> dict[str, bytes]:
    """Those that machines read."""
    return {
        "json": cells_json(parts, practitioner=facts.practitioner, reference=facts.reference),
        "csv": cells_csv(parts),
    }


def _inside(chart: Chart) -> str:
    return "data:image/svg+xml;base64," + b64encode(drawn(chart.drawing)).decode("ascii")


@cache
def shelf() -> Environment:
    """Templates of pages that stand alone, without an app: everything escaped, nothing undefined."""
    return Environment(
        loader=FileSystemLoader(data("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
