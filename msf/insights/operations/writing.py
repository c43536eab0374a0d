"""Tables as files, row by row: CSV that no spreadsheet runs, Parquet, and SPSS with its labels and missing values."""

import csv
import importlib
import importlib.util
import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from msf.base.sheets import defused
from msf.insights.rules.export import Column, Row, Table, Value

FORMATS: Mapping[str, str] = {"csv": "CSV", "parquet": "Parquet", "spss": "SPSS"}
"""What a table is written as; all but the first need the extra of their name."""

NEEDS: Mapping[str, tuple[str, ...]] = {"csv": (), "parquet": ("pyarrow",), "spss": ("pandas", "pyreadstat")}

ENDINGS: Mapping[str, str] = {"csv": "csv", "parquet": "parquet", "spss": "sav"}

AT_ONCE = 50_000
"""How many rows are in memory together."""

SAV_ROWS = 250_000
"""How many rows a file of SPSS holds, since it is made in memory; further rows are in files of their own."""

NOTHING = -99
"""What stands in SPSS for an empty number or label; declared as missing."""


class Sink(Protocol):
    """Where rows go."""

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows."""

    def close(self) -> None:
        """Finish the file."""


def lacking(formats: Iterable[str]) -> list[str]:
    """What has to be said of each format whose packages are not there."""
    return [
        f"{FORMATS[name]} was not written, since its packages are missing. "
        f"Install them with: pip install 'msf[{name}]'. Then export again."
        for name in formats
        if not available(name)
    ]


def available(name: str) -> bool:
    """Whether a format can be written here."""
    return all(importlib.util.find_spec(package) for package in NEEDS[name])


def sink(name: str, table: Table, folder: Path, *, on: date) -> Sink:
    """Where rows of `table` go in one format."""
    if name == "csv":
        return CsvSink(table, folder)
    return ParquetSink(table, folder) if name == "parquet" else SavSink(table, folder, on=on)


def batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows in lists of at most `size`."""
    found = iter(rows)
    while part := list(itertools.islice(found, size)):
        yield part


class CsvSink:
    """UTF-8, one line a row, texts defused; what is empty is empty."""

    def __init__(self, table: Table, folder: Path) -> None:
        self._file = (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow([column.name for column in table.columns])

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        self._writer.writerows([("" if value is None else defused(value)) for value in row] for row in rows)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class ParquetSink:
    """Columns with their types; the description of each is in its field's metadata."""

    def __init__(self, table: Table, folder: Path) -> None:
        self._arrow: Any = importlib.import_module("pyarrow")
        self._schema = self._arrow.schema([_field(self._arrow, column) for column in table.columns])
        parquet = importlib.import_module("pyarrow.parquet")
        self._writer = parquet.ParquetWriter(folder / f"{table.name}.parquet", self._schema, compression="zstd")
        self._waiting: list[Row] = []

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        for row in rows:
            self._waiting.append(row)
            if len(self._waiting) >= AT_ONCE:
                self._flush()

    def close(self) -> None:
        """Finish the file."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._waiting:
            columns = [list(values) for values in zip(*self._waiting, strict=True)]
            self._writer.write_table(self._arrow.table(columns, schema=self._schema))
            self._waiting = []


def _field(arrow: Any, column: Column) -> Any:
    kinds = {"text": arrow.string(), "whole": arrow.int64(), "number": arrow.float64()}
    told = {"title": column.title, "description": column.about, "empty": column.empty}
    labels = {f"label {value}": label for value, label in column.values.items()}
    metadata = {name: text for name, text in (told | labels).items() if text}
    return arrow.field(column.name, kinds[column.kind], nullable=bool(column.empty), metadata=metadata)


class SavSink:
    """Numbers for whatever has labels, in the order of the description; `NOTHING` for what is empty."""

    def __init__(self, table: Table, folder: Path, *, on: date) -> None:
        self._pandas: Any = importlib.import_module("pandas")
        self._sav: Any = importlib.import_module("pyreadstat")
        self._table, self._folder, self._on = table, folder, on
        self._waiting: list[Row] = []
        self._files = 0

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        for row in rows:
            self._waiting.append(row)
            if len(self._waiting) >= SAV_ROWS:
                self._flush()

    def close(self) -> None:
        """Finish the file."""
        if self._waiting or not self._files:
            self._flush()

    def _flush(self) -> None:
        self._files += 1
        name = self._table.name if self._files == 1 else f"{self._table.name}-{self._files}"
        path = self._folder / f"{name}.sav"
        columns = self._table.columns
        values = zip(*self._waiting, strict=True) if self._waiting else itertools.repeat((), len(columns))
        frame = {each.name: self._coded(each, found) for each, found in zip(columns, values, strict=True)}
        self._sav.write_sav(
            self._pandas.DataFrame(frame),
            str(path),
            file_label=self._table.title[:64],
            column_labels={each.name: each.title for each in columns},
            variable_value_labels={each.name: labels for each in columns if (labels := _labels(each))},
            missing_ranges={each.name: [NOTHING] for each in columns if each.empty and _numeric(each)},
            variable_measure={each.name: "scale" if each.kind == "number" else "nominal" for each in columns},
            row_compress=True,
        )
        _undate(path, self._on)
        self._waiting = []

    def _coded(self, column: Column, values: Iterable[Value]) -> Any:
        if not _numeric(column):
            return self._pandas.Series(["" if value is None else value for value in values], dtype="object")
        code: dict[Value, float] = {None: NOTHING}
        code |= {value: number for number, value in enumerate(column.values, start=1)}
        found = [code[value] if column.values or value is None else value for value in values]
        return self._pandas.Series(found, dtype="float64")


def _numeric(column: Column) -> bool:
    return bool(column.values) or column.kind != "text"


def _labels(column: Column) -> dict[float, str]:
    """What numbers stand for; a label of SPSS holds 120 bytes."""
    labels: dict[float, str] = {
        number: _cut(f"{value}: {label}") for number, (value, label) in enumerate(column.values.items(), start=1)
    }
    return labels | ({NOTHING: _cut(f"Empty: {column.empty}")} if column.empty and _numeric(column) else {})


def _cut(text: str) -> str:
    return text.encode()[:120].decode(errors="ignore")


def _undate(path: Path, on: date) -> None:
    """Put the day of the export in place of the second in which the file was made, so that equal data are equal."""
    with path.open("r+b") as file:
        file.seek(92)
        file.write(f"{on.day:02} {_MONTHS[on.month - 1]} {on.year % 100:02}00:00:00".encode("ascii"))


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
