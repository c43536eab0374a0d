"""Killed in the middle: every receipt is counted once, nothing is half written, and the close comes to its end."""

import itertools
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlmodel import select

from msf.base.config import Settings
from msf.base.db import reading
from msf.responses import queries as responses
from msf.responses.models import Comment, Slot
from msf.responses.rules import Sheet, unpack, unseal
from msf.rounds.models import Round
from tests.faults.children import TIMES, Nursery, a_receipt, form, send
from tests.respond.rounds import OpenRound, open_round

KILLS = TIMES or 4
NOW = datetime.now(UTC)


@pytest.fixture
def opened(settings: Settings) -> OpenRound:
    """A round of forty colleagues that opened today."""
    return open_round(settings, now=NOW, groups={"doctor": 20, "nurse": 20})


def boxes(opened: OpenRound) -> list[Sheet]:
    """Every filled slot, opened with the key as only the close does."""
    private = opened.keys.seals.read(opened.id)
    with reading() as session:
        rows = session.exec(select(Slot.sealed, Slot.receipt_hash).where(Slot.round_id == opened.id)).all()
    assert all((sealed is None) == (receipt is None) for sealed, receipt in rows)
    return [unpack(unseal(sealed, private), round_id=opened.id) for sealed, _ in rows if sealed is not None]


def facts(opened: OpenRound) -> dict[str, str]:
    return {"round": opened.id, "by": opened.coordinator, "now": NOW.isoformat()}


def test_a_server_killed_during_submissions_keeps_every_answer_whose_rater_has_a_receipt(
    opened: OpenRound, nursery: Nursery, settings: Settings
) -> None:
    forms = {code: form(code, a_receipt(), rating=str(1 + n % 5)) for n, code in enumerate(opened.codes)}
    thanked: dict[str, str] = {}
    for waiting in _helpings(list(forms), KILLS):
        server = nursery.ask("serve", settings)
        port = server.told()
        killer = threading.Timer(random.uniform(0.02, 0.25), server.kill)
        killer.start()
        with ThreadPoolExecutor(6) as pool:
            answers = dict(
                zip(waiting, pool.map(send, [port] * len(waiting), [forms[code] for code in waiting]), strict=True)
            )
        killer.join()
        thanked |= {code: answer[1] for code, answer in answers.items() if answer and answer[0] == 200}
        assert all(answer is None or answer[0] == 200 for answer in answers.values())
    assert len(thanked) <= len(boxes(opened)) <= len(forms)
    port = nursery.ask("serve", settings).told()
    again = {code: send(port, forms[code]) for code in forms}
    assert all(again[code] == (200, text) for code, text in thanked.items())
    kept = boxes(opened)
    assert len(kept) == len(forms)
    assert sorted(sheet.ratings[0] for sheet in kept) == sorted(int(list(f.values())[3]) for f in forms.values())
    assert all(len(set(sheet.ratings)) == 1 for sheet in kept)


def _helpings(codes: list[str], count: int) -> list[list[str]]:
    return [codes[n :: min(count, len(codes))] for n in range(min(count, len(codes)))]


def answer_some(opened: OpenRound, nursery: Nursery, settings: Settings) -> dict[str, int]:
    """Fifteen answers and two refusals, one of them after a withdrawal; how many of each."""
    port = nursery.ask("serve", settings).told()
    codes = list(opened.codes)
    for number, code in enumerate(codes[:15]):
        words = {"text.does_well": f"Canary {number} sings"}
        assert send(port, form(code, "abcdefgh0011") | words)[0] == 200
    sent = {"code": codes[16], "receipt": "abcdefgh0012"}
    assert send(port, form(*sent.values()))[0] == 200
    assert send(port, sent | {"confirmed": "yes"}, path="/give/withdraw")[0] == 200
    for code in codes[15:17]:
        assert send(port, {"code": code, "receipt": a_receipt(), "step": "decline"})[0] == 200
    nursery.clear()
    return {"answers": 15, "declined": 2}


def check_whole(opened: OpenRound, given: dict[str, int]) -> None:
    """The round is closed, with every answer once, every comment once, and no slot."""
    with reading() as session:
        row = session.get_one(Round, opened.id)
        assert (row.state, row.opened, row.unreadable) == ("closed", sum(given.values()), 0)
        kept = responses.answers_of(session, opened.id)
        assert sum(map(len, kept.values())) == given["answers"]
        texts = session.exec(select(Comment.text).where(Comment.round_id == opened.id)).all()
        assert sorted(texts) == sorted(f"Canary {n} sings" for n in range(given["answers"]))
        assert session.exec(select(sa.func.count()).select_from(Slot)).one() == 0


def state(opened: OpenRound) -> str:
    with reading() as session:
        return session.get_one(Round, opened.id).state


def test_a_close_killed_before_each_of_its_steps_is_whole_or_not_at_all(
    opened: OpenRound, nursery: Nursery, settings: Settings
) -> None:
    given = answer_some(opened, nursery, settings)
    before = boxes(opened)
    steps = 0
    for step in itertools.count(1):
        told = nursery.ask("close", settings, **facts(opened), die_at=step, only_close=True).ended()
        if told is not None or state(opened) == "closed":
            break
        steps = step
        assert state(opened) == "open"
        assert opened.keys.seals.has(opened.id) and opened.keys.tokens.has(opened.id)
    assert steps >= 8
    assert len(before) == sum(given.values())
    check_whole(opened, given)


def test_destroying_the_keys_goes_on_after_each_kill(opened: OpenRound, nursery: Nursery, settings: Settings) -> None:
    given = answer_some(opened, nursery, settings)
    assert nursery.ask("close", settings, **facts(opened), only_close=True).ended() == "done"
    for step in itertools.count(1):
        told = nursery.ask("close", settings, **facts(opened), die_at=step, only_finish=True).ended()
        check_whole(opened, given)
        if told == "done":
            break
    assert step >= 4
    assert opened.keys.seals.names() == opened.keys.tokens.names() == []


def test_a_close_killed_at_random_moments_comes_to_its_end(
    opened: OpenRound, nursery: Nursery, settings: Settings
) -> None:
    given = answer_some(opened, nursery, settings)
    for _ in range(KILLS):
        closer = nursery.ask("close", settings, **facts(opened))
        time.sleep(random.uniform(0.001, 0.06))
        closer.kill()
        if state(opened) == "closed":
            break
        assert len(boxes(opened)) == sum(given.values())
    if state(opened) == "open":
        assert nursery.ask("close", settings, **facts(opened)).ended() == "done"
    assert nursery.ask("close", settings, **facts(opened), only_finish=True).ended() == "done"
    check_whole(opened, given)
    assert opened.keys.seals.names() == opened.keys.tokens.names() == []
