"""An open round for tests of the door, made through the real operations, with the codes its raters would get."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from msf.accounts import operations as accounts
from msf.accounts.models import Account
from msf.base.config import Settings
from msf.base.db import reading, transaction
from msf.base.keys import Keys
from msf.invitations import operations as invitation_book
from msf.invitations import queries as invitations
from msf.invitations.rules import token, token_text
from msf.respond import operations
from msf.rounds import operations as rounds

PASSWORD = "a calm clinic by the sea"
KIT, ROBIN = "kit@service.example", "robin@northvale.example"


@dataclass
class OpenRound:
    """A round that takes answers, its people, its keys, and every invited rater's code with family and group."""

    id: str
    keys: Keys
    coordinator: str
    practitioner: str
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)

    def of(self, family: str, group: str | None = None) -> list[str]:
        """The codes of one family, or of one group of it."""
        return [code for code, (f, g) in self.codes.items() if f == family and group in (None, g)]


def open_round(
    settings: Settings, *, now: datetime, groups: dict[str, int] | None = None, patients: int = 0, days: int = 28
) -> OpenRound:
    """A round of Dr Robin Sample that opened at `now`; any number of them share their two people."""
    found = approved_round(settings, now=now, groups=groups, patients=patients, days=days)
    with transaction() as session:
        operations.open_round(session, found.id, keys=found.keys, by=found.coordinator, now=now)
    learn_codes(found)
    return found


def approved_round(
    settings: Settings, *, now: datetime, groups: dict[str, int] | None = None, patients: int = 0, days: int = 28
) -> OpenRound:
    """The same round just before it opens: nobody is invited, and there is no code yet."""
    groups = {"doctor": 8, "nurse": 6, "admin": 2} if groups is None else groups
    with transaction() as session:
        employer, staff, subject = _people(session)
        made = rounds.create_round(
            session,
            organisation_id=employer,
            practitioner_id=subject,
            colleague_questionnaire="doctor-colleagues/1",
            patient_questionnaire="patients-in-person/1",
            opens_on=now.date(),
            closes_on=now.date() + timedelta(days=days),
            by=staff,
            now=now,
        )
        rounds.start_nominating(session, made.id, by=staff, now=now)
        _ask(session, made.id, groups, patients, by=staff, now=now)
        rounds.approve_round(session, made.id, by=staff, now=now)
    return OpenRound(made.id, Keys.at(settings.keys), staff, subject)


def _people(session: Session) -> tuple[str, str, str]:
    """The employer, the coordinator and the practitioner, made where they are not there yet."""
    known = {row.email: row for row in session.exec(select(Account).where(col(Account.email).in_([KIT, ROBIN])))}
    if known:
        return known[ROBIN].organisation_id, known[KIT].id, known[ROBIN].id
    service = accounts.create_organisation(session, name="Service", kind="service")
    employer = accounts.create_organisation(session, name="Northvale", kind="employer", served_by=service.id)
    staff, subject = (
        accounts.create_account(
            session,
            organisation_id=organisation.id,
            name=name,
            email=email,
            roles=[role],
            password=PASSWORD,
            profession="doctor" if role == "practitioner" else None,
        ).id
        for organisation, name, email, role in (
            (service, "Kit Coordinator", KIT, "coordinator"),
            (employer, "Dr Robin Sample", ROBIN, "practitioner"),
        )
    )
    return employer.id, staff, subject


def _ask(session: Session, round_id: str, groups: dict[str, int], patients: int, **facts: Any) -> None:
    for group, count in groups.items():
        for number in range(count):
            nominee = invitation_book.nominate(
                session,
                round_id,
                family="colleagues",
                group=group,
                name=f"{group.title()} {number}",
                address=f"{group}{number}@northvale.example",
                origin="organisation",
                **facts,
            )
            invitation_book.decide(session, nominee.id, approve=True, reason=None, **facts)
    if patients:
        lines = "\n".join(f"patient{number}@mail.example" for number in range(patients))
        invitation_book.add_patients(session, round_id, addresses=lines, **facts)
        invitation_book.approve_all(session, round_id, family="patients", **facts)


def learn_codes(found: OpenRound) -> None:
    """Work out the code of everybody who was invited, as the letters do."""
    secret = found.keys.tokens.read(found.id)
    with reading() as session:
        for place in invitations.places(session, found.id):
            found.codes[token_text(token(secret, place.n))] = (place.family, place.group)
