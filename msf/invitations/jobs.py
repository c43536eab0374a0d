"""Letters to invited people; the token in them is worked out in memory and is neither stored nor logged."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msf.base.config import current
from msf.base.db import reading
from msf.base.keys import Keys
from msf.base.mail import sender_of
from msf.invitations import queries


def send(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Send one person their invitation, if the round still takes answers.

    The letter leaves at least once: where the sender fails the job runs again, and nothing is marked either way.
    """
    with reading() as session:
        place = queries.addressed_place(session, payload["invitation_id"], now=now)
        secret = place and Keys.at(current().keys).tokens.read(place.round.id)
        written = queries.letter_to(session, place, name="invitation", secret=secret) if place and secret else None
    if written is not None:
        sender_of(current().mail).send(written, sender=current().mail_from, now=now)
