"""The answers of a closed round, family by family, in the blocks that were frozen at its close."""

import numpy as np
from sqlmodel import Session

from msf.instruments import Questionnaire
from msf.reports.rules import Given
from msf.responses.queries import answers_of
from msf.rounds.models import Round
from msf.rounds.queries import questionnaires_of


def given_in(session: Session, round: Round) -> dict[str, Given]:
    """What each family gave, by family; empty where nobody answered or the answers are gone."""
    answers = answers_of(session, round.id)
    frozen = round.partition or {}

    def given(family: str, questionnaire: Questionnaire) -> Given:
        blocks = tuple(tuple(block) for block in frozen.get(family, ()))
        names = [f"{family}:{'+'.join(block)}" for block in blocks] or [f"{family}:"]
        ratings = [answers.get(name, np.zeros((0, len(questionnaire.items)), np.int8)) for name in names]
        index = np.repeat(np.arange(len(names)), [len(rows) for rows in ratings])
        return Given(questionnaire, family, np.concatenate(ratings), index, blocks)

    return {family: given(family, asked) for family, asked in questionnaires_of(round).items()}
