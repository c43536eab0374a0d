"""The coordinator's desk: for coordinators of the round's own service only, and each deed is asked first."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from msf.base.db import reading
from msf.base.queue import Job
from msf.rounds.models import Round
from tests.make import PASSWORD, Make
from tests.pages import Visitor

DEEDS = ("", "/open", "/close", "/extend", "/cancel")


@pytest.fixture
def now() -> datetime:
    """Today: the pages of the desk read the clock."""
    return datetime.now(UTC)


def state(round_id: str) -> str:
    with reading() as session:
        return session.get_one(Round, round_id).state


def desk(round_id: str, deed: str = "") -> str:
    return f"/rounds/{round_id}/desk{deed}"


def test_a_coordinator_opens_extends_and_closes_a_round(page: Visitor, make: Make) -> None:
    made = make.round("approved")
    page.sign_in(make.coordinator.email, PASSWORD)
    assert "Open and send the invitations" in page.get(desk(made.id, "/open")).text
    assert state(made.id) == "approved"
    assert "The round is open" in page.submit(button="Open and send the invitations").text
    with reading() as session:
        assert len(session.exec(select(Job).where(Job.kind == "invitations.send")).all()) == 16
    later = made.closes_on + timedelta(days=7)
    page.get(desk(made.id, "/extend"))
    parts = {f"closes_on-{name}": str(getattr(later, name)) for name in ("day", "month", "year")}
    assert "The round stays open longer" in page.submit(parts, button="Give more time").text
    with reading() as session:
        assert session.get_one(Round, made.id).closes_on == later
    assert "nobody can answer" in page.get(desk(made.id, "/close")).text
    assert state(made.id) == "open"
    assert "The round is closed" in page.submit(button="Close the round for good").text
    assert state(made.id) == "closed"
    assert not make.keys.seals.has(made.id) or "finish" in _keys_of_jobs()


def test_a_round_that_would_ask_too_few_people_stays_shut_and_says_what_to_do(page: Visitor, make: Make) -> None:
    made = make.round("approved", colleagues={"doctor": 3}, patients=4)
    page.sign_in(make.coordinator.email, PASSWORD)
    shown = page.get(desk(made.id)).text
    assert "Only 3 colleagues would be asked" in shown and "Approve more colleagues, then open the round." in shown
    assert "Only 4 patients would be asked" in shown and "Add more patients or cards" in shown
    assert f"/rounds/{made.id}/nominees" in page.here.links.values()
    assert "Open and send the invitations" not in page.get(desk(made.id, "/open")).text
    page.get(desk(made.id, "/cancel"))
    refused = page.post(desk(made.id, "/open"), status=422)
    assert "Only 3 colleagues would be asked" in refused.text
    assert state(made.id) == "approved"
    with reading() as session:
        assert session.exec(select(Job).where(Job.kind == "invitations.send")).all() == []


def _keys_of_jobs() -> str:
    with reading() as session:
        return " ".join(key or "" for key in session.exec(select(Job.key)))


def test_a_round_is_cancelled_with_a_reason_only(page: Visitor, make: Make) -> None:
    made = make.round("open")
    page.sign_in(make.coordinator.email, PASSWORD)
    page.get(desk(made.id, "/cancel"))
    refused = page.submit({"reason": " "}, button="Cancel the round for good", status=422)
    assert "Say why the round is cancelled" in refused.text
    assert state(made.id) == "open"
    done = page.submit({"reason": "The practitioner has left."}, button="Cancel the round for good")
    assert "destroyed unread" in done.text
    assert state(made.id) == "cancelled"


def test_an_earlier_or_impossible_last_day_is_refused(page: Visitor, make: Make) -> None:
    made = make.round("open")
    page.sign_in(make.coordinator.email, PASSWORD)
    page.get(desk(made.id, "/extend"))
    wrong = {"closes_on-day": "31", "closes_on-month": "2", "closes_on-year": "2027"}
    page.submit(wrong, button="Give more time", status=422)
    page.get(desk(made.id, "/extend"))
    early = {f"closes_on-{name}": str(getattr(made.opens_on, name)) for name in ("day", "month", "year")}
    page.submit(early, button="Give more time", status=422)
    with reading() as session:
        assert session.get_one(Round, made.id).closes_on == made.closes_on


@pytest.mark.parametrize(
    ("before", "deed"), [("draft", "/open"), ("approved", "/close"), ("open", "/open"), ("nominating", "/close")]
)
def test_a_deed_in_the_wrong_state_is_refused_in_plain_words(page: Visitor, make: Make, before: str, deed: str) -> None:
    made = make.round(before)
    page.sign_in(make.coordinator.email, PASSWORD)
    page.get(desk(made.id))
    refused = page.post(desk(made.id, deed), status=409)
    assert "round" in refused.heading.lower()
    assert state(made.id) == before


@pytest.mark.parametrize("role", ["practitioner", "case_manager", "moderator", "quality_reviewer", "facilitator"])
def test_nobody_but_a_coordinator_finds_the_desk(page: Visitor, make: Make, role: str) -> None:
    made = make.round("open")
    somebody = make.account(role, profession="doctor" if role == "practitioner" else None)
    page.sign_in(somebody.email, PASSWORD)
    for deed in DEEDS:
        page.get(desk(made.id, deed), status=403)
        if deed:
            page.post(desk(made.id, deed), {"reason": "no"}, status=403)
    assert state(made.id) == "open"


def test_a_coordinator_of_another_service_does_not_find_the_round(page: Visitor, make: Make) -> None:
    made = make.round("open")
    elsewhere = make.organisation("Another Service", kind="service")
    stranger = make.account("coordinator", at=elsewhere)
    page.sign_in(stranger.email, PASSWORD)
    for deed in DEEDS:
        page.get(desk(made.id, deed), status=404)
        if deed:
            page.post(desk(made.id, deed), {"reason": "no"}, status=404)
    page.get(desk("0" * 32), status=404)
    assert state(made.id) == "open"


def test_whoever_is_not_signed_in_is_sent_to_sign_in(visitor: Callable[[], Visitor], make: Make) -> None:
    made = make.round("open")
    somebody = visitor()
    assert "Sign in" in somebody.get(desk(made.id, "/close")).heading
    assert state(made.id) == "open"
