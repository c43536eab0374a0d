"""The letter to a key holder whose round waits for them, and the alarm where keys are not as they should be."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from msf.accounts.queries import person
from msf.base.config import current
from msf.base.db import reading
from msf.base.errors import Refusal
from msf.base.keys import Keys
from msf.base.mail import Letter, letter, sender_of
from msf.respond.queries import key_troubles
from msf.rounds.models import Round

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)


def tell_holder(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Write to one key holder, if their round still waits; at least once."""
    with reading() as session:
        written = _call(session, payload["round_id"], payload["account_id"])
    if written is not None:
        sender_of(current().mail).send(written, sender=current().mail_from, now=now)


def _call(session: Session, round_id: str, account_id: str) -> Letter | None:
    row = session.get(Round, round_id)
    if row is None or row.state != "awaiting_key_holder":
        return None
    holder = person(session, account_id)
    others = [person(session, each).name for each in row.key_holders if each != account_id]
    return letter(
        "round_awaits",
        to=holder.email,
        subject=f"Round {row.reference} waits for your key",
        name=holder.name,
        reference=row.reference,
        other="".join(others),
        needed=row.holders_needed,
        link=f"{current().base_url}/keys/{row.id}",
        service=current().service_name,
    )


class Alarm:
    """Looks at every round's keys once a minute, and says once what has gone wrong and once that it is right again."""

    def __init__(self) -> None:
        self._looked: datetime | None = None
        self._known: frozenset[str] = frozenset()

    def look(self, now: datetime) -> None:
        """Log what has changed since the last look, at ERROR where it is new trouble."""
        if self._looked is not None and timedelta() <= now - self._looked < EVERY:
            return
        self._looked = now
        found = _troubles()
        for words in sorted(found - self._known):
            log.error("Keys: %s", words)
        for words in sorted(self._known - found):
            log.info("Keys are right again: %s", words)
        self._known = found


def _troubles() -> frozenset[str]:
    try:
        with reading() as session:
            found = key_troubles(session, Keys.at(current().keys))
    except (OSError, SQLAlchemyError, Refusal) as error:
        return frozenset({f"the place of the keys cannot be reached ({type(error).__name__})"})
    return frozenset(f"round {each.reference}: {each.trouble}" for each in found)
