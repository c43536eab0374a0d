"""One pass over a file of answers into a spool: every row is either a rater or refused with its reasons."""

import codecs
import os
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from msf.collate.columns import columns_of, sniffed
from msf.collate.faults import CollateRefused, shown
from msf.collate.lines import Row, rows
from msf.collate.raters import Rater, Reader
from msf.collate.spool import Spool
from msf.instruments import Questionnaire

_EVERY = 2_000
_FIRST = 100_000  # characters of the first line that are looked at for the delimiter
_SAVE = "Save the table as “CSV UTF-8”, with the names of its columns in the first line."
_OTHER = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_into(
    spool: Spool, path: Path, questionnaire: Questionnaire, delimiter: str | None, seen: Callable[[int], None]
) -> Reader:
    """Fill `spool` from the file; the reader knows its groups. `seen` is told of bytes as they are read.

    Raises `CollateRefused` where it is not a file of answers to this questionnaire.
    """
    _checked_kind(path)
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
            return _read(spool, stream, questionnaire, delimiter or _delimiter(stream), seen)
    except OSError as error:
        raise CollateRefused(f"{shown(str(path))} cannot be read: {error.strerror}.") from None


def size_of(path: Path) -> int:
    """How many bytes there are to read; 0 where there is no file."""
    return path.stat().st_size if path.is_file() else 0


def _checked_kind(path: Path) -> None:
    if not path.exists():
        raise CollateRefused(f"There is no file {shown(str(path))}.", remedy="Check its name.")
    if not path.is_file():
        raise CollateRefused(f"{shown(str(path))} is not a file.", remedy="Name the CSV file itself.")
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise CollateRefused(f"{shown(str(path))} cannot be read: {error.strerror}.") from None
    if not start.strip(codecs.BOM_UTF8).strip():
        raise CollateRefused(f"{shown(str(path))} is empty.", remedy=_SAVE)
    if start.startswith(_OTHER) or b"\0" in start.partition(b"\n")[0]:
        raise CollateRefused(f"{shown(str(path))} is not text in UTF-8.", remedy=_SAVE)


def _delimiter(stream: TextIO) -> str:
    """Looked for in the first line with anything on it; the stream is back at its beginning afterwards."""
    line = stream.readline(_FIRST)
    while line and not line.strip():
        line = stream.readline(_FIRST)
    stream.seek(0)
    return sniffed(line)


def _read(
    spool: Spool, stream: TextIO, questionnaire: Questionnaire, delimiter: str, seen: Callable[[int], None]
) -> Reader:
    found = rows(stream, delimiter)
    reader = Reader(questionnaire, columns_of(_head(next(found, (0, []))[1]), questionnaire))
    told = 0
    for number, (line, row) in enumerate(found):
        outcome = reader.read(line, row)
        if isinstance(outcome, Rater):
            spool.add(line, outcome)
        else:
            spool.refuse(outcome)
        if number % _EVERY == 0:
            place = os.lseek(stream.fileno(), 0, os.SEEK_CUR)
            seen(place - told)
            told = place
    if not spool.rows:
        raise CollateRefused("The file names its columns and holds no row of answers.", remedy="Add one row a rater.")
    spool.settle()
    return reader


def _head(row: Row) -> list[str]:
    if isinstance(row, list):
        return row
    raise CollateRefused(f"The first line of the file cannot be read: {row}.", remedy=_SAVE)
