"""What has happened in a round, what comes next and who does it, and what somebody may do now; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from msf.rounds.rules.states import CHOOSING


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a round: `progress` is done, now or later; `by_when` names a day of the round, or nothing."""

    title: str
    who: str
    progress: str
    by_when: str = ""


_WAY: tuple[tuple[tuple[str, ...], str, str, str], ...] = (
    (("draft",), "The round is prepared", "Coordinator", ""),
    (("nominating",), "People to ask are chosen, and the practitioner answers about their own work",
     "Practitioner and organisation", ""),
    (("nominating",), "The list of people is approved", "Case manager or coordinator", ""),
    (("approved",), "The round opens and letters go out", "By itself, or by the coordinator", "opens"),
    (("open", "awaiting_key_holder"), "People answer; the round closes and answers are shuffled",
     "By itself, or by the coordinator", "closes"),
    (("closed",), "The comments are read", "Moderator", ""),
    (("moderated",), "The report is checked by a second person", "Quality reviewer", ""),
    (("reviewed",), "The report is released to the practitioner and talked through", "Coordinator and facilitator", ""),
    (("released_practitioner",), "The report is released to the organisation", "Coordinator", ""),
)  # fmt: skip
_ORDER = {state: place for place, state in enumerate(
    ("draft", "nominating", "approved", "open", "awaiting_key_holder", "closed", "moderated", "reviewed",
     "released_practitioner", "released_organisation", "archived")
)}  # fmt: skip


def timeline(state: str) -> tuple[Step, ...]:
    """The steps of a round in `state`, in order; empty for one that was cancelled or made void.

    >>> [step.progress for step in timeline("approved")][:5]
    ['done', 'done', 'done', 'now', 'later']
    """
    if state not in _ORDER:
        return ()
    return tuple(Step(title, who, _progress(state, states), by_when) for states, title, who, by_when in _WAY)


def _progress(state: str, states: tuple[str, ...]) -> str:
    if state in states:
        return "now"
    return "done" if _ORDER[state] > max(_ORDER[each] for each in states) else "later"


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person can do with a round now: the page it is done on, and words for the link."""

    page: str
    text: str


_LIST, _OPEN, _DONE = frozenset({"nominating"}), frozenset({"open"}), frozenset({"released_organisation"})
_TOLD = frozenset({"released_practitioner"})
_COORDINATOR = frozenset({"coordinator"})
_CHOOSERS = frozenset({"case_manager", "coordinator"})
_READERS = frozenset({"coordinator", "quality_reviewer", "facilitator"})

TASKS: tuple[tuple[str, frozenset[str], frozenset[str], str], ...] = (
    ("start", frozenset({"draft"}), _COORDINATOR, "Ask the practitioner to choose people"),
    ("nominees", CHOOSING, _CHOOSERS, "See, add and decide on colleagues"),
    ("patients", CHOOSING, _CHOOSERS, "Add patients"),
    ("cards", _OPEN, _CHOOSERS, "Print cards for patients"),
    ("approve", _LIST, _CHOOSERS, "Approve the list of people"),
    (
        "desk",
        frozenset({"nominating", "approved", "open", "awaiting_key_holder"}),
        _COORDINATOR,
        "Open, close, extend or cancel the round",
    ),
    ("comments", frozenset({"closed"}), frozenset({"moderator"}), "Read the comments"),
    ("comments", frozenset({"moderated"}), frozenset({"moderator"}), "See what was decided on the comments"),
    (
        "comments",
        frozenset({"released_practitioner", "released_organisation"}),
        frozenset({"moderator"}),
        "See the comments, and originals for appeals",
    ),
    ("review", frozenset({"moderated"}), frozenset({"quality_reviewer"}), "Check the report"),
    ("release", frozenset({"reviewed"}), _COORDINATOR, "Release the report to the practitioner"),
    ("release", _TOLD, _COORDINATOR, "Release the report to the organisation"),
    ("report", _TOLD, _READERS, "Read the report"),
    ("report", _DONE, _READERS | {"case_manager"}, "Read the report"),
    (
        "release/void",
        frozenset({"released_practitioner", "released_organisation"}),
        _COORDINATOR,
        "Make the report void",
    ),
)
"""The pages of a round: in which states, for which roles, and what the link says."""

OWN: Mapping[str, tuple[frozenset[str], str]] = {
    "nominees": (CHOOSING, "Choose the colleagues to ask"),
    "self": (CHOOSING, "Answer about your own work"),
    "report": (frozenset({"released_practitioner", "released_organisation"}), "Read your report"),
}
"""The same for the practitioner whose round it is."""

PATIENT_PAGES = frozenset({"patients", "cards"})


def tasks(state: str, roles: frozenset[str], *, own: bool, patients: bool) -> tuple[Task, ...]:
    """What somebody with these roles can do with a round in `state`; in their own round, only what a practitioner does.

    >>> [task.page for task in tasks("nominating", frozenset({"practitioner"}), own=True, patients=True)]
    ['nominees', 'self']
    """
    if own:
        return tuple(Task(page, text) for page, (states, text) in OWN.items() if state in states)
    return tuple(
        Task(page, text)
        for page, states, allowed, text in TASKS
        if state in states and roles & allowed and (patients or page not in PATIENT_PAGES)
    )


def waiting(state: str, *, own: bool) -> str:
    """What a state means for the person who reads the page, in their own round said to themselves."""
    return WAITING_OWN.get(state, WAITING[state]) if own else WAITING[state]


WAITING: Mapping[str, str] = {
    "draft": "The coordinator prepares the round. Nobody has been asked for anything yet.",
    "nominating": "The practitioner and the organisation choose the people to ask. Nobody has been written to yet.",
    "approved": "The list is approved. The letters go out when the round opens.",
    "open": "People can answer until the closing date. Nobody can read an answer before it.",
    "awaiting_key_holder": "Answers are no longer taken. A key holder has to open them.",
    "closed": "Answers are no longer taken. A moderator reads the comments next.",
    "moderated": "The comments have been read. A second person checks the report next.",
    "reviewed": "The report has been checked. The coordinator releases it next, with a named facilitator.",
    "released_practitioner": "The practitioner can read the report.",
    "released_organisation": "The practitioner and the organisation can read the report.",
    "archived": "The round is finished. Its report was deleted when the time for keeping it was over.",
    "void": "The report of this round must not be used.",
    "cancelled": "The round was ended before its close. Whatever had been answered was destroyed unread.",
}
WAITING_OWN: Mapping[str, str] = {
    "draft": "The coordinator prepares the round. We write to you when it is your turn.",
    "nominating": "It is your turn: choose colleagues to ask, and answer about your own work.",
    "closed": "Answers are no longer taken. Nobody, you included, can read them before the report is checked.",
    "released_practitioner": "You can read your report.",
    "released_organisation": "You and your organisation can read the report.",
}
