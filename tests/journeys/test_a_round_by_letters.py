"""The story of a small round without any script, on both databases: every step by page, form and letter."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from msf.app import HANDLERS
from msf.base import queue
from msf.base.clock import today
from msf.base.config import Settings
from msf.instruments import find
from msf.respond import jobs as door_jobs
from tests.journeys.letters import Letters, codes, link
from tests.journeys.people import Cast, cast
from tests.make import PASSWORD, Make
from tests.pages import Visitor

Desk = Callable[[], Visitor]
SILENT = "doctor6@northvale.example"
WORDS = "Explains with patience, ŵ."


@pytest.fixture
def now() -> datetime:
    """Today, since pages read the clock."""
    return datetime.now(UTC)


def test_a_small_round_runs_from_page_to_page(visitor: Desk, make: Make, settings: Settings, now: datetime) -> None:
    people, letters = cast(make), Letters(settings)
    coordinator, manager = _signed_in(visitor, people.coordinator.email), _signed_in(visitor, people.case_manager.email)
    round_page = _prepared(coordinator, people, today(now, "Europe/London"))
    queue.run_due(HANDLERS)
    _chosen(visitor(), people, letters)
    _approved(manager, round_page)
    _press(coordinator, f"{round_page}/desk/open", "Open and send the invitations")
    queue.run_due(HANDLERS)
    _answered(visitor, codes(letters.fresh()))
    _reminded(letters, now + timedelta(days=7))
    _press(coordinator, f"{round_page}/desk/close", "Close the round for good")
    queue.run_due(HANDLERS)
    _checked(visitor, people, round_page)
    manager.get(f"{round_page}/report", status=404)
    coordinator.get(f"{round_page}/release")
    coordinator.submit({"facilitator_id": people.facilitator.id})
    queue.run_due(HANDLERS)
    _read(visitor(), people, letters)
    manager.get(f"{round_page}/report", status=404)
    _press(coordinator, f"{round_page}/release", "Release to the organisation")
    assert WORDS in manager.get(f"{round_page}/report").text


def _signed_in(visitor: Desk, email: str) -> Visitor:
    page = visitor()
    page.sign_in(email)
    return page


def _press(page: Visitor, path: str, words: str) -> None:
    page.get(path)
    page.submit(button=words)


def _prepared(page: Visitor, people: Cast, opens: date) -> str:
    """Make the round and ask the practitioner; where the round is."""
    closes = opens + timedelta(weeks=4)
    days = {
        f"{name}-{part}": str(getattr(day, part))
        for name, day in (("opens_on", opens + timedelta(days=1)), ("closes_on", closes))
        for part in ("day", "month", "year")
    }
    asked = {"colleague_questionnaire": "doctor-colleagues/1", "patient_questionnaire": "patients-in-person/1"}
    page.get("/rounds/new")
    made = page.submit({"practitioner_id": people.practitioner.id, **asked, **days})
    _press(page, f"{made.url}/start", "Yes, write now")
    return made.url


def _chosen(page: Visitor, people: Cast, letters: Letters) -> None:
    (letter,) = letters.fresh()
    path = urlsplit(link(letter)).path
    page.get(path)
    assert page.submit({"email": people.practitioner.email, "password": PASSWORD}).url == path
    for number in range(1, 7):
        page.get(f"{path}/nominees")
        name, address = f"Doctor {number}", f"doctor{number}@northvale.example"
        page.submit({"name": name, "address": address, "group": "doctor"})
    for family in ("colleagues", "patients"):
        form = page.get(f"{path}/self/{family}").form(button="Save my answers")
        page.submit({name: "4" for name in form.names if name.startswith("item.")}, button="Save my answers")


def _approved(page: Visitor, path: str) -> None:
    page.get(f"{path}/patients")
    page.submit({"addresses": "\n".join(f"patient{number}@mail.example" for number in range(5))})
    _press(page, f"{path}/approve", "Approve everybody and the list")


def _answered(visitor: Desk, found: dict[str, str]) -> None:
    assert len(found) == 11
    for address, code in found.items():
        if address == SILENT:
            continue
        page = visitor()
        page.get("/give")
        page.submit({"code": code})
        key = "doctor-colleagues" if address.startswith("doctor") else "patients-in-person"
        words = {"text.does_well": WORDS} if address.startswith("doctor1@") else {}
        given = {f"item.{item}": str(3 + len(item) % 3) for item in find(key).item_ids}
        assert page.submit({**given, **words}, button="Send my answers").heading == "Thank you"


def _reminded(letters: Letters, later: datetime) -> None:
    door_jobs.tick(later)
    queue.run_due(HANDLERS, clock=lambda: later)
    assert [letter.to for letter in letters.fresh()] == [SILENT]


def _checked(visitor: Desk, people: Cast, path: str) -> None:
    moderator = _signed_in(visitor, people.moderator.email)
    assert WORDS in moderator.get(f"{path}/comments").text
    moderator.submit(button="Release comment 1")
    _press(moderator, f"{path}/comments/finish", "Yes, finish")
    reviewer = _signed_in(visitor, people.reviewer.email)
    reviewer.get(f"{path}/review")
    reviewer.submit({"checks": ["people", "small", "comments", "bearable"]})


def _read(page: Visitor, people: Cast, letters: Letters) -> None:
    (letter,) = letters.fresh()
    path = urlsplit(link(letter)).path
    page.sign_in(people.practitioner.email)
    assert WORDS in page.get(path).text
    told = json.loads(page.client.get(f"{path}.json").data)["parts"]
    assert [part["families"][name]["n"] for part, name in zip(told, ("colleagues", "patients"), strict=True)] == [5, 5]
    for part in told:
        means = [cell for cell in part["cells"] if (cell["statistic"], cell["scope"]) == ("mean", "item")]
        assert means
        assert all(cell["value"] == 3 + len(cell["id"]) % 3 for cell in means if "bound" not in cell)
    assert page.client.get(f"{path}.pdf").data.startswith(b"%PDF-")
