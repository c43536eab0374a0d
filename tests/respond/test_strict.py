"""Strict rounds: from two passphrases to a closed round, and nothing that opens an answer lies anywhere in between."""

import base64
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session, select

from msf.accounts import operations as accounts
from msf.accounts.queries import person as account_of
from msf.app import HANDLERS
from msf.base import config
from msf.base.config import Settings
from msf.base.db import Database, reading, transaction
from msf.base.keys import Keys, table, wrapping
from msf.base.mail import caught
from msf.base.queue import run_due
from msf.invitations import operations as invitations
from msf.invitations.queries import places
from msf.invitations.rules import NomineeRefused, token, token_text
from msf.respond import jobs, operations
from msf.respond.operations import holding
from msf.respond.queries import key_troubles, seal_of
from msf.respond.rules import HolderIsAsked, HolderNeeded, StrictSeal, new_holder_key, opened_by
from msf.responses.models import Answer, Slot
from msf.rounds import operations as rounds
from msf.rounds.models import Round
from msf.rounds.rules import RoundRefused
from tests.faults.children import a_receipt, form
from tests.make import Make
from tests.pages import Visitor

PHRASES = ("otter lantern Tuesday gravel plum", "seven-quiet-harbours-and-a-kite")


@pytest.fixture(autouse=True)
def _cheap() -> Iterator[None]:
    wrapping.use(wrapping.Strength(1, 8192))
    yield
    wrapping.use(wrapping.MODERATE)
    table.let_go()


@pytest.fixture
def now() -> datetime:
    """Today: the pages read the clock."""
    return datetime.now(UTC)


def state(round_id: str) -> str:
    with reading() as session:
        return session.get_one(Round, round_id).state


def codes_of(make: Make, round_id: str) -> list[str]:
    secret = make.keys.tokens.read(round_id)
    with reading() as session:
        return [token_text(token(secret, place.n)) for place in places(session, round_id)]


def answers(client: FlaskClient, codes: list[str]) -> None:
    for code in codes:
        assert client.post("/give", data=form(code, a_receipt())).status_code == 200


def holders_of(make: Make, keys: Keys, count: int = 2) -> list[str]:
    """Key holders with a key each, made without the pages."""
    ids = [make.account("key_holder", name=f"Holder {number}").id for number in range(1, count + 1)]
    for account_id, phrase in zip(ids, PHRASES, strict=False):
        keys.holders.write(account_id, new_holder_key(account_id, phrase))
    return ids


def strict(make: Make, state: str, holders: list[str], **more: Any) -> Round:
    """A strict round with these holders."""
    facts = {"key_mode": "strict", "key_holders": holders, "have_keys": holders}
    return make.round(state, **(facts | more))


def private_of(keys: Keys, round_id: str) -> bytes:
    """The round's private key, put together by both passphrases: what must be nowhere else."""
    with reading() as session:
        row = session.get_one(Round, round_id)
    seal = seal_of(round_id, row.seal_public, keys)
    owns = [holding.holder_private(keys, each, said) for each, said in zip(row.key_holders, PHRASES, strict=True)]
    first = opened_by(seal, row.key_holders[0], owns[0])
    assert isinstance(first, StrictSeal)
    private = opened_by(first, row.key_holders[1], owns[1])
    assert isinstance(private, bytes)
    return private


def everything(home: Path, database: Database) -> bytes:
    """Every file below `home` and every row of the database."""
    with database.engine.connect() as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        rows = [repr(row) for table in tables.sorted_tables for row in connection.execute(sa.select(table))]
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file()) + "\n".join(rows).encode()


def shapes(secret: bytes) -> list[bytes]:
    return [secret, base64.b64encode(secret), secret.hex().encode(), repr(secret).encode()]


def make_key(holder: Visitor, phrase: str) -> None:
    assert "You have no key yet" in holder.get("/keys").text
    holder.get("/keys/make")
    weak = holder.submit({"passphrase": "letmein", "again": "letmein"}, status=422)
    assert "Use at least 5 different words, or at least 20 characters" in weak.text
    other = holder.submit({"passphrase": phrase, "again": f"{phrase}!"}, status=422)
    assert "The two passphrases are not the same" in other.text
    assert phrase not in other.html
    assert "You have a key" in holder.submit({"passphrase": phrase, "again": phrase}).text
    holder.get("/keys/make", status=409)


def test_a_strict_round_from_its_making_to_its_close_by_two_holders(
    visitor: Callable[[], Visitor],
    client: FlaskClient,
    make: Make,
    settings: Settings,
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    people = [make.account("key_holder", name=name) for name in ("Harriet Halliday", "Ibrahim Innes")]
    subject = make.practitioner()
    one, two, desk = visitor(), visitor(), visitor()
    for holder, person, phrase in zip((one, two), people, PHRASES, strict=True):
        holder.sign_in(person.email)
        make_key(holder, phrase)
    desk.sign_in(make.coordinator.email)

    # the coordinator makes the round, and it opens by itself
    desk.get("/rounds/new")
    opens, closes = make.now.date(), make.now.date() + timedelta(days=28)
    days = {
        f"{name}-{part}": str(getattr(day, part))
        for name, day in (("opens_on", opens), ("closes_on", closes))
        for part in ("day", "month", "year")
    }
    given = {"practitioner_id": subject.id, "colleague_questionnaire": "doctor-colleagues/1", **days}
    both = {"key_mode": "strict", "key_holders": [each.id for each in people], "holders_needed": "2"}
    wrong = desk.submit(given | both | {"key_holders": []}, status=422)
    assert "Choose one or two key holders" in wrong.text
    assert "Round" in desk.submit(given | both).text
    with reading() as session:
        round_id = session.exec(select(Round.id)).one()
    approve(make, round_id)
    jobs.tick(make.now)
    assert state(round_id) == "open"
    assert "Harriet Halliday and Ibrahim Innes" in desk.get(f"/rounds/{round_id}/desk").text

    # raters answer, the coordinator closes, and the door looks like that of a closed round
    codes = codes_of(make, round_id)
    answers(client, codes[:-1])
    private = private_of(make.keys, round_id)
    desk.get(f"/rounds/{round_id}/desk/close")
    assert "takes no more answers" in desk.submit(button="Close the round for good").text
    assert state(round_id) == "awaiting_key_holder"
    assert "A key holder has to open this round" in desk.post(f"/rounds/{round_id}/desk/close", status=409).heading
    refused = client.post("/give", data=form(codes[-1], a_receipt()))
    assert refused.status_code == 404
    assert refused.text == client.post("/give", data=form(token_text(bytes(16)), a_receipt())).text
    run_due(HANDLERS)
    letters = [each for each in caught(settings.home / "mail") if "waits for your key" in each.subject]
    assert {each.to for each in letters} == {each.email for each in people}
    assert all(f"/keys/{round_id}" in each.text for each in letters)

    # the wrong passphrase says the same each time, then both give their share
    one.get("/keys")
    assert "Waits for you" in one.here.text
    one.get(f"/keys/{round_id}")
    bad = [one.submit({"passphrase": said}, status=422).text for said in ("wrong", PHRASES[1])]
    assert bad[0] == bad[1]
    assert "does not open your key" in bad[0]
    assert PHRASES[1] not in one.here.html
    assert "Ibrahim Innes has to open it now" in one.submit({"passphrase": PHRASES[0]}).text
    assert "Waits for Ibrahim Innes" in one.here.text
    assert state(round_id) == "awaiting_key_holder"
    before = everything(settings.home, database)
    two.get(f"/keys/{round_id}")
    assert "is closed" in two.submit({"passphrase": PHRASES[1]}).text
    assert state(round_id) == "closed"
    run_due(HANDLERS)
    with reading() as session:
        assert session.exec(select(sa.func.count()).select_from(Answer)).one() == len(codes) - 1
        assert session.exec(select(sa.func.count()).select_from(Slot)).one() == 0
    assert make.keys.seals.names() == make.keys.tokens.names() == []

    # nothing of it was anywhere
    after = everything(settings.home, database)
    owns = [holding.holder_private(make.keys, each.id, said) for each, said in zip(people, PHRASES, strict=True)]
    for secret in (private, *owns, *(phrase.encode() for phrase in PHRASES)):
        for shape in shapes(secret):
            assert shape not in before + after + caplog.text.encode()


def approve(make: Make, round_id: str) -> None:
    """Six colleagues are proposed and approved."""
    from msf.rounds import operations as rounds

    with transaction() as session:
        facts = {"by": make.coordinator.id, "now": make.now}
        rounds.start_nominating(session, round_id, **facts)
        make._ask(session, round_id, {"doctor": 6}, 0)
        rounds.approve_round(session, round_id, **facts)


@pytest.mark.postgresql
def test_one_of_two_opens_after_the_date_and_what_is_missing_is_refused_at_the_door_and_told(
    client: FlaskClient,
    visitor: Callable[[], Visitor],
    make: Make,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    place = f"sqlite:///{settings.home / 'keyring' / 'keys.db'}"
    config.use(replace(settings, keys=place))
    make.keys = Keys.at(place)
    holders = holders_of(make, make.keys)
    made = strict(make, "open", holders, days=1)
    codes = codes_of(make, made.id)
    answers(client, codes[:5])
    whole, secret = make.keys.seals.read(made.id), make.keys.tokens.read(made.id)
    alarm = jobs.Alarm()
    alarm.look(make.now)
    assert caplog.records == []

    # a damaged seal, the seal of another key, another token secret, no secret: the door takes nothing
    damaged = whole.replace(b'"needed":1', b'"needed":2')
    other = strict(make, "open", holders, practitioner=make.practitioner("Dr Other"))
    spoilt = [(damaged, secret), (make.keys.seals.read(other.id), secret), (whole, bytes(32)), (bytes(32), secret)]
    for seal, tokens in spoilt:
        make.keys.seals.replace(made.id, seal)
        make.keys.tokens.replace(made.id, tokens)
        assert client.post("/give", data=form(codes[5], a_receipt())).status_code == 503
    for step in range(3):
        alarm.look(make.now + timedelta(minutes=1 + step))
    assert [each.levelname for each in caplog.records if "Keys:" in each.message] == ["ERROR"] * 3
    desk = visitor()
    desk.sign_in(make.coordinator.email)
    assert "Something is wrong with the keys" in desk.get(f"/rounds/{made.id}/desk").text
    make.keys.seals.replace(made.id, whole)
    make.keys.tokens.replace(made.id, secret)
    with reading() as session:
        assert filled(session, made.id) == 5
        assert key_troubles(session, make.keys) == []

    # a holder who can no longer sign in is told, and one whose key went; the other one opens after the date
    with transaction() as session:
        accounts.deactivate_account(session, holders[0], by=make.coordinator.id, now=make.now)
    with reading() as session:
        assert {each.trouble for each in key_troubles(session, make.keys)} == {
            "the account of its key holder Holder 1 is switched off, so they cannot open it"
        }
    make.keys.holders.destroy(holders[0])
    with reading() as session:
        assert {each.trouble.split(" is missing")[0] for each in key_troubles(session, make.keys)} == {
            "the key of its key holder Holder 1"
        }
    jobs.tick(make.now + timedelta(days=3))
    assert state(made.id) == "awaiting_key_holder"
    own = holding.holder_private(make.keys, holders[1], PHRASES[1])
    with transaction() as session:
        assert holding.unlock_round(session, made.id, keys=make.keys, own=own, by=holders[1], now=make.now)
    with reading() as session:
        assert session.get_one(Round, made.id).opened == 5


def filled(session: Session, round_id: str) -> int:
    query = select(sa.func.count()).select_from(Slot).where(Slot.round_id == round_id, Slot.sealed.is_not(None))
    return session.exec(query).one()


@pytest.mark.sqlite
def test_who_may_hold_a_key_and_who_finds_which_page(visitor: Callable[[], Visitor], make: Make) -> None:
    first, second = holders_of(make, make.keys)
    barred = make.account("key_holder", "moderator").id, make.account("key_holder", "administrator").id
    elsewhere = make.account("key_holder", at=make.organisation("Elsewhere", kind="service")).id
    keyless, nobody = make.account("key_holder").id, "0" * 32
    for holder in (*barred, elsewhere, make.coordinator.id, nobody):
        with pytest.raises(RoundRefused):
            strict(make, "draft", [holder])
    with pytest.raises(RoundRefused, match="no key yet"):
        strict(make, "draft", [keyless], have_keys=[])
    for more in ({"holders_needed": 2}, {"key_holders": []}, {"key_mode": "none"}, {"key_mode": "standard"}):
        with pytest.raises(RoundRefused):
            make.round("draft", **({"key_mode": "strict", "key_holders": [first], "have_keys": [first]} | more))

    # a holder whose key went before the opening, and one who is asked, stop the opening
    made = strict(make, "approved", [first])
    kept = make.keys.holders.read(first)
    make.keys.holders.destroy(first)
    facts: dict[str, Any] = {"keys": make.keys, "by": make.coordinator.id, "now": make.now}
    with pytest.raises(RoundRefused, match="no key yet"), transaction() as session:
        operations.open_round(session, made.id, **facts)
    make.keys.holders.write(first, kept)
    asked = strict(make, "nominating", [second], practitioner=make.practitioner("Dr Asked"))
    ask_holder(make, asked.id, second)
    with pytest.raises(HolderIsAsked), transaction() as session:
        operations.open_round(session, asked.id, **facts)

    # only the round's own holder finds its page, and only once it waits
    with transaction() as session:
        operations.open_round(session, made.id, **facts)
    with pytest.raises(NomineeRefused, match="cannot be asked"), transaction() as session:
        name_holder(session, make, made.id, first)
    with transaction() as session:
        name_holder(session, make, made.id, second)  # who holds the key of another round
    one, two = visitor(), visitor()
    one.sign_in("key_holder1@example.org")
    two.sign_in("key_holder2@example.org")
    assert "still takes answers" in one.get(f"/keys/{made.id}").text
    two.get(f"/keys/{made.id}", status=404)
    one.get("/keys/forget", status=409)
    with transaction() as session:
        operations.close_round(session, made.id, **facts)
    with pytest.raises(HolderNeeded), transaction() as session:
        operations.close_round(session, made.id, **facts)
    one.get(f"/keys/{made.id}")
    for _ in range(6):
        one.submit({"passphrase": "not this one"}, status=422)
    one.submit({"passphrase": PHRASES[0]}, status=429)
    assert state(made.id) == "awaiting_key_holder"

    # a cancelled round leaves nothing, a new passphrase opens the same key, a forgotten one makes room for another
    with transaction() as session:
        operations.cancel_round(session, made.id, reason="Wrong person.", by=make.coordinator.id, now=make.now)
    run_due(HANDLERS)
    assert made.id not in [*make.keys.seals.names(), *make.keys.tokens.names()]
    two.get("/keys/passphrase")
    new = "five new words about nothing"
    two.submit({"now": "wrong", "passphrase": new, "again": new}, status=422)
    was = holding.holder_private(make.keys, second, PHRASES[1])
    assert "is changed" in two.submit({"now": PHRASES[1], "passphrase": new, "again": new}).text
    assert holding.holder_private(make.keys, second, new) == was
    two.get("/keys/forget")
    assert "You can make another" in two.submit(button="Destroy my key").text
    assert make.keys.holders.names() == [first]


def ask_holder(make: Make, round_id: str, holder: str) -> None:
    """The key holder is proposed by name, and the list is approved."""
    with transaction() as session:
        name_holder(session, make, round_id, holder)
        rounds.approve_round(session, round_id, by=make.coordinator.id, now=make.now)


def name_holder(session: Session, make: Make, round_id: str, holder: str) -> None:
    """The organisation adds the key holder to the people who are asked."""
    who = account_of(session, holder)
    named = {"family": "colleagues", "group": "doctor", "name": who.name, "address": who.email}
    facts = {"by": make.coordinator.id, "now": make.now}
    invitations.nominate(session, round_id, origin="organisation", **named, **facts)
