"""Opening a round: both keys and every slot first, and only then the invitations."""

import secrets
from datetime import datetime

from sqlmodel import Session

from msf.base.keys import Keys
from msf.invitations import operations as invitation_book
from msf.invitations.rules import POOL, slot_hash, token
from msf.respond.operations.holding import refuse_asked_holders, shares_of
from msf.responses import operations as ballot_box
from msf.responses.rules import new_pair
from msf.rounds import operations as round_book
from msf.rounds import queries as rounds


def open_round(session: Session, round_id: str, *, keys: Keys, by: str, now: datetime) -> None:
    """Make both keys and the whole pool of detached slots, and only then invite the approved nominees.

    In strict mode the sealing key is written only as shares that its holders' passphrases open.
    """
    row = rounds.locked(session, round_id)
    private, public = new_pair()
    secret = secrets.token_bytes(32)
    round_book.mark_open(session, round_id, seal_public=public, pool=POOL, by=by, now=now)
    kept = private if row.key_mode == "standard" else shares_of(session, row, private, keys=keys)
    keys.destroy(row.id)
    keys.tokens.write(row.id, secret)
    keys.seals.write(row.id, kept)
    ballot_box.make_slots(session, round_id, hashes=(slot_hash(token(secret, n)) for n in range(POOL)))
    invitation_book.invite_approved(session, round_id, now=now)
    refuse_asked_holders(session, row)
