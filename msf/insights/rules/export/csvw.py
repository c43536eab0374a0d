"""The codebook for machines: metadata of CSV on the Web (W3C 2015), beside the files it describes; pure."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from msf.insights.rules.export.columns import ABOUT, NOTES, TITLE, Column, Table

DATATYPES = {"text": "string", "whole": "integer", "number": "double"}
LINKS = {
    ("cells", ("questionnaire", "scope", "id")): "questions",
    ("counts", ("questionnaire", "answer")): "answers",
}
"""Which columns name a row of another table."""


def csvw(tables: Sequence[Table], *, on: date) -> bytes:
    """`csv-metadata.json` for the CSV files of `tables`."""
    whole = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": TITLE,
        "dc:description": [ABOUT, *NOTES],
        "dc:created": on.isoformat(),
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "quoteChar": '"', "doubleQuote": True},
        "tables": [_table(table) for table in tables],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _table(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {"columns": [_column(column) for column in table.columns], "primaryKey": list(table.key)}
    if links := list(_links(table)):
        schema["foreignKeys"] = links
    return {
        "url": f"{table.name}.csv",
        "dc:title": table.title,
        "dc:description": table.about,
        "tableSchema": schema,
    }


def _links(table: Table) -> Iterable[dict[str, Any]]:
    for (name, columns), target in LINKS.items():
        if name == table.name:
            named = list(columns)
            yield {"columnReference": named, "reference": {"resource": f"{target}.csv", "columnReference": named}}


def _column(column: Column) -> dict[str, Any]:
    told = [column.about, *(f"{value}: {label}" for value, label in column.values.items())]
    if column.empty:
        told.append(f"Empty: {column.empty}")
    return {
        "name": column.name,
        "titles": [column.name, column.title],
        "dc:description": told,
        "datatype": _datatype(column),
        "required": not column.empty,
    }


def _datatype(column: Column) -> dict[str, Any]:
    datatype: dict[str, Any] = {"base": DATATYPES[column.kind]}
    if column.values:
        datatype["format"] = f"^({'|'.join(map(re.escape, column.values))})$"
    if column.least is not None:
        datatype["minimum"] = column.least
    if column.most is not None:
        datatype["maximum"] = column.most
    return datatype
