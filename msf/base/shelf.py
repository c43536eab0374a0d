"""Questionnaires for pages about old rounds: a file that is gone is a sentence, not a fault."""

from msf.base.errors import Refusal
from msf.instruments import Questionnaire, UnknownQuestionnaire, find


class QuestionnaireMissing(Refusal):
    """The file of a questionnaire with which there were rounds is not on the shelf any more."""

    status = 409
    title = "This questionnaire is not here any more"
    message = "Its figures need its items and areas, and its file is not part of this installation."
    remedy = "Ask the team that runs the service to put its file back among the questionnaires."


def needed(name: str) -> Questionnaire:
    """The questionnaire of this name; `QuestionnaireMissing` where its file is gone."""
    try:
        return find(name)
    except UnknownQuestionnaire as error:
        raise QuestionnaireMissing from error


def known(name: str) -> Questionnaire | None:
    """The questionnaire of this name, or None where its file is gone: a list then shows the name itself."""
    try:
        return find(name)
    except UnknownQuestionnaire:
        return None
