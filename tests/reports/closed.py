"""A closed round with answers and comments in the ballot box, and everybody who has a part in its report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from msf.accounts import operations as accounts
from msf.base.db import reading, transaction
from msf.base.queue import Job
from msf.instruments import find
from msf.reports.jobs import draft
from msf.reports.models import Report
from msf.responses.models import Answer, Comment
from msf.rounds import operations as rounds
from msf.scoring.disclosure import partition
from tests.pages import PASSWORD
from tests.reports.samples import COLLEAGUES, PATIENTS, ratings

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
HASH = accounts.hashed(PASSWORD)
STAFF = ("coordinator", "moderator", "quality_reviewer", "facilitator")
SAID = (
    ("colleagues", f"{COLLEAGUES}:does_well", "Ann Lee says: calm, and =SUM(1) <b>bold</b>."),
    ("colleagues", f"{COLLEAGUES}:could_be_better", "WITHHOLD-ME this one is unkind."),
    ("patients", f"{PATIENTS}:did_well", "شرح لي كل شيء"),
)


@dataclass
class Closed:
    """Ids by role; people of the second service have `far_` before their role."""

    round_id: str = ""
    report_id: str = ""
    people: dict[str, str] = field(default_factory=dict)


def closed_round(
    groups: Mapping[str, int] | None = None, *, patients: int = 22, said: tuple[tuple[str, str, str], ...] = SAID
) -> Closed:
    """A drafted report of 16 colleagues and 22 patients, unless told otherwise."""
    made = Closed()
    with transaction() as session:
        _people(session, made)
        made.round_id = _round(session, made)
        rounds.mark_open(session, made.round_id, seal_public=b"k" * 32, pool=60, by=made.people["coordinator"], now=NOW)
        counts = {
            "colleagues": dict(groups or {"doctor": 9, "nurse": 5, "admin": 2}),
            "patients": {"patient": patients},
        }
        blocks = {family: _answers(session, made.round_id, family, found) for family, found in counts.items()}
        for family, question, text in said:
            session.add(Comment(round_id=made.round_id, question=question, family=family, text=text))
        end = NOW + timedelta(weeks=4)
        rounds.mark_closed(
            session, made.round_id, partition=blocks, invited=counts, origins={}, opened=38, unreadable=0,
            by="system", now=end, on=end.date(),
        )  # fmt: skip
    draft({"round_id": made.round_id}, now=end)
    with reading() as session:
        made.report_id = session.exec(select(Report.id)).one()
    return made


def _people(session: Session, made: Closed) -> None:
    for prefix in ("", "far_"):
        service = accounts.create_organisation(session, name=f"{prefix}Advice", kind="service")
        trust = accounts.create_organisation(session, name=f"{prefix}Trust", kind="employer", served_by=service.id)
        places = {**dict.fromkeys(STAFF, service), "practitioner": trust, "case_manager": trust, "colleague": trust}
        for role, place in places.items():
            account = accounts.create_account(
                session,
                organisation_id=place.id,
                name=f"Dr {prefix}{role}" if place is trust else f"{prefix}{role}",
                email=f"{prefix}{role}@example.org",
                roles=["practitioner" if role == "colleague" else role],
                password=None,
                profession="doctor" if role in ("practitioner", "colleague") else None,
            )
            account.password = HASH
            made.people[prefix + role] = account.id


def _round(session: Session, made: Closed) -> str:
    by = made.people["coordinator"]
    practitioner = made.people["practitioner"]
    employer = session.get_one(accounts.Account, practitioner).organisation_id
    row = rounds.create_round(
        session,
        organisation_id=employer,
        practitioner_id=practitioner,
        colleague_questionnaire=COLLEAGUES,
        patient_questionnaire=PATIENTS,
        opens_on=NOW.date(),
        closes_on=NOW.date() + timedelta(weeks=4),
        by=by,
        now=NOW,
    )
    rounds.start_nominating(session, row.id, by=by, now=NOW)
    own = ratings(find(COLLEAGUES), 1, seed=9)[0].tobytes()
    rounds.save_self_assessment(
        session, row.id, questionnaire=COLLEAGUES, ratings=own, comments={"does_well": "I listen."},
        by=practitioner, on=NOW.date(),
    )  # fmt: skip
    rounds.approve_round(session, row.id, by=by, now=NOW)
    return row.id


def _answers(session: Session, round_id: str, family: str, groups: Mapping[str, int]) -> list[list[str]]:
    questionnaire = find({"colleagues": COLLEAGUES, "patients": PATIENTS}[family])
    order = [group.id for group in questionnaire.groups]
    blocks = [[g for g in order if g in block] for block in partition({g: groups.get(g, 0) for g in order})]
    given = iter(ratings(questionnaire, sum(groups.values()), seed=4))
    for group, people in groups.items():
        block = next((b for b in blocks if group in b), [])
        for _ in range(people):
            row = next(given).tobytes()
            session.add(Answer(round_id=round_id, block=f"{family}:{'+'.join(block)}", ratings=row))
    return blocks


def jobs(kind: str) -> list[dict[str, str]]:
    """The payloads of the jobs of one kind that wait."""
    with reading() as session:
        return [job.payload for job in session.exec(select(Job).where(Job.kind == kind))]
