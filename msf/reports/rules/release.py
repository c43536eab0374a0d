"""Who may open a report when, what is asked of a reviewer, and the refusals of a report that is not there to read."""

from msf.base.errors import Refusal

RELEASED = frozenset({"released_practitioner", "released_organisation", "archived"})
READERS = frozenset({"practitioner", "case_manager", "coordinator", "quality_reviewer", "facilitator"})
COMPARERS = frozenset({"coordinator", "quality_reviewer", "adviser", "administrator"})
PREVIEWERS = frozenset({"coordinator", "quality_reviewer"})

CHECKLIST = {
    "people": "It is about the right person, and the dates and numbers asked are right.",
    "small": "Families and groups with too few answers are named as such, and nothing else is said of them.",
    "comments": "No comment names anybody or tells who wrote it.",
    "bearable": "Hard messages stand with what they rest on, and the first pages can be read without alarm.",
}
"""What a quality reviewer confirms, by short name."""


class ReportVoid(Refusal):
    """A report that was taken back as a whole."""

    status = 410
    title = "This report is void"
    remedy = "Do not use copies of it. The service can tell you more."

    def __init__(self, reason: str) -> None:
        super().__init__(f"This report was released and then made void. The reason given: {reason}")


class NotReleased(Refusal):
    """A file of a report that can only be previewed so far."""

    title = "This report is not released"
    message = "This is a preview. Files of the report are made when it is released."


class ReportDeleted(Refusal):
    """A report that was kept for as long as was promised."""

    status = 410
    title = "This report was deleted"
    message = "The time for keeping this report is over, so it was deleted with its comments."


class NotDrafted(Refusal):
    """A report whose figures are not there yet."""

    title = "The report is being drawn up"
    message = "The figures of this round are not ready yet."
    remedy = "This takes a minute after a round has closed. Try again then."


class NoFacilitator(Refusal):
    """A release without somebody to talk the report through."""

    status = 422
    title = "Choose a facilitator"
    message = "Choose somebody with the role of facilitator to talk the report through."
