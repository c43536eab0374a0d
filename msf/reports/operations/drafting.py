"""Draws a report up: figures and facts of a closed round, frozen once and never calculated again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt
from sqlmodel import Session, select

from msf.accounts.models import Organisation
from msf.base.clock import today
from msf.instruments import Questionnaire
from msf.reports.models import Report
from msf.reports.queries import readable_comments
from msf.reports.rules import FamilyTally, Part, part_of, tally
from msf.reports.rules.facts import Facts
from msf.responses.queries import answers_of
from msf.rounds.models import Round, SelfAssessment
from msf.rounds.operations import SYSTEM, mark, record_deed
from msf.rounds.queries import locked, practitioner_of, questionnaires_of, self_assessments, zone_of
from msf.rounds.rules import check_in

Answers = Mapping[str, npt.NDArray[np.int8]]


def draft_report(session: Session, round_id: str, *, now: datetime) -> Report:
    """Freeze the figures and facts of a closed round, once; a second call changes nothing.

    A round without comments to read is marked as moderated at once.
    """
    round = locked(session, round_id)
    found = session.exec(select(Report).where(Report.round_id == round_id)).first()
    if found is not None:
        return found
    check_in(round.state, frozenset({"closed"}), "draw up its report")
    own = {given.questionnaire: given for given in self_assessments(session, round_id)}
    made = Report(
        organisation_id=round.organisation_id,
        round_id=round_id,
        results={
            "parts": [part.to_json() for part in _parts(round, answers_of(session, round_id), own)],
            "own_words": [
                [f"{name}:{prompt}", text] for name, given in own.items() for prompt, text in given.comments.items()
            ],
        },
        facts=_facts(session, round, now).to_json(),
        drafted_at=now,
    )
    session.add(made)
    session.flush()
    record_deed(session, round, "report.drafted", SYSTEM, now)
    if not readable_comments(session, round):
        mark(session, round_id, "moderate", by=SYSTEM, now=now)
    return made


def _parts(round: Round, answers: Answers, own: Mapping[str, SelfAssessment]) -> list[Part]:
    parts = []
    for family, questionnaire in questionnaires_of(round).items():
        given = own.get(questionnaire.reference_name)
        ratings = np.frombuffer(given.ratings, np.int8) if given else None
        counted = _tally(family, questionnaire, (round.partition or {}).get(family, []), answers)
        parts.append(part_of(questionnaire, [counted], ratings, least=round.k))
    return parts


def _tally(family: str, questionnaire: Questionnaire, blocks: Sequence[Sequence[str]], answers: Answers) -> FamilyTally:
    """The family's answers counted in the blocks that were frozen at the close."""
    names = [f"{family}:{'+'.join(block)}" for block in blocks] or [f"{family}:"]
    nobody = np.zeros((0, len(questionnaire.items)), np.int8)
    ratings = [answers.get(name, nobody) for name in names]
    index = np.repeat(np.arange(len(names)), [len(rows) for rows in ratings])
    frozen = [tuple(block) for block in blocks]
    return tally(family, np.concatenate(ratings), index, frozen, questionnaire.scale.size)


def _facts(session: Session, round: Round, now: datetime) -> Facts:
    practitioner = practitioner_of(session, round)
    employer = session.get_one(Organisation, round.organisation_id)
    service = session.get(Organisation, employer.served_by) if employer.served_by else None
    return Facts(
        practitioner=practitioner.name,
        reference=round.reference,
        least=round.k,
        profession=practitioner.profession,
        asked_by=employer.name,
        run_by=service.name if service else None,
        opened_on=round.opens_on,
        closed_on=round.closed_on,
        written_on=today(now, zone_of(session, round)),
        invited={family: sum(groups.values()) for family, groups in (round.invited or {}).items()},
        floors={"colleagues": round.floor_colleagues, "patients": round.floor_patients},
        targets={"colleagues": round.target_colleagues, "patients": round.target_patients},
    )
