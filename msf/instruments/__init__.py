"""Questionnaires read once from `surveys/` into frozen typed objects: what is asked, never who answers."""

from msf.instruments.problems import Problem, SurveyInvalid
from msf.instruments.shapes import (
    BLANK,
    CANNOT_SAY,
    NOT_APPLICABLE,
    Domain,
    Group,
    Item,
    Point,
    Prompt,
    Questionnaire,
    Reference,
    Scale,
    Words,
    words,
)
from msf.instruments.shelf import UnknownQuestionnaire, catalogue, check, check_shelf, find, load

__all__ = [
    "BLANK",
    "CANNOT_SAY",
    "NOT_APPLICABLE",
    "Domain",
    "Group",
    "Item",
    "Point",
    "Problem",
    "Prompt",
    "Questionnaire",
    "Reference",
    "Scale",
    "SurveyInvalid",
    "UnknownQuestionnaire",
    "Words",
    "catalogue",
    "check",
    "check_shelf",
    "find",
    "load",
    "words",
]
