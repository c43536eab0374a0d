"""What follows the end of a round: its keys are destroyed, and the files its slots were in are rewritten."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msf.base import db
from msf.base.config import current
from msf.base.db import reading
from msf.base.keys import Keys
from msf.respond.queries import KEEP_KEYS, outlived
from msf.rounds import queries as rounds


def _keys() -> Keys:
    return Keys.at(current().keys)


def finish_close(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Destroy the keys of an ended round and rewrite the files its slots were in; may be repeated."""
    round_id = payload["round_id"]
    with reading() as session:
        state = rounds.states(session, [round_id]).get(round_id)
    if state and state[1] not in KEEP_KEYS:
        _keys().destroy(round_id)
        db.scrub(db.current(), "slot")


def destroy_outlived() -> None:
    """Destroy keys whose round has ended, should the job that does so have been given up."""
    with reading() as session:
        ended = outlived(session, _keys())
    for round_id in ended:
        _keys().destroy(round_id)
