"""Builders of what a test needs, through the real operations, with plain defaults."""

import contextlib
import itertools
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from msf.accounts import operations as accounts
from msf.accounts.models import Account, Organisation
from msf.base.db import Database, transaction
from msf.base.keys import Keys
from msf.invitations import operations as invitations
from msf.respond import operations as door
from msf.rounds import operations as rounds
from msf.rounds.models import Round

PASSWORD = "correct horse battery staple"
GROUPS = {"doctor": 8, "nurse": 6, "admin": 2}
STATES = ("draft", "nominating", "approved", "open")


class Make:
    """Makes organisations, people and rounds; in the test's session, or each in a transaction of its own."""

    def __init__(self, database: Database, *, now: datetime, keys: Keys, session: Session | None) -> None:
        self._database, self._session, self.now, self.keys = database, session, now, keys
        self._number = itertools.count(1)
        self._kept: dict[str, Any] = {}

    @property
    def service(self) -> Organisation:
        """The service that serves every employer made here."""
        return self._once("service", lambda: self.organisation("The Service", kind="service"))

    @property
    def employer(self) -> Organisation:
        """An employer served by `service`."""
        return self._once("employer", lambda: self.organisation("Northvale Hospital"))

    @property
    def coordinator(self) -> Account:
        """A coordinator of `service`."""
        return self._once("coordinator", lambda: self.account("coordinator"))

    def organisation(
        self, name: str | None = None, *, kind: str = "employer", served_by: Organisation | None = None
    ) -> Organisation:
        """A tenant; an employer is served by `service` unless another is named."""
        of = None if kind == "service" else (served_by or self.service).id
        name = name or f"Organisation {next(self._number)}"
        with self._writing() as session:
            return accounts.create_organisation(session, name=name, kind=kind, served_by=of)

    def account(
        self, *roles: str, at: Organisation | None = None, name: str | None = None, profession: str | None = None
    ) -> Account:
        """Somebody with these roles, of `service` or `employer` as the roles need; signs in with `PASSWORD`."""
        number = next(self._number)
        if at is None:
            at = self.employer if set(roles) <= {"practitioner", "case_manager"} else self.service
        with self._writing() as session:
            return accounts.create_account(
                session,
                organisation_id=at.id,
                name=name or f"{roles[0].replace('_', ' ').title()} {number}",
                email=f"{roles[0]}{number}@example.org",
                roles=roles,
                password=PASSWORD,
                profession=profession,
            )

    def practitioner(self, name: str = "Dr Robin Sample", *, profession: str = "doctor", **more: Any) -> Account:
        """Somebody whose work rounds are about."""
        return self.account("practitioner", name=name, profession=profession, **more)

    def round(
        self,
        state: str = "draft",
        *,
        practitioner: Account | None = None,
        colleagues: Mapping[str, int] | None = None,
        patients: int = 0,
        days: int = 28,
        **more: Any,
    ) -> Round:
        """A round that starts now and has come as far as `state` (up to open), with approved people to ask."""
        steps = STATES[: STATES.index(state) + 1]
        subject = practitioner or self.practitioner()
        facts: dict[str, Any] = {
            "organisation_id": subject.organisation_id,
            "practitioner_id": subject.id,
            "colleague_questionnaire": f"{subject.profession}-colleagues",
            "patient_questionnaire": "patients-in-person",
            "opens_on": self.now.date(),
            "closes_on": self.now.date() + timedelta(days=days),
            "by": self.coordinator.id,
            "now": self.now,
        }
        with self._writing() as session:
            made = rounds.create_round(session, **(facts | more))
            by = {"by": self.coordinator.id, "now": self.now}
            if "nominating" in steps:
                rounds.start_nominating(session, made.id, **by)
                self._ask(session, made.id, GROUPS if colleagues is None else colleagues, patients)
            if "approved" in steps:
                rounds.approve_round(session, made.id, **by)
            if "open" in steps:
                door.open_round(session, made.id, keys=self.keys, **by)
            return made

    def _ask(self, session: Session, round_id: str, colleagues: Mapping[str, int], patients: int) -> None:
        by = {"by": self.coordinator.id, "now": self.now}
        for group, count in colleagues.items():
            for number in range(1, count + 1):
                invitations.nominate(
                    session,
                    round_id,
                    family="colleagues",
                    group=group,
                    name=f"{group.title()} {number}",
                    address=f"{group}{number}@northvale.example",
                    origin="organisation",
                    **by,
                )
        if patients:
            addresses = [f"patient{number}@mail.example" for number in range(1, patients + 1)]
            invitations.add_patients(session, round_id, addresses=addresses, **by)

    def _once(self, key: str, made: Any) -> Any:
        if key not in self._kept:
            self._kept[key] = made()
        return self._kept[key]

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Session]:
        if self._session is not None:
            yield self._session
            self._session.flush()
            return
        with transaction(self._database) as session:
            yield session
