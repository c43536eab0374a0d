"""Open rounds for measurements, made in one go, with the codes their colleagues would get by mail."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from msf.accounts import operations as accounts
from msf.base.db import transaction
from msf.base.keys import Keys
from msf.invitations import queries as invitations
from msf.invitations.models import Nominee
from msf.invitations.rules import token, token_text
from msf.respond import operations as door
from msf.rounds import operations as rounds
from msf.rounds.models import Round

COLLEAGUES, PATIENTS = 40, 60
GROUPS = ("doctor", "nurse", "ahp", "admin")


def make_rounds(count: int, keys: Keys) -> list[str]:
    """Open `count` rounds of 40 colleagues and 60 patients each; the codes of all colleagues."""
    now = datetime.now(UTC)
    with transaction() as session:
        service = accounts.create_organisation(session, name="Service", kind="service")
        employer = accounts.create_organisation(session, name="Northvale", kind="employer", served_by=service.id)
        staff, subject = (
            accounts.create_account(
                session, organisation_id=at, name=name, email=f"{role}@bench.example", roles=[role],
                password="a calm clinic by the sea", profession="doctor" if role == "practitioner" else None,
            ).id
            for at, name, role in (
                (service.id, "Kit Coordinator", "coordinator"),
                (employer.id, "Dr Robin Sample", "practitioner"),
            )
        )  # fmt: skip
    codes: list[str] = []
    for _ in range(count):
        with transaction() as session:
            made = rounds.create_round(
                session, organisation_id=employer.id, practitioner_id=subject, by=staff, now=now,
                colleague_questionnaire="doctor-colleagues/1", patient_questionnaire="patients-in-person/1",
                opens_on=now.date(), closes_on=now.date() + timedelta(days=28),
            )  # fmt: skip
            rounds.start_nominating(session, made.id, by=staff, now=now)
            _ask(session, made)
            rounds.approve_round(session, made.id, by=staff, now=now)
            door.open_round(session, made.id, keys=keys, by=staff, now=now)
            secret = keys.tokens.read(made.id)
            codes += [
                token_text(token(secret, place.n))
                for place in invitations.places(session, made.id)
                if place.family == "colleagues"
            ]
    return codes


def _ask(session: Session, made: Round) -> None:
    people = [("colleagues", GROUPS[n % len(GROUPS)], f"c{n}") for n in range(COLLEAGUES)]
    people += [("patients", "patient", f"p{n}") for n in range(PATIENTS)]
    session.add_all(
        Nominee(
            organisation_id=made.organisation_id, round_id=made.id, family=family, group=group, name=name,
            address=f"{name}@bench.example", origin="organisation", status="approved",
        )
        for family, group, name in people
    )  # fmt: skip
    session.flush()
