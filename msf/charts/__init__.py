"""Plain values in, SVG bytes out: the charts of a report, the same bytes for the same input, on page and in print."""

from msf.charts.faces import FONTS, covered, uncovered
from msf.charts.profile import blocks, domain_profile, item_profile
from msf.charts.rows import Counts, Row, Scale, Words
from msf.charts.spread import distribution

__all__ = [
    "FONTS",
    "Counts",
    "Row",
    "Scale",
    "Words",
    "blocks",
    "covered",
    "distribution",
    "domain_profile",
    "item_profile",
    "uncovered",
]
