"""The cast of stories about rounds: organisations, people and a first round, through the real operations."""

from datetime import datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlmodel import Session

from msf.accounts.operations import create_account, create_organisation, hashed
from msf.accounts.queries import person
from msf.rounds.models import Round
from msf.rounds.operations import create_round

PASSWORD = "correct horse battery staple"


@cache
def _hash() -> str:
    return hashed(PASSWORD)


def cast(session: Session, *, sign_in: bool = False) -> SimpleNamespace:
    """A service with two employers it serves, and another service with one of its own, and who works there.

    With `sign_in` all of them can sign in with one password, which is hashed once.
    """
    service = create_organisation(session, name="Practice Advice", kind="service")
    trust = create_organisation(session, name="Riverside Trust", kind="employer", served_by=service.id)
    hill = create_organisation(session, name="Hill Trust", kind="employer", served_by=service.id)
    other = create_organisation(session, name="Other Service", kind="service")
    far = create_organisation(session, name="Far Trust", kind="employer", served_by=other.id)
    places = SimpleNamespace(service=service, trust=trust, hill=hill, other=other, far=far)

    def add(key: str, place: Any, *roles: str, name: str, profession: str | None = None) -> None:
        made = create_account(
            session,
            organisation_id=place.id,
            name=name,
            email=f"{key}@example.org",
            roles=roles,
            password=None,
            profession=profession,
        )
        made.password = _hash() if sign_in else None
        session.flush()
        setattr(places, key, person(session, made.id))

    add("coordinator", service, "coordinator", name="Cora Ordway")
    add("reviewer", service, "quality_reviewer", name="Quinn Review")
    add("moderator", service, "moderator", name="Mo Derby")
    add("practitioner", trust, "practitioner", name="Dr Ann Lee", profession="doctor")
    add("manager", trust, "case_manager", name="Max Case")
    add("colleague", trust, "practitioner", name="Dr Col League", profession="doctor")
    add("hill_manager", hill, "case_manager", name="Hilda Case")
    add("far_coordinator", other, "coordinator", name="Far Ordway")
    add("far_manager", far, "case_manager", name="Farah Case")
    add("far_practitioner", far, "practitioner", name="Dr Far Away", profession="doctor")
    return places


def a_round(session: Session, people: SimpleNamespace, *, now: datetime, **more: Any) -> Round:
    """A draft round of Dr Lee for four weeks from tomorrow, with both questionnaires."""
    opens = now.date() + timedelta(days=1)
    facts: dict[str, Any] = {
        "organisation_id": people.trust.id,
        "practitioner_id": people.practitioner.id,
        "colleague_questionnaire": "doctor-colleagues",
        "patient_questionnaire": "patients-in-person",
        "opens_on": opens,
        "closes_on": opens + timedelta(weeks=4),
        "by": people.coordinator.id,
        "now": now,
    }
    made = create_round(session, **(facts | more))
    session.flush()
    return made
