"""An open round for tests of the door, made through the real operations, with the codes its raters would get."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msf.accounts import operations as accounts
from msf.base.config import Settings
from msf.base.db import reading, transaction
from msf.base.keys import Keys
from msf.invitations import operations as invitation_book
from msf.invitations import queries as invitations
from msf.invitations.rules import token, token_text
from msf.respond import operations
from msf.rounds import operations as rounds

PASSWORD = "a calm clinic by the sea"


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
    """A round of Dr Robin Sample that opened at `now`."""
    groups = {"doctor": 8, "nurse": 6, "admin": 2} if groups is None else groups
    keys = Keys.at(settings.keys)
    with transaction() as session:
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
                (service, "Kit Coordinator", "kit@service.example", "coordinator"),
                (employer, "Dr Robin Sample", "robin@northvale.example", "practitioner"),
            )
        )
        made = rounds.create_round(
            session,
            organisation_id=employer.id,
            practitioner_id=subject,
            colleague_questionnaire="doctor-colleagues/1",
            patient_questionnaire="patients-in-person/1",
            opens_on=now.date(),
            closes_on=now.date() + timedelta(days=days),
            by=staff,
            now=now,
        )
        rounds.start_nominating(session, made.id, by=staff, now=now)
        for group, count in groups.items():
            for number in range(count):
                nominee = invitation_book.nominate(
                    session,
                    made.id,
                    family="colleagues",
                    group=group,
                    name=f"{group.title()} {number}",
                    address=f"{group}{number}@northvale.example",
                    origin="organisation",
                    by=staff,
                    now=now,
                )
                invitation_book.decide(session, nominee.id, approve=True, reason=None, by=staff, now=now)
        if patients:
            lines = "\n".join(f"patient{number}@mail.example" for number in range(patients))
            invitation_book.add_patients(session, made.id, addresses=lines, by=staff, now=now)
            invitation_book.approve_all(session, made.id, family="patients", by=staff, now=now)
        rounds.approve_round(session, made.id, by=staff, now=now)
        operations.open_round(session, made.id, keys=keys, by=staff, now=now)
    found = OpenRound(made.id, keys, staff, subject)
    secret = keys.tokens.read(made.id)
    with reading() as session:
        for place in invitations.places(session, made.id):
            found.codes[token_text(token(secret, place.n))] = (place.family, place.group)
    return found
