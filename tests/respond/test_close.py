"""The close and the other ends of a round: what is left afterwards, and that nothing else is."""

import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlmodel import col, select

from msf.app import HANDLERS
from msf.base import db
from msf.base.config import Settings
from msf.base.db import Database, reading, transaction
from msf.base.keys import wrapping
from msf.base.queue import Job, run_due
from msf.invitations import operations as invitations
from msf.invitations.rules import read_token, slot_hash
from msf.respond import jobs, operations
from msf.respond.queries import key_troubles
from msf.responses import queries as responses
from msf.responses.models import Answer, Comment, Slot
from msf.responses.rules import Sheet, pack, seal, unpack, unseal
from msf.rounds.models import Round
from tests.faults.children import a_receipt, form
from tests.respond.rounds import OpenRound, learn_codes, open_round

NOW = datetime.now(UTC)
CANARY = "Canary wren sings at dusk"


@pytest.fixture
def opened(client: FlaskClient, settings: Settings) -> OpenRound:
    """A round of sixteen colleagues and five patients that opened today."""
    return open_round(settings, now=NOW, patients=5)


def answer(client: FlaskClient, codes: list[str], *, words: str = "", receipt: str = "abcdefgh0011") -> None:
    for number, code in enumerate(codes):
        more = {"text.does_well": f"{words} {number}"} if words else {}
        assert client.post("/give", data=form(code, receipt) | more).status_code == 200


def close(opened: OpenRound) -> Round:
    """The close as a coordinator asks for it, without the work that follows it."""
    with transaction() as session:
        operations.close_round(session, opened.id, keys=opened.keys, by=opened.coordinator, now=NOW)
    with reading() as session:
        return session.get_one(Round, opened.id)


def finish(opened: OpenRound) -> None:
    jobs.finish_close({"round_id": opened.id}, now=NOW)


def sealed_of(opened: OpenRound) -> list[bytes]:
    with reading() as session:
        query = select(Slot.sealed).where(Slot.round_id == opened.id, col(Slot.sealed).is_not(None))
        return [box for box in session.exec(query) if box]


def files(home: Path) -> bytes:
    """Every byte of every file of the installation."""
    return b"\0".join(path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file())


def test_after_the_close_blocks_stand_for_groups_and_comments_stand_apart(
    client: FlaskClient, opened: OpenRound
) -> None:
    answer(client, opened.of("colleagues", "doctor"), words=CANARY)
    answer(client, opened.of("colleagues", "nurse"))
    answer(client, opened.of("colleagues", "admin"))
    row = close(opened)
    assert row.partition == {"colleagues": [["doctor"], ["nurse", "admin"]], "patients": []}
    assert row.invited == {"colleagues": {"admin": 2, "doctor": 8, "nurse": 6}, "patients": {"patient": 5}}
    assert (row.opened, row.unreadable) == (16, 0)
    with reading() as session:
        kept = responses.answers_of(session, opened.id)
        comments = responses.comments_of(session, opened.id)
        assert session.exec(select(sa.func.count()).select_from(Slot)).one() == 0
    assert {block: len(ratings) for block, ratings in kept.items()} == {
        "colleagues:doctor": 8,
        "colleagues:nurse+admin": 8,
    }
    assert sorted(each.text for each in comments) == sorted(f"{CANARY} {n}" for n in range(8))
    assert {(each.question, each.family) for each in comments} == {("doctor-colleagues/1:does_well", "colleagues")}


def test_of_a_family_under_the_least_nothing_is_kept(client: FlaskClient, opened: OpenRound) -> None:
    answer(client, opened.of("colleagues", "doctor")[:3])
    assert close(opened).partition == {"colleagues": [], "patients": []}
    with reading() as session:
        assert session.exec(select(Answer)).all() == []
        assert session.exec(select(Comment)).all() == []


def test_the_blocks_do_not_tell_whether_the_only_person_of_a_role_answered(
    client: FlaskClient, opened: OpenRound
) -> None:
    answer(client, [*opened.of("colleagues", "doctor"), *opened.of("colleagues", "nurse")])
    assert close(opened).partition["colleagues"] == [["doctor"], ["nurse", "admin"]]


def test_a_sealed_answer_names_its_pool_and_whoever_is_asked_late_joins_one(
    client: FlaskClient, opened: OpenRound
) -> None:
    before = opened.of("colleagues")
    with transaction() as session:
        invitations.nominate(
            session, opened.id, family="colleagues", group="allied", name="Late", address="late@northvale.example",
            origin="organisation", by=opened.coordinator, now=NOW,
        )  # fmt: skip
    learn_codes(opened)
    (_late,) = set(opened.of("colleagues")) - set(before)
    for code in opened.of("colleagues"):
        client.post("/give", data=form(code, a_receipt()))
    private = opened.keys.seals.read(opened.id)
    named = Counter(unpack(unseal(box, private), round_id=opened.id).group for box in sealed_of(opened))
    assert named == {"doctor": 8, "nurse": 9}
    row = close(opened)
    assert row.pools == {"colleagues": [["doctor"], ["nurse", "allied", "admin"]], "patients": [["patient"]]}
    assert row.partition == {"colleagues": [["doctor"], ["nurse", "allied", "admin"]], "patients": []}


def test_in_a_round_that_opened_before_there_were_pools_groups_stand_by_themselves(
    client: FlaskClient, opened: OpenRound
) -> None:
    with transaction() as session:
        session.get_one(Round, opened.id).pools = None
    answer(client, [*opened.of("colleagues", "doctor"), *opened.of("colleagues", "nurse")])
    private = opened.keys.seals.read(opened.id)
    assert {unpack(unseal(box, private), round_id=opened.id).group for box in sealed_of(opened)} == {"doctor", "nurse"}
    assert close(opened).partition["colleagues"] == [["doctor"], ["nurse", "admin"]]


def test_a_block_names_no_group_that_nobody_was_asked_from(client: FlaskClient, opened: OpenRound) -> None:
    answer(client, [*opened.of("colleagues", "doctor"), *opened.of("colleagues", "admin")])
    blocks = close(opened).partition["colleagues"]
    assert {group for block in blocks for group in block} <= {"doctor", "nurse", "admin"}


def test_ids_of_answers_and_comments_are_random_and_no_order_tells(client: FlaskClient, opened: OpenRound) -> None:
    codes = [*opened.of("colleagues", "doctor"), *opened.of("colleagues", "nurse")]
    for number, code in enumerate(codes):
        sent = form(code, a_receipt(), rating=str(1 + number % 5)) | {"text.does_well": f"{number:02}"}
        assert client.post("/give", data=sent).status_code == 200
    close(opened)
    with reading() as session:
        ids = [*session.exec(select(Answer.id)), *session.exec(select(Comment.id))]
        texts = [each.text for each in responses.comments_of(session, opened.id)]
    assert len(set(ids)) == len(ids) == 28
    assert all(len(id) == 32 for id in ids)
    assert len({id[:4] for id in ids}) > 20
    # Fourteen in the order they came in happens once in 14! shuffles.
    assert texts != sorted(texts)


def test_refusals_count_as_opened_and_leave_no_answer(client: FlaskClient, opened: OpenRound) -> None:
    codes = opened.of("colleagues", "doctor")
    answer(client, codes[:6])
    for code in codes[6:]:
        client.post("/give", data={"code": code, "receipt": a_receipt(), "step": "decline"})
    row = close(opened)
    assert (row.opened, row.unreadable) == (8, 0)
    with reading() as session:
        assert session.exec(select(sa.func.count()).select_from(Answer)).one() == 6


def test_boxes_that_do_not_open_are_counted_and_stop_nothing(client: FlaskClient, opened: OpenRound) -> None:
    codes = opened.of("colleagues", "doctor")
    answer(client, codes)
    public = read_public(opened)
    other = seal(pack(Sheet("0" * 32, "doctor-colleagues/1", "colleagues", "doctor"), size=12_800), public)
    short = seal(pack(Sheet(opened.id, "doctor-colleagues/1", "colleagues", "doctor", ratings=b"4"), size=900), public)
    forged = (b"", b"\0" * 500, seal(b"MSF1", public), seal(b"\xff" * 900, public), other, short)
    for code, sealed in zip(codes, forged, strict=False):
        with transaction() as session:
            session.exec(sa.update(Slot).where(col(Slot.h) == slot_hash(read_token(code))).values(sealed=sealed))
    row = close(opened)
    assert (row.opened, row.unreadable) == (2, 6)
    assert row.state == "closed"


def read_public(opened: OpenRound) -> bytes:
    with reading() as session:
        public = session.get_one(Round, opened.id).seal_public
    assert public
    return public


def test_the_keys_and_the_slots_are_gone_from_every_file(
    client: FlaskClient, opened: OpenRound, settings: Settings, database: Database
) -> None:
    answer(client, opened.of("colleagues"), words=CANARY)
    boxes = sealed_of(opened)
    secrets = [opened.keys.tokens.read(opened.id), opened.keys.seals.read(opened.id)]
    before = files(settings.home)
    assert all(secret in before for secret in secrets)
    if database.sqlite:
        assert any(box[:200] in before for box in boxes)
    close(opened)
    run_due(HANDLERS, clock=lambda: NOW)
    db.current().engine.dispose()
    after = files(settings.home)
    assert not any(secret in after for secret in secrets)
    assert not any(box[at : at + 48] in after for box in boxes for at in range(0, len(box) - 48, 480))
    assert opened.keys.seals.names() == opened.keys.tokens.names() == []


@pytest.mark.sqlite
def test_comments_of_a_cancelled_round_are_nowhere(client: FlaskClient, opened: OpenRound, settings: Settings) -> None:
    answer(client, opened.of("colleagues"), words=CANARY)
    boxes = sealed_of(opened)
    with transaction() as session:
        operations.cancel_round(session, opened.id, reason="wrong person", by=opened.coordinator, now=NOW)
    run_due(HANDLERS, clock=lambda: NOW)
    db.current().engine.dispose()
    left = files(settings.home)
    assert CANARY.encode() not in left
    assert not any(box[at : at + 48] in left for box in boxes for at in range(0, len(box) - 48, 480))


def test_cancelling_destroys_answers_unread_and_the_keys(client: FlaskClient, opened: OpenRound) -> None:
    answer(client, opened.of("colleagues"))
    with transaction() as session:
        operations.cancel_round(session, opened.id, reason="wrong person", by=opened.coordinator, now=NOW)
    finish(opened)
    with reading() as session:
        for table in (Slot, Answer, Comment):
            assert session.exec(select(sa.func.count()).select_from(table)).one() == 0
        row = session.get_one(Round, opened.id)
    assert (row.state, row.opened, row.ended_reason) == ("cancelled", None, "wrong person")
    assert opened.keys.seals.names() == opened.keys.tokens.names() == []


def test_an_answer_can_be_withdrawn_before_the_close_and_not_after(client: FlaskClient, opened: OpenRound) -> None:
    codes = opened.of("colleagues", "doctor")
    answer(client, codes)
    taken = {"code": codes[0], "receipt": "abcdefgh0011", "confirmed": "yes"}
    assert client.post("/give/withdraw", data=taken).status_code == 200
    assert client.post("/give/withdraw", data=taken).status_code == 404
    assert close(opened).opened == 7
    assert client.post("/give/withdraw", data=taken | {"code": codes[1]}).status_code == 404


def test_more_time_keeps_what_was_sent_and_takes_more(client: FlaskClient, opened: OpenRound) -> None:
    from msf.rounds import operations as rounds

    codes = opened.of("colleagues", "doctor")
    answer(client, codes[:4])
    with transaction() as session:
        later = session.get_one(Round, opened.id).closes_on + timedelta(days=7)
        rounds.extend_round(session, opened.id, closes_on=later, by=opened.coordinator, now=NOW)
    answer(client, codes[4:])
    assert close(opened).opened == 8


def test_a_close_without_its_key_is_refused_and_loses_nothing(client: FlaskClient, opened: OpenRound) -> None:
    from msf.respond.rules import CannotOpen, new_holder_key, public_half, share_out

    answer(client, opened.of("colleagues", "doctor"))
    kept = opened.keys.seals.read(opened.id)
    opened.keys.seals.destroy(opened.id)
    with pytest.raises(CannotOpen, match="answers are still there"):
        close(opened)
    # Shares of the right key open nothing by themselves, whatever the round says of how it is locked.
    wrapping.use(wrapping.Strength(1, 8192))
    holder = public_half(new_holder_key("a", "river lamp orange window seven"), "a")
    wrapping.use(wrapping.MODERATE)
    opened.keys.seals.write(opened.id, share_out(opened.id, kept, holders={"a": holder}, needed=1).to_bytes())
    with pytest.raises(CannotOpen):
        close(opened)
    assert len(sealed_of(opened)) == 8
    opened.keys.seals.destroy(opened.id)
    opened.keys.seals.write(opened.id, kept)
    assert close(opened).opened == 8


@pytest.mark.sqlite
def test_rewriting_the_file_waits_for_whoever_still_reads(
    client: FlaskClient, opened: OpenRound, settings: Settings
) -> None:
    answer(client, opened.of("colleagues"))
    close(opened)
    boxed = db.current().engine
    boxed.dispose()
    event.listen(boxed, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=20"))
    reader = sqlite3.connect(settings.home / "msf.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM round").fetchone()
    run_due({"respond.finish_close": jobs.finish_close, "reports.draft": _nothing}, clock=lambda: NOW)
    with reading() as session:
        waiting = session.exec(select(Job).where(Job.kind == "respond.finish_close")).one()
    assert (waiting.state, waiting.attempts) == ("ready", 1)
    assert opened.keys.seals.names() == []
    reader.close()
    later = NOW + timedelta(hours=1)
    run_due({"respond.finish_close": jobs.finish_close}, clock=lambda: later)
    with reading() as session:
        assert session.exec(select(Job).where(Job.kind == "respond.finish_close")).first() is None


def _nothing(_payload: object, *, now: datetime) -> None:
    assert now


def test_a_key_that_outlived_its_round_is_told_and_destroyed(client: FlaskClient, opened: OpenRound) -> None:
    answer(client, opened.of("colleagues", "doctor"))
    close(opened)
    with transaction() as session:
        # As after eight workers died over it: the job is set aside and nobody takes it up again.
        session.exec(sa.update(Job).where(col(Job.kind) == "respond.finish_close").values(state="dead"))
    with reading() as session:
        assert len(key_troubles(session, opened.keys)) == 1
    jobs.tick(NOW)
    assert opened.keys.seals.names() == opened.keys.tokens.names() == []
    with reading() as session:
        assert key_troubles(session, opened.keys) == []
