"""One installation to be harmed: rounds made on it, servers and workers forked for it, and its engine's name."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlmodel import select

from msf.base.config import Settings
from msf.base.db import Database, reading
from msf.base.queue import Job
from msf.reports.models import Report
from tests.faults.children import Child, Nursery
from tests.faults.ledger import Ledger, Tally
from tests.respond.rounds import approved_round, learn_codes, open_round

GROUPS = {"doctor": 12, "nurse": 12}
FEW = {"doctor": 12}
ENOUGH = 6
"""Answers that a round needs, so that its close keeps them."""


@dataclass
class Ground:
    """Where faults happen; `settings` may be replaced by those of a road that can be cut."""

    settings: Settings
    nursery: Nursery
    database: Database
    rng: random.Random
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def engine(self) -> str:
        """SQLite or PostgreSQL."""
        return "SQLite" if self.database.sqlite else "PostgreSQL"

    def tally(self, fault: str) -> Tally:
        """An empty tally of `fault` on this engine."""
        return Tally(fault, self.engine)

    def opened(self, tally: Tally, groups: dict[str, int] | None = None, *, days: int = 28) -> Ledger:
        """A new open round, nobody's letter sent yet."""
        made = open_round(self.settings, now=self.now, groups=groups or GROUPS, days=days)
        return Ledger(made, tally, self.rng)

    def approved(self, tally: Tally) -> Ledger:
        """A new round that is about to open."""
        return Ledger(approved_round(self.settings, now=self.now, groups=FEW), tally, self.rng)

    def learn(self, ledger: Ledger) -> Ledger:
        """The same round with its raters, once it is open."""
        learn_codes(ledger.round)
        return Ledger(ledger.round, ledger.tally, self.rng)

    def child(self, do: str, ledger: Ledger | None = None, **more: Any) -> Child:
        """Fork a child for one task, about a round where one is given."""
        facts = {"round": ledger.round.id, "by": ledger.round.coordinator} if ledger else {}
        return self.nursery.ask(do, self.settings, now=self.now.isoformat(), **(facts | more))

    def end(self, do: str, ledger: Ledger | None = None, **more: Any) -> Any:
        """Have a child do it and end; what it left, `None` where it died."""
        return self.child(do, ledger, **more).ended()

    @contextmanager
    def servers(self, count: int = 1, **weather: Any) -> Iterator[list[int]]:
        """Ports of so many server processes, killed afterwards."""
        children = [self.child("serve", weather=weather) for _ in range(count)]
        yield [child.told() for child in children]
        for child in children:
            child.kill()

    def at_elsewhere(self, url: str) -> "Ground":
        """The same ground, its children reaching the database at `url`."""
        return replace(self, settings=replace(self.settings, database_url=url))

    def answers(self, ledger: Ledger, port: int, count: int = 12) -> None:
        """So many raters answer, six at a time, and three of them take it back."""
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda rater: ledger.give(port, rater), ledger.some(False, count)))
        for rater in ledger.some(True, 2):
            ledger.take_back(port, rater)
        ledger.reach(port, ENOUGH)

    def finish(self, ledger: Ledger) -> None:
        """Whoever heard nothing tries again; the round closes where it is open, work is done, and all is counted."""
        if ledger.state() == "open":
            with self.servers() as [port]:
                ledger.settle(port)
                ledger.reach(port, ENOUGH)
            ledger.check()
            assert self.end("close", ledger) == "done"
        self.end("work")
        ledger.check_closed()

    def reports(self, ledger: Ledger) -> int:
        """How many reports the round has."""
        with reading() as session:
            return len(session.exec(select(Report.id).where(Report.round_id == ledger.round.id)).all())

    def jobs(self, kind: str) -> list[Job]:
        """What waits of this kind."""
        with reading() as session:
            return list(session.exec(select(Job).where(Job.kind == kind)).all())
