"""The sealing key and small groups: of how many people could a box be that it opens, by all that the copies say."""

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unittest.mock import patch

from nacl.public import PrivateKey, SealedBox

from msf.respond.queries import places
from msf.responses.rules import unpack
from tests.lab.case import Case
from tests.lab.snapshots import Row

GROUPS = {"doctor": 12, "nurse": 5, "allied": 2, "admin": 1}
"""Twenty people, so that the copies are taken as in the other runs; one of them is the only one of a role."""


@dataclass(frozen=True)
class Crowd:
    """What the sealing key tells: how many boxes it opened, and of how few people one of them could be.

    `share` is how many a guess gets right on average that takes anybody whom a box could be of.
    """

    boxes: int
    fewest: int
    share: float


def crowd_of(cases: Sequence[Case]) -> Crowd:
    """Open every box of the last copies before the close and count who may have sealed it."""
    crowds = [people for case in cases for people in _people(case)]
    return Crowd(len(crowds), min(crowds), sum(1 / people for people in crowds) / len(crowds))


def _people(case: Case) -> Iterator[int]:
    tables = case.snapshots[-2].tables
    (round,) = (row for row in tables["round"] if row["id"] == case.round_id)
    asked = [row for row in tables["invitation"] if row["round_id"] == case.round_id]
    box = SealedBox(PrivateKey(case.seal_private))
    for slot in tables["slot"]:
        if slot["sealed"]:
            sheet = unpack(box.decrypt(bytes(slot["sealed"])), round_id=case.round_id)
            yield _fitting(asked, sheet.family, _named(round, sheet.family, sheet.group))


def _named(round: Row, family: str, group: str) -> list[str]:
    """The groups whose answers are sealed under this name: the round itself tells whoever can read it."""
    kept = round["pools"]
    pools = json.loads(kept) if isinstance(kept, str) else kept or {}
    return next((pool for pool in pools.get(family, []) if pool[0] == group), [group])


def _fitting(asked: Sequence[Row], family: str, groups: Sequence[str]) -> int:
    return sum(row["family"] == family and row["group"] in groups for row in asked)


@contextlib.contextmanager
def named_by_group() -> Iterator[None]:
    """A build in which each answer is sealed with its own group."""
    with patch.object(places, "_pool_of", lambda slip, family, group: [group]):
        yield
