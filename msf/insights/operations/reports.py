"""The reports of a service that may leave, and their cells, a few at a time."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from msf.accounts.models import Organisation
from msf.base.clock import today
from msf.insights.rules.export import Alike, Candidate
from msf.reports.models import Report
from msf.reports.rules.cells import PEERS, Part
from msf.rounds.models import Round
from msf.rounds.rules.periods import quarter_of

AT_ONCE = 50
"""How many reports are in memory together."""


def _released(service_id: str, *columns: Any) -> Any:
    """The query of `columns` over the reports that the service's organisations were given, with their rounds."""
    query = sa.select(*columns).select_from(Report).join(Round, col(Round.id) == col(Report.round_id))
    query = query.join(Organisation, col(Organisation.id) == col(Round.organisation_id))
    here = sa.func.coalesce(col(Organisation.served_by), col(Organisation.id))
    return query.where(sa.literal(service_id) == here, col(Report.released_to_organisation_at).is_not(None))


def count_of(session: Session, service_id: str) -> int:
    """How many reports the service's organisations were given."""
    return session.scalar(_released(service_id, sa.func.count())) or 0


def candidates(session: Session, service: Organisation) -> tuple[dict[str, Candidate], Counter[str]]:
    """The reports that the service's organisations were given, by id, and how many of them are void by now."""
    query = _released(service.id, Report, Round).execution_options(yield_per=AT_ONCE)
    found, left = {}, Counter[str]()
    for report, round in session.execute(query):
        void = report.void_reason is not None or round.state != "released_organisation"
        left["void"] += void
        found[report.id] = replace(_candidate(report, round, service.zone), void=void)
        session.expunge(report)
        session.expunge(round)
    return found, left


def _candidate(report: Report, round: Round, zone: str) -> Candidate:
    assert round.closed_on and report.released_to_organisation_at
    at = report.released_to_organisation_at
    released = today(at if at.tzinfo else at.replace(tzinfo=UTC), zone)
    parts = report.results["parts"]
    alike = Alike(
        str(quarter_of(round.closed_on)),
        report.facts["profession"] or "",
        tuple(part["questionnaire"] for part in parts),
    )
    digest = sha256(json.dumps(parts, sort_keys=True).encode()).digest()
    return Candidate(report.id, round.practitioner_id, alike, str(quarter_of(released)), digest)


def parts_of(session: Session, going: Sequence[Candidate]) -> Iterator[tuple[Candidate, list[Part]]]:
    """The frozen cells of these reports, in their order."""
    for start in range(0, len(going), AT_ONCE):
        some = going[start : start + AT_ONCE]
        query = sa.select(col(Report.id), col(Report.results)).where(col(Report.id).in_([e.report_id for e in some]))
        kept = {report_id: results for report_id, results in session.execute(query)}
        for each in some:
            yield each, [_own(Part.from_json(part)) for part in kept[each.report_id]["parts"]]


def _own(part: Part) -> Part:
    """The part without the figures of others: they would tell in which field the practitioner works."""
    return replace(part, cells=tuple(cell for cell in part.cells if cell.statistic not in PEERS))
