"""Many at once: one token gives one answer, a close loses nobody's receipt, and a round is closed once."""

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from msf.base.config import Settings
from msf.base.db import Database, reading, transaction
from msf.respond import operations
from msf.responses import queries as responses
from msf.rounds.models import Round
from tests.faults.children import TIMES, Nursery, a_receipt, form, send
from tests.respond.rounds import OpenRound, open_round

PROCESSES, HANDS = 4, 16
TITLE = "This link or code has already been used"


@pytest.fixture
def opened(settings: Settings) -> OpenRound:
    """A round of twenty colleagues that opened today."""
    return open_round(settings, now=datetime.now(UTC), groups={"doctor": 10, "nurse": 10})


@pytest.fixture
def ports(nursery: Nursery, settings: Settings) -> list[int]:
    """Four server processes on one database."""
    return [child.told() for child in [nursery.ask("serve", settings) for _ in range(PROCESSES)]]


def at_once(ports: list[int], forms: list[dict[str, str]]) -> list[tuple[int, str]]:
    """Send all forms at the same moment, spread over the servers."""
    gate = threading.Barrier(len(forms))

    def one(pair: tuple[int, dict[str, str]]) -> tuple[int, str]:
        gate.wait(30)
        answer = send(*pair)
        assert answer is not None
        return answer

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(one, [(ports[n % len(ports)], each) for n, each in enumerate(forms)]))


def filled(opened: OpenRound) -> int:
    with reading() as session:
        return responses.filled(session, opened.id)


def test_of_sixteen_forms_with_one_token_one_is_stored_and_the_others_are_told(
    opened: OpenRound, ports: list[int]
) -> None:
    codes = list(opened.codes)[: TIMES or 4]
    for number, code in enumerate(codes, start=1):
        answers = at_once(ports, [form(code, a_receipt(), rating=str(1 + n % 5)) for n in range(HANDS)])
        assert Counter(status for status, _ in answers) == {200: 1, 404: HANDS - 1}
        assert all(TITLE in text for status, text in answers if status == 404)
        assert filled(opened) == number


def test_sixteen_copies_of_one_form_are_one_answer_and_one_receipt(opened: OpenRound, ports: list[int]) -> None:
    for number, code in enumerate(list(opened.codes)[: TIMES or 3], start=1):
        copy = form(code, a_receipt())
        answers = at_once(ports, [copy] * HANDS)
        assert {status for status, _ in answers} == {200}
        assert len({text for _, text in answers}) == 1
        assert filled(opened) == number


def test_a_close_in_the_middle_of_submissions_loses_no_receipt(
    opened: OpenRound, ports: list[int], nursery: Nursery, settings: Settings
) -> None:
    codes = list(opened.codes)
    before = [send(ports[0], form(codes.pop(), a_receipt())) for _ in range(5)]
    closer = nursery.ask(
        "close", settings, round=opened.id, by=opened.coordinator, now=datetime.now(UTC).isoformat(),
        at=time.time() + random.uniform(0.05, 0.4), only_close=True,
    )  # fmt: skip

    def later(number: int) -> int:
        time.sleep(random.uniform(0, 0.5))
        answer = send(ports[number % PROCESSES], form(codes[number], a_receipt()))
        assert answer is not None
        return answer[0]

    with ThreadPoolExecutor(HANDS) as pool:
        statuses = Counter(pool.map(later, range(len(codes)))) + Counter(answer[0] for answer in before if answer)
    assert closer.ended() == "done"
    assert set(statuses) <= {200, 404}
    with reading() as session:
        row = session.get_one(Round, opened.id)
        kept = sum(len(ratings) for ratings in responses.answers_of(session, opened.id).values())
    assert (row.state, row.opened, row.unreadable) == ("closed", statuses[200], 0)
    assert kept == statuses[200]
    assert filled(opened) == 0


def test_of_two_closers_at_once_one_closes_and_the_other_is_refused(
    opened: OpenRound, ports: list[int], nursery: Nursery, settings: Settings, database: Database
) -> None:
    for code in list(opened.codes)[:7]:
        assert send(ports[0], form(code, a_receipt()))[0] == 200
    facts = {"round": opened.id, "by": opened.coordinator, "now": datetime.now(UTC).isoformat()}
    moment = time.time() + 0.3
    both = [nursery.ask("close", settings, **facts, at=moment, only_close=True) for _ in range(2)]
    assert sorted(child.ended() for child in both) == ["WrongState", "done"]
    with reading() as session:
        assert session.get_one(Round, opened.id).opened == 7
        assert sum(map(len, responses.answers_of(session, opened.id).values())) == 7


def test_a_cancelled_round_takes_no_answer_that_was_on_its_way(opened: OpenRound, ports: list[int]) -> None:
    with transaction() as session:
        operations.cancel_round(session, opened.id, reason="trial", by=opened.coordinator, now=datetime.now(UTC))
    assert send(ports[0], form(next(iter(opened.codes)), a_receipt()))[0] == 404
    assert filled(opened) == 0
