"""Every row that cannot be read is listed, every file that is none is refused, and nothing is dropped in silence."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from msf.cli.collate import collate
from tests.collate.answers import HEAD, few, folders, problems, rater, run, survey, write

ROWS = {
    "a row that is too short": (["Dr A", "colleagues", "nurse", "4"], "", "4 columns where the first line has 7"),
    "a row that is too long": ([*rater("Dr A", "colleagues", "nurse"), "x"], "", "8 columns"),
    "a rating above the scale": (rater("Dr A", "colleagues", "nurse", 6, 4), "listens", "“6” is not a whole number"),
    "a rating of nought": (rater("Dr A", "colleagues", "nurse", 4, 0, 4), "explains", "“0” is not"),
    "half a rating": (rater("Dr A", "colleagues", "nurse", 4, "4.5", 4), "explains", "“4.5” is not"),
    "a rating in words": (rater("Dr A", "colleagues", "nurse", 4, 4, "good"), "answers", "“good” is not"),
    "a rating in other digits": (rater("Dr A", "colleagues", "nurse", "٤", 4), "listens", "“٤” is not"),
    "a null byte in a rating": (rater("Dr A", "colleagues", "nurse", "4\0", 4), "listens", "“4\\x00” is not"),
    "an unknown family": (rater("Dr A", "friends", "nurse"), "family", "“friends” is not one of self, colleagues"),
    "no family": (rater("Dr A", " ", "nurse"), "family", "is empty"),
    "no group": (rater("Dr A", "patients", " "), "group", "no group is named"),
    "a group that is too long": (rater("Dr A", "patients", "g" * 41), "group", "longer than 40"),
    "a group with a bell in it": (rater("Dr A", "patients", "g\a"), "group", "cannot be seen (U+0007)"),
    "a group called all": (rater("Dr A", "patients", "All"), "group", "cannot be called “all”"),
    "a comment that is too long": (few("Dr A", well="é" * 151)[0], "well", "has 302 bytes; its question allows 300"),
    "a null byte in a comment": (few("Dr A", well="a\0b")[0], "well", "cannot be read (U+0000)"),
    "a cell of 10 MB": (
        few("Dr A", well="x" * 10_000_000)[0],
        "",
        "more than 1,000,000 characters; it goes over in its cell 7",
    ),
    "10 MB over many lines": (few("Dr A", well='"line"\n' * 1_500_000)[0], "", "lines 3 to 1500003"),
    "no practitioner": (few("  ")[0], "practitioner", "no practitioner is named"),
    "a way up": (few("../x")[0], "practitioner", "“../x” cannot be the name of a folder: it holds /"),
    "an absolute path": (few("/etc")[0], "practitioner", "it holds /"),
    "a backslash": (few("a\\b")[0], "practitioner", "it holds \\"),
    "a drive": (few("C:x")[0], "practitioner", "it holds :"),
    "a null byte in a name": (few("Dr\0A")[0], "practitioner", "cannot be seen (U+0000)"),
    "a line end in a name": (few("Dr\nA")[0], "practitioner", "cannot be seen (U+000A)"),
    "an order of letters turned round": (few("Dr \u202eA")[0], "practitioner", "cannot be seen (U+202E)"),
    "a hidden name": (few(".ssh")[0], "practitioner", "begins with a full stop"),
    "up and no further": (few("..")[0], "practitioner", "begins with a full stop"),
    "a full stop at the end": (few("Dr A.")[0], "practitioner", "ends with a full stop"),
    "a space at the end": (few("Dr A ")[0], "practitioner", "begins or ends with a space"),
    "a device": (few("con")[0], "practitioner", "Windows keeps for itself"),
    "a device with an ending": (few("Lpt1.txt")[0], "practitioner", "Windows keeps for itself"),
    "a file of ours": (few("Problems.CSV")[0], "practitioner", "this command writes itself"),
    "a name that is too long": (few("é" * 61)[0], "practitioner", "longer than 120 bytes"),
    "a name with markup": (few("<script>alert(1)</script>")[0], "practitioner", "it holds <"),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_bad_row_is_listed_with_line_column_and_reason_and_the_rest_is_collated(case: str, tmp_path: Path) -> None:
    row, column, reason = ROWS[case]
    result = run(tmp_path, [*few("Dr Good"), row, *few("Dr Fine")])
    assert result.exit_code == 1
    [(line, found_column, found_reason)] = problems(tmp_path)
    assert (line, found_column) == (3, column)
    assert reason in found_reason
    assert folders(tmp_path) == {"Dr Good", "Dr Fine"}
    assert "1 of 3 rows refused" in result.stderr
    assert reason in result.stderr
    assert all(sign.isprintable() or sign == "\n" for sign in result.stderr)


def test_every_fault_of_a_row_is_named_at_once(tmp_path: Path) -> None:
    run(tmp_path, [*few("Dr Good"), rater("../x", "friends", "", 9, 9, 9)])
    assert [column for _, column, _ in problems(tmp_path)] == [
        "practitioner",
        "family",
        "listens",
        "explains",
        "answers",
    ]


def test_lines_are_counted_over_line_ends_inside_comments(tmp_path: Path) -> None:
    run(tmp_path, [*few("Dr Good", well="one\ntwo\n\nthree"), *few("../x")])
    assert [line for line, _, _ in problems(tmp_path)] == [6]


def test_names_that_would_share_a_folder_are_both_refused_and_each_row_listed(tmp_path: Path) -> None:
    names = ("Dr Åse", "dr A\u030ase", "Dr  Åse")
    result = run(tmp_path, [row for name in names for row in few(name, 2)] + few("Dr Good"))
    assert result.exit_code == 1
    assert [(line, column) for line, column, _ in problems(tmp_path)] == [
        (line, "practitioner") for line in range(2, 8)
    ]
    assert "would share a folder with" in problems(tmp_path)[0][2]
    assert folders(tmp_path) == {"Dr Good"}


def test_of_two_own_views_neither_counts_and_the_others_still_do(tmp_path: Path) -> None:
    lines = [rater("Dr A", "self", "", 5), *few("Dr A", 2), rater("Dr A", "self", "", 3), rater("Dr B", "self", "", 3)]
    assert run(tmp_path, lines).exit_code == 1
    assert [(line, column) for line, column, _ in problems(tmp_path)] == [(2, "family"), (5, "family")]
    assert '"self"' not in (tmp_path / "out/Dr A/cells.json").read_text("utf-8")
    assert '"self"' in (tmp_path / "out/Dr B/cells.json").read_text("utf-8")


def test_a_stray_quotation_mark_takes_no_later_row_with_it(tmp_path: Path) -> None:
    path = write(tmp_path / "answers.csv", few("Dr Good"))
    path.write_text(
        path.read_text("utf-8") + 'Dr A,colleagues,nurse,4,4,4,"a "b" c"\nDr Fine,colleagues,nurse,4,4,4,\n', "utf-8"
    )
    assert run(tmp_path, path).exit_code == 1
    [(line, _, reason)] = problems(tmp_path)
    assert (line, "write it twice" in reason) == (3, True)
    assert folders(tmp_path) == {"Dr Good", "Dr Fine"}


def test_a_quotation_mark_that_is_never_closed_names_the_lines_it_took(tmp_path: Path) -> None:
    path = write(tmp_path / "answers.csv", few("Dr Good"))
    path.write_text(path.read_text("utf-8") + 'Dr A,colleagues,nurse,4,4,4,"a\nDr B,colleagues,nurse,4,4,4,\n', "utf-8")
    assert run(tmp_path, path).exit_code == 1
    [(line, _, reason)] = problems(tmp_path)
    assert (line, "never closed (lines 3 to 4)" in reason) == (3, True)


def test_a_row_that_is_not_utf_8_is_refused_and_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "answers.csv", few("Dr Good"))
    path.write_bytes(
        path.read_bytes() + "Dr Åse,colleagues,nurse,4,4,4,\nDr A,colleagues,nurse,4,4,4,très\n".encode("latin-1")
    )
    assert run(tmp_path, path).exit_code == 1
    assert [(line, column, "not UTF-8" in reason) for line, column, reason in problems(tmp_path)] == [
        (3, "practitioner", True),
        (4, "well", True),
    ]


def test_formulas_are_defused_in_the_list_of_problems(tmp_path: Path) -> None:
    run(tmp_path, [*few("Dr Good"), rater("=1+1", "=2", "x")])
    assert not [cell for row in problems(tmp_path) for cell in map(str, row) if cell.startswith(("=", "+", "-", "@"))]


def test_where_every_row_is_refused_the_list_is_all_there_is(tmp_path: Path) -> None:
    assert run(tmp_path, few("../x", 12)).exit_code == 1
    assert len(problems(tmp_path)) == 12
    assert folders(tmp_path) == set()


HEADS = {
    "a missing item": ([name for name in HEAD if name != "explains"], "Missing: “explains”"),
    "an unknown column": ([*HEAD, "shoe size"], "Unknown: “shoe size”"),
    "a column twice": ([*HEAD, "listens"], "There more than once: “listens”"),
    "a column without a name": ([*HEAD, ""], "Unknown: one without a name"),
    "a formula": ([*HEAD, "=1+1"], "Unknown: “=1+1”"),
    "no columns of ours": (["a", "b"], "Missing: “practitioner”, “family”, “group”, “listens”"),
}


@pytest.mark.parametrize("case", HEADS)
def test_wrong_columns_are_named_and_nothing_is_written(case: str, tmp_path: Path) -> None:
    head, words = HEADS[case]
    path = write(tmp_path / "answers.csv", few("Dr Good"), head)
    result = run(tmp_path, path)
    assert (result.exit_code, words in result.stderr) == (2, True), result.stderr
    assert not (tmp_path / "out").exists()


FILES = {
    "an empty file": (b"", "is empty"),
    "nothing but white space": (b"\xef\xbb\xbf\r\n\r\n ", "is empty"),
    "only the names of the columns": (",".join(HEAD).encode(), "holds no row of answers"),
    "a program": (bytes(range(256)) * 40, "is not text in UTF-8"),
    "UTF-16": (",".join(HEAD).encode("utf-16"), "is not text in UTF-8"),
    "an endless line": (b"x" * 3_000_000, "The first line of the file cannot be read"),
}


@pytest.mark.parametrize("case", FILES)
def test_what_is_no_file_of_answers_is_refused_and_nothing_is_written(case: str, tmp_path: Path) -> None:
    content, words = FILES[case]
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    result = run(tmp_path, path)
    assert (result.exit_code, words in result.stderr) == (2, True), result.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_or_nothing_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "is not a file" in run(tmp_path, tmp_path / "folder").stderr
    result = run(tmp_path, tmp_path / "nowhere.csv")
    assert (result.exit_code, "There is no file" in result.stderr) == (2, True)


def test_raters_by_name_in_place_of_groups_are_refused(tmp_path: Path) -> None:
    result = run(tmp_path, [rater("Dr A", "colleagues", f"Person {place}") for place in range(201)])
    assert (result.exit_code, "never a person" in result.stderr) == (2, True)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/kept.txt").write_text("mine")
    result = run(tmp_path, few("Dr Good"))
    assert (result.exit_code, "is not empty" in result.stderr) == (2, True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["kept.txt"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    assert "is a file, not a folder" in run(tmp_path, few("Dr Good")).stderr
    (tmp_path / "below").write_text("mine")
    assert "Nothing can be written to" in run(tmp_path, few("Dr Good"), out="below/deeper").stderr


def test_a_broken_survey_is_refused_with_line_and_remedy(tmp_path: Path) -> None:
    path = survey(tmp_path)
    path.write_text(path.read_text("utf-8").replace("id: explains", "id: listens"), "utf-8")
    answers = write(tmp_path / "answers.csv", few("Dr Good"))
    result = CliRunner().invoke(collate, [str(answers), "--survey", str(path), "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "survey.yaml:24: error" in result.stderr
    assert "Do: " in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_missing_survey_is_refused(tmp_path: Path) -> None:
    answers = write(tmp_path / "answers.csv", few("Dr Good"))
    asked = [str(answers), "--survey", str(tmp_path / "none.yaml"), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(collate, asked)
    assert (result.exit_code, "none.yaml" in result.stderr) == (2, True)


def test_no_setting_goes_under_the_floor_of_four(tmp_path: Path) -> None:
    assert run(tmp_path, few("Dr Good"), "--least", "3").exit_code == 2
