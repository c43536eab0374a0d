"""A clock that was moved, in the app or in the worker: nothing reopens, nothing closes twice, no work stays behind."""

from sqlmodel import select

from msf.base.audit import AuditEvent
from msf.base.db import reading
from tests.faults.ground import Ground
from tests.faults.ledger import Ledger, Tally

MONTHS = 60 * 86_400


def moved(ground: Ground, times: int) -> Tally:
    """Forwards beyond the close and back again, first where raters send, then where the worker looks at dates."""
    tally = ground.tally("clock moved 60 days forwards and backwards, in app and worker")
    for _ in range(times):
        ledger = ground.opened(tally)
        _app_ahead(ground, ledger)
        _worker_behind(ground, ledger)
        _worker_ahead_then_right(ground, ledger)
        _app_behind_after_the_close(ground, ledger)
        tally.times += 4
        ledger.check_closed()
    return tally


def _app_ahead(ground: Ground, ledger: Ledger) -> None:
    with ground.servers(clock=MONTHS) as [port]:
        assert {ledger.give(port, rater) for rater in ledger.some(False, 2)} == {404}
    with ground.servers() as [port]:
        ground.answers(ledger, port, 10)


def _worker_behind(ground: Ground, ledger: Ledger) -> None:
    ground.end("work", weather={"clock": -MONTHS})
    assert ledger.state() == "open"
    ledger.check()


def _worker_ahead_then_right(ground: Ground, ledger: Ledger) -> None:
    """It closes early, which nobody can take back, but once; what it left to do is done by the right clock."""
    dead = {"clock": MONTHS, "die_before": 40}
    while ledger.state() == "open":
        ground.end("work", weather=dead)
        dead["die_before"] += 25
    ground.end("work")
    assert not ground.jobs("respond.finish_close") and not ground.jobs("reports.draft")
    ground.end("work", weather={"clock": -MONTHS})
    ground.end("work", weather={"clock": MONTHS})
    assert ground.reports(ledger) == 1
    assert _closes(ledger) == 1


def _app_behind_after_the_close(ground: Ground, ledger: Ledger) -> None:
    with ground.servers(clock=-MONTHS) as [port]:
        late = Ledger(ledger.round, Tally("", ""), ledger.rng)
        assert {late.give(port, rater) for rater in late.some(False, 3)} == {404}
    assert ledger.slots() == 0


def _closes(ledger: Ledger) -> int:
    with reading() as session:
        query = select(AuditEvent.id).where(
            AuditEvent.object == f"round {ledger.round.id}", AuditEvent.action == "round.close"
        )
        return len(session.exec(query).all())
