"""What a round keeps about itself while it runs: the practitioner's own answers, and daily totals."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, select

from msf.base.clock import start_of
from msf.rounds import rules
from msf.rounds.models import SelfAssessment
from msf.rounds.operations.deeds import SYSTEM, held, record_deed
from msf.rounds.queries import locked, questionnaires_of, zone_of
from msf.scoring.disclosure import interim_total


def save_self_assessment(
    session: Session,
    round_id: str,
    *,
    questionnaire: str,
    ratings: bytes,
    comments: Mapping[str, str],
    by: str,
    on: date,
) -> SelfAssessment:
    """Keep the practitioner's own answers to one of the round's questionnaires, replacing what they saved before."""
    round = held(session, round_id, by)
    if by != round.practitioner_id:
        raise rules.refused(round.state, "write about somebody else's work here")
    rules.check_in(round.state, rules.CHOOSING, "change your own answers")
    asked = next((each for each in questionnaires_of(round).values() if each.reference_name == questionnaire), None)
    if asked is None:
        raise rules.RoundRefused("This questionnaire is not part of the round.", field="form")
    rules.check_self(ratings, items=len(asked.items), highest=asked.scale.highest)
    rules.check_comments(comments, {prompt.id: prompt.limit for prompt in asked.prompts})
    query = select(SelfAssessment).where(
        SelfAssessment.round_id == round_id, SelfAssessment.questionnaire == questionnaire
    )
    saved = session.exec(query).first() or SelfAssessment(
        organisation_id=round.organisation_id, round_id=round_id, questionnaire=questionnaire, ratings=b"", saved_on=on
    )
    saved.ratings, saved.comments, saved.saved_on = ratings, dict(comments), on
    session.add(saved)
    session.flush()
    record_deed(session, round, "round.self_assessed", by, start_of(on, zone_of(session, round)))
    return saved


def record_answered(session: Session, round_id: str, *, answered: int, on: date, burst: bool = False) -> None:
    """Keep the total of answers so far, once a day at most, rounded down to a multiple of k, and if any burst came.

    An exact total would tell, from one day to the next or of a few people asked, whether one person answered.
    """
    round = locked(session, round_id)
    if round.state == "open" and round.answered_on != on:
        round.answered, round.answered_on = interim_total(answered, least=round.k), on
        round.burst = round.burst or burst
        session.add(round)


def record_burst(session: Session, round_id: str) -> None:
    """Keep that unusually many answers came at once, when the round has ended; before, the daily total keeps it."""
    round = locked(session, round_id)
    if round.state != "open":
        round.burst = True
        session.add(round)


def record_wave(session: Session, round_id: str, *, wave: int, on: date) -> None:
    """Note that a wave of reminders went out on a day, for the round as a whole."""
    round = locked(session, round_id)
    if str(wave) not in round.waves:
        round.waves = {**round.waves, str(wave): on.isoformat()}
        session.add(round)
        record_deed(session, round, "round.reminded", SYSTEM, start_of(on, zone_of(session, round)), {"wave": wave})


def record_pools(session: Session, round_id: str, *, pools: Mapping[str, list[list[str]]]) -> None:
    """Freeze, at the opening, which groups of each family sealed answers are told apart by."""
    round = locked(session, round_id)
    round.pools = dict(pools)
    session.add(round)


def record_invited(session: Session, round_id: str, *, invited: Mapping[str, Mapping[str, int]]) -> None:
    """Keep how many were asked so far, by family and group, while the round is not closed; the close freezes it."""
    round = locked(session, round_id)
    if round.state in rules.BEFORE_CLOSE:
        round.invited = {family: dict(groups) for family, groups in invited.items()}
        session.add(round)
