"""Every write to a report: frozen once, comments decided, checked, released with its bytes, or made void."""

from msf.reports.operations.confirming import confirm_withheld, send_back
from msf.reports.operations.drafting import draft_report
from msf.reports.operations.looking import record_refusal
from msf.reports.operations.moderation import decide_comment, finish_moderation, undo_decision
from msf.reports.operations.originals import read_original
from msf.reports.operations.parties import check_reader
from msf.reports.operations.release import (
    facilitator,
    facilitators,
    record_view,
    release_to_organisation,
    release_to_practitioner,
    review_report,
    void_report,
)

__all__ = [
    "check_reader",
    "confirm_withheld",
    "decide_comment",
    "draft_report",
    "facilitator",
    "facilitators",
    "finish_moderation",
    "read_original",
    "record_refusal",
    "record_view",
    "release_to_organisation",
    "release_to_practitioner",
    "review_report",
    "send_back",
    "undo_decision",
    "void_report",
]
