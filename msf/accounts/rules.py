"""Roles and what they are called; pure."""

from typing import Literal

Role = Literal[
    "practitioner",
    "case_manager",
    "coordinator",
    "adviser",
    "panel_member",
    "moderator",
    "assessor",
    "mediator",
    "quality_reviewer",
    "facilitator",
    "administrator",
]

ROLES: dict[str, str] = {
    "practitioner": "Practitioner",
    "case_manager": "Case manager",
    "coordinator": "Coordinator",
    "adviser": "Adviser",
    "panel_member": "Panel member",
    "moderator": "Moderator",
    "assessor": "Assessor",
    "mediator": "Mediator",
    "quality_reviewer": "Quality reviewer",
    "facilitator": "Facilitator",
    "administrator": "Administrator",
}

SERVICE_ROLES = frozenset(ROLES) - {"practitioner", "case_manager"}
