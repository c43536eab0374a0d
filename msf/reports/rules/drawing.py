"""Draws the charts of a report; equal drawings give the same bytes and are drawn once in a process."""

from functools import lru_cache

from msf import charts
from msf.reports.rules.shapes import Document, Drawing


@lru_cache(maxsize=256)
def drawn(drawing: Drawing) -> bytes:
    """The SVG of one chart."""
    rows = [row for row in drawing.rows if isinstance(row, charts.Row)]
    counts = [row for row in drawing.rows if isinstance(row, charts.Counts)]
    if drawing.shape == "distribution":
        return charts.distribution(counts, scale=drawing.scale, words=drawing.words)
    draw = {"domain_profile": charts.domain_profile, "item_profile": charts.item_profile, "blocks": charts.blocks}
    return draw[drawing.shape](rows, scale=drawing.scale, family=drawing.family, words=drawing.words)


def images_of(document: Document) -> dict[str, bytes]:
    """Every chart of a document as SVG, by file name."""
    return {chart.image: drawn(chart.drawing) for chart in document.charts()}
