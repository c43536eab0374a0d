"""The states of a round and the moves between them, as one pure table, with the thresholds a round may have."""

from msf.base.errors import Refusal

STATES = (
    "draft",
    "nominating",
    "approved",
    "open",
    "awaiting_key_holder",
    "closed",
    "moderated",
    "reviewed",
    "released_practitioner",
    "released_organisation",
    "archived",
    "void",
    "cancelled",
)

LABELS: dict[str, str] = {
    "draft": "Draft",
    "nominating": "Choosing people to ask",
    "approved": "Approved, waiting to open",
    "open": "Open for answers",
    "awaiting_key_holder": "Waiting for a key holder",
    "closed": "Closed, comments to be read",
    "moderated": "Comments read",
    "reviewed": "Checked, ready to release",
    "released_practitioner": "Released to the practitioner",
    "released_organisation": "Released to the organisation",
    "archived": "Archived",
    "void": "Void",
    "cancelled": "Cancelled",
}

MOVES: dict[tuple[str, str], str] = {
    ("draft", "start_nominating"): "nominating",
    ("nominating", "approve"): "approved",
    ("approved", "open"): "open",
    ("open", "await_key_holder"): "awaiting_key_holder",
    ("open", "close"): "closed",
    ("awaiting_key_holder", "close"): "closed",
    ("closed", "moderate"): "moderated",
    ("moderated", "review"): "reviewed",
    ("reviewed", "release_to_practitioner"): "released_practitioner",
    ("released_practitioner", "release_to_organisation"): "released_organisation",
    ("released_organisation", "archive"): "archived",
    ("released_practitioner", "void"): "void",
    ("released_organisation", "void"): "void",
    **{(state, "cancel"): "cancelled" for state in ("draft", "nominating", "approved", "open", "awaiting_key_holder")},
}

BEFORE_CLOSE = frozenset({"draft", "nominating", "approved", "open", "awaiting_key_holder"})
AFTER_CLOSE = frozenset(STATES) - BEFORE_CLOSE - {"cancelled"}

LEAST_K = 4
DEFAULTS = {
    "k": 5,
    "target_colleagues": 15,
    "target_patients": 34,
    "floor_colleagues": 8,
    "floor_patients": 20,
    "invite_colleagues": 20,
    "invite_patients": 45,
    "weeks_open": 4,
    "reminder_days": (7, 14, 21),
}


class WrongState(Refusal):
    """A verb that does not fit the state the round is in."""

    title = "The round has moved on"
    remedy = "Go back to the round and look at its state."


def after(state: str, verb: str) -> str:
    """The state after `verb`; `WrongState` where the table has no such move.

    >>> after("draft", "start_nominating")
    'nominating'
    """
    try:
        return MOVES[state, verb]
    except KeyError:
        raise WrongState(
            f"This round is “{LABELS[state].lower()}”, so it is not possible to {verb.replace('_', ' ')} it."
        ) from None
