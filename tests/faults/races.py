"""Many at once: one token gives one answer, a close loses nobody's receipt, and a round is closed or cancelled once."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.faults.children import a_receipt, form, send
from tests.faults.ground import ENOUGH, Ground
from tests.faults.ledger import Ledger, Rater, Tally

HANDS = 16
TAKERS = 3
"""How many take their answers back in the middle of a close; the others still have to be enough to be kept."""
SPENT = "This link or code has already been used"


def _at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    gate = threading.Barrier(len(deeds))

    def one(deed: Callable[[], Any]) -> Any:
        gate.wait(30)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def one_token(ground: Ground, times: int, *, processes: int = HANDS) -> Tally:
    """Sixteen different forms with one token at the same moment: one receipt, and fifteen are told."""
    tally = ground.tally(f"16 forms with one token at once, {processes} processes")
    with ground.servers(processes) as ports:
        while tally.times < times:
            ledger = ground.opened(tally)
            for rater in ledger.some(False, min(10, times - tally.times)):
                forms = [_form(rater, n) for n in range(HANDS)]
                answers = _sent(ports, forms)
                assert Counter(status for status, _ in answers) == {200: 1, 404: HANDS - 1}
                assert all(SPENT in text for status, text in answers if status == 404)
                _keep(ledger, rater, next(f for f, a in zip(forms, answers, strict=True) if a[0] == 200))
            ground.finish(ledger)
    return tally


def one_form(ground: Ground, times: int, *, processes: int = HANDS) -> Tally:
    """Sixteen copies of one form at the same moment: one answer, and the same receipt for all."""
    tally = ground.tally(f"16 copies of one form at once, {processes} processes")
    with ground.servers(processes) as ports:
        while tally.times < times:
            ledger = ground.opened(tally)
            for rater in ledger.some(False, min(10, times - tally.times)):
                copy = _form(rater, 1)
                answers = _sent(ports, [copy] * HANDS)
                assert {status for status, _ in answers} == {200}
                assert len({text for _, text in answers}) == 1
                _keep(ledger, rater, copy)
            ground.finish(ledger)
    return tally


def _form(rater: Rater, n: int) -> dict[str, str]:
    receipt = a_receipt()
    return {**form(rater.code, receipt, rating=str(1 + n % 5)), "text.does_well": f"Mark {receipt}"}


def _sent(ports: list[int], forms: list[dict[str, str]]) -> list[tuple[int, str]]:
    found = _at_once([lambda n=n, f=f: send(ports[n % len(ports)], f) for n, f in enumerate(forms)])  # type: ignore[misc]
    assert None not in found
    return found


def _keep(ledger: Ledger, rater: Rater, sent: dict[str, str]) -> None:
    rater.form, rater.sure = sent, True
    ledger.tally.receipts += 1
    ledger.tally.times += 1
    ledger.check()


def close_among_answers(ground: Ground, times: int, *, processes: int = 4) -> Tally:
    """A close in the middle of sending and withdrawing: who has a receipt is counted, who was late is told."""
    tally = ground.tally(f"close among answers and withdrawals, {processes} processes")
    with ground.servers(processes) as ports:
        for _ in range(times):
            ledger = ground.opened(tally)
            ground.answers(ledger, ports[0], 10)
            ledger.reach(ports[0], ENOUGH + TAKERS)
            closer = ground.child("close", ledger, at=time.time() + ground.rng.uniform(0.02, 0.25))
            _crowd(ledger, ports)
            assert closer.ended() == "done"
            tally.times += 1
            ground.finish(ledger)
    return tally


def _crowd(ledger: Ledger, ports: list[int]) -> None:
    """Everybody at their own moment: two in three of those without an answer send one, some of the others withdraw."""

    def one(rater: Rater, number: int, wait: float) -> int | None:
        time.sleep(wait)
        port = ports[number % len(ports)]
        return ledger.take_back(port, rater) if rater.sure else ledger.give(port, rater)

    crowd = [*ledger.some(False, 10), *ledger.some(True, TAKERS)]
    waits = [ledger.rng.uniform(0, 0.3) for _ in crowd]
    with ThreadPoolExecutor(HANDS) as pool:
        statuses = set(pool.map(one, crowd, range(len(crowd)), waits))
    assert statuses <= {200, 404}, statuses


def two_closers(ground: Ground, times: int) -> Tally:
    """Two processes close a round at the same moment: one does, and the other is refused."""
    tally = ground.tally("two closers at once")
    for _ in range(times):
        ledger = ground.opened(tally)
        with ground.servers() as [port]:
            ground.answers(ledger, port, 8)
        moment = time.time() + 0.25
        both = [ground.child("close", ledger, at=moment) for _ in range(2)]
        assert sorted(child.ended() for child in both) == ["WrongState", "done"]
        tally.times += 1
        ground.finish(ledger)
        assert ground.reports(ledger) == 1
    return tally


def cancel_among_answers(ground: Ground, times: int, *, processes: int = 4) -> Tally:
    """A cancellation in the middle of sending: whatever was taken is destroyed, and later forms are told."""
    tally = ground.tally(f"cancelling among answers, {processes} processes")
    with ground.servers(processes) as ports:
        for _ in range(times):
            ledger = ground.opened(Tally("", ""))
            canceller = ground.child("cancel", ledger, at=time.time() + ground.rng.uniform(0.02, 0.25))
            _crowd(ledger, ports)
            assert canceller.ended() == "done"
            ground.end("work")
            ledger.check_cancelled()
            assert {ledger.give(ports[0], rater) for rater in ledger.some(False, 3)} <= {404}
            tally.times += 1
    return tally
