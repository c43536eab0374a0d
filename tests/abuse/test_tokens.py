"""A code that opens nothing tells nothing about why: same page, same headers, same questions to the database."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from msf.accounts.guard import throttle
from msf.base.config import Settings
from msf.base.db import Database, current, transaction
from msf.instruments import find
from msf.invitations.rules import token, token_text
from msf.respond import operations as door
from tests.abuse.town import Caller, Tenant, keys, tenant
from tests.respond.rounds import OpenRound, open_round

RECEIPT = "abcdefgh0011"
UNKNOWN = "0" * 24 + "11"


def answers(code: str, receipt: str = RECEIPT, **more: str) -> dict[str, str]:
    """A whole form with comments."""
    items = {f"item.{item}": "4" for item in find("doctor-colleagues").item_ids}
    return {"code": code, "receipt": receipt, "step": "send", "text.does_well": "CANARY-7", **items, **more}


@pytest.fixture
def opened(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> OpenRound:
    """A round that opened today; the brake does not wait."""
    monkeypatch.setattr(throttle, "SAME", 0.0)
    return open_round(settings, now=datetime.now(UTC), groups={"doctor": 9})


def unusable(client: FlaskClient, opened: OpenRound) -> dict[str, str]:
    """A code for every reason why one opens nothing."""
    sent, declined, *_ = opened.of("colleagues")
    assert client.post("/give", data=answers(sent)).status_code == 200
    assert client.post("/give", data=answers(declined, step="decline")).status_code == 200
    spare = token_text(token(opened.keys.tokens.read(opened.id), 300))
    ended = tenant(keys(), "far")
    with transaction() as session:
        by = {"by": ended.people["coordinator"], "now": datetime.now(UTC)}
        door.cancel_round(session, ended.rounds["open"], reason="Moved away.", **by)
    mistyped = sent[:-2] + ("0" if sent[-2] != "0" else "1") + sent[-1]
    return {
        "sent": sent,
        "declined": declined,
        "never given to anybody": spare,
        "of a round that was cancelled": ended.codes[0],
        "unknown": UNKNOWN,
        "mistyped": mistyped,
    }


def seen(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that comes back over the wire."""
    return answer.status_code, answer.data, sorted(answer.headers)


def test_every_unusable_code_gets_the_same_bytes_at_every_step(client: FlaskClient, opened: OpenRound) -> None:
    codes = unusable(client, opened)
    for form in ({}, {"step": "send"}, {"step": "decline"}, {"language": "cy"}, {"item.listens": "3"}):
        tries = {why: client.post("/give", data={**answers(code, "0" * 12), **form}) for why, code in codes.items()}
        for why, answer in tries.items():
            assert seen(answer) == seen(tries["unknown"]), f"{why} with {form}"
        assert tries["sent"].status_code == 404
        assert b"CANARY-7" not in tries["sent"].data
    back = {why: withdraw(client, code, "0" * 12) for why, code in codes.items()}
    assert {seen(answer)[1] for answer in back.values()} == {back["unknown"].data}
    assert {answer.status_code for answer in back.values()} == {404}
    first = {why: withdraw(client, code, "0" * 12, confirmed="") for why, code in codes.items()}
    assert {len(answer.data) for answer in first.values()} == {len(first["unknown"].data)}
    assert {answer.status_code for answer in first.values()} == {200}, "nothing is looked up before it is confirmed"


def withdraw(client: FlaskClient, code: str, receipt: str, confirmed: str = "yes") -> TestResponse:
    """Try to take an answer back."""
    return client.post("/give/withdraw", data={"code": code, "receipt": receipt, "confirmed": confirmed})


@pytest.fixture
def statements(app: Flask) -> Iterator[Callable[[Callable[[], Any]], list[str]]]:
    """Counts what the database is asked meanwhile."""
    said: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    sa.event.listen(current().engine, "before_cursor_execute", listen)

    def count(step: Callable[[], Any]) -> list[str]:
        said.clear()
        step()
        return list(said)

    yield count
    sa.event.remove(current().engine, "before_cursor_execute", listen)


def test_the_database_is_asked_the_same_whatever_the_reason(
    client: FlaskClient, opened: OpenRound, statements: Callable[[Callable[[], Any]], list[str]]
) -> None:
    codes = unusable(client, opened)
    alike = {why: code for why, code in codes.items() if why != "never given to anybody"}
    for step in ("", "send", "decline"):
        asked = {
            why: statements(lambda code=code, step=step: client.post("/give", data=answers(code, "0" * 12, step=step)))
            for why, code in alike.items()
        }
        assert {tuple(each) for each in asked.values()} == {tuple(asked["unknown"])}, step
        assert len(asked["unknown"]) == 1
    back = {why: statements(lambda code=code: withdraw(client, code, "0" * 12)) for why, code in codes.items()}
    assert {tuple(each) for each in back.values()} == {tuple(back["unknown"])}
    assert len(back["unknown"]) >= 3


@pytest.mark.sqlite
def test_a_hundred_thousand_guesses_hit_nothing(opened: OpenRound, database: Database) -> None:
    import secrets

    from msf.invitations.rules import slot_hash

    guesses = [slot_hash(secrets.token_bytes(16)) for _ in range(100_000)]
    with database.engine.connect() as connection:
        there = {row.h for row in connection.execute(sa.text("SELECT h FROM slot"))}
    assert len(there) >= 200
    assert there.isdisjoint(guesses)


@pytest.mark.sqlite
def test_a_forwarded_letter_says_not_to_forward_it_and_opens_no_answer(
    app: Flask, client: FlaskClient, home_town: Tenant
) -> None:
    from msf.app import HANDLERS
    from msf.base import queue
    from msf.base.config import current as settings
    from msf.base.mail import sender_of

    queue.run_due(HANDLERS)
    letters = [path.read_text() for path in sender_of(settings().mail).folder.glob("*.eml")]  # type: ignore[attr-defined]
    invitations = [letter for letter in letters if "/give#" in letter]
    assert invitations
    assert all("forward" in letter for letter in invitations)
    code = home_town.codes[0]
    client.post("/give", data=answers(code))
    for path in ("/give", "/give/withdraw"):
        for form in ({"code": code}, answers(code, "0" * 12), {"code": code, "receipt": "0" * 12, "confirmed": "yes"}):
            assert b"CANARY-7" not in client.post(path, data=form).data
    staff = Caller(app, home_town.people["coordinator"])
    for path in ("/rounds", f"/rounds/{home_town.rounds['open']}", f"/rounds/{home_town.rounds['open']}/desk"):
        assert "CANARY-7" not in staff.get(path).text
