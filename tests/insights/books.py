"""Books of programmes with made-up answers, entered as a close enters them."""

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np

from msf.base.clock import today
from msf.base.db import transaction
from msf.instruments import BLANK, CANNOT_SAY, NOT_APPLICABLE, find
from msf.responses.operations.sums import enter
from msf.responses.rules.programme import shape_of
from msf.rounds.rules.periods import quarter_of
from msf.scoring.programme import Programme, of_ratings

COLLEAGUES, PATIENTS = "doctor-colleagues/1", "patients-in-person/1"
UNSEEN = 3
"""The place of an item that more than a third cannot say anything about."""


def running() -> str:
    """The quarter that is not over."""
    return str(quarter_of(today(datetime.now(UTC), "Europe/London")))


def sums(
    name: str = COLLEAGUES,
    practitioners: int = 30,
    *,
    seed: int = 1,
    spread: float = 0.3,
    level: float = 4.2,
    hidden: Mapping[int, int] | None = None,
) -> Programme:
    """Programme sums of so many made-up practitioners with 8 to 21 raters each.

    `hidden` says of how many practitioners the item at a place is not shown.
    """
    asked = find(name)
    shape, rng = shape_of(asked), np.random.default_rng(seed)
    raters = rng.integers(8, 22, practitioners)
    index = np.repeat(np.arange(practitioners), raters)
    levels = rng.normal(level, spread, practitioners)
    middle = levels[index][:, None] + rng.normal(0, 0.5, (len(index), 1)) + rng.normal(0, 0.2, shape.items)
    given = np.clip(np.rint(middle + rng.normal(0, 0.5, (len(index), shape.items))), 1, shape.points)
    chance = rng.random(given.shape)
    for code, least, most in ((BLANK, 0, 0.02), (NOT_APPLICABLE, 0.02, 0.04), (CANNOT_SAY, 0.04, 0.07)):
        given[(chance >= least) & (chance < most)] = code
    given[:, UNSEEN] = np.where(rng.random(len(index)) < 0.35, CANNOT_SAY, given[:, UNSEEN])
    shown = np.ones((practitioners, shape.items), bool)
    for place, people in (hidden or {}).items():
        shown[:people, place] = False
    own = np.clip(np.rint(levels[:, None] - 0.3 + rng.normal(0, 0.5, (practitioners, shape.items))), 1, shape.points)
    groups = [group.id for group in asked.groups]
    asked_of = rng.multinomial(int(len(index) * 1.5), [1 / len(groups)] * len(groups))
    return of_ratings(
        shape,
        given.astype(np.int8),
        index,
        practitioners,
        shown=shown,
        own=own.astype(np.int8),
        asked={group: int(count) for group, count in zip(groups, asked_of, strict=True)},
        origins={"practitioner": len(index) // 2, "organisation": len(index) // 4, "agreed": 9},
    )


def book(service_id: str, found: Programme, *, quarter: str, name: str = COLLEAGUES) -> Programme:
    """Enter sums in the book of a quarter."""
    with transaction() as session:
        enter(session, service_id, name, found, quarter=quarter)
    return found
