"""Pages of rounds, as the people who use them see them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from msf.base.clock import utcnow
from msf.base.db import reading
from msf.base.keys import Keys
from msf.instruments import find
from msf.rounds import queries
from tests.pages import Visitor
from tests.rounds.desk import round_in, staffed

DOCTOR = find("doctor-colleagues")


@pytest.fixture
def now() -> datetime:
    """The time as the app sees it."""
    return utcnow()


@pytest.fixture
def people(app: Flask) -> SimpleNamespace:
    """The cast, able to sign in."""
    return staffed()


def day(prefix: str, moment: datetime) -> dict[str, str]:
    return {f"{prefix}-day": str(moment.day), f"{prefix}-month": str(moment.month), f"{prefix}-year": str(moment.year)}


def filled(people: SimpleNamespace, now: datetime, **more: Any) -> dict[str, Any]:
    return {
        "practitioner_id": people.practitioner.id,
        "colleague_questionnaire": "doctor-colleagues/1",
        "patient_questionnaire": "",
        **day("opens_on", now + timedelta(days=3)),
        **day("closes_on", now + timedelta(days=31)),
        **more,
    }


def test_a_coordinator_makes_a_round_and_asks_the_practitioner_to_choose(
    page: Visitor, people: SimpleNamespace, now: datetime
) -> None:
    assert "There are no rounds yet" in page.sign_in("coordinator@example.org").text
    page.get("/rounds/new")
    shown = page.submit(filled(people, now))
    assert shown.heading == "Feedback for Dr Ann Lee"
    assert "Draft." in shown.text and "is made." in shown.text
    asked = page.get(shown.links["Ask the practitioner to choose people"])
    assert "Write to Dr Ann Lee now?" in asked.text
    after = page.submit(button="Yes, write now")
    assert "Choosing people to ask." in after.text
    assert "Dr Ann Lee" in page.get("/rounds").text


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"practitioner_id": ""}, "Choose the practitioner"),
    ({"practitioner_id": "0" * 32}, "Choose from the list"),
    ({"colleague_questionnaire": ""}, "Choose at least one questionnaire"),
    ({"colleague_questionnaire": "dentist-colleagues/1"}, "is not meant for this practitioner"),
    ({"colleague_questionnaire": "../../etc/passwd"}, "Choose from the list"),
    ({"opens_on-day": "31", "opens_on-month": "2"}, "Enter a real date"),
    ({"opens_on-year": "2020"}, "The opening date is in the past"),
    ({"closes_on-day": "", "closes_on-month": "", "closes_on-year": ""}, "Enter the last day"),
    ({"k": "3"}, "Enter a whole number between 4 and 20"),
    ({"floor_colleagues": "30"}, "cannot be above the target"),
    ({"reminder_days": "seven"}, "Enter numbers with commas between them"),
    ({"reminder_days": "400"}, "at most five different days"),
]


@pytest.mark.sqlite
def test_a_round_with_something_wrong_comes_back_with_what_was_typed_and_what_is_wrong(
    page: Visitor, people: SimpleNamespace, now: datetime
) -> None:
    page.sign_in("coordinator@example.org")
    for wrong, words in WRONG:
        page.get("/rounds/new")
        shown = page.submit(filled(people, now, **{"target_colleagues": "17", **wrong}), status=422)
        assert words in shown.text, wrong
        assert shown.title.startswith("Error:")
        assert shown.form(button="Make the round").fields["target_colleagues"] == ["17"]
    assert "There are no rounds yet" in page.get("/rounds").text


def test_a_round_page_says_what_comes_next_and_counts_no_group(
    page: Visitor, people: SimpleNamespace, now: datetime, settings: Any
) -> None:
    round_id = round_in(people, "open", now=now, keys=Keys.at(settings.keys))
    page.sign_in("manager@example.org")
    shown = page.get(f"/rounds/{round_id}")
    assert "Open for answers." in shown.text
    assert "Colleagues invited 6" in shown.text
    assert "Counted once a day; not counted yet" in shown.text
    assert "Nurses" not in shown.text
    assert "(London time)" in shown.text


OWN = [
    ("coordinator", "draft", {"Ask the practitioner to choose people"}),
    ("coordinator", "approved", {"See, add and decide on colleagues", "Add patients",
                                 "Open, close, extend or cancel the round"}),
    ("manager", "nominating", {"See, add and decide on colleagues", "Add patients", "Approve the list of people"}),
    ("practitioner", "nominating", {"Choose the colleagues to ask", "Answer about your own work"}),
    ("practitioner", "draft", set()),
    ("moderator", "nominating", set()),
]  # fmt: skip


@pytest.mark.sqlite
@pytest.mark.parametrize(("who", "state", "wanted"), OWN)
def test_everybody_is_offered_what_they_can_do_and_each_link_leads_somewhere(
    page: Visitor, people: SimpleNamespace, now: datetime, who: str, state: str, wanted: set[str]
) -> None:
    round_id = round_in(people, state, now=now)
    page.sign_in(f"{who}@example.org")
    shown = page.get(f"/rounds/{round_id}")
    tasks = {words: href for words, href in shown.links.items() if href.startswith(f"/rounds/{round_id}/")}
    assert set(tasks) == wanted
    for href in tasks.values():
        page.get(href)


ROUTES = [
    ("get", ""), ("get", "/start"), ("post", "/start"), ("get", "/self"), ("get", "/self/colleagues"),
    ("post", "/self/colleagues"), ("get", "/nominees"), ("post", "/nominees"), ("get", "/nominees/{nominee}/remove"),
    ("post", "/nominees/{nominee}/remove"), ("get", "/nominees/{nominee}/decide"),
    ("post", "/nominees/{nominee}/decide"), ("get", "/approve"), ("post", "/approve"), ("get", "/patients"),
    ("post", "/patients"), ("get", "/cards"), ("post", "/cards"), ("get", "/cards/sheet"),
    ("get", "/cards/revoke"), ("post", "/cards/revoke"),
]  # fmt: skip


def test_the_list_of_routes_tried_below_is_complete(app: Flask) -> None:
    ours = {"rounds", "nominees", "patients"}
    found = {
        (method.lower(), rule.rule.replace("/rounds/<round_id>", "").replace("<nominee_id>", "{nominee}"))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in ours and "<round_id>" in rule.rule
        for method in (rule.methods or set()) & {"GET", "POST"}
    }
    assert found == {(method, path.replace("/self/colleagues", "/self/<family>")) for method, path in ROUTES}


@pytest.mark.parametrize("who", ["far_coordinator", "far_manager", "hill_manager", "colleague", "far_practitioner"])
def test_a_stranger_finds_no_page_of_a_round_and_changes_nothing(
    page: Visitor, people: SimpleNamespace, now: datetime, who: str
) -> None:
    round_id = round_in(people, "nominating", now=now)
    with reading() as session:
        from msf.invitations.queries import nominees_of

        nominee = nominees_of(session, round_id, family="colleagues").rows[0].id
    page.sign_in(f"{who}@example.org")
    token = page.token()
    roles = getattr(people, who).roles
    for method, path in ROUTES:
        url = f"/rounds/{round_id}" + path.format(nominee=nominee)
        staff_only = any(part in path for part in ("/decide", "/approve", "/patients", "/cards", "/start"))
        shut = ("practitioner" in roles and staff_only) or (path == "/start" and "coordinator" not in roles)
        sent = {**token, "decision": "approve", "addresses": "x@example.org", "count": "1"}
        answer = getattr(page.client, method)(url, data=sent) if method == "post" else page.client.get(url)
        assert answer.status_code == (403 if shut else 404), (method, path)
    with reading() as session:
        assert nominees_of(session, round_id, family="colleagues").total == 6
        assert nominees_of(session, round_id, family="patients").total == 0


@pytest.mark.sqlite
def test_ids_that_are_no_ids_are_not_found(page: Visitor, people: SimpleNamespace, now: datetime) -> None:
    round_id = round_in(people, "nominating", now=now)
    page.sign_in("coordinator@example.org")
    for bad in ("0", "%00", "'", "x" * 300, "0" * 32, "..%2f..%2fetc"):
        page.get(f"/rounds/{bad}", status=404)
        page.get(f"/rounds/{round_id}/nominees/{bad}/decide", status=404)
    assert page.get("/rounds?page=minus&state=nonsense").heading == "Rounds"
    assert page.get("/rounds?page=99999999999999").heading == "Rounds"


def answers(value: str, count: int = 18) -> dict[str, str]:
    return {f"item.{item.id}": value for item in DOCTOR.items[:count]}


def test_the_practitioner_answers_about_their_own_work_and_changes_it_later(
    page: Visitor, people: SimpleNamespace, now: datetime
) -> None:
    round_id = round_in(people, "nominating", now=now)
    page.sign_in("practitioner@example.org")
    assert "Not answered yet" in page.get(f"/rounds/{round_id}/self").text
    form = page.get(f"/rounds/{round_id}/self/colleagues")
    assert DOCTOR.items[0].self_text["en"] in form.text
    prompt = DOCTOR.prompts[0].id
    page.submit({**answers("4"), f"item.{DOCTOR.items[1].id}": "na", f"text.{prompt}": "I listen.\r\n<b>Mostly</b>."})
    assert "Your answers are saved." in page.here.text  # type: ignore[union-attr]
    with reading() as session:
        (saved,) = queries.self_assessments(session, round_id)
    assert saved.ratings == bytes([4, 101] + [4] * 16)
    assert saved.comments == {prompt: "I listen.\n<b>Mostly</b>."}
    again = page.get(f"/rounds/{round_id}/self/colleagues").form(button="Save my answers")
    assert again.fields[f"item.{DOCTOR.items[0].id}"] == ["4"]
    assert again.fields[f"text.{prompt}"] == ["I listen.\n<b>Mostly</b>."]
    page.submit(answers("5", 9))
    with reading() as session:
        assert queries.self_assessments(session, round_id)[0].ratings[:3] == bytes([5, 5, 5])


@pytest.mark.sqlite
def test_a_self_assessment_with_something_wrong_is_refused_and_what_was_typed_is_kept(
    page: Visitor, people: SimpleNamespace, now: datetime
) -> None:
    round_id = round_in(people, "nominating", now=now)
    page.sign_in("practitioner@example.org")
    url, prompt = f"/rounds/{round_id}/self/colleagues", f"text.{DOCTOR.prompts[0].id}"
    bad: list[tuple[dict[str, Any], str]] = [
        (answers("4", 8), "Answer at least half of the questions: 8 of 18 are answered so far."),
        ({**answers("4"), "item.forged": "4"}, "a question that is not in this questionnaire"),
        ({**answers("4"), f"item.{DOCTOR.items[0].id}": "6"}, "Choose one of the answers shown"),
        ({**answers("4"), f"item.{DOCTOR.items[0].id}": ["4", "5"]}, "a question that is not in this questionnaire"),
        ({**answers("4"), prompt: "é" * 4001}, "too long"),
        ({**answers("4"), prompt: "null \x00"}, "cannot be read"),
    ]
    for sent, words in bad:
        page.get(url)
        shown = page.post(url, {prompt: "What I typed", **sent}, status=422)
        assert words in shown.text
        assert shown.title.startswith("Error:")
        kept = shown.form(button="Save my answers").fields
        assert kept[f"item.{DOCTOR.items[5].id}"] == ["4"]
        assert kept[prompt] == [sent.get(prompt, "What I typed")] or "\x00" in str(sent)
    with reading() as session:
        assert queries.self_assessments(session, round_id) == []


@pytest.mark.sqlite
def test_only_the_practitioner_reaches_their_own_form(
    page: Visitor, visitor: Callable[[], Visitor], people: SimpleNamespace, now: datetime
) -> None:
    round_id = round_in(people, "nominating", now=now)
    for who in ("coordinator", "manager", "moderator"):
        other = visitor()
        other.sign_in(f"{who}@example.org")
        other.get(f"/rounds/{round_id}/self", status=404)
        other.get(f"/rounds/{round_id}/self/colleagues", status=404)
    page.sign_in("practitioner@example.org")
    page.get(f"/rounds/{round_id}/self/nobody", status=404)


@pytest.mark.sqlite
def test_starting_twice_says_that_the_round_has_moved_on(page: Visitor, people: SimpleNamespace, now: datetime) -> None:
    round_id = round_in(people, "nominating", now=now)
    page.sign_in("coordinator@example.org")
    assert "The round has moved on" in page.get(f"/rounds/{round_id}/start", status=409).text
    page.get(f"/rounds/{round_id}")
    page.get("/rounds/new")
    page.post(f"/rounds/{round_id}/start", status=409)


@pytest.mark.sqlite
def test_a_round_with_one_questionnaire_leads_straight_to_its_form(
    page: Visitor, people: SimpleNamespace, now: datetime
) -> None:
    round_id = round_in(people, "nominating", now=now, patient_questionnaire=None)
    page.sign_in("practitioner@example.org")
    assert page.get(f"/rounds/{round_id}/self").heading == "Answer about your own work"
    page.submit(answers("3"))
    assert "Your answers are saved." in page.here.text  # type: ignore[union-attr]
    assert "(1 of 1 saved)" in page.here.text  # type: ignore[union-attr]
