"""The analyst's export: cells of released reports and figures of programmes as files with a codebook; never a rater."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlmodel import Session

from msf.accounts.models import Organisation
from msf.base.audit import record
from msf.base.clock import today
from msf.base.errors import Refusal
from msf.base.shelf import QuestionnaireMissing
from msf.insights.operations.reports import candidates, count_of
from msf.insights.operations.rows import books_of, rows_of
from msf.insights.operations.writing import ENDINGS, Sink, available, batches, lacking, sink
from msf.insights.rules.export import Candidate, Row, Table, csvw, ddi, tables_of, whole_batches
from msf.insights.rules.periods import over
from msf.instruments import Questionnaire, catalogue
from msf.responses.queries import BookRow


class ExportTooLarge(Refusal):
    """More reports than somebody who asks for a page can wait for."""

    title = "This export is too large for a page"

    def __init__(self, reports: int, service: str) -> None:
        super().__init__(
            f"It holds {reports} reports, and a page makes an export of at most {MOST}.",
            remedy="Ask the team that runs this site to make it on the server, "
            f"with: msf programme export --out FOLDER --service '{service}'.",
        )


MOST = 1000
"""How many reports an export holds that is made while somebody waits."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export holds, what it leaves out, and why a format was not written."""

    reports: int
    rows: Mapping[str, int]
    formats: tuple[str, ...]
    left_out: Mapping[str, int]
    lacking: tuple[str, ...]


LEFT_OUT = {
    "thin": ("report", "of too few practitioners so far with the same questionnaires and quarter"),
    "running": ("report", "released in a quarter that has not ended"),
    "void": ("report", "made void"),
    "thin_periods": ("period", "of programmes with five practitioners or fewer"),
    "running_periods": ("period", "of programmes not ended"),
}
"""What is counted as left out: the noun, and why."""


def left_out(done: Exported) -> list[str]:
    """What an export leaves out, in words.

    >>> left_out(Exported(0, {}, (), {"thin": 2, "void": 1}, ()))
    ['2 reports of too few practitioners so far with the same questionnaires and quarter', '1 report made void']
    """
    return [
        f"{number} {LEFT_OUT[name][0]}{'' if number == 1 else 's'} {LEFT_OUT[name][1]}"
        for name, number in done.left_out.items()
        if number
    ]


def write_export(
    session: Session, service_id: str, folder: Path, *, formats: Sequence[str], numbers: Random, now: datetime,
    most: int | None = None,
) -> Exported:  # fmt: skip
    """Write the tables of one service into `folder` in each of `formats` that can be written here, with the codebook.

    `numbers` draws the numbers of the reports; nothing else is left to chance. `ExportTooLarge` where there are more
    than `most` reports. `record_export` notes it afterwards.
    """
    _one_view(session)
    service = session.get_one(Organisation, service_id)
    day = today(now, service.zone)
    if most is not None and (size := count_of(session, service_id)) > most:
        raise ExportTooLarge(size, service.name)
    found, left = candidates(session, service)
    done = [each for each in found.values() if over(each.released, day)]
    going, waiting = whole_batches(done)
    left |= {"thin": len(waiting), "running": len(found) - len(done)}
    periods = books_of(session, service_id, day, left)
    shelf = catalogue()
    _check(shelf, going, periods)
    tables = tables_of(shelf)
    there = tuple(name for name in formats if available(name))
    rows = _write(tables, rows_of(session, going, periods, shelf, numbers), there, folder, on=day)
    (folder / "codebook.xml").write_bytes(ddi(tables, shelf, rows, endings=[ENDINGS[name] for name in there], on=day))
    if "csv" in there:
        (folder / "csv-metadata.json").write_bytes(csvw(tables, on=day))
    return Exported(len(going), rows, there, left, tuple(lacking(formats)))


def record_export(session: Session, service_id: str, done: Exported, *, by: str, now: datetime) -> None:
    """Note for the service that its figures were taken away, and how many."""
    told: dict[str, Any] = {"reports": done.reports, **done.rows, "formats": list(done.formats)}
    told["left_out"] = {name: number for name, number in done.left_out.items() if number}
    record(
        session, organisation_id=service_id, actor=by, action="programme.exported",
        object=f"organisation {service_id}", at=now, details=told,
    )  # fmt: skip


def _one_view(session: Session) -> None:
    """Everything is read as it was at one moment; on SQLite a reading session is like that anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _check(shelf: Sequence[Questionnaire], going: Sequence[Candidate], periods: Sequence[BookRow]) -> None:
    """That the words of every questionnaire are here; `QuestionnaireMissing` otherwise."""
    asked = {name for each in going for name in each.alike.questionnaires} | {row.questionnaire for row in periods}
    if asked - {each.reference_name for each in shelf}:
        raise QuestionnaireMissing


def _write(
    tables: Sequence[Table], rows: Mapping[str, Callable[[], Iterable[Row]]], formats: Sequence[str], folder: Path,
    *, on: date,
) -> dict[str, int]:  # fmt: skip
    counts = {}
    for table in tables:
        sinks: list[Sink] = [sink(name, table, folder, on=on) for name in formats]
        counts[table.name] = 0
        for part in batches(rows[table.name](), 10_000):
            counts[table.name] += len(part)
            for each in sinks:
                each.write(part)
        for each in sinks:
            each.close()
    return counts
