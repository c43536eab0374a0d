"""Bytes of a questionnaire file to a small, plain YAML tree; the large, the deep and the not plain are refused."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    NodeEvent,
    ScalarEvent,
)
from yaml.nodes import Node

from msf.instruments.problems import Problem, SurveyInvalid

MAX_BYTES = 256 * 1024
MAX_DEPTH = 10
MAX_NODES = 10_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Control characters, byte-order marks inside a text, line separators an editor does not count, and the marks that
# overrule the direction of writing: none can be seen, and each can make a line read as something it is not.
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n|\r|\n")

# What the parser says of broken YAML (the first of these that is found in it), in words for people, and what to do.
_BROKEN = (
    ("escape", "a backslash in a quoted text", "use single quotes, or write the backslash twice"),
    ("quoted scalar", "a quotation mark is opened here and not closed", "close it"),
    (
        "mapping values are not allowed",
        'a ":" where no field can begin',
        "put the text in quotes, or mend the indentation",
    ),
    ("could not find expected ':'", 'a field without a ":"', "give the field its colon, or put the text in quotes"),
    ("start any token", "a text begins with a special character", "put it in quotes"),
    ("parsing a flow", "a bracket is opened and not closed, or a comma is missing", "look for it here and above"),
    (
        "<document start>",
        "something follows after the end of the file's first value",
        "write everything as name: value",
    ),
    ("parsing a block", "this does not fit the lines above", "mend the indentation, or put the text in quotes"),
)
_UNNAMED = "check the indentation, the quotation marks and the brackets of this line and the one above"


def read_bytes(path: Path) -> bytes:
    """The bytes of a plain file of at most `MAX_BYTES`; anything else is refused without being read through."""
    file = str(path)
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            what = "this is a folder" if stat.S_ISDIR(mode) else "this is not a plain file"
            raise _refusal(file, 0, what, "name one questionnaire file, such as surveys/doctor-colleagues/1.yaml")
        with path.open("rb") as handle:
            raw = handle.read(MAX_BYTES + 1)
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        raise _refusal(file, 0, f"the file cannot be opened: {reason}", "check its name and who may read it") from None
    if len(raw) > MAX_BYTES:
        raise _refusal(
            file, 1, f"the file is larger than {MAX_BYTES // 1024} KiB", "split it into several questionnaires"
        )
    return raw


def text_of(raw: bytes, file: str) -> str:
    """The text of a UTF-8 file, with every character in it one that can be seen."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refusal(file, 1, "the file is saved as UTF-16", "save it again as UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = len(_LINE_END.findall(raw[: fault.start].decode("latin-1"))) + 1
        message = f"byte {raw[fault.start]:#04x} is not UTF-8 text"
        raise _refusal(file, line, message, "save the file again as UTF-8") from None
    lines = enumerate(_LINE_END.split(text), start=1)
    unseen = [_unseen(file, line, found.group()) for line, part in lines if (found := UNSEEN.search(part))]
    if unseen:
        raise SurveyInvalid(unseen)
    return text


def tree_of(text: str, file: str) -> Node:
    """The one document in `text` as nodes that know their lines; limits are checked before anything is built."""
    try:
        refused = list(_refused(text, file))
        if refused:
            raise SurveyInvalid(refused)
        tree: Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as fault:
        raise SurveyInvalid([_broken(fault, file)]) from None
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        raise _refusal(file, 1, f"this is not YAML: {' '.join(str(fault).split())}", _UNNAMED) from None
    if tree is None:
        raise _refusal(file, 1, "the file is empty", "start from a copy of one of the shipped questionnaires")
    return tree


def _refused(text: str, file: str) -> Iterator[Problem]:
    """What is YAML but not plain enough; reading stops at the first limit passed."""
    depth = nodes = documents = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        nodes += isinstance(event, NodeEvent)
        documents += isinstance(event, DocumentStartEvent)
        limit = _limit_passed(depth, nodes, documents)
        if limit:
            yield Problem(file, _line(event.start_mark), *limit)
            return
        yield from _not_plain(event, file)


def _limit_passed(depth: int, nodes: int, documents: int) -> tuple[str, str] | None:
    if depth > MAX_DEPTH:
        return f"lists and fields are nested more than {MAX_DEPTH} deep", "lay the file out as the shipped ones are"
    if nodes > MAX_NODES:
        return f"the file holds more than {MAX_NODES} values", "split it into several questionnaires"
    if documents > 1:
        return "a second document starts here", 'keep one questionnaire in a file, without a second "---"'
    return None


def _not_plain(event: Event, file: str) -> Iterator[Problem]:
    line = _line(event.start_mark)
    anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
    if isinstance(event, AliasEvent):
        yield Problem(file, line, f"an alias (*{anchor}) is not allowed", "write the text out here")
    elif anchor is not None:
        yield Problem(
            file, line, f"an anchor (&{anchor}) is not allowed", "leave it out and write each text out in full"
        )
    if isinstance(event, ScalarEvent | CollectionStartEvent) and tag is not None:
        yield Problem(
            file, line, f"a tag ({tag}) is not allowed", "leave it out: fields are plain text, numbers and lists"
        )


def _broken(fault: yaml.MarkedYAMLError, file: str) -> Problem:
    said = " ".join(part for part in (fault.context, fault.problem) if part)
    named = ((message, remedy) for sign, message, remedy in _BROKEN if sign in said)
    message, remedy = next(named, (said, _UNNAMED))
    line, begun = _line(fault.problem_mark), _line(fault.context_mark)
    if "opened here" in message and fault.context_mark:
        line = begun
    elif 1 < begun < line:
        message += f" (it begins on line {begun})"
    return Problem(file, line, f"the YAML is broken: {message}", remedy)


def _unseen(file: str, line: int, character: str) -> Problem:
    if character == "\t":
        return Problem(file, line, "a tab character", "use spaces")
    message = f"a character that cannot be seen (U+{ord(character):04X})"
    return Problem(file, line, message, "delete it and type the place again")


def _line(mark: Any) -> int:
    """The line of one of YAML's marks (its two parsers have a class each), counted from 1."""
    return mark.line + 1 if mark else 1


def _refusal(file: str, line: int, message: str, remedy: str) -> SurveyInvalid:
    return SurveyInvalid([Problem(file, line, message, remedy)])
