"""Attacks on what a running service leaves beside its rows: logs, letters, times of files, and what readers get."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from msf.invitations.rules import read_token
from tests.lab.case import PEOPLE
from tests.lab.clues import Clue, Label, Link, View, grouped

_TIME = re.compile(rb"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d{3}) ")
_CODE = re.compile(rb"(?<![0-9a-z])[0-9a-hjkmnp-tv-z]{26}(?![0-9a-z])")


def log_times(view: View) -> Iterator[Clue]:
    """Times of the lines of logs that name somebody or something."""
    moments: list[tuple[Label, float]] = []
    for line, labels in view.lines:
        if (read := _TIME.match(line)) is not None:
            moments += [(label, _moment(read)) for label in labels]
    for kind, found in grouped(moments).items():
        yield from view.clue("times of log lines", "logs", kind, found, moments=found)


def _moment(read: re.Match[bytes]) -> float:
    written = datetime.strptime(read[1].decode(), "%Y-%m-%d %H:%M:%S").astimezone(UTC)
    return written.timestamp() + int(read[2]) / 1000


def log_links(view: View) -> Iterator[Link]:
    """Lines of logs that name one person and one answer at once."""
    pairs = {}
    for _, named in view.lines:
        labels = dict(sorted(named))
        if "people" in labels and "ratings" in labels:
            pairs[labels["people"]] = labels["ratings"]
    if pairs:
        yield Link("one log line names both", "logs", pairs)


def codes_in_logs(view: View) -> dict[bytes, Label]:
    """The slots whose codes stand in a log line that names a person: marks of that person."""
    found = {}
    for line, labels in view.lines:
        named = [label for label in labels if label[0] == "people"]
        for code in _CODE.findall(line) if len(named) == 1 else ():
            if (given := read_token(code.decode())) is not None:
                found[hashlib.sha256(given).digest()] = named[0]
    return found


def files(view: View) -> Iterator[Clue]:
    """Times and names of the files in which somebody or something is named, letters among them."""
    snapshot = view.last
    about = [
        (view.marks[mark], (name, snapshot.times[name]))
        for name, marks in view.seen.items()
        for mark in marks
        if name in snapshot.times and len(snapshot.files[name]) < 65536
    ]
    for kind, found in grouped(about).items():
        times = {which: moment for which, (_, moment) in found.items()}
        yield from view.clue("times of files", f"files after {snapshot.step}", kind, times, moments=times)
        names = {which: name for which, (name, _) in found.items()}
        yield from view.clue("names of files", f"files after {snapshot.step}", kind, names)


def exports(view: View) -> Iterator[Clue]:
    """The order in which a report, in each of its formats, names things."""
    if view.last.step <= PEOPLE:
        return
    for name, text in view.case.exports.items():
        content = text.encode()
        places = [(label, content.find(mark)) for mark, label in view.marks.items() if mark in content]
        for kind, found in grouped(sorted(places, key=lambda each: each[1])).items():
            yield from view.clue("order in exports", name, kind, found)
