"""Every kind of mistake is named with its line and a remedy, all of them at once."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from msf.instruments import Problem, SurveyInvalid, check, load

Write = Callable[[str | bytes], Path]

# What is replaced in the small questionnaire, by what, what the message says, what the remedy says.
# The mistake is expected on the line that holds the mark ¶, which is taken out before the file is written.
MISTAKES = [
    (
        "  - id: told_truth",
        "  - id: listened¶",
        "id `listened` is taken by another item or prompt (line 32)",
        "another id",
    ),
    ("  - id: did_well", "  - id: safe¶", "taken by another item or prompt", "another id"),
    ("  - id: care\n", "  - id: talking¶\n", "taken by another domain", "another id"),
    ("    domain: care", "    domain: cure¶", "no domain `cure`", "use one of talking, care"),
    ("    domain: care", "    domain: talking", "domain `care` has no items", "give it an item", "  - id: care"),
    (
        'text: {en: "Listened to you", cy: "Gwrando arnoch chi"}',
        'text: {en: "Listened to you"}¶',
        "no text in `cy`",
        "add cy:",
    ),
    ('cy: "Bach"}', 'cy: "Bach", fr: "Petit"}¶', "`fr`, which is not one of the `languages`", "take the text out"),
    ('    self_text: {en: "I tell', '    selftext:¶ {en: "I tell', "no field `selftext`", "call it `self_text`"),
    (
        '    self_text: {en: "I tell',
        '    selftext: {en: "I tell',
        "lacks the field `self_text`",
        "self_text: {en:",
        "told_truth",
    ),
    ("minutes: 3", "minutes: 3\ncolour: red¶", "no field `colour`", "take it out; the fields are"),
    ("minutes: 3", 'minutes: "3"¶', "minutes is `3`", "without quotes"),
    ("minutes: 3", "minutes: 0¶", "minutes is `0`", "from 1 to 60"),
    ("minutes: 3", "minutes: 010¶", "minutes is `010`", "from 1 to 60"),
    ("minutes: 3", "minutes: [3]¶", "minutes is a list", "whole number"),
    ("minutes: 3\n", "", "the file lacks the field `minutes`", "add for instance minutes", "key: small"),
    ("family: patients", "family: friends¶", "family is `friends`", "one of colleagues, patients"),
    ("family: patients", "family: colleagues", "only a patient questionnaire has a mode", "take", "mode: remote"),
    ("mode: remote", "mode: letter¶", "mode is `letter`", "in-person"),
    ("[doctor, dentist]", "[doctor, doctor]¶", "names `doctor` twice", "keep one"),
    ("[doctor, dentist]", "[vet]¶", "`vet`", "one of doctor, dentist, pharmacist"),
    ('["en", "cy"]', "[]¶", "languages has 0 entries", "give 1 to 30"),
    ('["en", "cy"]', '["en", "cy", "en"]¶', "names `en` twice", "keep one"),
    ('["en", "cy"]', '["en", "cy", no]¶', "languages › 3 is `no`", "in quotes"),
    ('["en", "cy"]', "english¶", "must be a list, not a text", "each entry on a line"),
    ("released: false", "released: maybe¶", "released is `maybe`", "true or false"),
    ("version: 1", "version: 1.0¶", "version is `1.0`", "whole number"),
    ("key: small", "key: ../small¶", "`../small`, which is not a plain name", "a letter first"),
    ("  - id: safe", "  - id: 12¶", "`12`, which is not a plain name", "a letter first"),
    ("  - id: safe", "  - id: Safe Care¶", "not a plain name", "a letter first"),
    ("  - id: safe", "  - id: no¶", "reads as true or false", "another name"),
    ("  - id: safe", "  - id: practitioner¶", "has a meaning of its own", "another name"),
    ("  - id: safe\n", "  - id:¶\n", "not a plain name", "a letter first"),
    ("  - id: patient\n", "  - id: all¶\n", "has a meaning of its own", "another name"),
    ("    least: 20", "    least: -1¶", "least is `-1`", "from 0 to 100"),
    ("    limit: 4000", "    limit: 9000¶", "limit is `9000`", "from 200 to 8000"),
    ("    limit: 4000\n", "", "prompts › did_well lacks the field `limit`", "limit: 8000", "did_well"),
    ("  satisfactory_from: 2\n", "", "scale lacks the field `satisfactory_from`", "lowest satisfactory", "  points:"),
    ("  satisfactory_from: 2", "  satisfactory_from: 4¶", "line (4) lies above the scale", "from 2 to 3"),
    ("  satisfactory_from: 2", "  satisfactory_from: 1¶", "is `1`", "from 2 to 10"),
    ("    - value: 2", "    - value: 5¶", "the values 1, 5, 3", "number them 1 to 3"),
    ("    - value: 2\n      label: ", "    - value: 2¶\n      lable: ", "lacks the field `label`", "label:"),
    ('{en: "Good", cy: "Da"}', '{en: "POOR", cy: "Da"}¶', '"POOR" stands for two answers', "words of its own"),
    ('{en: "Cannot say"', '{¶en: "Does not apply"', "stands for two answers", "words of its own"),
    ("{item: 0.5, ", "{item: 1.5, ¶", "a spread of 1.5 is more", "at most 1"),
    ("{item: 0.5, ", "{item: 0, ¶", "item is `0`", "above 0"),
    ("{item: 0.5, ", "{item: .inf, ¶", "item is `.inf`", "above 0"),
    ('"Told you the truth"', '"Told you <b>the</b> truth"¶', "holds markup (<)", "plain text"),
    ('"Told you the truth"', '"Told you {{ config }}"¶', "holds markup ({{)", "plain text"),
    ('"Told you the truth"', '"Told you {% raw %}"¶', "holds markup ({%)", "plain text"),
    ('"Told you the truth"', '"Told you &amp; me"¶', "holds markup (&amp;)", "plain text"),
    ('"Told you the truth"', '""¶', "is empty", "write the text"),
    ('"Told you the truth"', "¶", "is empty", "write the text"),
    ('"Told you the truth"', "yes¶", "must be text, but `yes` reads as true or false", "in quotes"),
    ('"Told you the truth"', "2026-11-22¶", "reads as a date", "in quotes"),
    ('"Told you the truth"', "[Told]¶", "must be one text, not a list", "write one text"),
    ('"Told you the truth"', '"Told\\0"¶', "cannot be seen (U+0000)", "take it out"),
    ('"Told you the truth"', f'"{"so " * 80}"¶', "has 239 characters", "at most 200"),
    ('title: {en: "Small", cy: "Bach"}', 'title: "Small"¶', "in each language, not a text", 'write title: {en: "…"}'),
    ('standards: ["GMC GMP 2024 domain 1"]', "standards: []¶", "standards has 0 entries", "give 1 to 12"),
    ("minutes: 3", "minutes: 3\nminutes: 4¶", "`minutes` is given twice", "keep one"),
    ("    domain: care", "    domain: care\n    domain: talking¶", "`domain` is given twice", "keep one"),
    ("minutes: 3", "minutes: 3\n? [a, b]¶\n: 4", "a list for a name", "plain name"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake[2])
def test_a_mistake_is_named_with_its_line_and_a_remedy(mistake: tuple[str, ...], small: str, written: Write) -> None:
    old, new, message, remedy, *where = mistake
    assert old in small
    broken = small.replace(old, new, 1)
    line = _line_with(broken, where[0] if where else "¶")
    problems = check(written(broken.replace("¶", "")))
    named = [problem for problem in problems if message in problem.message]
    assert [problem.line for problem in named] == [line], problems
    assert remedy in named[0].remedy
    assert named[0].severity == "error"
    with pytest.raises(SurveyInvalid) as raised:
        load(written(broken.replace("¶", "")))
    assert named[0] in raised.value.problems


def _line_with(text: str, mark: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if mark in line)


def test_the_small_questionnaire_has_no_mistakes(small: str, written: Write) -> None:
    assert check(written(small)) == []


def test_all_mistakes_are_named_at_once_in_the_order_of_the_file(small: str, written: Write) -> None:
    broken = (
        small.replace("minutes: 3", "minutes: many").replace("limit: 4000", "limit: 1").replace("id: safe", "id: 7")
    )
    problems = check(written(broken))
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)
    assert {"minutes is `many`", "prompts › did_well › limit is `1`"} <= {problem.message for problem in problems}
    assert len(problems) == 3


def test_a_problem_reads_as_file_line_severity_message_and_remedy() -> None:
    problem = Problem("surveys/x/1.yaml", 12, "minutes is `0`", "give a whole number")
    assert str(problem) == "surveys/x/1.yaml:12: error: minutes is `0`. Do: give a whole number."


def test_a_message_repeats_no_character_that_cannot_be_seen_and_no_long_text(small: str, written: Write) -> None:
    long = check(written(small.replace("minutes: 3", "minutes: " + "9" * 5000)))[0]
    assert len(long.message) < 80
    hidden = check(written(small.replace("minutes: 3", 'minutes: "\\e[2J"')))[0]
    assert re.fullmatch(r"minutes is `\N{REPLACEMENT CHARACTER}\[2J`", hidden.message)


def test_every_problem_of_an_empty_mapping_names_a_missing_field(written: Write) -> None:
    problems = check(written("{}\n"))
    assert len(problems) == 16
    assert all("lacks the field" in problem.message and "add for instance" in problem.remedy for problem in problems)
