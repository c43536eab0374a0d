"""The figures of a programme as data files: JSON as they are, CSV that no spreadsheet runs as a formula."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from msf.base.sheets import defused
from msf.insights.rules.periods import Book
from msf.insights.rules.said import REASON
from msf.insights.rules.study import Study
from msf.scoring.programme import Figure

TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
NOT_SHOWN = "not_shown"
COLUMNS = ("questionnaire", "since", "until", *Figure._fields)


def data_file(ending: str, study: Study, books: Sequence[Book]) -> bytes:
    """The file with this ending, one of `TYPES`."""
    return {"json": figures_json, "csv": figures_csv}[ending](study, books)


def figures_json(study: Study, books: Sequence[Book]) -> bytes:
    """Every figure with its estimator, limits and n, and what is not shown, as UTF-8 JSON."""
    whole: dict[str, Any] = {
        "questionnaire": study.asked.reference_name,
        "periods": [{"since": book.since, "until": book.until} for book in books],
        "figures": [figure._asdict() for figure in study.figures],
        NOT_SHOWN: [{"scope": scope, "id": id, "remark": REASON} for scope, id in study.hidden()],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def figures_csv(study: Study, books: Sequence[Book]) -> bytes:
    """A row a figure, and one for each item or area that is not shown; UTF-8 with a byte-order mark for spreadsheets.

    `since` and `until` are the first and the last quarter; a cell is empty where there is no such number.
    """
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    first = (study.asked.reference_name, books[0].since, books[-1].until)
    hidden = [(scope, id, NOT_SHOWN, None, None, None, None, None, None, REASON) for scope, id in study.hidden()]
    rows: list[tuple[str | float | None, ...]] = [*study.figures, *hidden]
    for row in rows:
        writer.writerow(["" if value is None else defused(value) for value in (*first, *row)])
    return sheet.getvalue().encode("utf-8-sig")
