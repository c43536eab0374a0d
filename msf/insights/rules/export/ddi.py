"""The codebook for archives: DDI Codebook 2.5, an element for each variable with its labels and valid values; pure."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msf.insights.rules.export.columns import ABOUT, NOTES, TITLE, Column, Table, estimators
from msf.instruments import Questionnaire, words

NAMESPACE = "ddi:codebook:2_5"


def ddi(
    tables: Sequence[Table],
    shelf: Sequence[Questionnaire],
    rows: Mapping[str, int],
    *,
    endings: Sequence[str],
    on: date,
) -> bytes:
    """`codebook.xml` for `tables` of so many `rows` in files with these `endings`, with the words of every item."""
    book = ET.Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5", "ID": "msf-export"})
    _document(book, on)
    _study(book)
    for table in tables:
        _file(book, table, rows[table.name], endings)
    data = _in(book, "dataDscr")
    for table in tables:
        for column in table.columns:
            _variable(data, table, column, shelf)
    ET.indent(book, " ")
    text: bytes = ET.tostring(book, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _in(parent: ET.Element, tag: str, text: str | None = None, /, **attributes: str) -> ET.Element:
    found = ET.SubElement(parent, tag, attributes)
    found.text = text
    return found


def _document(book: ET.Element, on: date) -> None:
    citation = _in(_in(book, "docDscr"), "citation")
    _in(_in(citation, "titlStmt"), "titl", f"Codebook. {TITLE}")
    made = _in(citation, "prodStmt")
    _in(made, "prodDate", on.isoformat(), date=on.isoformat())
    _in(made, "software", "msf")


def _study(book: ET.Element) -> None:
    study = _in(book, "stdyDscr")
    _in(_in(_in(study, "citation"), "titlStmt"), "titl", TITLE)
    told = _in(study, "stdyInfo")
    _in(told, "abstract", ABOUT)
    _in(_in(told, "sumDscr"), "anlyUnit", "Cells of reports; periods of a programme. Never a rater.")
    _in(_in(_in(study, "method"), "anlyInfo"), "EstSmpErr", f"Estimators and limits. {estimators()}.")
    access = _in(study, "dataAccs")
    use = _in(access, "useStmt")
    _in(use, "conditions", "Confidential: for the purpose it was given out for, and no attempt to find out who is who.")
    for note in NOTES:
        _in(study, "notes", note, subject="disclosure and reading")


def _file(book: ET.Element, table: Table, rows: int, endings: Sequence[str]) -> None:
    text = _in(_in(book, "fileDscr", ID=table.name), "fileTxt")
    for ending in endings:
        _in(text, "fileName", f"{table.name}.{ending}")
    _in(text, "fileCont", f"{table.title}. {table.about}")
    size = _in(text, "dimensns")
    _in(size, "caseQnty", str(rows))
    _in(size, "varQnty", str(len(table.columns)))


def _variable(data: ET.Element, table: Table, column: Column, shelf: Sequence[Questionnaire]) -> None:
    number = column.kind != "text"
    found = _in(
        data, "var", ID=f"{table.name}.{column.name}", name=column.name, files=table.name,
        intrvl="contin" if column.kind == "number" else "discrete",
    )  # fmt: skip
    _in(found, "labl", column.title)
    _range(found, column)
    _in(found, "txt", column.about)
    for value, label in column.values.items():
        _category(found, value, [("", label)])
    if column.name in ("id", "item") and table.name in ("cells", "counts"):
        for id, named in _wording(shelf, domains=column.name == "id").items():
            _category(found, id, named)
    if column.empty:
        _in(_in(found, "catgry", missing="Y"), "labl", f"Empty: {column.empty}")
    _in(found, "varFormat", type="numeric" if number else "character", schema="other")


def _range(found: ET.Element, column: Column) -> None:
    limits: dict[str, Any] = {"min": column.least, "max": column.most}
    given = {name: f"{limit:g}" for name, limit in limits.items() if limit is not None}
    if given:
        _in(_in(found, "valrng"), "range", None, **given)
    elif column.values:
        places = _in(found, "valrng")
        for value in column.values:
            _in(places, "item", VALUE=value)


def _category(found: ET.Element, value: str, labels: Sequence[tuple[str, str]]) -> None:
    category = _in(found, "catgry")
    _in(category, "catValu", value)
    for level, label in labels:
        _in(category, "labl", label, **({"level": level} if level else {}))


def _wording(shelf: Sequence[Questionnaire], *, domains: bool) -> dict[str, list[tuple[str, str]]]:
    """The words of each id, by questionnaire: the same id may stand for other words elsewhere."""
    found: dict[str, list[tuple[str, str]]] = {}
    for each in shelf:
        for domain in each.domains if domains else ():
            found.setdefault(domain.id, []).append((each.reference_name, words(domain.title, "en")))
        for item in each.items:
            found.setdefault(item.id, []).append((each.reference_name, words(item.text, "en")))
    return found
