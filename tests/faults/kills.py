"""Processes killed: while answers come in, and before each step of opening, closing and destroying the keys."""

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlmodel import select

from msf.base import mail
from msf.base.audit import AuditEvent
from msf.base.db import reading
from msf.invitations.models import Invitation
from tests.faults.ground import Ground
from tests.faults.ledger import Ledger, Tally

A_ROUND = 25
"""How many kills one round lives through before it is closed and counted."""


def submissions(ground: Ground, times: int) -> Tally:
    """A server is killed while people send and withdraw; afterwards they do it again, and all is counted."""
    tally = ground.tally("SIGKILL while answers are sent and withdrawn")
    while tally.times < times:
        ledger = ground.opened(tally)
        for _ in range(min(A_ROUND, times - tally.times)):
            _kill_one(ground, ledger)
            tally.times += 1
        ground.finish(ledger)
    return tally


def _kill_one(ground: Ground, ledger: Ledger) -> None:
    server = ground.child("serve")
    port = server.told()
    killer = threading.Timer(ground.rng.uniform(0.0, 0.15), server.strike)
    givers = [*ledger.some(None, 2), *ledger.some(False, 4)]
    takers = ledger.some(True, 2)
    with ThreadPoolExecutor(8) as pool:
        killer.start()
        deeds = [pool.submit(ledger.again, port, rater) for rater in givers]
        deeds += [pool.submit(ledger.take_back, port, rater) for rater in takers]
        for deed in deeds:
            assert deed.result() in (None, 200)
    killer.join()
    server.wait()
    ledger.check()


def _before_each_step(
    do: str, ground: Ground, ledger: Ledger, each: int, stride: int, check: Callable[[], None]
) -> None:
    """Kill a child before its first step, then before the one `stride` later …, `each` times, until one ends."""
    for step in itertools.count(1, stride):
        for _ in range(each):
            told = ground.end(do, ledger, weather={"die_before": step})
            if told is not None:
                assert told == "done", told
                return
            ledger.tally.times += 1
            check()


def opening(ground: Ground, each: int, stride: int = 1) -> Tally:
    """The opening is whole or not at all; done at last, everybody is written to once and can answer."""
    tally = ground.tally("SIGKILL before each step of opening")
    ledger = ground.approved(tally)

    def nothing_yet() -> None:
        assert (ledger.state(), ledger.slots(), _invited(ledger)) == ("approved", 0, 0)

    _before_each_step("open", ground, ledger, each, stride, nothing_yet)
    assert ledger.state() == "open"
    ledger = ground.learn(ledger)
    before = len(_letters(ground))
    ground.end("work")
    assert len(_letters(ground)) - before == len(ledger.raters) == _invited(ledger)
    assert _deeds(ledger) == ["round.open"]
    with ground.servers() as [port]:
        ground.answers(ledger, port)
    ground.finish(ledger)
    return tally


def closing(ground: Ground, each: int, stride: int = 1) -> Tally:
    """The close is whole or not at all: until it is, every answer stays sealed and both keys stay."""
    tally = ground.tally("SIGKILL before each step of the close")
    ledger = _answered(ground, tally)
    keys, of = ledger.round.keys, ledger.round.id

    def still_open() -> None:
        assert ledger.state() == "open"
        assert keys.seals.has(of) and keys.tokens.has(of)
        ledger.check()

    _before_each_step("close", ground, ledger, each, stride, still_open)
    ground.finish(ledger)
    _closed_once(ground, ledger)
    return tally


def finishing(ground: Ground, each: int, stride: int = 1) -> Tally:
    """Destroying the keys and rewriting the files goes on wherever it was broken off."""
    tally = ground.tally("SIGKILL before each step of destroying keys and rewriting files")
    ledger = _answered(ground, tally)
    keys, of = ledger.round.keys, ledger.round.id
    token, seal = keys.both(of)
    assert ground.end("close", ledger) == "done"

    def keys_back() -> None:
        assert ledger.state() == "closed"
        for store, secret in ((keys.tokens, token), (keys.seals, seal)):
            if not store.has(of):
                store.write(of, secret)

    _before_each_step("finish", ground, ledger, each, stride, keys_back)
    ground.finish(ledger)
    _closed_once(ground, ledger)
    return tally


def workers(ground: Ground, times: int) -> Tally:
    """The worker that closes a round on its date is killed at random moments, until one gets through."""
    tally = ground.tally("SIGKILL of the worker at random moments of a close")
    minutes = 0
    while tally.times < times:
        ledger = _answered(ground, tally, days=1)
        for _ in range(6):
            # Each worker comes after the lease of the one before it has run out.
            minutes += 6
            worker = ground.child("work", weather={"clock": 3 * 86_400 + minutes * 60})
            time.sleep(ground.rng.uniform(0.001, 0.25))
            worker.kill()
            tally.times += 1
            if ledger.state() == "open":
                ledger.check()
        ground.end("work", weather={"clock": 3 * 86_400 + (minutes + 6) * 60})
        ledger.check_closed()
        _closed_once(ground, ledger)
    return tally


def _answered(ground: Ground, tally: Tally, *, days: int = 28) -> Ledger:
    ledger = ground.opened(tally, days=days)
    with ground.servers() as [port]:
        ground.answers(ledger, port, 15)
    return ledger


def _closed_once(ground: Ground, ledger: Ledger) -> None:
    assert ground.reports(ledger) == 1
    assert _deeds(ledger).count("round.close") == _deeds(ledger).count("report.drafted") == 1
    assert not ground.jobs("respond.finish_close") and not ground.jobs("reports.draft")


def _deeds(ledger: Ledger) -> list[str]:
    with reading() as session:
        query = select(AuditEvent.action).where(AuditEvent.object == f"round {ledger.round.id}")
        wanted = ("round.open", "round.close", "report.drafted")
        return [action for action in session.exec(query) if action in wanted]


def _invited(ledger: Ledger) -> int:
    with reading() as session:
        return len(session.exec(select(Invitation.id).where(Invitation.round_id == ledger.round.id)).all())


def _letters(ground: Ground) -> list[mail.Caught]:
    return mail.caught(Path(ground.settings.mail.removeprefix("folder:")))
