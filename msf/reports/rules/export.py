"""The cells as data files: JSON as they are, CSV that no spreadsheet runs as a formula."""

import csv
import io
import json
from collections.abc import Iterable

from msf.base.sheets import defused
from msf.reports.rules.cells import COLUMNS, Part, csv_rows


def cells_json(parts: Iterable[Part], *, practitioner: str, reference: str) -> bytes:
    """Every part with its families and cells, as UTF-8 JSON."""
    whole = {"practitioner": practitioner, "reference": reference, "parts": [part.to_json() for part in parts]}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def cells_csv(parts: Iterable[Part]) -> bytes:
    """Every cell and non-answer count as a row, UTF-8 with a byte-order mark (spreadsheets need it to read accents)."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    writer.writerows([defused(value) for value in row] for part in parts for row in csv_rows(part))
    return sheet.getvalue().encode("utf-8-sig")
