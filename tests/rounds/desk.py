"""Rounds behind the real app: the cast can sign in, and rounds have come as far as a story needs."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from msf.base.db import transaction
from msf.base.keys import Keys
from msf.invitations import operations as invitations
from msf.respond import operations as door
from msf.rounds import operations
from tests.rounds.people import a_round, cast


def staffed() -> SimpleNamespace:
    """The cast, able to sign in."""
    with transaction() as session:
        return cast(session, sign_in=True)


def round_in(people: SimpleNamespace, state: str, *, now: datetime, keys: Keys | None = None, **more: Any) -> str:
    """The id of a round of Dr Lee that has come as far as `state`: draft, nominating, approved or open."""
    by: dict[str, Any] = {"by": people.coordinator.id, "now": now}
    with transaction() as session:
        made = a_round(session, people, now=now, **more)
        if state != "draft":
            operations.start_nominating(session, made.id, **by)
            for number in range(6):
                invitations.nominate(
                    session, made.id, family="colleagues", group="nurse", name=f"Nurse {number}",
                    address=f"nurse{number}@example.org", origin="organisation", **by,
                )  # fmt: skip
        if state in ("approved", "open"):
            operations.approve_round(session, made.id, **by)
        if state == "open":
            assert keys is not None
            door.open_round(session, made.id, keys=keys, **by)
        return made.id
