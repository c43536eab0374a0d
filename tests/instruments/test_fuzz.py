"""Whatever a file holds, checking it gives problems and never an exception, and loading agrees with checking."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from msf.instruments import SurveyInvalid, check, load

pieces = st.sampled_from(
    [b"\n", b"  ", b"- ", b": ", b"{", b"}", b"[", b"]", b'"', b"'", b"|", b">", b"?", b"&a", b"*a", b"!!map", b"%YAML",
     b"---", b"...", b"#", b"<<", b"null", b"1", b"yes", b"\xc3\xa9", b"\xff", b"\0", b"\t", b"\\", b'"\\ud800"']
)  # fmt: skip
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def agree(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    problems = check(path)
    for problem in problems:
        assert problem.message
        assert problem.remedy
        assert str(problem).isprintable()
        assert 1 <= problem.line <= content.count(b"\n") + content.count(b"\r") + 2
    if any(problem.severity == "error" for problem in problems):
        with pytest.raises(SurveyInvalid):
            load(path)
    else:
        load(path)


@quick
@given(st.binary(max_size=400))
def test_random_bytes_never_crash_the_check(tmp_path: Path, content: bytes) -> None:
    agree(tmp_path / "random.yaml", content)


@quick
@given(st.lists(pieces, max_size=60).map(b"".join))
def test_random_pieces_of_yaml_never_crash_the_check(tmp_path: Path, content: bytes) -> None:
    agree(tmp_path / "random.yaml", content)


@quick
@given(data=st.data())
def test_a_sound_file_with_a_few_changes_never_crashes_the_check(
    tmp_path: Path, small: str, data: st.DataObject
) -> None:
    content = small.encode()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.sampled_from([0, 1, 5, 40]))
        content = content[:start] + data.draw(pieces | st.binary(max_size=3)) + content[start + length :]
    agree(tmp_path / "changed.yaml", content)


def test_lines_taken_out_repeated_or_shuffled_never_crash_the_check(tmp_path: Path, small: str) -> None:
    lines = small.splitlines(keepends=True)
    luck = random.Random(20)
    for number in range(len(lines)):
        agree(tmp_path / "less.yaml", "".join(lines[:number] + lines[number + 1 :]).encode())
        agree(tmp_path / "twice.yaml", "".join([*lines[:number], lines[number], *lines[number:]]).encode())
        agree(tmp_path / "mixed.yaml", "".join(luck.sample(lines, len(lines))).encode())
