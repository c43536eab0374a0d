"""A stranger who tries codes finds none, and no answer to a wrong one tells a name."""

import random
from datetime import UTC, datetime

from msf.base.config import Settings
from msf.base.db import Database, looking
from msf.invitations.rules import token_text
from msf.respond.queries import slip_of
from msf.respond.rules import LinkSpent
from tests.faults.children import TIMES
from tests.respond.rounds import open_round

TRIES = 100 * TIMES or 2_000


def test_of_many_random_codes_none_opens_anything(settings: Settings, database: Database) -> None:
    opened = open_round(settings, now=datetime.now(UTC))
    dice, hits = random.Random(16), 0
    with looking() as connection:
        for _ in range(TRIES):
            try:
                slip_of(connection, dice.randbytes(16))
            except LinkSpent:
                continue
            hits += 1
        assert hits == 0
        code = next(iter(opened.codes))
        known = {token_text(dice.randbytes(16)) for _ in range(TRIES)}
        assert code not in known
