"""Builds in which the order of answering, or of one person's comments, gets into the rows."""

import contextlib
import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from unittest.mock import patch

from sqlmodel import Session, col, select

from msf.base.tables import new_id
from msf.responses import operations as ballot_box
from msf.responses.models import Slot
from msf.responses.operations import opening
from msf.responses.rules import Sheet, unpack, unseal

Arrivals = dict[bytes, float]


@contextlib.contextmanager
def watched() -> Iterator[Arrivals]:
    """Which slot was filled when, remembered outside the database."""
    arrived: Arrivals = {}
    fill = ballot_box.fill_slot

    def remember(session: Session, round_id: str, *, h: bytes, **more: Any) -> bool:
        arrived[h] = time.time()
        return fill(session, round_id, h=h, **more)

    with patch.object(ballot_box, "fill_slot", remember):
        yield arrived


@contextlib.contextmanager
def in_order(ids: Callable[[Arrivals], Iterable[str]]) -> Iterator[None]:
    """Answers are opened in the order in which they came, and named by `ids` in that order."""
    with watched() as arrived:

        def unsorted(session: Session, round_id: str, private: bytes) -> tuple[list[Sheet], int]:
            query = select(Slot.h, Slot.sealed).where(col(Slot.round_id) == round_id, col(Slot.sealed).is_not(None))
            found = sorted(session.exec(query), key=lambda row: arrived[bytes(row[0])])
            named.extend(ids(arrived))
            return [unpack(unseal(bytes(sealed or b""), private), round_id=round_id) for _, sealed in found], 0

        named: list[str] = []
        with patch.object(opening, "_opened", unsorted), patch.object(opening, "new_id", lambda: named.pop(0)):
            yield


def counted() -> contextlib.AbstractContextManager[None]:
    """Ids are 1, 2, 3 and so on."""
    return in_order(lambda arrived: [f"{number:032x}" for number in range(1, 3 * len(arrived) + 1)])


def dated() -> contextlib.AbstractContextManager[None]:
    """Ids are UUIDs of version 7."""
    return in_order(lambda arrived: [*map(_uuid7, arrived.values()), *map(_uuid7, _twice(arrived.values()))])


def keyed() -> contextlib.AbstractContextManager[None]:
    """Ids are random, but handed out from the smallest to the largest."""
    return in_order(lambda arrived: [*_ascending(len(arrived)), *_ascending(2 * len(arrived))])


def _twice(moments: Iterable[float]) -> Iterator[float]:
    return itertools.chain.from_iterable((moment, moment) for moment in moments)


def _uuid7(moment: float) -> str:
    chance = int(new_id(), 16)
    micro = int(moment * 1e6)
    head = (micro // 1000) << 80 | 7 << 76 | (micro % 1000 * 4) << 64
    return f"{head | 2 << 62 | chance & (1 << 62) - 1:032x}"


def _ascending(count: int) -> list[str]:
    return sorted(new_id() for _ in range(count))


@contextlib.contextmanager
def unshuffled() -> Iterator[None]:
    """Comments get ascending ids one person after another, so each question lists people in one order."""
    write = opening._write_comments

    def together(session: Session, round_id: str, sheets: Iterable[Sheet], *more: Any) -> Any:
        named = _ascending(1000)
        with patch.object(opening, "new_id", lambda: named.pop(0)):
            return write(session, round_id, sheets, *more)

    with patch.object(opening, "_write_comments", together):
        yield
