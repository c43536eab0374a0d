"""What an export holds and which reports may be in it: columns described once, the codebooks, and the choice; pure."""

from msf.insights.rules.export.choosing import Alike, Candidate, whole_batches
from msf.insights.rules.export.columns import NON_ANSWERS, Column, Row, Table, Value, answers, questions, tables_of
from msf.insights.rules.export.csvw import csvw
from msf.insights.rules.export.ddi import ddi

__all__ = [
    "NON_ANSWERS",
    "Alike",
    "Candidate",
    "Column",
    "Row",
    "Table",
    "Value",
    "answers",
    "csvw",
    "ddi",
    "questions",
    "tables_of",
    "whole_batches",
]
