"""The door as a rater meets it: a code in, one sealed answer out, and nothing else left behind."""

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from msf.accounts.guard import throttle
from msf.base.config import Settings
from msf.base.db import Database, reading, transaction
from msf.instruments import find
from msf.respond import operations
from msf.responses import queries as responses
from tests.pages import Visitor
from tests.respond.rounds import OpenRound, open_round

BASE = "http://localhost"


@pytest.fixture
def opened(app: Flask, settings: Settings) -> OpenRound:
    """A round that opened today."""
    return open_round(settings, now=datetime.now(UTC), patients=5)


def full_answers(code: str, receipt: str, *, key: str = "doctor-colleagues", rating: str = "4") -> dict[str, str]:
    """A form filled in with one rating throughout."""
    items = {f"item.{item}": rating for item in find(key).item_ids}
    return {"code": code, "receipt": receipt, "step": "send", **items}


def filled(round_id: str) -> int:
    """How many slots hold something."""
    with reading() as session:
        return responses.filled(session, round_id)


def test_a_rater_opens_the_link_answers_and_gets_a_receipt(page: Visitor, opened: OpenRound) -> None:
    code = opened.of("colleagues", "doctor")[0]
    page.get("/give")
    form = page.submit({"code": code})
    assert form.heading == "Feedback about Dr Robin Sample"
    items = {f"item.{item}": "4" for item in find("doctor-colleagues").item_ids}
    thanks = page.submit(items, button="Send my answers")
    assert "Your answers are sent and locked" in thanks.text
    assert filled(opened.id) == 1


def test_the_form_of_a_small_group_says_that_scores_are_counted_together(page: Visitor, opened: OpenRound) -> None:
    note = "Your scores will be counted together with those of other groups"
    assert note in page.post("/give", {"code": opened.of("colleagues", "admin")[0]}).text
    assert note not in page.post("/give", {"code": opened.of("colleagues", "doctor")[0]}).text


def test_the_same_form_sent_twice_shows_the_receipt_again(client: FlaskClient, opened: OpenRound) -> None:
    answers = full_answers(opened.of("colleagues")[0], "abcdefgh0011")
    first, second = (client.post("/give", data=answers) for _ in range(2))
    assert first.data == second.data
    assert b"abcd efgh 0011" in second.data
    assert filled(opened.id) == 1


def test_spent_unknown_and_closed_codes_look_exactly_alike(client: FlaskClient, opened: OpenRound) -> None:
    code = opened.of("colleagues")[0]
    client.post("/give", data=full_answers(code, "abcdefgh0011"))
    spent = client.post("/give", data={"code": code})
    unknown = client.post("/give", data={"code": "0" * 24 + "11"})
    late = client.post("/give", data=full_answers(code, "000000000000"))
    with transaction() as session:
        operations.cancel_round(session, opened.id, reason="trial", by=opened.coordinator, now=datetime.now(UTC))
    gone = client.post("/give", data={"code": opened.of("colleagues")[1]})
    assert {answer.status_code for answer in (spent, unknown, late, gone)} == {404}
    assert spent.data == unknown.data == late.data == gone.data
    assert dict(spent.headers) == dict(unknown.headers)


def test_nothing_sets_or_reads_a_cookie(client: FlaskClient, opened: OpenRound) -> None:
    code = opened.of("colleagues")[0]
    answers = [
        client.get("/give"),
        client.post("/give", data={"code": code}),
        client.post("/give", data=full_answers(code, "abcdefgh0011")),
        client.post("/give", data={"code": code}),
        client.get("/give/withdraw"),
        client.post("/give/withdraw", data={"code": code, "receipt": "abcdefgh0011", "confirmed": "yes"}),
    ]
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"item.forged": "3"}, "not in this questionnaire"),
        ({"item.listens": "9"}, "Choose one of the answers"),
        ({"item.listens": "101"}, "Choose one of the answers"),
        ({"text.could_be_better": "x\0y"}, "null byte"),
        ({"text.could_be_better": "ə" * 4001}, "too long"),
    ],
)
def test_forged_or_unreadable_answers_are_refused_and_kept_on_the_page(
    client: FlaskClient, opened: OpenRound, change: dict[str, str], words: str
) -> None:
    code = opened.of("colleagues")[0]
    first = find("doctor-colleagues").item_ids[0]
    change = {name.replace("item.listens", f"item.{first}"): value for name, value in change.items()}
    sent = full_answers(code, "abcdefgh0011") | {"text.does_well": "Kept words"} | change
    answer = client.post("/give", data=sent)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert "Kept words" in answer.get_data(as_text=True)
    assert filled(opened.id) == 0


def test_an_empty_form_is_not_taken(client: FlaskClient, opened: OpenRound) -> None:
    answer = client.post("/give", data={"code": opened.of("colleagues")[0], "receipt": "a" * 12, "step": "send"})
    assert answer.status_code == 422
    assert "You have not answered anything yet" in answer.get_data(as_text=True)
    assert filled(opened.id) == 0


def test_ten_megabytes_of_comment_are_too_much(client: FlaskClient, opened: OpenRound) -> None:
    answers = full_answers(opened.of("colleagues")[0], "abcdefgh0011") | {"text.does_well": "x" * 10_000_000}
    answer = client.post("/give", data=answers)
    assert answer.status_code == 413
    assert "larger than the service takes" in answer.get_data(as_text=True)
    assert filled(opened.id) == 0


def test_somebody_declines_and_takes_it_back(page: Visitor, opened: OpenRound) -> None:
    code = opened.of("patients")[0]
    receipt = page.post("/give", {"code": code}).form(button="Do not take part").fields["receipt"][0]
    assert "You have chosen not to take part" in page.submit(button="Do not take part").text
    assert filled(opened.id) == 1
    asked = page.post("/give/withdraw", {"code": code, "receipt": receipt})
    assert "Take your answers back?" in asked.text
    assert filled(opened.id) == 1
    done = page.post("/give/withdraw", {"code": code, "receipt": receipt, "confirmed": "yes"})
    assert "Your answers are destroyed" in done.text
    assert filled(opened.id) == 0
    assert "Feedback about" in page.post("/give", {"code": code}).text


def test_a_forwarded_link_cannot_withdraw_without_the_receipt(client: FlaskClient, opened: OpenRound) -> None:
    code = opened.of("colleagues")[0]
    client.post("/give", data=full_answers(code, "abcdefgh0011"))
    answer = client.post("/give/withdraw", data={"code": code, "receipt": "0" * 12, "confirmed": "yes"})
    assert answer.status_code == 404
    assert filled(opened.id) == 1


def test_a_missing_or_wrong_key_refuses_answers_and_keeps_them_on_the_senders_side(
    client: FlaskClient, opened: OpenRound
) -> None:
    opened.keys.seals.destroy(opened.id)
    answers = full_answers(opened.of("colleagues")[0], "abcdefgh0011")
    assert client.post("/give", data=answers).status_code == 503
    opened.keys.seals.write(opened.id, bytes(range(32)))
    assert client.post("/give", data=answers).status_code == 503
    assert filled(opened.id) == 0


def test_every_sealed_answer_has_one_length(client: FlaskClient, opened: OpenRound, database: Database) -> None:
    long = full_answers(opened.of("colleagues")[0], "abcdefgh0011") | {"text.does_well": "ŵ" * 3999}
    client.post("/give", data=long)
    client.post("/give", data=full_answers(opened.of("patients")[0], "abcdefgh0012", key="patients-in-person"))
    client.post("/give", data={"code": opened.of("colleagues")[2], "receipt": "abcdefgh0013", "step": "decline"})
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT length(sealed) FROM slot WHERE sealed IS NOT NULL").scalars().all()
    assert len(rows) == 3
    assert len(set(rows)) == 1


def test_a_raters_page_is_small_and_asks_for_little(client: FlaskClient, opened: OpenRound) -> None:
    html = client.post("/give", data={"code": opened.of("colleagues")[0]}).data
    files = re.findall(rb'(?:href|src)="(/static/[^"]+)"', html)
    sizes = [len(gzip.compress(html))]
    for path in files:
        with client.get(path.decode()) as answer:
            sizes.append(len(gzip.compress(answer.data)))
    assert len(sizes) <= 4
    assert sum(sizes) <= 40 * 1024


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No code and no receipt reaches a log."""
    caplog.set_level("DEBUG")
    yield
    assert "abcdefgh0011" not in caplog.text


@pytest.mark.sqlite
def test_trying_codes_is_braked_and_real_codes_work_again_for_others(
    client: FlaskClient, opened: OpenRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "SAME", 0.0)
    answers = [client.post("/give", data={"code": f"{number:026}"}).status_code for number in range(302)]
    assert answers[:300] == [404] * 300
    assert answers[300:] == [429, 429]
    elsewhere = client.post(
        "/give", data={"code": opened.of("colleagues")[0]}, environ_overrides={"REMOTE_ADDR": "127.0.0.9"}
    )
    assert elsewhere.status_code == 200
