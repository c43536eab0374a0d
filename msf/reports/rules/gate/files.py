"""The bytes of data files read back: exactly the kept figures, no more exact than they were kept, and nothing else."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msf.base.sheets import defused
from msf.reports.rules.cells import COLUMNS, Part, csv_rows
from msf.reports.rules.gate.refusal import FILE, Leak


def file_leaks(
    files: Mapping[str, bytes], parts: Sequence[Part], *, practitioner: str, reference: str
) -> Iterator[Leak]:
    """Why the JSON or CSV about to be kept is not the kept figures; other formats are not read here."""
    if "json" in files:
        expected = {"practitioner": practitioner, "reference": reference, "parts": [part.to_json() for part in parts]}
        if _json(files["json"]) != _exact(expected):
            yield Leak(FILE, "The JSON file")
    if "csv" in files:
        rows = [list(COLUMNS), *([str(defused(value)) for value in row] for part in parts for row in csv_rows(part))]
        if _csv(files["csv"]) != rows:
            yield Leak(FILE, "The CSV file")


def _json(content: bytes) -> Any:
    """What JSON says with every number and key as it is written, so that none can hide; None where it says nothing."""
    try:
        return json.loads(content.decode(), parse_float=_number, parse_int=_number, object_pairs_hook=list)
    except ValueError:
        return None


def _number(written: str) -> tuple[str]:
    """A number as it is written, which no text is equal to."""
    return (written,)


def _exact(plain: Any) -> Any:
    """The same shape for what was kept."""
    return _json(json.dumps(plain).encode())


def _csv(content: bytes) -> list[list[str]] | None:
    try:
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
