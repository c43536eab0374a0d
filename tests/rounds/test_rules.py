"""The table of states, the limits and the words of rounds."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msf.rounds.rules import (
    AFTER_CLOSE,
    BEFORE_CLOSE,
    LABELS,
    LONGEST,
    MOVES,
    STATES,
    VERBS,
    RoundRefused,
    WrongState,
    advised,
    after,
    check_dates,
    check_extension,
    check_reminders,
    check_self,
    plain,
    tasks,
    timeline,
    waiting,
)

ENDS = {"cancelled", "archived"}
verbs = st.sampled_from(sorted(VERBS))


@given(st.sampled_from(STATES), st.lists(verbs.filter(lambda verb: verb != "read_again"), max_size=30))
def test_no_sequence_of_verbs_leads_from_a_later_state_to_an_earlier_one(start: str, deeds: list[str]) -> None:
    state, seen = start, [start]
    for verb in deeds:
        try:
            state = after(state, verb)
        except WrongState as refusal:
            assert LABELS[state].lower() in refusal.message.lower()
            continue
        assert state not in seen
        assert STATES.index(state) > STATES.index(seen[-1])
        seen.append(state)


def test_the_one_way_back_is_to_have_comments_read_again_before_the_report_is_checked() -> None:
    back = {
        (state, verb, to)
        for (state, verb), to in MOVES.items()
        if STATES.index(to) < STATES.index(state) and to != "cancelled"
    }
    assert back == {("moderated", "read_again", "closed")}


@given(st.sampled_from(sorted(AFTER_CLOSE)), st.lists(verbs, max_size=30))
def test_nothing_that_is_closed_becomes_open_or_cancelled_again(start: str, deeds: list[str]) -> None:
    state = start
    for verb in deeds:
        try:
            state = after(state, verb)
        except WrongState:
            continue
        assert state not in BEFORE_CLOSE | {"cancelled"}


def test_every_move_has_words_and_every_state_but_the_first_can_be_reached() -> None:
    assert {verb for _, verb in MOVES} == set(VERBS)
    assert set(MOVES.values()) == set(STATES) - {"draft"}
    assert {state for state, _ in MOVES} == set(STATES) - ENDS
    assert set(LABELS) == set(STATES)
    for state in STATES:
        assert waiting(state, own=True)
        assert waiting(state, own=False)


@pytest.mark.parametrize("state", [state for state in STATES if state not in {"void", "cancelled"}])
def test_a_timeline_is_done_then_now_then_later(state: str) -> None:
    progress = [step.progress for step in timeline(state)]
    assert progress == sorted(progress, key=["done", "now", "later"].index)
    assert ("now" in progress) == (state not in {"released_organisation", "archived"})


def test_a_round_that_was_cancelled_or_made_void_has_no_timeline() -> None:
    assert timeline("cancelled") == timeline("void") == ()


@pytest.mark.parametrize("state", STATES)
def test_in_their_own_round_nobody_gets_a_task_of_staff(state: str) -> None:
    everything = frozenset({"practitioner", "coordinator", "case_manager", "moderator", "quality_reviewer"})
    found = {task.page for task in tasks(state, everything, own=True, patients=True)}
    assert found <= {"nominees", "self", "report"}


def test_pages_of_patients_are_offered_only_where_patients_are_asked() -> None:
    asked = {task.page for task in tasks("open", frozenset({"case_manager"}), own=False, patients=True)}
    unasked = {task.page for task in tasks("open", frozenset({"case_manager"}), own=False, patients=False)}
    assert asked - unasked == {"patients", "cards"}


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(-400, 400), st.integers(-400, 400))
def test_dates_are_accepted_only_from_today_on_in_order_and_within_half_a_year(
    today: date, opens_in: int, lasts: int
) -> None:
    opens, closes = today + timedelta(days=opens_in), today + timedelta(days=opens_in + lasts)
    good = opens >= today and 0 <= lasts <= LONGEST.days
    try:
        check_dates(opens, closes, today=today)
    except RoundRefused:
        assert not good
    else:
        assert good


@given(st.integers(-300, 300))
def test_an_extension_is_only_ever_later(days: int) -> None:
    opens, closes = date(2027, 3, 1), date(2027, 3, 29)
    later = closes + timedelta(days=days)
    try:
        check_extension(opens, closes, later, today=date(2027, 3, 10))
    except RoundRefused:
        assert days <= 0 or later - opens > LONGEST
    else:
        assert days > 0


@given(st.binary(min_size=18, max_size=18))
def test_a_vector_of_ratings_is_kept_only_if_every_code_exists_and_half_are_answered(ratings: bytes) -> None:
    good = set(ratings) <= {0, 1, 2, 3, 4, 5, 101, 102} and ratings.count(0) <= 9
    try:
        check_self(ratings, items=18, highest=5)
    except RoundRefused:
        assert not good
    else:
        assert good


@given(st.lists(st.sampled_from([0, 1, 2, 3, 4, 5, 101, 102]), min_size=18, max_size=18))
def test_a_vector_of_known_codes_is_kept_where_half_are_answered(codes: list[int]) -> None:
    if codes.count(0) > 9:
        with pytest.raises(RoundRefused, match="Answer at least half of the questions"):
            check_self(bytes(codes), items=18, highest=5)
    else:
        check_self(bytes(codes), items=18, highest=5)


@given(st.text(max_size=40))
def test_a_line_is_tidied_or_refused_and_never_holds_an_unseen_character(text: str) -> None:
    try:
        said = plain(text, field="name")
    except RoundRefused:
        return
    assert said == " ".join(said.split())
    assert not set(said) & set("\0\x1b\u202e\u2066")
    assert plain(said, field="name") == said


def test_reminders_come_in_order() -> None:
    assert check_reminders((21, 7, 14)) == (7, 14, 21)
    assert check_reminders(()) == ()


def test_no_more_people_are_advised_than_a_round_can_ask() -> None:
    assert (advised("colleagues", 60), advised("patients", 200)) == (60, 200)


def test_the_states_of_the_database_are_those_of_the_rules() -> None:
    migration = Path(__file__).parents[2] / "migrations" / "versions" / "0001_first_round.py"
    listed = re.search(r"state IN \(('draft'[^)]*)\)", migration.read_text("utf-8"))
    assert listed
    assert set(listed[1].split(", ")) == {f"'{state}'" for state in STATES}
