"""Text for cells of a sheet that no spreadsheet runs as a formula; pure."""

import csv
import io
from collections.abc import Iterable

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defused(value: str | float) -> str | float:
    """A text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay as they are.

    >>> defused("=1+1"), defused("Doctors"), defused(-1)
    ("'=1+1", 'Doctors', -1)
    """
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value


def csv_line(values: Iterable[str | float]) -> str:
    """One row of CSV with its line end, every text defused.

    >>> csv_line(["a,b", "=1+1", 3])
    '"a,b",\\'=1+1,3\\r\\n'
    """
    line = io.StringIO(newline="")
    csv.writer(line).writerow([defused(value) for value in values])
    return line.getvalue()
