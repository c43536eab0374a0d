"""Slots: made before anyone is asked, filled once by one statement, emptied by whoever filled them, or destroyed."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col

from msf.responses.models import Slot
from msf.rounds.models import Round


def make_slots(session: Session, round_id: str, *, hashes: Iterable[bytes]) -> int:
    """Put the whole pool of empty slots in, ordered by hash, and return how many there are."""
    rows = [{"h": h, "round_id": round_id} for h in sorted(hashes)]
    session.execute(sa.insert(Slot), rows)
    return len(rows)


# Written once: putting a statement together costs more than running it.
_FILL = (
    sa.update(Slot)
    .where(
        *(col(Slot.h) == sa.bindparam("at"), col(Slot.round_id) == sa.bindparam("of"), col(Slot.sealed).is_(None)),
        sa.exists().where(
            *(col(Round.id) == sa.bindparam("of"), col(Round.state) == "open"),
            col(Round.seal_public) == sa.bindparam("public"),
        ),
    )
    .values(sealed=sa.bindparam("sealed"), receipt_hash=sa.bindparam("receipt_hash"))
)


def fill_slot(
    session: Session, round_id: str, *, h: bytes, sealed: bytes, receipt_hash: bytes, seal_public: bytes
) -> bool:
    """Put one sealed answer in its slot by one UPDATE; whether this call was the one that did it.

    It does so only while the round takes answers that are sealed with `seal_public`.
    """
    facts = {"at": h, "of": round_id, "public": seal_public, "sealed": sealed, "receipt_hash": receipt_hash}
    return int(session.connection().execute(_FILL, facts).rowcount) == 1


def empty_slot(session: Session, round_id: str, *, h: bytes, receipt_hash: bytes) -> bool:
    """Take one answer back unread, for whoever holds the token and the receipt; whether there was one."""
    statement = (
        sa.update(Slot)
        .where(col(Slot.h) == h, col(Slot.round_id) == round_id, col(Slot.receipt_hash) == receipt_hash)
        .values(sealed=None, receipt_hash=None)
    )
    return _changed(session, statement) == 1


def destroy_slots(session: Session, round_id: str) -> int:
    """Delete every slot of the round, whatever it holds, unread."""
    return _changed(session, sa.delete(Slot).where(col(Slot.round_id) == round_id))


def _changed(session: Session, statement: sa.Update | sa.Delete) -> int:
    return int(session.connection().execute(statement).rowcount)
