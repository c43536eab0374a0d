"""Memory stays bounded, answers wait in a file nobody else can open, and a report is there whole or not at all."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.collate.answers import few, rater, survey, write

FAMILIES = ("colleagues", "patients")
PEAK = """
import re, sys
from pathlib import Path
from msf.collate import Order, collate
from msf.instruments import load
collate(Order(Path(sys.argv[1]), load(sys.argv[2]), Path(sys.argv[3]), pdf=False))
print(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text()).group(1))
"""


def _peak(folder: Path, rows: int) -> int:
    """The most memory in KiB that so many unsorted rows take, half of them with a comment.

    Not `ru_maxrss`, which a process inherits from the one that started it.
    """
    lines = (
        rater(
            f"Dr {place % 3}",
            "patients" if place % 2 else "colleagues",
            "nurse",
            place % 5 + 1,
            well="x" * (place % 200),
        )
        for place in range(rows)
    )
    answers = write(folder / f"{rows}.csv", list(lines))
    command = [sys.executable, "-c", PEAK, str(answers), str(survey(folder)), str(folder / f"out-{rows}")]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_five_times_the_rows_take_hardly_more_memory(tmp_path: Path) -> None:
    small, large = _peak(tmp_path, 20_000), _peak(tmp_path, 100_000)
    assert large < 1.2 * small
    assert large < 400 * 1024


CAPPED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
from msf.cli import main
main(sys.argv[1:])
"""


def test_where_writing_fails_there_is_no_half_report(tmp_path: Path) -> None:
    answers = write(tmp_path / "answers.csv", few("Dr A", 6))
    asked = ["collate", str(answers), "--survey", str(survey(tmp_path)), "--out", str(tmp_path / "out"), "--no-pdf"]
    done = subprocess.run([sys.executable, "-c", CAPPED, *asked], capture_output=True, text=True, check=False)
    assert (done.returncode, "stopped: File too large" in done.stderr) == (2, True), done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["problems.csv"]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are looked at under /proc")
def test_waiting_answers_have_no_name_and_one_reader_and_a_kill_leaves_nothing(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    answers = _large(tmp_path)
    asked = ["collate", str(answers), "--survey", str(survey(tmp_path)), "--out", str(tmp_path / "out"), "--no-pdf"]
    command = [sys.executable, "-c", "import sys; from msf.cli import main; main(sys.argv[1:])", *asked, "--comments"]
    process = subprocess.Popen(command, env={**os.environ, "SQLITE_TMPDIR": str(temporary), "TMPDIR": str(temporary)})
    try:
        spool = _waits_for(process.pid, temporary)
        assert os.stat(spool).st_mode & 0o777 == 0o600
        assert list(temporary.iterdir()) == []
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert list(temporary.iterdir()) == []


def test_where_there_is_no_room_for_waiting_answers_nothing_is_done(tmp_path: Path) -> None:
    asked = ["collate", str(_large(tmp_path)), "--survey", str(survey(tmp_path)), "--out", str(tmp_path / "out")]
    command = [sys.executable, "-c", CAPPED, *asked, "--comments"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "temporary file stopped" in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "out").exists()


def _large(folder: Path) -> Path:
    """Answers that do not fit into memory set aside for them."""
    lines = [rater(f"Dr {place:05}", "self", "", 4, well="x" * 300) for place in range(60_000)]
    return write(folder / "answers.csv", lines)


def _waits_for(pid: int, temporary: Path) -> Path:
    """The open file of `pid` that lay in `temporary`."""
    for _ in range(600):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            if link.exists() and os.readlink(link).startswith(str(temporary)):
                return link
        time.sleep(0.05)
    raise AssertionError("no file was opened")
