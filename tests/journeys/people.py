"""Who plays in the story of a round, and everybody who is asked in it."""

from dataclasses import dataclass

from msf.accounts.models import Account
from tests.make import Make


@dataclass(frozen=True)
class Asked:
    """Somebody whose view is asked."""

    name: str
    address: str
    group: str
    role: str


ROLES = {"doctor": "Doctors", "nurse": "Nurses and midwives", "allied": "Other clinical staff"}


def _several(group: str, count: int) -> list[Asked]:
    return [
        Asked(f"{group.title()} Number {n}", f"{group}{n}@northvale.example", group, ROLES[group])
        for n in range(1, count + 1)
    ]


NOMINATED = [*_several("doctor", 8), *_several("nurse", 7), *_several("allied", 7)]
"""Whom the practitioner proposes; the last of them is rejected."""
ADDED = [
    Asked("Ward Clerk", "clerk@northvale.example", "admin", "Managers and office staff"),
    Asked("Ward Manager", "manager@northvale.example", "admin", "Managers and office staff"),
]
REJECTED = NOMINATED[-1]
PATIENTS = [f"patient{n}@mail.example" for n in range(1, 46)]
INVITED = [person.address for person in [*NOMINATED[:-1], *ADDED]] + PATIENTS
"""Everybody who gets a letter: 23 colleagues and 45 patients."""


@dataclass(frozen=True)
class Cast:
    """The people of the story who sign in, all with the same password."""

    coordinator: Account
    practitioner: Account
    case_manager: Account
    moderator: Account
    reviewer: Account
    facilitator: Account


def cast(make: Make) -> Cast:
    """One person for every part of a round."""
    return Cast(
        coordinator=make.account("coordinator", name="Kit Coordinator"),
        practitioner=make.practitioner("Dr Robin Sample"),
        case_manager=make.account("case_manager", name="Casey Manager"),
        moderator=make.account("moderator", name="Mo Derator"),
        reviewer=make.account("quality_reviewer", name="Quinn Reviewer"),
        facilitator=make.account("facilitator", name="Fran Facilitator"),
    )
