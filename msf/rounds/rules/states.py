"""The states of a round and the moves between them, as one pure table."""

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
    "void",
    "archived",
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
    "void": "Void",
    "archived": "Archived",
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
    ("moderated", "read_again"): "closed",
    ("moderated", "review"): "reviewed",
    ("reviewed", "release_to_practitioner"): "released_practitioner",
    ("released_practitioner", "release_to_organisation"): "released_organisation",
    ("released_practitioner", "archive"): "archived",
    ("released_organisation", "archive"): "archived",
    ("void", "archive"): "archived",
    ("released_practitioner", "void"): "void",
    ("released_organisation", "void"): "void",
    **{(state, "cancel"): "cancelled" for state in ("draft", "nominating", "approved", "open", "awaiting_key_holder")},
}

BEFORE_CLOSE = frozenset({"draft", "nominating", "approved", "open", "awaiting_key_holder"})
UNRELEASED = frozenset({"closed", "moderated", "reviewed"})
AFTER_CLOSE = frozenset(STATES) - BEFORE_CLOSE - {"cancelled"}

VERBS: dict[str, str] = {
    "start_nominating": "start choosing people",
    "approve": "approve the list of people",
    "open": "open it for answers",
    "await_key_holder": "wait for a key holder",
    "close": "close it",
    "moderate": "finish reading the comments",
    "read_again": "send a comment back to be read again",
    "review": "finish the review",
    "release_to_practitioner": "release it to the practitioner",
    "release_to_organisation": "release it to the organisation",
    "archive": "archive it",
    "void": "make it void",
    "cancel": "cancel it",
}
"""What people call the verbs of `MOVES`, after “it is not possible to”."""

PREPARING = frozenset({"draft", "nominating", "approved"})
CHOOSING = frozenset({"nominating", "approved", "open"})
"""While people may still be proposed, and while the practitioner may write about their own work."""


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
        raise refused(state, VERBS.get(verb, verb)) from None


def refused(state: str, deed: str) -> WrongState:
    """The refusal of `deed` ("extend it") in `state`, in words.

    >>> refused("closed", "extend it").message
    'This round is “closed, comments to be read”, so it is not possible to extend it.'
    """
    return WrongState(f"This round is “{_inside(LABELS[state])}”, so it is not possible to {deed}.")


def _inside(label: str) -> str:
    return label[:1].lower() + label[1:]


def check_in(state: str, allowed: frozenset[str], deed: str) -> None:
    """Refuse `deed` outside the states `allowed`."""
    if state not in allowed:
        raise refused(state, deed)
