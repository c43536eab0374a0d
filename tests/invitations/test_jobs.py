"""Letters: what is in them, when none is sent, and that no token is left anywhere else."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from msf.base import queue
from msf.base.config import Settings
from msf.base.db import Database, reading, transaction
from msf.base.keys import KeyMissing, Keys
from msf.base.mail import Caught, caught, letter
from msf.invitations import queries
from msf.invitations.jobs import send
from msf.invitations.rules import token, token_groups, token_text
from msf.respond import operations as door
from msf.rounds.jobs import ask_nominations
from msf.rounds.operations import cancel_round
from tests.rounds.desk import round_in
from tests.rounds.people import cast

HANDLERS: Mapping[str, queue.Handler] = {"invitations.send": send, "rounds.ask_nominations": ask_nominations}


@pytest.fixture
def opened(settings: Settings, database: Database, now: datetime) -> tuple[str, Any]:
    """An open round with six nurses, and the cast."""
    with transaction() as session:
        people = cast(session)
    return round_in(people, "open", now=now, keys=Keys.at(settings.keys)), people


def post(settings: Settings) -> list[Caught]:
    return caught(Path(settings.mail.removeprefix("folder:")))


def run(now: datetime) -> int:
    return queue.run_due(HANDLERS, clock=lambda: now)


def all_rows(database: Database) -> str:
    """Everything in the database, as text."""
    rows = []
    with database.engine.connect() as connection:
        for table in sa.inspect(connection).get_table_names():
            rows += [str(row) for row in connection.execute(sa.text(f'SELECT * FROM "{table}"'))]
    return "\n".join(rows)


def test_everybody_invited_gets_one_letter_with_their_own_link_and_code(
    opened: tuple[str, Any], settings: Settings, now: datetime
) -> None:
    round_id, _ = opened
    assert run(now) == 7
    letters = {each.to: each for each in post(settings) if each.subject == "Feedback for Dr Ann Lee"}
    with reading() as session:
        places = {place.id: place for place in queries.places(session, round_id)}
        invited = [queries.invitation(session, place) for place in places]
    secret = Keys.at(settings.keys).tokens.read(round_id)
    assert set(letters) == {row.address for row in invited if row}
    for row in invited:
        assert row is not None
        text, code = letters[str(row.address)].text, token_text(token(secret, row.n))
        assert f"http://localhost/give#{code}" in text
        assert token_groups(code) in text
        assert f"Hello {row.name}" in text
    assert "confidential; designed so that your answers cannot be matched to you afterwards" in text
    for words in ("PLEASE DO NOT FORWARD", "I would rather not answer", "30 March 2027, 23:59 (London time)"):
        assert words in text
    assert "anonymous" not in text.lower()


def test_no_token_is_left_in_the_database_the_queue_or_the_log(
    opened: tuple[str, Any], settings: Settings, database: Database, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    round_id, _ = opened
    secret = Keys.at(settings.keys).tokens.read(round_id)
    canaries = [token(secret, n) for n in range(260)]
    caplog.set_level(logging.DEBUG)
    before = all_rows(database)
    run(now)
    left = f"{before}\n{all_rows(database)}\n{caplog.text}"
    forms = [
        form for each in canaries for form in (token_text(each), each.hex(), token_groups(token_text(each)), repr(each))
    ]
    assert [form for form in forms if form in left] == []
    assert secret.hex() not in left
    assert repr(secret) not in left
    assert "invitations.send" in before
    assert "nurse0@example.org" not in caplog.text


def test_a_letter_that_cannot_leave_is_tried_again_and_no_address_is_logged(
    opened: tuple[str, Any], settings: Settings, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    folder = Path(settings.mail.removeprefix("folder:"))
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")
    assert run(now) == 1  # the practitioner's letter is not needed any more
    assert "@example.org" not in caplog.text.replace("feedback@example.org", "")
    folder.unlink()
    assert run(now + timedelta(hours=1)) == 6
    assert len(post(settings)) == 6


def test_a_job_that_runs_twice_sends_the_same_letter_and_marks_nothing(
    opened: tuple[str, Any], settings: Settings, database: Database, now: datetime
) -> None:
    round_id, _ = opened
    with reading() as session:
        place = queries.places(session, round_id)[0]
    before = all_rows(database)
    for _ in range(2):
        send({"invitation_id": place.id}, now=now)
    first, second = post(settings)
    assert (first.to, first.text) == (second.to, second.text)
    assert all_rows(database) == before


def test_nothing_is_sent_for_a_round_that_takes_no_answers_or_an_invitation_that_is_gone(
    opened: tuple[str, Any], settings: Settings, now: datetime
) -> None:
    round_id, people = opened
    with reading() as session:
        place = queries.places(session, round_id)[0]
    send({"invitation_id": place.id}, now=now + timedelta(weeks=5))
    send({"invitation_id": "0" * 32}, now=now)
    with transaction() as session:
        door.cancel_round(session, round_id, reason="Stopped", by=people.coordinator.id, now=now)
    send({"invitation_id": place.id}, now=now)
    assert post(settings) == []


def test_without_its_key_a_letter_waits(opened: tuple[str, Any], settings: Settings, now: datetime) -> None:
    round_id, _ = opened
    with reading() as session:
        place = queries.places(session, round_id)[0]
    Keys.at(settings.keys).tokens.destroy(round_id)
    with pytest.raises(KeyMissing):
        send({"invitation_id": place.id}, now=now)
    assert post(settings) == []


def test_the_practitioner_is_asked_to_choose_people_while_they_are_being_chosen(
    settings: Settings, database: Database, now: datetime
) -> None:
    with transaction() as session:
        people = cast(session)
    round_id = round_in(people, "nominating", now=now)
    ask_nominations({"round_id": round_id}, now=now)
    (asked,) = post(settings)
    assert (asked.to, asked.subject) == ("practitioner@example.org", "Your feedback: please choose the people to ask")
    assert f"http://localhost/rounds/{round_id}" in asked.text
    assert "About 20 are advised" in asked.text
    assert "Patients are asked too." in asked.text
    with transaction() as session:
        cancel_round(session, round_id, reason="Stopped", by=people.coordinator.id, now=now)
    ask_nominations({"round_id": round_id}, now=now)
    ask_nominations({"round_id": "0" * 32}, now=now)
    assert len(post(settings)) == 1


FACTS = {
    "name": None,
    "practitioner": "Dr <b>Ann</b> Lee",
    "organisation": "R & D Trust",
    "link": "http://localhost/give#abc",
    "door": "http://localhost/give",
    "code": "abcd efgh",
    "closes_at": datetime.fromisoformat("2027-03-28T22:59:00+00:00"),
    "zone": "Europe/London",
    "minutes": 5,
    "family": "patients",
    "k": 5,
    "service": "The Service",
}


@pytest.mark.parametrize("name", ["invitation", "reminder"])
def test_letters_to_people_without_a_name_read_well_and_carry_names_as_words(name: str) -> None:
    made = letter(name, to="p@example.org", subject="Feedback", **FACTS)
    assert made.text.startswith("Hello\n")
    assert "28 March 2027, 23:59 (London time)" in made.text
    assert "Dr <b>Ann</b> Lee of R & D Trust" in made.text
    assert "Dr &lt;b&gt;Ann&lt;/b&gt; Lee of R &amp; D Trust" in made.html
    for part in (made.text, made.html):
        assert "designed so that your answers cannot be matched to you afterwards" in part
        assert "http://localhost/give#abc" in part and "abcd efgh" in part
        assert "not forward this letter" in part.lower()
    assert "<img" not in made.html and "<style" not in made.html
