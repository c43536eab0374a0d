"""From a file of answers to the figures of a programme: read once, added up, released, estimated, written."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from msf.collate.analysis.page import page_of, pictures_of, sections_of
from msf.collate.analysis.sums import sums_of
from msf.collate.analysis.writing import Counted, Result, figures_csv, figures_json, write
from msf.collate.faults import CollateRefused, Fault, shown
from msf.collate.folders import check_out, write_folder, write_problems
from msf.collate.reading import read_into, size_of
from msf.collate.run import FIRST, Bar, no_bar
from msf.collate.spool import Spool, waiting
from msf.insights.rules.study import Study
from msf.instruments import Questionnaire
from msf.responses.rules.programme import shape_of
from msf.scoring.programme import Programme, figures_of, released

__all__ = ["Counted", "Order", "Outcome", "Result", "analyse", "folder", "publish"]

_NOBODY = "There is no row of a colleague or a patient"


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for; `everything` leaves nothing out, for somebody who holds the answers anyway."""

    answers: Path
    questionnaire: Questionnaire
    out: Path
    least: int = 5
    charts: bool = True
    everything: bool = False
    delimiter: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many rows there were, the first of all faults, and of each family who was counted, None where withheld."""

    rows: int
    refused: int
    first: tuple[Fault, ...]
    families: Mapping[str, Counted | None]


def analyse(order: Order, bar: Bar = no_bar) -> Outcome:
    """Write the figures of every family in the file; raises `CollateRefused` where there are none to write.

    Nothing is written before the whole file has been read, and each file is there whole or not at all. Where every row
    of a rater was refused, problems.csv is all there is.
    """
    check_out(order.out)
    with waiting() as spool:
        with bar("Reading answers", size_of(order.answers)) as seen:
            read_into(spool, order.answers, order.questionnaire, order.delimiter, seen)
        with bar("Adding up", spool.practitioners) as seen:
            sums = sums_of(spool, shape_of(order.questionnaire), least=order.least, seen=seen)
        if not sums and not spool.refused:
            raise CollateRefused(f"{_NOBODY}.", remedy="Add one row a rater.")
        with folder(order.out):
            write_problems(order.out, spool.faults())
            if not sums:
                raise CollateRefused(f"{_NOBODY} that could be counted.", remedy=f"See {order.out / 'problems.csv'}.")
            return _written(order, spool, sums)


@contextmanager
def folder(out: Path) -> Iterator[None]:
    """The folder for what is written; `CollateRefused` where it cannot be made or filled."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise CollateRefused(
            f"Writing to {shown(str(out))} stopped: {error.strerror}.",
            remedy="The files that are there are whole. Make room, empty the folder and begin again.",
        ) from None


def _written(order: Order, spool: Spool, sums: Mapping[str, Programme]) -> Outcome:
    result = Result(
        order.questionnaire,
        least=order.least,
        released=not order.everything,
        rows=spool.rows,
        refused=spool.refused,
        families={family: _study(order, family, found) for family, found in sums.items()},
    )
    publish(order.out, result, charts=order.charts)
    return Outcome(spool.rows, spool.refused, tuple(islice(spool.faults(), FIRST)), result.counted())


def publish(out: Path, result: Result, *, charts: bool) -> None:
    """Write what was found into the folder: as data, as a table, as a page, and the charts."""
    write(out, "analysis.json", figures_json(result))
    write(out, "figures.csv", figures_csv(result))
    sections = sections_of(result, charts=charts)
    write(out, "analysis.html", page_of(result, sections).encode())
    if pictures := pictures_of(sections):
        write_folder(out, "charts", pictures)


def _study(order: Order, family: str, sums: Programme) -> Study:
    """What may be shown of a family, as the page of a programme has it; the file is one block."""
    asked = replace(order.questionnaire, family="patients" if family == "patients" else "colleagues")
    shape = shape_of(asked)
    left = sums if order.everything else released(shape, [sums], least=order.least)
    figures = figures_of(
        left,
        shape,
        items=asked.item_ids,
        domains=[domain.id for domain in asked.domains],
        satisfactory=asked.scale.satisfactory_from,
        whole=False,
    )
    return Study(asked, left, figures, {(each.scope, each.id, each.name): each for each in figures})
