"""Readers for the mappings and lists of a questionnaire file: each gives what it can, notes the rest and goes on."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from msf.instruments.problems import Problem

NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_KINDS = {"bool": "true or false", "null": "nothing", "int": "a number", "float": "a number", "timestamp": "a date"}

MAX_NAME = 40
TOP = "the file"


@dataclass(slots=True)
class Sheet:
    """Where the mistakes of one file are noted while it is read; `languages` is known once the field has been read."""

    file: str
    problems: list[Problem]
    languages: tuple[str, ...] = ()

    def note(self, line: int, message: str, remedy: str, severity: Literal["error", "warning"] = "error") -> None:
        self.problems.append(Problem(self.file, line, message, remedy, severity))


@dataclass(frozen=True, slots=True)
class Entry:
    """What could be read of one mapping: values by field, and the line of the mapping and of each field."""

    line: int
    values: Mapping[str, Any]
    lines: Mapping[str, int]

    def __getitem__(self, field: str) -> Any:
        return self.values[field]

    def get(self, field: str) -> Any:
        return self.values.get(field)

    def line_of(self, field: str) -> int:
        return self.lines.get(field, self.line)


Reader = Callable[[Sheet, Node, str], Any]
"""Reads one node; its last argument is what the field is called in messages. None where nothing could be read."""


@dataclass(frozen=True, slots=True)
class Field:
    """How a field of a mapping is read, and an example of it for whoever left it out."""

    read: Reader
    example: str
    required: bool = True


def shown(text: str) -> str:
    """A piece of the file as a message may repeat it: short, on one line, every character one that can be seen."""
    seen = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
    return f"`{seen[:37]}…`" if len(seen) > MAX_NAME else f"`{seen}`"


def said(node: Node) -> str:
    """What stands in the file at a node: the text itself, else its kind."""
    return shown(node.value) if isinstance(node, ScalarNode) else kind_of(node)


def line_of(node: Node) -> int:
    """The line of a node, counted from 1."""
    return int(node.start_mark.line) + 1


def pairs(sheet: Sheet, node: Node, what: str) -> Iterator[tuple[str, Node, Node]]:
    """The fields of a mapping as (name, node of the name, node of the value), each name once."""
    if not isinstance(node, MappingNode):
        sheet.note(
            line_of(node),
            f"{what} must be fields with names, not {kind_of(node)}",
            "write its fields below it, each as name: value",
        )
        return
    seen: dict[str, int] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            sheet.note(line_of(key), f"a field of {what} has {kind_of(key)} for a name", "use a plain name")
        elif key.value in seen:
            message = f"{shown(key.value)} is given twice in {what} (first on line {seen[key.value]})"
            sheet.note(line_of(key), message, "keep one of the two")
        else:
            seen[key.value] = line_of(key)
            yield key.value, key, value


def kind_of(node: Node) -> str:
    """What YAML takes a node for, in words."""
    if isinstance(node, MappingNode):
        return "named fields"
    if isinstance(node, SequenceNode):
        return "a list"
    return _KINDS.get(node.tag.rpartition(":")[2], "a text")


def record(fields: Mapping[str, Field]) -> Reader:
    """A mapping with exactly these fields, read in the order given here."""

    def read(sheet: Sheet, node: Node, what: str) -> Entry | None:
        if not isinstance(node, MappingNode):
            list(pairs(sheet, node, what))
            return None
        found = {name: (key, value) for name, key, value in pairs(sheet, node, what)}
        for name, (key, _) in found.items():
            if name not in fields:
                sheet.note(line_of(key), f"{what} has no field {shown(name)}", _instead(name, fields))
        for name, field in fields.items():
            if name not in found and field.required:
                sheet.note(line_of(node), f"{what} lacks the field `{name}`", f"add for instance {field.example}")
        nodes = {name: found[name] for name in fields if name in found}
        values = {name: fields[name].read(sheet, value, _under(what, name)) for name, (_, value) in nodes.items()}
        kept = {name: value for name, value in values.items() if value is not None}
        return Entry(line_of(node), kept, {name: line_of(key) for name, (key, _) in nodes.items()})

    return read


def _under(what: str, name: str) -> str:
    return name if what == TOP else f"{what} › {name}"


def _instead(name: str, fields: Mapping[str, Field]) -> str:
    near = get_close_matches(name[:MAX_NAME], list(fields), n=1)
    return f"call it `{near[0]}`" if near else f"take it out; the fields are {', '.join(fields)}"


def several(read_one: Reader, *, least: int, most: int) -> Reader:
    """A list of `least` to `most` things of one kind; what could not be read of it is left out."""

    def read(sheet: Sheet, node: Node, what: str) -> tuple[Any, ...] | None:
        if not isinstance(node, SequenceNode):
            sheet.note(
                line_of(node),
                f"{what} must be a list, not {kind_of(node)}",
                'start each entry on a line of its own with "- "',
            )
            return None
        count = len(node.value)
        if not least <= count <= most:
            sheet.note(line_of(node), f"{what} has {count} entries", f"give {least} to {most}")
        values = (read_one(sheet, each, _called(each, number, what)) for number, each in enumerate(node.value, start=1))
        return tuple(value for value in values if value is not None)

    return read


def _called(node: Node, number: int, what: str) -> str:
    """An entry of a list by its own id where it has one, else by its number."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == "id" and isinstance(value, ScalarNode) and NAME.fullmatch(value.value):
                return f"{what} › {value.value}"
    return f"{what} › {number}"
