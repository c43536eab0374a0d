"""Builds in which something is written, or said, beside the sealed answer."""

import contextlib
import importlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa
from sqlmodel import Session, select

from msf.base.config import current
from msf.base.db import transaction
from msf.base.keys import Keys
from msf.invitations import queries as invitations
from msf.invitations.rules import POOL, read_token, slot_hash, token, token_text
from msf.respond import operations as door
from msf.respond.queries import Place
from msf.responses import operations as ballot_box
from msf.responses.models import Answer, Slot
from msf.responses.operations import opening
from msf.responses.rules import Sheet, unpack, unseal

log = logging.getLogger("msf.leaky")
pages = importlib.import_module("msf.respond.views.door")  # the package gives the same name to the blueprint


@contextlib.contextmanager
def timed() -> Iterator[None]:
    """The moment of each answer stands beside it while it is sealed, and beside its ratings afterwards."""
    fill, read, write = ballot_box.fill_slot, opening._opened, opening._write_answers
    moments: dict[bytes, Any] = {}

    def filled(session: Session, round_id: str, *, h: bytes, **more: Any) -> bool:
        done = fill(session, round_id, h=h, **more)
        _execute(session, "UPDATE slot SET created_at = :at WHERE h = :h", at=datetime.now(UTC), h=h)
        return done

    def opened(session: Session, round_id: str, private: bytes) -> tuple[list[Sheet], int]:
        written = {row.h: row.created_at for row in session.execute(sa.text("SELECT h, created_at FROM slot"))}
        for h, sealed in session.exec(select(Slot.h, Slot.sealed)):
            if sealed is not None:
                moments[unpack(unseal(bytes(sealed), private), round_id=round_id).ratings] = written[h]
        return read(session, round_id, private)

    def kept(session: Session, *more: Any) -> None:
        write(session, *more)
        for id, ratings in session.exec(select(Answer.id, Answer.ratings).order_by(Answer.id)).all():
            _execute(session, "UPDATE answer SET created_at = :at WHERE id = :id", at=moments[bytes(ratings)], id=id)

    with (
        patch.object(ballot_box, "fill_slot", filled),
        patch.object(opening, "_opened", opened),
        patch.object(opening, "_write_answers", kept),
    ):
        yield


def _execute(session: Session, words: str, **facts: Any) -> None:
    session.connection().execute(sa.text(words), facts)


@contextlib.contextmanager
def used() -> Iterator[None]:
    """Who has answered is marked with the invitation, in the same transaction."""
    hand_in = door.hand_in

    def marked(session: Session, place: Place, **more: Any) -> None:
        hand_in(session, place, **more)
        secret = Keys.at(current().keys).tokens.read(place.round_id)
        n = next(n for n in range(POOL) if slot_hash(token(secret, n)) == place.h)
        words = "UPDATE invitation SET used = :yes WHERE round_id = :round AND n = :n"
        _execute(session, words, yes=True, round=place.round_id, n=n)

    with patch.object(door, "hand_in", marked), patch.object(pages, "single_write", transaction):
        yield


@contextlib.contextmanager
def logged() -> Iterator[None]:
    """Codes are said in the log."""
    letter_to = invitations.letter_to

    def written(session: Session, place: Any, *, name: str, secret: bytes) -> Any:
        made = letter_to(session, place, name=name, secret=secret)
        log.debug("Letter to %s with code %s", made.to, token_text(token(secret, place.invited.n)))
        return made

    def read(text: str) -> bytes | None:
        log.debug("Somebody came with code %s", text)
        return read_token(text)

    with patch.object(invitations, "letter_to", written), patch.object(pages, "read_token", read):
        yield
