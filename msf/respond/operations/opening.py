"""Opening a round: both keys and every slot first, and only then the invitations."""

import secrets
from collections import Counter
from datetime import datetime

from sqlmodel import Session

from msf.base.keys import Keys
from msf.invitations import operations as invitation_book
from msf.invitations import queries as invitations
from msf.invitations.rules import POOL, slot_hash, token
from msf.respond.operations.holding import refuse_asked_holders, shares_of
from msf.responses import operations as ballot_box
from msf.responses.rules import new_pair
from msf.rounds import operations as round_book
from msf.rounds import queries as rounds
from msf.rounds.models import Round
from msf.scoring.disclosure import pools


def open_round(session: Session, round_id: str, *, keys: Keys, by: str, now: datetime) -> None:
    """Make both keys and the whole pool of detached slots, and only then invite the approved nominees.

    In strict mode the sealing key is written only as shares that its holders' passphrases open. `TooFewAsked` where a
    side has somebody to ask, but fewer than a figure rests on.
    """
    row = rounds.locked(session, round_id)
    invitation_book.check_enough(session, round_id)
    private, public = new_pair()
    secret = secrets.token_bytes(32)
    round_book.mark_open(session, round_id, seal_public=public, pool=POOL, by=by, now=now)
    kept = private if row.key_mode == "standard" else shares_of(session, row, private, keys=keys)
    keys.destroy(row.id)
    keys.tokens.write(row.id, secret)
    keys.seals.write(row.id, kept)
    ballot_box.make_slots(session, round_id, hashes=(slot_hash(token(secret, n)) for n in range(POOL)))
    invitation_book.invite_approved(session, round_id, now=now)
    round_book.record_pools(session, round_id, pools=_pools(session, row))
    refuse_asked_holders(session, row)


def _pools(session: Session, row: Round) -> dict[str, list[list[str]]]:
    """The groups that a sealed answer may tell apart: each with as many people asked as a figure rests on.

    Cards that were revoked before the opening never opened anything, so nobody is behind them.
    """
    live = Counter((place.family, place.group) for place in invitations.places(session, row.id) if place.n >= 0)
    found = {}
    for family, questionnaire in rounds.questionnaires_of(row).items():
        order = [group.id for group in questionnaire.groups]
        asked = {group: live[family, group] for group in order}
        found[family] = [sorted(pool, key=order.index) for pool in pools(asked, least=row.k)]
    return found
