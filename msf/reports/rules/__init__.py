"""What a report may say: one store of cells, built and gated from counts, that page, PDF, JSON and CSV only lay out."""

from msf.reports.rules.build import part_of
from msf.reports.rules.cells import ALL, COLUMNS, Block, Cell, Family, NonAnswers, Part, csv_rows
from msf.reports.rules.gate import DisclosureRefused, Given, refusals
from msf.reports.rules.tallies import FamilyTally, pool, tally

__all__ = [
    "ALL",
    "COLUMNS",
    "Block",
    "Cell",
    "DisclosureRefused",
    "Family",
    "FamilyTally",
    "Given",
    "NonAnswers",
    "Part",
    "csv_rows",
    "part_of",
    "pool",
    "refusals",
    "tally",
]
