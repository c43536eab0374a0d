"""Somebody who holds many codes answers with all of them: the pool ends it, the round says so, no time is written."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from msf.base.config import Settings
from msf.base.db import Database, reading, transaction
from msf.instruments import find
from msf.invitations import operations as invitations
from msf.invitations import queries as places
from msf.invitations.rules import token, token_text
from msf.reports import queries as shelf
from msf.reports.jobs import draft
from msf.respond import operations as door
from msf.respond.jobs import tick
from msf.responses import queries as responses
from msf.rounds.models import Round
from tests.abuse.town import Caller
from tests.respond.rounds import OpenRound, open_round

CARDS = 30
SENTENCE = "An unusual number of answers came within minutes"


@pytest.fixture
def opened(app: Flask, settings: Settings) -> OpenRound:
    """A round with eight colleagues and thirty cards for patients."""
    now = datetime.now(UTC)
    made = open_round(settings, now=now, groups={"doctor": 8})
    with transaction() as session:
        invitations.add_cards(session, made.id, count=CARDS, by=made.coordinator, now=now)
    return made


def cards(opened: OpenRound) -> list[str]:
    """The codes on the cards."""
    with reading() as session:
        return [code(opened, place.n) for place in places.cards_of(session, opened.id)]


def code(opened: OpenRound, n: int) -> str:
    """The code of one place of the pool."""
    return token_text(token(opened.keys.tokens.read(opened.id), n))


def stuff(client: FlaskClient, code: str, number: int) -> int:
    """Answer with one code; the status of what comes back."""
    items = {f"item.{item}": "5" for item in find("patients-in-person").item_ids}
    sent = {"code": code, "receipt": f"abcdefgh{number:04}", "step": "send", **items}
    return client.post("/give", data=sent).status_code


def row(database: Database, round_id: str) -> dict[str, object]:
    """Everything the table of rounds says of one."""
    with database.engine.connect() as connection:
        return dict(
            connection.execute(sa.text("SELECT * FROM round WHERE id = :id"), {"id": round_id}).mappings().one()
        )


def stuffed(client: FlaskClient, opened: OpenRound, start: datetime) -> None:
    """Thirty answers in five minutes, while the worker looks every ten seconds."""
    for number, each in enumerate(cards(opened)):
        assert stuff(client, each, number) == 200
        tick(start + timedelta(seconds=10 * number))


def test_thirty_answers_in_five_minutes_stop_at_the_pool_and_are_told_with_the_next_daily_total(
    client: FlaskClient, opened: OpenRound, database: Database
) -> None:
    start = datetime.now(UTC).replace(hour=9, minute=0)
    tick(start)
    before = row(database, opened.id)
    stuffed(client, opened, start)
    spare = 8 + CARDS
    again = [stuff(client, each, 99) for each in (cards(opened)[0], code(opened, spare), code(opened, spare + 1))]
    assert again == [404, 404, 404]
    with reading() as session:
        assert responses.filled(session, opened.id) == CARDS
    assert row(database, opened.id) == before, "nothing about the round is written while answers come in"
    tick(start + timedelta(days=1))
    after = row(database, opened.id)
    assert {name for name in after if after[name] != before[name]} == {"answered", "answered_on", "burst"}
    assert after["burst"]


@pytest.mark.sqlite
def test_a_burst_on_the_last_day_is_told_after_the_close_on_desk_and_in_the_report(
    app: Flask, client: FlaskClient, opened: OpenRound
) -> None:
    start = datetime.now(UTC).replace(hour=9, minute=0)
    tick(start)
    stuffed(client, opened, start)
    desk = Caller(app, opened.coordinator)
    assert SENTENCE not in desk.get(f"/rounds/{opened.id}/desk").text
    with transaction() as session:
        door.close_round(session, opened.id, keys=opened.keys, by=opened.coordinator, now=start)
    tick(start + timedelta(minutes=6))
    assert SENTENCE in desk.get(f"/rounds/{opened.id}/desk").text
    draft({"round_id": opened.id}, now=start)
    with reading() as session:
        found = shelf.opened_of(session, shelf.report_of(session, opened.id), session.get_one(Round, opened.id))
    assert SENTENCE in str(found.document)


@pytest.mark.sqlite
def test_answers_that_come_one_by_one_are_no_burst(client: FlaskClient, opened: OpenRound, database: Database) -> None:
    start = datetime.now(UTC).replace(hour=0, minute=30)
    for number, each in enumerate(cards(opened)):
        stuff(client, each, number)
        tick(start + timedelta(minutes=3 * number))
    tick(start + timedelta(days=1))
    assert not row(database, opened.id)["burst"]


def test_cards_that_went_astray_are_revoked_together_and_nobody_learns_which_were_used(
    app: Flask, client: FlaskClient, opened: OpenRound, settings: Settings
) -> None:
    used, unused, *_ = old = cards(opened)
    assert stuff(client, used, 1) == 200
    staff = Caller(app, opened.coordinator)
    path = f"/rounds/{opened.id}/cards"
    assert f"{path}/revoke" in staff.get(path).text
    assert "30 cards" in staff.get(f"{path}/revoke").text
    assert staff.post(f"{path}/revoke").status_code == 303
    assert [client.post("/give", data={"code": each}).status_code for each in old[:3]] == [404] * 3
    assert client.post("/give", data={"code": used}).data == client.post("/give", data={"code": unused}).data
    assert stuff(client, unused, 2) == 404
    assert staff.post(path, {"count": "5"}).status_code == 303
    new = cards(opened)
    assert len(new) == 5 and not set(new) & set(old)
    assert stuff(client, new[0], 3) == 200
    with reading() as session:
        assert responses.filled(session, opened.id) == 2, "what was answered before stays"
        counted = places.invited_counts(session, opened.id)["patients"]
    assert sum(counted.values()) == CARDS + 5
    back = {"code": used, "receipt": "abcdefgh0001", "confirmed": "yes"}
    assert "Your answers are destroyed" in client.post("/give/withdraw", data=back).text
    assert client.post("/give", data={"code": used}).status_code == 404
