"""Everybody in the demo, all invented: staff of the service, case managers, practitioners, and the people they ask."""

from dataclasses import dataclass

SERVICE = "Practitioner Feedback Service"
EMPLOYERS = ("Northvale Hospitals", "Harbour Street Dental", "Millbrook Pharmacies")
PRACTITIONERS = {"doctor": "doctor", "dentist": "dentist", "pharmacist": "pharmacist"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in to the demo."""

    key: str
    name: str
    email: str
    role: str
    organisation: str = SERVICE
    profession: str | None = None


PEOPLE = (
    Person("coordinator", "Cory Coordinator", "coordinator@service.example", "coordinator"),
    Person("moderator", "Mo Moderator", "moderator@service.example", "moderator"),
    Person("reviewer", "Quinn Reviewer", "reviewer@service.example", "quality_reviewer"),
    Person("facilitator", "Fran Facilitator", "facilitator@service.example", "facilitator"),
    Person("administrator", "Adi Administrator", "administrator@service.example", "administrator"),
    Person("manager", "Marin Manager", "manager@northvale.example", "case_manager", EMPLOYERS[0]),
    Person("dental manager", "Dale Manager", "manager@harbour.example", "case_manager", EMPLOYERS[1]),
    Person("pharmacy manager", "Pip Manager", "manager@millbrook.example", "case_manager", EMPLOYERS[2]),
    Person("doctor", "Dr Amara Sample", "doctor@northvale.example", "practitioner", EMPLOYERS[0], "doctor"),
    Person("dentist", "Dr Lewis Example", "dentist@harbour.example", "practitioner", EMPLOYERS[1], "dentist"),
    Person("pharmacist", "Sunita Specimen", "pharmacist@millbrook.example", "practitioner", EMPLOYERS[2], "pharmacist"),
)

WORKPLACES = {
    "doctor": "doctor/hospital/medicine",
    "dentist": "dentist/general_practice",
    "pharmacist": "pharmacist/community",
}

MANAGERS = {"doctor": "manager", "dentist": "dental manager", "pharmacist": "pharmacy manager"}

_GROUPS = {
    "doctor": ("doctor", "nurse", "allied", "admin"),
    "dentist": ("dentist", "nurse", "allied", "admin"),
    "pharmacist": ("pharmacist", "technician", "allied", "admin"),
}
_SHARES = (7, 6, 4, 3)
_NAMES = (
    "Alex", "Bea", "Cai", "Dilys", "Emre", "Farah", "Gwen", "Hana", "Idris", "Jo",
    "Kofi", "Lena", "Manjit", "Nia", "Owain", "Priya", "Rhys", "Sara", "Tariq", "Wen",
)  # fmt: skip


def colleagues(profession: str) -> list[tuple[str, str, str]]:
    """Twenty colleagues of a practitioner: group, name and address, the roles well mixed."""
    groups = [group for group, share in zip(_GROUPS[profession], _SHARES, strict=True) for _ in range(share)]
    mixed = [groups[(place * 7) % len(groups)] for place in range(len(groups))]
    return [
        (group, f"{name} {group.title()}", f"{name.lower()}.{group}@{profession}-team.example")
        for group, name in zip(mixed, _NAMES, strict=True)
    ]


def patients(who: str, count: int) -> str:
    """Addresses of `count` patients, one a line."""
    return "\n".join(f"patient{number:02}@{who}-clinic.example" for number in range(1, count + 1))
