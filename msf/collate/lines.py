"""The rows of a delimited file, one at a time in bounded memory: a broken or endless row never takes others with it."""

import csv
from collections.abc import Iterator
from typing import Final, TextIO

LIMIT: Final = 1_000_000
"""Characters in one row; far more than the longest comments a questionnaire allows."""

_REASONS = {
    "unexpected end of data": "a quotation mark opens here and is never closed",
    "delimiter": "a quotation mark stands inside a cell that is in quotation marks; write it twice",
}


class Broken(str):
    """Why a row could not be split into cells."""

    __slots__ = ()


Row = list[str] | Broken


def rows(stream: TextIO, delimiter: str) -> Iterator[tuple[int, Row]]:
    """Each row of `stream` with the line it begins on, counted from 1; a line with nothing on it is no row.

    `stream` has to be opened with `newline=""`. A quoted cell may hold line ends.
    """
    lines = _Lines(stream)
    allowed = csv.field_size_limit(LIMIT + 1)
    try:
        yield from _rows(lines, csv.reader(lines, delimiter=delimiter, strict=True), delimiter)
    finally:
        csv.field_size_limit(allowed)


def _rows(lines: "_Lines", reader: Iterator[list[str]], delimiter: str) -> Iterator[tuple[int, Row]]:
    while True:
        start = lines.begin()
        row: Row
        try:
            row = next(reader)
        except StopIteration:
            return
        except _TooLong:
            place = _last_cell(lines.held, delimiter)
            lines.skip_record()
            row = Broken(f"the row has more than {LIMIT:,} characters; it goes over in its cell {place}")
        except csv.Error as error:
            row = Broken(_said(error))
        if isinstance(row, Broken) and lines.number > start:
            row = Broken(f"{row} (lines {start} to {lines.number})")
        if row:
            yield start, row


def _said(error: csv.Error) -> str:
    words = str(error)
    return _REASONS["delimiter" if "expected after" in words else words] if _known(words) else f"not a row: {words}"


def _known(words: str) -> bool:
    return "expected after" in words or words in _REASONS


def _last_cell(held: list[str], delimiter: str) -> int:
    """In which cell, from 1, a row that was given up stands."""
    return len(next(csv.reader(["".join(held)[:LIMIT].replace("\r", " ").replace("\n", " ")], delimiter=delimiter), []))


class _TooLong(Exception):
    """The row in hand has more than LIMIT characters."""


class _Lines:
    """Physical lines, of which one row's are held, so that a row too long can be left behind whole."""

    def __init__(self, stream: TextIO) -> None:
        self._read = stream.readline
        self.number = 0
        self.held: list[str] = []
        self._size = 0

    def __iter__(self) -> "_Lines":
        return self

    def begin(self) -> int:
        """Say that a row ended; the line on which the next begins."""
        self.held.clear()
        self._size = 0
        return self.number + 1

    def __next__(self) -> str:
        line = self._read(LIMIT + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.held.append(line)
        self._size += len(line)
        if self._size > LIMIT:
            raise _TooLong
        return line

    def skip_record(self) -> None:
        """Read on, keeping nothing, to the end of the row in hand: the first line end outside quotation marks."""
        odd = sum(line.count('"') for line in self.held) % 2
        last = self.held[-1]
        while odd or not last.endswith(("\n", "\r")):
            piece = self._read(LIMIT)
            if not piece:
                return
            self.number += last.endswith(("\n", "\r"))
            odd = (odd + piece.count('"')) % 2
            last = piece
