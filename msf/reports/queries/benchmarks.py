"""Reads of benchmarks: whose printed means there are to compare with, the sets of a service, and those of a report."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from msf.accounts.queries import Person
from msf.base.errors import NotFound
from msf.reports.models import Comparator, ReportBenchmark, StoredBenchmark
from msf.rounds.models import Round
from msf.rounds.queries import Page, page_of
from msf.scoring.benchmarks import BenchmarkSet, Candidate, Stratum, from_json


@dataclass(frozen=True, slots=True)
class BenchmarkRow:
    """One set with its place in the database and the number of reports it is frozen in; nobody's own rounds lack."""

    id: str
    digest: str
    reports: int
    benchmark: BenchmarkSet


def candidates(session: Session, service_id: str, questionnaire: str, *, until: str) -> list[Candidate]:
    """Every round of the service that may be compared with, released in the quarter `until` or before."""
    kept = (Round.practitioner_id, Comparator.field, Round.closed_on, Comparator.raters, Comparator.means)
    query = sa.select(*map(col, kept)).join(Round, col(Round.id) == col(Comparator.round_id))
    found = session.execute(
        query.where(
            col(Comparator.organisation_id) == service_id,
            col(Comparator.questionnaire) == questionnaire,
            col(Comparator.released_in) <= until,
        )
    )
    return [
        Candidate(practitioner, tuple(field.split("/")), closed_on, raters, means)
        for practitioner, field, closed_on, raters, means in found
    ]


def made_already(
    session: Session, service_id: str, questionnaire: str, *, stratum: Stratum, until: str
) -> StoredBenchmark | None:
    """The whole set of the quarter, of the narrowest of this stratum and those around it that has one."""
    around = ["/".join(stratum[:depth]) for depth in range(1, len(stratum) + 1)]
    query = select(StoredBenchmark).where(
        StoredBenchmark.organisation_id == service_id,
        StoredBenchmark.questionnaire == questionnaire,
        StoredBenchmark.until == until,
        col(StoredBenchmark.stratum).in_(around),
        col(StoredBenchmark.whole),
    )
    return max(session.exec(query), key=lambda found: len(found.stratum), default=None)


def benchmarks_of(session: Session, report_id: str) -> dict[str, BenchmarkSet]:
    """The sets frozen into a report, by questionnaire; a ValueError where one is not what was frozen."""
    query = select(ReportBenchmark, StoredBenchmark).join(
        StoredBenchmark, col(StoredBenchmark.id) == col(ReportBenchmark.set_id)
    )
    found = session.exec(query.where(ReportBenchmark.report_id == report_id).order_by(ReportBenchmark.questionnaire))
    return {used.questionnaire: from_json(kept.content, digest=used.digest) for used, kept in found}


def benchmark_rows(session: Session, person: Person, *, page: int = 1) -> Page[BenchmarkRow]:
    """The sets of the service `person` works for, the latest window first."""
    order = (
        col(StoredBenchmark.until).desc(),
        col(StoredBenchmark.questionnaire),
        col(StoredBenchmark.stratum),
        col(StoredBenchmark.version).desc(),
    )
    found = page_of(session, sa.select(StoredBenchmark).where(*_listed(person)).order_by(*order), page)
    used = _used(session, [row.id for row in found.rows])
    return Page([_row(row, used) for row in found.rows], found.number, found.pages, found.total)


def benchmark_row(session: Session, person: Person, set_id: str) -> BenchmarkRow:
    """One of them; `NotFound` for any other."""
    found = session.exec(select(StoredBenchmark).where(StoredBenchmark.id == set_id, *_listed(person))).first()
    if found is None:
        raise NotFound
    return _row(found, _used(session, [set_id]))


def _listed(person: Person) -> tuple[Any, ...]:
    return StoredBenchmark.organisation_id == person.organisation_id, col(StoredBenchmark.whole)


def _row(row: StoredBenchmark, used: dict[str, int]) -> BenchmarkRow:
    return BenchmarkRow(row.id, row.digest, used.get(row.id, 0), from_json(row.content, digest=row.digest))


def _used(session: Session, set_ids: list[str]) -> dict[str, int]:
    query = select(ReportBenchmark.set_id, sa.func.count()).where(col(ReportBenchmark.set_id).in_(set_ids))
    return {set_id: number for set_id, number in session.exec(query.group_by(col(ReportBenchmark.set_id)))}
