"""Letters that need both who is asked and what is sealed: reminders to whoever has not answered."""

import contextlib
from collections.abc import Mapping
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from sqlmodel import Session

from msf.base.config import current
from msf.base.db import reading
from msf.base.errors import Refusal
from msf.base.keys import Keys
from msf.base.mail import Letter, sender_of
from msf.invitations import queries as invitations
from msf.invitations.rules import slot_hash, token
from msf.responses import queries as responses


def remind(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Write to one invited person, unless their slot is filled; either way the job ends alike and leaves no mark.

    What may fail is tried before the slot is looked at, so that a waiting job tells nothing. A letter that its
    receiver's server refuses is not tried again: a job that stayed would name somebody who has not answered.
    """
    sender = sender_of(current().mail)
    sender.check()
    with reading() as session:
        written = _reminder(session, payload["invitation_id"], now)
    if written is not None:
        with contextlib.suppress(OSError, SMTPException, Refusal):
            sender.send(written, sender=current().mail_from, now=now)


def _reminder(session: Session, invitation_id: str, now: datetime) -> Letter | None:
    place = invitations.addressed_place(session, invitation_id, now=now)
    if place is None:
        return None
    secret = Keys.at(current().keys).tokens.read(place.round.id)
    written = invitations.letter_to(session, place, name="reminder", secret=secret)
    found = responses.slot(session, slot_hash(token(secret, place.invited.n)))
    return None if found is None or found.spent else written
