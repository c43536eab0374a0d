"""A service whose practitioners have had rounds before: closed, released and left for others to be compared with."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from sqlmodel import Session, select

from msf.accounts import operations as accounts
from msf.instruments import find
from msf.reports import operations
from msf.reports.formats import data_files
from msf.reports.models import Comparator, Report, ReportBenchmark, StoredBenchmark
from msf.reports.queries import opened_of, report_of
from msf.responses.models import Answer
from msf.rounds import operations as rounds
from msf.rounds.models import Round
from msf.scoring.benchmarks import BenchmarkSet, from_json
from tests.pages import PASSWORD
from tests.reports.samples import COLLEAGUES, ratings

SURGERY = "doctor/hospital/surgery"
HASH = accounts.hashed(PASSWORD)
STAFF = ("coordinator", "quality_reviewer", "facilitator", "adviser", "administrator", "moderator")
DOMAINS = [domain.id for domain in find(COLLEAGUES).domains]


@dataclass
class Town:
    """A service with its employer, and its people by role."""

    service: str
    employer: str
    people: dict[str, str] = field(default_factory=dict)


def town(session: Session, name: str = "near") -> Town:
    """A service that serves one employer."""
    service = accounts.create_organisation(session, name=f"{name} Advice", kind="service").id
    employer = accounts.create_organisation(session, name=f"{name} Trust", kind="employer", served_by=service).id
    made = Town(service, employer)
    for role in STAFF:
        made.people[role] = _person(session, service, f"{name} {role}", role)
    return made


def _person(session: Session, place: str, name: str, role: str, profession: str | None = None) -> str:
    made = accounts.create_account(
        session, organisation_id=place, name=name, email=f"{name.replace(' ', '.').lower()}@example.org", roles=[role],
        password=None, profession=profession,
    )  # fmt: skip
    made.password = HASH
    return str(made.id)


def practitioner(session: Session, made: Town, name: str, *, profession: str = "doctor") -> str:
    """Somebody who may have rounds."""
    return _person(session, made.employer, name, "practitioner", profession)


def drafted(
    session: Session,
    made: Town,
    who: str,
    closed_on: date,
    *,
    field: str | None = SURGERY,
    level: float = 4.2,
    people: int = 12,
    seed: int = 4,
) -> str:
    """A round that so many doctors answered, closed on this day, with its report; its id."""
    opened, end = _at(closed_on - timedelta(weeks=4)), _at(closed_on)
    by = {"by": made.people["coordinator"], "now": opened}
    row = rounds.create_round(
        session, organisation_id=made.employer, practitioner_id=who, colleague_questionnaire=COLLEAGUES,
        patient_questionnaire=None, opens_on=opened.date(), closes_on=closed_on, field=field, **by,
    )  # fmt: skip
    rounds.start_nominating(session, row.id, **by)
    rounds.approve_round(session, row.id, **by)
    rounds.mark_open(session, row.id, seal_public=b"k" * 32, pool=60, **by)
    for given in ratings(find(COLLEAGUES), people, seed=seed, level=level):
        session.add(Answer(round_id=row.id, block="colleagues:doctor", ratings=given.tobytes()))
    rounds.mark_closed(
        session, row.id, partition={"colleagues": [["doctor"]]}, invited={"colleagues": {"doctor": people}},
        origins={}, opened=people, unreadable=0, by="system", now=end, on=closed_on,
    )  # fmt: skip
    operations.draft_report(session, row.id, now=end)
    return row.id


def let_go(session: Session, made: Town, round_id: str, on: date) -> None:
    """Check the report, where nobody has yet, and release it to the practitioner."""
    now = _at(on)
    if session.get_one(Round, round_id).state == "moderated":
        operations.review_report(session, round_id, by=made.people["quality_reviewer"], now=now)
    report = report_of(session, round_id)
    seen = opened_of(session, report, session.get_one(Round, round_id))
    operations.release_to_practitioner(
        session, round_id, facilitator_id=made.people["facilitator"],
        files={"pdf": b"%PDF"} | data_files(seen.parts, seen.facts), by=made.people["coordinator"], now=now,
    )  # fmt: skip


def peers(
    session: Session,
    made: Town,
    count: int,
    *,
    first: int = 0,
    field: str = SURGERY,
    raters: int = 12,
    closed_on: date = date(2026, 5, 4),
    released_in: str = "2026-Q2",
    means: Iterable[int] = (),
) -> list[str]:
    """So many practitioners with the rows that a released round of theirs leaves, entered directly; the rounds' ids."""
    values = list(means) or np.random.default_rng(count + first).integers(38, 49, count).tolist()
    found = []
    for number, value in zip(range(first, first + count), values, strict=True):
        who = practitioner(session, made, f"Peer {made.service[:4]} {number}", profession=field.partition("/")[0])
        row = Round(
            organisation_id=made.employer, practitioner_id=who, reference=f"P-{made.service[:4]}-{number}",
            state="released_practitioner", colleague_questionnaire=COLLEAGUES, opens_on=closed_on, closes_on=closed_on,
            closed_on=closed_on, created_at=_at(closed_on), field=field,
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add(
            Comparator(
                round_id=row.id,
                questionnaire=COLLEAGUES,
                organisation_id=made.service,
                family="colleagues",
                field=field,
                released_in=released_in,
                raters=raters,
                means=dict.fromkeys(DOMAINS, value),
            )
        )
        found.append(row.id)
    return found


def frozen_in(session: Session, round_id: str) -> BenchmarkSet | None:
    """The set that a round's report is compared with."""
    kept = stored_in(session, round_id)
    return from_json(kept.content, digest=kept.digest) if kept else None


def stored_in(session: Session, round_id: str) -> StoredBenchmark | None:
    """The same as it is stored."""
    report = session.exec(select(Report).where(Report.round_id == round_id)).one()
    used = session.exec(select(ReportBenchmark).where(ReportBenchmark.report_id == report.id)).first()
    return session.get_one(StoredBenchmark, used.set_id) if used else None


def _at(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
