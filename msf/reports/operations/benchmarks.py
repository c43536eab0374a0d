"""Freezes into a report with whom it is compared, and keeps what a released report leaves for others until it goes."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from msf.accounts.models import Organisation
from msf.base.clock import today
from msf.instruments import find
from msf.reports.models import Comparator, Report, ReportBenchmark, StoredBenchmark
from msf.reports.queries import candidates, made_already
from msf.reports.rules.benchmarks import family_of, line_of, printed_means, window_before
from msf.reports.rules.cells import Part
from msf.responses.queries import books, sums_in
from msf.responses.rules.programme import shape_of
from msf.rounds.models import Round
from msf.rounds.queries import zone_of
from msf.rounds.rules import stratum_of
from msf.rounds.rules.periods import quarter_of
from msf.scoring.benchmarks import Comparators, Stratum, Window, freeze, peers_of, to_json
from msf.scoring.generalisability import Components
from msf.scoring.programme import released, reliability

Chosen = Mapping[str, StoredBenchmark | None]


def choose_benchmarks(session: Session, round: Round, parts: Iterable[Part], *, profession: str | None) -> Chosen:
    """The set of each family that is shown, by questionnaire; None where too few may be compared with."""
    stratum = stratum_of(round.field, profession)
    if not stratum or round.closed_on is None:
        return {}
    facts: dict[str, Any] = {
        "service": _service(session, round),
        "stratum": stratum,
        "window": window_before(round.closed_on),
        "reader": round.practitioner_id,
    }
    shown = ((part.questionnaire, family) for part in parts if (family := family_of(part)) is not None)
    return {questionnaire: _set_for(session, questionnaire, family, **facts) for questionnaire, family in shown}


def freeze_benchmarks(session: Session, report: Report, chosen: Chosen) -> None:
    """Note in the report which sets stand in it, with their digests."""
    for questionnaire, kept in chosen.items():
        if kept is not None:
            session.add(
                ReportBenchmark(
                    report_id=report.id,
                    questionnaire=questionnaire,
                    organisation_id=report.organisation_id,
                    set_id=kept.id,
                    digest=kept.digest,
                )
            )
    session.flush()


def _set_for(
    session: Session,
    questionnaire: str,
    family: str,
    *,
    service: str,
    stratum: Stratum,
    window: Window,
    reader: str,
) -> StoredBenchmark | None:
    """The set of the quarter, made at its first use; one of their own for whoever would be in it themselves."""
    until = str(quarter_of(window.last))
    rows = candidates(session, service, questionnaire, until=until)
    found = peers_of(reader, rows, stratum=stratum, window=window, line=line_of(family))
    whole = all(each.practitioner != reader for each in rows)
    known = made_already(session, service, questionnaire, stratum=stratum, until=until) if whole else None
    if known is not None and (found is None or len(found.stratum) <= known.stratum.count("/") + 1):
        return known
    return found and _made(session, found, questionnaire, family, service=service, whole=whole)


def _made(
    session: Session, found: Comparators, questionnaire: str, family: str, *, service: str, whole: bool
) -> StoredBenchmark:
    """A new version; where two are made at once, the second is refused by the database and tried again as a job."""
    stratum = "/".join(found.stratum)
    version = _latest(session, service, questionnaire, stratum) + 1
    components = _components(session, service, questionnaire, found.window)
    made = freeze(found, version=str(version), questionnaire=questionnaire, family=family, components=components)
    kept = StoredBenchmark(
        organisation_id=service, questionnaire=questionnaire, family=family, stratum=stratum,
        until=str(quarter_of(found.window.last)), version=version, whole=whole, practitioners=made.practitioners,
        digest=made.digest, content=to_json(made),
    )  # fmt: skip
    session.add(kept)
    session.flush()
    return kept


def _latest(session: Session, service: str, questionnaire: str, stratum: str) -> int:
    query = select(sa.func.max(StoredBenchmark.version)).where(
        StoredBenchmark.organisation_id == service,
        StoredBenchmark.questionnaire == questionnaire,
        StoredBenchmark.stratum == stratum,
    )
    return session.exec(query).one() or 0


def _components(session: Session, service: str, questionnaire: str, window: Window) -> Mapping[str, Components]:
    """Those of all practitioners of the service in the window: too few are in one stratum to estimate its own."""
    first, last = str(quarter_of(window.first)), str(quarter_of(window.last))
    mine = (row for row in books(session, [service]) if row.questionnaire == questionnaire)
    chosen = [row for row in mine if first <= row.since and row.until <= last]
    asked = find(questionnaire)
    sums = released(shape_of(asked), sums_in(session, chosen))
    estimates = zip(asked.domains, map(reliability, sums.facets), strict=True)
    return {domain.id: found.components for domain, found in estimates if found is not None}


def leave_comparators(session: Session, round: Round, report: Report, *, now: datetime) -> None:
    """Keep the printed domain means of a report that is released, of each family with enough raters, for others."""
    stratum = stratum_of(round.field, report.facts["profession"])
    floors: Mapping[str, int] = report.facts["floors"]
    quarter = str(quarter_of(today(now, zone_of(session, round))))
    for part, family in _shown(report) if stratum else ():
        raters, means = part.families[family].n or 0, printed_means(part, family)
        if means and raters >= max(line_of(family), floors[family]):
            session.add(
                Comparator(
                    round_id=round.id,
                    questionnaire=part.questionnaire,
                    organisation_id=_service(session, round),
                    family=family,
                    field="/".join(stratum),
                    released_in=quarter,
                    raters=raters,
                    means=means,
                )
            )


def withdraw_comparators(session: Session, round_id: str) -> None:
    """Take a report that was made void out of the sets that will be made; those that are made do not change."""
    session.execute(sa.delete(Comparator).where(col(Comparator.round_id) == round_id))


def rows_of_benchmarks(round_ids: Any, reports: Any) -> list[sa.Delete]:
    """What goes with these rounds' reports, and then every set that is in no report any more."""
    used = sa.exists().where(col(ReportBenchmark.set_id) == col(StoredBenchmark.id))
    return [
        sa.delete(Comparator).where(col(Comparator.round_id).in_(round_ids)),
        sa.delete(ReportBenchmark).where(col(ReportBenchmark.report_id).in_(reports)),
        sa.delete(StoredBenchmark).where(~used),
    ]


def _shown(report: Report) -> Iterator[tuple[Part, str]]:
    for plain in report.results["parts"]:
        part = Part.from_json(plain)
        family = family_of(part)
        if family is not None:
            yield part, family


def _service(session: Session, round: Round) -> str:
    """The service that runs the round, whose rounds alone are compared."""
    own = session.get_one(Organisation, round.organisation_id)
    return own.served_by or own.id
