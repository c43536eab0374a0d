"""Draws a report up: figures and facts of a closed round, frozen once and never calculated again."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import numpy as np
from sqlmodel import Session, select

from msf.accounts.models import Organisation
from msf.base.clock import today
from msf.reports.models import Report
from msf.reports.operations.answers import given_in
from msf.reports.operations.benchmarks import choose_benchmarks, freeze_benchmarks
from msf.reports.queries import readable_comments
from msf.reports.rules import Part, part_of
from msf.reports.rules.benchmarks import beside, family_of, told
from msf.reports.rules.facts import Facts, Peers
from msf.rounds.models import Round, SelfAssessment
from msf.rounds.operations import SYSTEM, mark, record_deed
from msf.rounds.queries import locked, practitioner_of, self_assessments, zone_of
from msf.rounds.rules import check_in
from msf.scoring.benchmarks import BenchmarkSet, from_json


def draft_report(session: Session, round_id: str, *, now: datetime) -> Report:
    """Freeze the figures and facts of a closed round, once; a second call changes nothing.

    Whom it is compared with is frozen with it. A round without comments to read is marked as moderated at once.
    """
    round = locked(session, round_id)
    found = session.exec(select(Report).where(Report.round_id == round_id)).first()
    if found is not None:
        return found
    check_in(round.state, frozenset({"closed"}), "draw up its report")
    own = {given.questionnaire: given for given in self_assessments(session, round_id)}
    facts, parts = _facts(session, round, now), _parts(session, round, own)
    chosen = choose_benchmarks(session, round, parts, profession=facts.profession)
    sets = {name: from_json(kept.content) if kept else None for name, kept in chosen.items()}
    made = Report(
        organisation_id=round.organisation_id,
        round_id=round_id,
        results={
            "parts": [beside(part, sets.get(part.questionnaire)).to_json() for part in parts],
            "own_words": [
                [f"{name}:{prompt}", text] for name, given in own.items() for prompt, text in given.comments.items()
            ],
        },
        facts=replace(facts, peers=_peers(parts, sets)).to_json(),
        drafted_at=now,
    )
    session.add(made)
    session.flush()
    freeze_benchmarks(session, made, chosen)
    record_deed(session, round, "report.drafted", SYSTEM, now)
    if not readable_comments(session, round):
        mark(session, round_id, "moderate", by=SYSTEM, now=now)
    return made


def _parts(session: Session, round: Round, own: Mapping[str, SelfAssessment]) -> list[Part]:
    parts = []
    for given in given_in(session, round).values():
        saved = own.get(given.questionnaire.reference_name)
        ratings = np.frombuffer(saved.ratings, np.int8) if saved else None
        parts.append(part_of(given.questionnaire, [given.tally()], ratings, least=round.k))
    return parts


def _peers(parts: Iterable[Part], sets: Mapping[str, BenchmarkSet | None]) -> dict[str, Peers | None]:
    """What is told of the sets, by family."""
    named = {part.questionnaire: family for part in parts if (family := family_of(part)) is not None}
    return {named[questionnaire]: told(found) for questionnaire, found in sets.items()}


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
