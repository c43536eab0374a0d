"""Items that ask two things, ask who answers, or are hard to read are found; plain ones are left alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from msf.instruments import Problem, check, load
from msf.instruments.wording import grade

Write = Callable[[str | bytes], Path]

TWO_THINGS = [
    "Listens and explains",
    "Is kind or polite",
    "Is kind/polite",
    "Is kind & polite",
    "Is kind; is polite",
    "Is kind as well as polite",
    "Keeps people safe AND well",
]
IDENTIFYING = [
    "What is your name?",
    "Name",
    "Your job title",
    "Please give the rater's name",
    "Patient's name",
    "Which ward do you work on?",
    "What is your role?",
    "Date of your appointment",
    "The date of appointment",
    "When was your appointment?",
    "On what day were you seen?",
    "Your phone number",
    "Your e-mail",
    "Email address",
    "How old are you?",
    "Your age group",
    "Postcode",
    "Where do you work?",
    "Who are you?",
    "Are you a doctor?",
    "How long have you known them?",
    "May we contact you about this?",
]
HARMLESS = [
    "Is honest when things go wrong",
    "Calls patients by the name they like",
    "Uses the patient's name",
    "Can be reached by phone",
    "Answers e-mails in good time",
    "Stays calm when the ward is full",
    "Knows what team mates need",
    "Told you what day to come back",
    "Kept your visit private",
    "Asks again and again when it matters",
    "Hands over well at the end of a shift",
    "Understands your illness",
]


def problems_of(text: str, small: str, written: Write) -> list[Problem]:
    assert '"Listened to you"' in small
    return check(written(small.replace('"Listened to you"', f'"{text}"')))


@pytest.mark.parametrize("text", TWO_THINGS)
def test_an_item_that_asks_two_things_is_a_warning_on_its_line(text: str, small: str, written: Write) -> None:
    problem = problems_of(text, small, written)[0]
    assert (problem.line, problem.severity) == (34, "warning")
    assert "asks more than one thing" in problem.message
    assert "two items" in problem.remedy
    assert load(written(small.replace("Listened to you", text))).items[0].text["en"] == text


@pytest.mark.parametrize("text", IDENTIFYING)
def test_an_item_that_asks_who_answers_is_an_error_on_its_line(text: str, small: str, written: Write) -> None:
    problem = next(found for found in problems_of(text, small, written) if "may tell who answers" in found.message)
    assert (problem.line, problem.severity) == (34, "error")
    assert "about the practitioner only" in problem.remedy


@pytest.mark.parametrize("text", HARMLESS)
def test_plain_items_are_left_alone(text: str, small: str, written: Write) -> None:
    assert problems_of(text, small, written) == []


def test_a_prompt_that_asks_who_answers_is_an_error(small: str, written: Write) -> None:
    problems = check(written(small.replace('"What went well?"', '"What is your job title?"')))
    assert [(problem.line, problem.severity) for problem in problems] == [(46, "error")]


def test_a_reason_excuses_an_item_and_only_that_item(small: str, written: Write) -> None:
    two = small.replace('"Listened to you"', '"Listened and talked to you"').replace(
        '"Made you feel safe"', '"Made you feel safe and well"'
    )
    excused = two.replace(
        "    domain: care\n", '    domain: care\n    lint_ok: "One feeling, in the words of patients"\n'
    )
    assert [problem.line for problem in check(written(two))] == [34, 42]
    assert [problem.line for problem in check(written(excused))] == [34]


def test_a_reason_must_be_given_and_must_be_needed(small: str, written: Write) -> None:
    without = check(written(small.replace("    domain: care\n", '    domain: care\n    lint_ok: ""\n')))
    assert any("lint_ok is empty" in problem.message for problem in without)
    idle = check(written(small.replace("    domain: care\n", '    domain: care\n    lint_ok: "Because"\n')))
    assert [(problem.line, problem.severity) for problem in idle] == [(42, "warning")]
    assert "excuses nothing" in idle[0].message


def test_only_english_is_read_for_its_wording(small: str, written: Write) -> None:
    assert check(written(small.replace("Gwrando arnoch chi", "Listens and or explains"))) == []


def test_long_words_are_a_warning_with_the_age_they_need(small: str, written: Write) -> None:
    problem = problems_of("Demonstrates interprofessional collegiality", small, written)[-1]
    assert (problem.line, problem.severity) == (34, "warning")
    assert "reading age" in problem.message


def test_items_hard_to_read_together_are_a_warning_at_the_list(small: str, written: Write) -> None:
    hard = small
    for text in ("Listened to you", "Told you the truth", "Made you feel safe"):
        hard = hard.replace(f'"{text}"', '"Offered several alternatives to everyone needing treatment"')
    together = [problem for problem in check(written(hard)) if "items together" in problem.message]
    assert [problem.line for problem in together] == [31]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("The cat sat on the mat.", -3, 1),
        ("Keeps clear notes", -2, 0),
        ("Explains things so that patients can follow", 2, 7),
        ("Communicates diagnostic uncertainty appropriately", 18, 30),
        ("", 0, 0),
    ],
)
def test_the_grade_grows_with_words_and_syllables(text: str, low: float, high: float) -> None:
    assert low <= grade(text) <= high
