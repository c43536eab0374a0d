"""Rounds from draft to the end: what is refused, what is recorded, and who may touch them."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import Session, select

from msf.base.audit import AuditEvent
from msf.base.errors import NotFound
from msf.base.queue import Job
from msf.instruments import find
from msf.rounds import operations, queries
from msf.rounds.models import Round
from msf.rounds.rules import RoundRefused, WrongState
from tests.rounds.people import a_round


def actions(session: Session, round: Round) -> list[str]:
    rows = session.exec(select(AuditEvent).where(AuditEvent.object == f"round {round.id}").order_by(AuditEvent.at))
    return [row.action for row in rows]


def test_a_new_round_is_a_draft_with_the_newest_questionnaires_and_the_usual_numbers(draft: Round) -> None:
    assert (draft.state, draft.k, draft.target_colleagues, draft.floor_patients) == ("draft", 5, 15, 20)
    asked = (draft.colleague_questionnaire, draft.patient_questionnaire)
    assert asked == ("doctor-colleagues/1", "patients-in-person/1")
    assert draft.reminder_days == [7, 14, 21]
    assert draft.reference.startswith("R-")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"colleague_questionnaire": "no-such"}, "colleague_questionnaire"),
    ({"colleague_questionnaire": "dentist-colleagues"}, "colleague_questionnaire"),
    ({"colleague_questionnaire": "patients-remote"}, "colleague_questionnaire"),
    ({"patient_questionnaire": "doctor-colleagues"}, "patient_questionnaire"),
    ({"colleague_questionnaire": None, "patient_questionnaire": None}, "colleague_questionnaire"),
    ({"k": 3}, "k"),
    ({"k": 21}, "k"),
    ({"target_colleagues": 0}, "target_colleagues"),
    ({"target_patients": 201}, "target_patients"),
    ({"floor_colleagues": 16}, "floor_colleagues"),
    ({"reminder_days": (7, 7)}, "reminder_days"),
    ({"reminder_days": (0,)}, "reminder_days"),
    ({"reminder_days": (1, 2, 3, 4, 5, 6)}, "reminder_days"),
]


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_a_round_with_something_wrong_is_refused_with_the_field_named(
    session: Session, people: SimpleNamespace, now: datetime, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(RoundRefused) as refusal:
        a_round(session, people, now=now, **wrong)
    assert refusal.value.field == field
    assert session.exec(select(Round)).all() == []


@pytest.mark.parametrize(
    ("opens", "closes", "field"), [(-1, 5, "opens_on"), (5, 4, "closes_on"), (0, 183, "closes_on")]
)
def test_dates_in_the_past_the_wrong_way_round_or_too_far_apart_are_refused(
    session: Session, people: SimpleNamespace, now: datetime, opens: int, closes: int, field: str
) -> None:
    today = now.date()
    with pytest.raises(RoundRefused) as refusal:
        a_round(
            session, people, now=now, opens_on=today + timedelta(days=opens), closes_on=today + timedelta(days=closes)
        )
    assert refusal.value.field == field


def test_a_round_may_open_and_close_on_the_day_it_is_made(
    session: Session, people: SimpleNamespace, now: datetime
) -> None:
    made = a_round(session, people, now=now, opens_on=now.date(), closes_on=now.date())
    assert made.opens_on == made.closes_on


def test_a_round_is_for_a_practitioner_of_an_organisation_that_the_coordinator_serves(
    session: Session, people: SimpleNamespace, now: datetime
) -> None:
    strange: list[dict[str, Any]] = [
        {"practitioner_id": people.far_practitioner.id},
        {"practitioner_id": people.far_practitioner.id, "organisation_id": people.far.id},
        {"practitioner_id": people.manager.id},
        {"practitioner_id": "0" * 32},
        {"organisation_id": people.hill.id},
        {"by": people.far_coordinator.id},
    ]
    for facts in strange:
        with pytest.raises(RoundRefused) as refusal:
            a_round(session, people, now=now, **facts)
        assert refusal.value.field == "practitioner_id"


def through(session: Session, round: Round, people: SimpleNamespace, now: datetime, *, until: str) -> None:
    """Walk a round along its usual way until a state."""
    by: dict[str, Any] = {"by": people.coordinator.id, "now": now}
    approver: dict[str, Any] = {"by": people.manager.id, "now": now}
    steps: dict[str, Any] = {
        "nominating": lambda: operations.start_nominating(session, round.id, **by),
        "approved": lambda: operations.approve_round(session, round.id, **approver),
        "open": lambda: operations.mark_open(session, round.id, seal_public=b"p" * 32, pool=260, **by),
        "closed": lambda: close(session, round, now),
        "moderated": lambda: operations.mark(session, round.id, "moderate", **by),
        "reviewed": lambda: operations.mark(session, round.id, "review", **by),
        "released_practitioner": lambda: operations.mark(session, round.id, "release_to_practitioner", **by),
        "released_organisation": lambda: operations.mark(session, round.id, "release_to_organisation", **by),
        "archived": lambda: operations.mark(session, round.id, "archive", **by),
    }
    for state, step in steps.items():
        if round.state == until:
            return
        step()
        assert round.state == state
    assert round.state == until


def close(session: Session, round: Round, now: datetime) -> None:
    operations.mark_closed(
        session,
        round.id,
        partition={"colleagues": [["doctor"], ["nurse", "allied", "admin"]]},
        invited={"colleagues": {"doctor": 8}},
        origins={"colleagues": {"agreed": 8}},
        opened=14,
        unreadable=0,
        by="system",
        now=now,
        on=now.date(),
    )


def test_a_round_walks_from_draft_to_archive_and_every_step_is_recorded(
    session: Session, people: SimpleNamespace, draft: Round, now: datetime
) -> None:
    through(session, draft, people, now, until="archived")
    assert sorted(actions(session, draft)) == sorted(
        [
            "round.made", "round.start_nominating", "round.approve", "round.open", "round.close", "round.moderate",
            "round.review", "round.release_to_practitioner", "round.release_to_organisation", "round.archive",
        ]
    )  # fmt: skip
    assert draft.partition == {"colleagues": [["doctor"], ["nurse", "allied", "admin"]]}


def test_starting_to_nominate_writes_to_the_practitioner_once(
    session: Session, people: SimpleNamespace, draft: Round, now: datetime
) -> None:
    operations.start_nominating(session, draft.id, by=people.coordinator.id, now=now)
    with pytest.raises(WrongState, match="it is not possible to start choosing people"):
        operations.start_nominating(session, draft.id, by=people.coordinator.id, now=now)
    jobs = session.exec(select(Job)).all()
    assert [(job.kind, job.payload) for job in jobs] == [("rounds.ask_nominations", {"round_id": draft.id})]


def test_the_practitioner_cannot_approve_their_own_list(
    session: Session, people: SimpleNamespace, draft: Round, now: datetime
) -> None:
    operations.start_nominating(session, draft.id, by=people.coordinator.id, now=now)
    with pytest.raises(WrongState, match="somebody else has to do that"):
        operations.approve_round(session, draft.id, by=people.practitioner.id, now=now)
    assert draft.state == "nominating"


def test_a_round_opens_on_the_day_it_is_opened_but_not_after_its_closing_date(
    session: Session, people: SimpleNamespace, draft: Round, now: datetime
) -> None:
    through(session, draft, people, now, until="approved")
    late = now + timedelta(weeks=5)
    with pytest.raises(RoundRefused, match="closing date has passed"):
        operations.mark_open(session, draft.id, seal_public=b"p" * 32, pool=260, by="system", now=late)
    operations.mark_open(session, draft.id, seal_public=b"p" * 32, pool=260, by="system", now=now)
    assert draft.opens_on == now.date()


def test_a_closing_date_moves_only_later_and_only_until_the_close(
    session: Session, people: SimpleNamespace, draft: Round, now: datetime
) -> None:
    through(session, draft, people, now, until="open")
    was, by = draft.closes_on, people.coordinator.id
    for wrong in (was, was - timedelta(days=1), draft.opens_on + timedelta(weeks=27)):
        with pytest.raises(RoundRefused):
            operations.extend_round(session, draft.id, closes_on=wrong, by=by, now=now)
    operations.extend_round(session, draft.id, closes_on=was + timedelta(days=7), by=by, now=now)
    assert draft.closes_on == was + timedelta(days=7)
    close(session, draft, now)
    with pytest.raises(WrongState, match="not possible to extend it"):
        operations.extend_round(session, draft.id, closes_on=was + timedelta(days=9), by=by, now=now)


def test_a_round_is_cancelled_with_a_reason_until_its_close_and_not_after(
    session: Session, people: SimpleNamespace, draft: Round, now: datetime
) -> None:
    by = people.coordinator.id
    for empty in ("", "  \n ", "x" * 1001, "null \x00 byte"):
        with pytest.raises(RoundRefused) as refusal:
            operations.cancel_round(session, draft.id, reason=empty, by=by, now=now)
        assert refusal.value.field == "reason"
    through(session, draft, people, now, until="closed")
    with pytest.raises(WrongState, match="not possible to cancel it"):
        operations.cancel_round(session, draft.id, reason="Too late", by=by, now=now)
    second = a_round(session, people, now=now)
    operations.cancel_round(session, second.id, reason="  Moved to\nanother post ", by=by, now=now)
    assert (second.state, second.ended_reason) == ("cancelled", "Moved to another post")


def test_a_released_round_may_become_void_with_its_reason(
    session: Session, people: SimpleNamespace, draft: Round, now: datetime
) -> None:
    through(session, draft, people, now, until="released_practitioner")
    operations.void_round(session, draft.id, reason="Wrong person", by=people.coordinator.id, now=now)
    assert (draft.state, draft.ended_reason) == ("void", "Wrong person")


def test_strangers_do_not_find_a_round_whatever_they_try(
    session: Session, people: SimpleNamespace, draft: Round, now: datetime
) -> None:
    through(session, draft, people, now, until="nominating")
    later = draft.closes_on + timedelta(days=1)
    deeds: list[tuple[Any, dict[str, Any]]] = [
        (operations.approve_round, {}),
        (operations.cancel_round, {"reason": "No"}),
        (operations.extend_round, {"closes_on": later}),
        (operations.start_nominating, {}),
    ]
    for key in ("far_coordinator", "far_manager", "hill_manager", "colleague", "far_practitioner"):
        stranger = getattr(people, key)
        for deed, facts in deeds:
            with pytest.raises(NotFound):
                deed(session, draft.id, by=stranger.id, now=now, **facts)
        with pytest.raises(NotFound):
            queries.visible(session, stranger, draft.id)
        assert queries.rounds_of(session, stranger).total == 0
    assert draft.state == "nominating"
    with pytest.raises(NotFound):
        operations.mark(session, draft.id, "cancel", by="0" * 32, now=now)
    for insider in (people.coordinator, people.manager, people.moderator, people.practitioner):
        assert queries.visible(session, insider, draft.id).id == draft.id


def test_a_list_of_rounds_comes_in_pages_and_by_state(session: Session, people: SimpleNamespace, now: datetime) -> None:
    made = [a_round(session, people, now=now) for _ in range(27)]
    operations.start_nominating(session, made[0].id, by=people.coordinator.id, now=now)
    first = queries.rounds_of(session, people.manager)
    assert (len(first.rows), first.number, first.pages, first.total) == (25, 1, 2, 27)
    assert len(queries.rounds_of(session, people.manager, page=2).rows) == 2
    assert queries.rounds_of(session, people.manager, page=99).number == 2
    nominating = queries.rounds_of(session, people.coordinator, state="nominating")
    assert [(row.practitioner, row.organisation) for row in nominating.rows] == [("Dr Ann Lee", "Riverside Trust")]


def test_a_round_is_due_by_the_calendar_of_its_organisation(
    session: Session, people: SimpleNamespace, draft: Round, now: datetime
) -> None:
    through(session, draft, people, now, until="approved")
    eve, day = now, now + timedelta(days=1)
    assert queries.due_to_open(session, eve) == []
    assert queries.due_to_open(session, day) == [draft.id]
    operations.mark_open(session, draft.id, seal_public=b"p" * 32, pool=260, by="system", now=day)
    last = datetime.combine(draft.closes_on, now.time(), now.tzinfo)
    assert queries.due_to_close(session, last.replace(hour=22)) == []
    assert queries.due_to_close(session, last + timedelta(days=1)) == [draft.id]
    assert [row.id for row in queries.open_rounds(session)] == [draft.id]


def good_ratings(blank: int = 0) -> bytes:
    return bytes([0] * blank + [4] * (16 - blank) + [101, 102])


def save(session: Session, round: Round, by: str, now: datetime, **facts: Any) -> None:
    wanted = {"questionnaire": "doctor-colleagues/1", "ratings": good_ratings(), "comments": {}}
    operations.save_self_assessment(session, round.id, by=by, on=now.date(), **(wanted | facts))


def test_a_self_assessment_is_saved_and_changed_until_the_close(
    session: Session, people: SimpleNamespace, draft: Round, now: datetime
) -> None:
    prompt = find("doctor-colleagues").prompts[0].id
    me = people.practitioner.id
    with pytest.raises(WrongState):
        save(session, draft, me, now)
    through(session, draft, people, now, until="open")
    save(session, draft, me, now, comments={prompt: "I listen.\nMostly."})
    save(session, draft, me, now, ratings=good_ratings(9), comments={prompt: "I try to listen."})
    saved = queries.self_assessments(session, draft.id)
    assert [(each.ratings, each.comments) for each in saved] == [(good_ratings(9), {prompt: "I try to listen."})]
    close(session, draft, now)
    with pytest.raises(WrongState):
        save(session, draft, me, now)
    assert "round.self_assessed" in actions(session, draft)


@pytest.mark.parametrize(
    "facts",
    [
        {"ratings": good_ratings(10)},
        {"ratings": good_ratings()[:-1]},
        {"ratings": bytes([6]) * 18},
        {"ratings": bytes([100]) * 18},
        {"questionnaire": "dentist-colleagues/1"},
        {"questionnaire": "doctor-colleagues"},
        {"comments": {"unknown": "x"}},
        {"comments": {"well": "é" * 4001}},
        {"comments": {"well": "null \x00"}},
        {"comments": {"well": "half \ud800"}},
    ],
)
def test_a_self_assessment_that_does_not_fit_its_questionnaire_is_refused_and_nothing_is_kept(
    session: Session, people: SimpleNamespace, draft: Round, now: datetime, facts: dict[str, Any]
) -> None:
    if "well" in facts.get("comments", {}):
        facts = {"comments": {find("doctor-colleagues").prompts[0].id: facts["comments"]["well"]}}
    through(session, draft, people, now, until="nominating")
    with pytest.raises(RoundRefused):
        save(session, draft, people.practitioner.id, now, **facts)
    assert queries.self_assessments(session, draft.id) == []


def test_only_the_practitioner_writes_about_themselves(
    session: Session, people: SimpleNamespace, draft: Round, now: datetime
) -> None:
    through(session, draft, people, now, until="nominating")
    with pytest.raises(WrongState):
        save(session, draft, people.coordinator.id, now)
    with pytest.raises(NotFound):
        save(session, draft, people.colleague.id, now)


def test_the_total_of_answers_changes_once_a_day_and_waves_are_noted_once(
    session: Session, people: SimpleNamespace, draft: Round, now: datetime
) -> None:
    operations.record_answered(session, draft.id, answered=13, on=now.date())
    assert draft.answered is None
    through(session, draft, people, now, until="open")
    operations.record_answered(session, draft.id, answered=13, on=now.date())
    operations.record_answered(session, draft.id, answered=19, on=now.date())
    assert draft.answered == 10
    operations.record_answered(session, draft.id, answered=6, on=now.date() + timedelta(days=1))
    assert draft.answered == 5
    for _ in range(2):
        operations.record_wave(session, draft.id, wave=7, on=now.date())
    assert draft.waves == {"7": now.date().isoformat()}
    assert actions(session, draft).count("round.reminded") == 1
