"""From a file of answers to a folder of reports: read once, settle what is in doubt, then one practitioner by one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Final

from msf.base.pdf import PdfRefused
from msf.collate.faults import CollateRefused, Fault, shown
from msf.collate.figures import Frame, frame_of, part_of_rows
from msf.collate.folders import as_json, check_out, write_folder, write_problems
from msf.collate.reading import read_into, size_of
from msf.collate.spool import Spool, waiting
from msf.instruments import Questionnaire
from msf.reports.formats import report_pdf, standalone_page
from msf.reports.rules import DisclosureRefused, Part
from msf.reports.rules.document import document_of
from msf.reports.rules.export import cells_csv
from msf.reports.rules.facts import Facts, Said
from msf.reports.rules.gate import readable

FIRST: Final = 10
Bar = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Given words and a length, a context in which a function is told how far things went."""


@contextmanager
def no_bar(_: str, __: int) -> Iterator[Callable[[int], None]]:
    """Shows nothing."""
    yield lambda _: None


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for; without `delimiter` it is looked for, `comments` prints what nobody has moderated."""

    answers: Path
    questionnaire: Questionnaire
    out: Path
    least: int = 5
    pdf: bool = True
    comments: bool = False
    delimiter: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many rows and reports there were; `first` are the first of all `faults`, which stand in problems.csv."""

    rows: int
    refused: int
    practitioners: int
    reports: int
    first: tuple[Fault, ...]

    @property
    def complete(self) -> bool:
        """Whether every row was counted and every practitioner has a report."""
        return not self.refused and self.reports == self.practitioners


def collate(order: Order, bar: Bar = no_bar) -> Outcome:
    """Write a report for every practitioner in the file; raises `CollateRefused` where that cannot be done at all.

    Nothing is written before the whole file has been read. Should writing fail later on, the folders that are there
    are whole.
    """
    check_out(order.out)
    with waiting(comments=order.comments) as spool:
        return _collated(order, spool, bar)


def _collated(order: Order, spool: Spool, bar: Bar) -> Outcome:
    with bar("Reading answers", size_of(order.answers)) as seen:
        found = read_into(spool, order.answers, order.questionnaire, order.delimiter, seen)
    frame = frame_of(order.questionnaire, spool.families(), found.groups, order.least)
    try:
        order.out.mkdir(parents=True, exist_ok=True)
        return _written(order, frame, spool, found.prompts, bar)
    except OSError as error:
        raise CollateRefused(
            f"Writing to {shown(str(order.out))} stopped: {error.strerror}.",
            remedy="The reports that are there are whole. Make room, empty the folder and begin again.",
        ) from None


def _written(order: Order, frame: Frame, spool: Spool, prompts: Sequence[str], bar: Bar) -> Outcome:
    write_problems(order.out, spool.faults())
    unmade: list[Fault] = []
    practitioners = spool.practitioners
    with bar("Writing reports", practitioners) as made:
        for name, families in spool.by_practitioner():
            try:
                part = part_of_rows(frame, families)
                said = _said(order, part, spool.comments(name), prompts)
                write_folder(order.out, name, _files(order, name, part, said))
            except (DisclosureRefused, PdfRefused) as refused:
                unmade.append(Fault(0, "", f"no report was made for {shown(name)}: {refused}"))
            made(1)
    if unmade:
        write_problems(order.out, chain(spool.faults(), unmade))
    first = (*islice(spool.faults(), FIRST), *unmade)[:FIRST]
    outcome = Outcome(spool.rows, spool.refused, practitioners, practitioners - len(unmade), first)
    (order.out / "summary.json").write_bytes(_summary(order, outcome))
    return outcome


def _summary(order: Order, outcome: Outcome) -> bytes:
    return as_json(
        {
            "questionnaire": order.questionnaire.reference_name,
            "least": order.least,
            "rows": outcome.rows,
            "refused": outcome.refused,
            "practitioners": outcome.practitioners,
            "reports": outcome.reports,
        }
    )


def _said(order: Order, part: Part, comments: Sequence[tuple[str, int, str]], prompts: Sequence[str]) -> list[Said]:
    """The comments that may be read, and the practitioner's own."""
    allowed = readable([part], least=order.least, asked=order.questionnaire)
    said = [Said(family, f"{part.questionnaire}:{prompts[question]}", words) for family, question, words in comments]
    return [each for each in said if each.family == "self" or (each.family, each.question) in allowed]


def _files(order: Order, name: str, part: Part, said: Sequence[Said]) -> dict[str, bytes]:
    """The report in every format that was asked for."""
    cells = as_json(part.to_json(practitioner=name))
    facts = Facts(
        practitioner=name,
        reference=f"C-{sha256(cells).hexdigest()[:10].upper()}",
        least=order.least,
        comments="unread" if order.comments else "left out",
        from_file=True,
    )
    document = document_of([part], [order.questionnaire], said, facts)
    files = {"report.html": standalone_page(document).encode(), "cells.json": cells, "cells.csv": cells_csv([part])}
    return files | ({"report.pdf": report_pdf(document)} if order.pdf else {})
