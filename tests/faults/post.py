"""A mail server that is away or that sees its worker killed: every letter leaves, and a kill repeats at most one."""

import itertools
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from email import policy
from email.parser import BytesParser
from typing import Any

from aiosmtpd.controller import Controller

from msf.base.db import transaction
from msf.respond import operations
from tests.faults.ground import Ground
from tests.faults.ledger import Ledger, Tally

NOBODY = "smtp://127.0.0.1:9"


@dataclass
class Postbox:
    """Takes letters over SMTP; calls `on_letter` when one was taken and its sender has not yet been told."""

    letters: list[tuple[str, str]] = field(default_factory=list)
    on_letter: Callable[[], None] = lambda: None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        subject = str(BytesParser(policy=policy.default).parsebytes(envelope.content)["Subject"])
        self.letters.append((envelope.rcpt_tos[0], subject.partition(":")[0]))
        self.on_letter()
        return "250 OK"


class Post:
    """A real mail server on a loopback port."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.box, self.url = Postbox(), f"smtp://127.0.0.1:{port}"
        self._server = Controller(self.box, hostname="127.0.0.1", port=port)

    def __enter__(self) -> "Post":
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()


@dataclass
class Letters:
    """How many letters were due under a fault, how many people got theirs, got none, or got it again."""

    fault: str
    engine: str
    times: int = 0
    due: int = 0
    reached: int = 0
    missing: int = 0
    again: int = 0

    def line(self) -> str:
        """One line of the table."""
        return "| " + " | ".join(str(getattr(self, each.name)) for each in fields(self)) + " |"

    def count(self, due: int, got: Counter[str]) -> None:
        """Add what came of `due` letters."""
        self.due += due
        self.reached += len(got)
        self.missing += due - len(got)
        self.again += sum(got.values()) - len(got)


def killed_between(ground: Ground, times: int) -> Letters:
    """The worker is killed when the server has a letter and the job does not yet know: that letter leaves once more."""
    found = Letters("worker killed between sending and finishing", ground.engine)
    with Post() as post:
        while found.times < times:
            ledger = ground.opened(Tally("", ""))
            kills = min(5, times - found.times)
            _killed(ground, post, kills)
            got = Counter(to for to, _ in post.box.letters)
            found.count(len(ledger.raters), got)
            assert found.again <= found.times + kills
            found.times += kills
            post.box.letters.clear()
            ground.end("cancel", ledger)
            ground.end("work")
    return found


def _killed(ground: Ground, post: Post, kills: int) -> None:
    for number in range(kills):
        worker = ground.child("work", weather={"mail": post.url, "clock": number * 360})
        left = itertools.count(ground.rng.randint(0, 2), -1)
        post.box.on_letter = lambda left=left, worker=worker: worker.strike() if next(left) == 0 else None  # type: ignore[misc]
        worker.wait()
    post.box.on_letter = lambda: None
    ground.end("work", weather={"mail": post.url, "clock": kills * 360})


def dead_during_reminders_and_close(ground: Ground, times: int) -> tuple[Letters, Tally]:
    """No mail server while reminders are due and a round closes: nothing waits for it, no row tells who is silent."""
    found = Letters("mail server away during reminders", ground.engine)
    tally = ground.tally("mail server away during the close")
    with Post() as post:
        for _ in range(times):
            ledger = ground.opened(tally)
            ground.end("work", weather={"mail": post.url})
            with ground.servers() as [port]:
                ground.answers(ledger, port)
            post.box.letters.clear()
            _remind(ground, ledger)
            ground.end("work", weather={"mail": NOBODY})
            rows = [row for row in ground.jobs("respond.remind") if row.payload["wave"] == WAVE]
            assert len({(row.state, row.attempts, row.last_error, sorted(row.payload)[0]) for row in rows}) == 1
            assert len(rows) == len(ledger.raters)
            ground.end("work", weather={"mail": post.url, "clock": 3600})
            silent = sum(not rater.sure for rater in ledger.raters)
            found.count(silent, Counter(to for to, _ in post.box.letters))
            found.times += 1
            _remind(ground, ledger, wave=21)
            assert ground.end("close", ledger) == "done"
            ground.end("work", weather={"mail": NOBODY})
            ledger.check_closed()
            tally.times += 1
    return found, tally


WAVE = 14


def _remind(ground: Ground, ledger: Ledger, *, wave: int = WAVE) -> None:
    with transaction() as session:
        operations.start_wave(session, ledger.round.id, wave=wave, now=ground.now)
