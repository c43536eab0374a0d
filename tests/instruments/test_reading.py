"""Files that are not a small, plain YAML text are refused in clear words, quickly and without an exception."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from msf.instruments import SurveyInvalid, check, load, reading
from msf.instruments.reading import MAX_BYTES, MAX_DEPTH, MAX_NODES

Write = Callable[[str | bytes], Path]

LAUGHS = 'a: &a ["ha", "ha"]\n' + "".join(
    f"{name}: &{name} [*{old}, *{old}, *{old}]\n" for old, name in zip("abcdefgh", "bcdefghi", strict=True)
)

NOT_PLAIN = {
    "an empty file": (b"", 1, "the file is empty"),
    "nothing but remarks": (b"# one\n\n# two\n", 1, "the file is empty"),
    "a list at the top": (b"\n- one\n- two\n", 2, "the file must be fields with names, not a list"),
    "a text at the top": (b"hello", 1, "not a text"),
    "a number at the top": (b"12", 1, "not a number"),
    "many laughs": (LAUGHS.encode(), 1, "an anchor (&a) is not allowed"),
    "an alias of nothing": (b"key: small\ntitle: *one\n", 2, "an alias (*one) is not allowed"),
    "an alias of itself": (b"key: &a [*a]\n", 1, "an anchor (&a) is not allowed"),
    "a tag that makes objects": (b"key: !!python/object/apply:os.system [ls]\n", 1, "a tag ("),
    "a tag of a plain kind": (b"key: small\nversion: !!str 1\n", 2, "a tag ("),
    "lists in lists": (b"key: " + b"[" * 20_000, 1, f"nested more than {MAX_DEPTH} deep"),
    "fields in fields": (b"".join(b" " * n + b"a:\n" for n in range(600)), 11, f"nested more than {MAX_DEPTH} deep"),
    "dashes in dashes": (b"- " * 100_000, 1, f"nested more than {MAX_DEPTH} deep"),
    "too many values": (b"key: [" + b"1," * 100_000 + b"]", 1, f"more than {MAX_NODES} values"),
    "a second document": (b"key: small\n---\nkey: large\n", 2, "a second document starts here"),
    "a tab": (b"key: small\ntitle:\n\ten: Small\n", 3, "a tab character"),
    "a NUL": (b"key: small\nversion: \0\n", 2, "a character that cannot be seen (U+0000)"),
    "an escape character": (b"key: \x1b[2Jsmall\n", 1, "cannot be seen (U+001B)"),
    "writing turned round": ("key: small\nversion: 1 \u202e2\n".encode(), 2, "cannot be seen (U+202E)"),
    "UTF-16": ("key: small\n".encode("utf-16"), 1, "saved as UTF-16"),
    "Latin-1": ("key: small\n\nprovenance: \xe9t\xe9\n".encode("latin-1"), 3, "byte 0xe9 is not UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), 1, "not UTF-8"),
    "a quotation mark left open": (b'key: small\ntitle: {en: "Small}\n', 2, "quotation mark is opened here"),
    "a bracket left open": (
        b"key: small\nlanguages: [en\ntitle: x\n",
        3,
        "not closed, or a comma is missing (it begins on line 2)",
    ),
    "a colon in a text": (b"key: small\ntitle: one: two\n", 2, 'a ":" where no field can begin'),
    "a field without a colon": (b"key: small\ntitle\nminutes: 3\n", 3, "the YAML is broken"),
    "a step to the right": (b"key: small\n   version: 1\n", 2, "the YAML is broken"),
    "a step to the left": (b"key:\n    - one\n  - two\n", 3, "does not fit the lines above"),
    "a special character": (b"key: small\ntitle: @home\n", 2, "begins with a special character"),
    "a backslash": (b'key: small\ntitle: "C:\\q"\n', 2, "a backslash in a quoted text"),
    "a later YAML": (b"%YAML 9.9\n---\nkey: small\n", 1, "the YAML is broken"),
    "ten megabytes": (b"# " + b"x" * 10_000_000, 1, "larger than 256 KiB"),
}


@pytest.mark.parametrize(("content", "line", "message"), NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_what_is_not_a_plain_small_yaml_file_is_refused(
    content: bytes, line: int, message: str, written: Write
) -> None:
    path = written(content)
    begun = time.perf_counter()
    problems = check(path)
    assert time.perf_counter() - begun < 10
    assert (problems[0].line, problems[0].severity) == (line, "error")
    assert message in problems[0].message
    assert problems[0].remedy
    with pytest.raises(SurveyInvalid):
        load(path)


@pytest.mark.parametrize(("content", "line", "message"), NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_the_parser_written_in_python_refuses_the_same(
    content: bytes, line: int, message: str, written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_LOADER", yaml.SafeLoader)
    problems = check(written(content))
    assert problems[0].line == line
    assert message in problems[0].message


@pytest.mark.parametrize("size", [MAX_BYTES, MAX_BYTES + 1])
def test_a_file_may_have_exactly_its_limit(size: int, small: str, written: Write) -> None:
    filled = (small.encode() + b"# ").ljust(size, b"x")
    assert bool(check(written(filled))) is (size > MAX_BYTES)


def test_a_file_that_is_not_there_is_a_problem_and_not_an_exception(tmp_path: Path) -> None:
    missing = check(tmp_path / "none.yaml")
    assert str(missing[0]).startswith(f"{tmp_path}/none.yaml: error: the file cannot be opened: No such file")
    assert "this is a folder" in check(tmp_path)[0].message
    assert "cannot be opened" in check("no\0name")[0].message
    assert "cannot be opened" in check("x" * 5000)[0].message


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "not a plain file" in check(tmp_path / "pipe.yaml")[0].message
    assert "not a plain file" in check("/dev/zero")[0].message


@pytest.mark.parametrize("change", [lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text])
def test_files_from_windows_are_read_with_the_right_lines(
    change: Callable[[str], str], small: str, written: Write
) -> None:
    assert check(written(change(small))) == []
    assert check(written(change(small.replace("minutes: 3", "minutes: x"))))[0].line == 9


def test_every_alias_and_anchor_is_named_at_once(written: Write) -> None:
    problems = check(written("a: &one x\nb: *one\nc: *one\n"))
    assert [problem.line for problem in problems] == [1, 2, 3]


def test_texts_in_other_scripts_and_with_emoji_are_kept_as_they_are(small: str, written: Write) -> None:
    for text in ("ŵ ŷ", "العربية", "हिन्दी", "ਪੰਜਾਬੀ", "👍🏽", "می\u200cشود"):
        loaded = load(written(small.replace("Gwrando arnoch chi", text)))
        assert loaded.items[0].text["cy"] == text
