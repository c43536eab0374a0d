"""The figures of a file as data: JSON with all that names them, and the same cells as a table."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from msf.base.sheets import defused
from msf.collate.folders import MAKING, as_json
from msf.insights.rules.study import Study
from msf.instruments import Questionnaire
from msf.scoring.programme import Figure

FORMAT = 1
DIGITS = 10
COLUMNS = ("family", "title", *Figure._fields)


class Counted(NamedTuple):
    """How many practitioners have a rater, and how many raters there are."""

    practitioners: int
    raters: int


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that is written; of a family that is withheld nobody is counted.

    From a file there are `rows`, some of them `refused`; from the books of a service there is a `period`.
    """

    questionnaire: Questionnaire
    least: int
    released: bool
    rows: int | None
    refused: int | None
    families: Mapping[str, Study]
    period: str | None = None

    def counted(self) -> dict[str, Counted | None]:
        """Who was counted in each family; None where it is withheld, since too few practitioners have raters."""
        sums = {family: study.sums for family, study in self.families.items()}
        return {
            family: Counted(each.practitioners, each.raters) if each.practitioners else None
            for family, each in sums.items()
        }


def figures_json(result: Result) -> bytes:
    """analysis.json; docs/analyse.md describes it."""
    asked = result.questionnaire
    return as_json(
        {
            "format": FORMAT,
            "questionnaire": {"name": asked.reference_name, "title": _said(asked, asked.title), "digest": asked.digest},
            "scale": {"points": asked.scale.size, "satisfactory_from": asked.scale.satisfactory_from},
            "domains": [
                {
                    "id": each.id,
                    "title": _said(asked, each.title),
                    "items": [item.id for item in asked.items_of(each.id)],
                }
                for each in asked.domains
            ],
            "items": [{"id": item.id, "text": _said(asked, item.text)} for item in asked.items],
            "least": result.least,
            "released": result.released,
            "rows": result.rows,
            "refused": result.refused,
            "period": result.period,
            "families": {family: _family(result, family) for family in result.families},
        }
    )


def _family(result: Result, family: str) -> dict[str, Any]:
    study, counted = result.families[family], result.counted()[family]
    hidden = list(study.hidden())
    return {
        "withheld": counted is None,
        "practitioners": counted and counted.practitioners,
        "raters": counted and counted.raters,
        "left_out": {
            "items": [id for scope, id in hidden if scope == "item"],
            "domains": [id for scope, id in hidden if scope == "domain"],
        },
        "figures": [rounded(figure)._asdict() for figure in study.figures],
    }


def rounded(figure: Figure) -> Figure:
    """The figure to ten significant digits, which every machine agrees on."""
    value, low, high = (
        float(f"{part:.{DIGITS}g}") if isinstance(part, float) else part
        for part in (figure.value, figure.low, figure.high)
    )
    return figure._replace(value=value, low=low, high=high)


def figures_csv(result: Result) -> bytes:
    """figures.csv: a row a figure, an empty cell for what is not there, nothing that a spreadsheet runs."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(result))
    return sheet.getvalue().encode("utf-8-sig")


def _rows(result: Result) -> Iterator[list[str | float]]:
    for family, study in result.families.items():
        for figure in study.figures:
            cells = (family, _title(study, figure), *rounded(figure))
            yield ["" if cell is None else defused(cell) for cell in cells]


def _title(study: Study, figure: Figure) -> str:
    if figure.scope == "item":
        return study.item(figure.id)
    return study.domain(figure.id) if figure.scope == "domain" else ""


def _said(asked: Questionnaire, texts: Mapping[str, str]) -> str:
    return texts[asked.languages[0]]


def write(out: Path, name: str, content: bytes) -> None:
    """One file, there whole or not at all."""
    making = out / f"{MAKING}{name}"
    try:
        making.write_bytes(content)
        making.rename(out / name)
    finally:
        making.unlink(missing_ok=True)
