"""The record of a whole round: every step of staff is in it, and nothing that people who answer did or did not do."""

from datetime import timedelta

import pytest
from sqlmodel import select

from msf.accounts.rules.trail import ACTIONS
from msf.app import HANDLERS, TICKS
from msf.base import audit
from msf.base.audit import AuditEvent
from msf.base.db import reading
from msf.base.queue import run_due
from msf.instruments import find
from msf.rounds.models import Round
from msf.rounds.queries import states
from tests.respond.rounds import open_round

NIGHTLY = {"audit.checked", "audit.sent", "retention.swept", "round.reminded"}
STAFF = {"round.made", "round.start_nominating", "round.approve", "round.open", "round.close"}


def _entries():
    with reading() as session:
        found = session.exec(select(AuditEvent).order_by(AuditEvent.at, AuditEvent.sequence)).all()
        return [(each.action, each.actor, each.object, str(each.details)) for each in found]


def _answer(client, opened):
    """What raters do at the door: some answer, one declines, one takes their answers back, some fail."""
    codes = opened.of("colleagues", "doctor")
    items = {f"item.{item}": "4" for item in find("doctor-colleagues").item_ids}
    for number, code in enumerate(codes[:6]):
        facts = {"code": code, "receipt": f"abcdefgh001{number}", "step": "send"}
        assert client.post("/give", data=facts | items).status_code == 200
    facts = {"code": opened.of("patients")[0], "receipt": "abcdefgh0019", "step": "decline"}
    assert client.post("/give", data=facts).status_code == 200
    back = {"code": codes[0], "receipt": "abcdefgh0010", "confirmed": "yes"}
    assert client.post("/give/withdraw", data=back).status_code == 200
    for code in (codes[1], "0" * 26, "nonsense"):
        assert client.post("/give", data={"code": code}).status_code in (404, 422)
    assert client.post("/give", data={"code": codes[7]}).status_code == 200


def _day(now):
    for tick in TICKS:
        tick(now)
    run_due(HANDLERS, clock=lambda: now)


@pytest.mark.sqlite
def test_between_opening_and_close_the_record_holds_only_what_staff_and_the_night_did(client, settings, now):
    opened = open_round(settings, now=now, patients=5)
    began = _entries()
    assert {action for action, *_ in began} > STAFF - {"round.close"}
    _answer(client, opened)
    assert _entries() == began
    for days in (1, 15):
        _day(now + timedelta(days=days, hours=12))
    during = [each for each in _entries() if each not in began]
    for tick in TICKS:
        tick(now + timedelta(days=29, hours=12))
    after = [each for each in _entries() if each not in began and each not in during]

    assert {action for action, *_ in during} <= NIGHTLY | {"invitations.sent"}
    assert {actor for _, actor, *_ in during} <= {"system"}
    assert "round.reminded" in {action for action, *_ in during}
    assert "round.close" in {action for action, *_ in after}
    with reading() as session:
        assert states(session, [opened.id])[opened.id][1] == "closed"
        assert session.get_one(Round, opened.id).unreadable == 0
        assert {audit.verify(session, each).fault for each in audit.chains(session)} == {None}
    whole = str(_entries())
    assert not any(code in whole or code.replace(" ", "") in whole for code in opened.codes)
    assert not any(word in whole for word in ("abcdefgh", "Doctor 0", "@"))
    assert {action for action, *_ in _entries()} <= set(ACTIONS)
