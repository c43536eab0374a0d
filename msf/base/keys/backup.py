"""A copy of keys in one file, which only its master key opens, each marked with the day it ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from msf.base.errors import Refusal
from msf.base.keys.wrapping import Damaged, bytes_of, packed, text_of, unpacked, unwrap, wrap

_FORMAT = "msf keys 1"


class NotABackup(Refusal):
    """A file that is no copy of keys, or one that was cut short or changed."""

    status = 422
    title = "This is no copy of keys"
    message = "This file is no copy of keys, or it is damaged."
    remedy = "Take another copy."


@dataclass(frozen=True, slots=True)
class Kept:
    """One secret of a copy: its kind and name, the day from which it may not be put back, and what people call it."""

    kind: str
    name: str
    secret: bytes
    until: date | None
    label: str


@dataclass(frozen=True, slots=True)
class Backup:
    """What was in a copy, and the day it was made."""

    made_on: date
    entries: tuple[Kept, ...]


def sealed_backup(entries: Iterable[Kept], master: bytes, *, made_on: date) -> bytes:
    """The copy as the bytes of a file."""
    facts = {"made_on": made_on.isoformat(), "entries": [_facts(entry) for entry in entries]}
    return packed({"format": _FORMAT, **wrap(packed(facts), master, purpose=_FORMAT)})


def opened_backup(raw: bytes, master: bytes) -> Backup:
    """What `sealed_backup` was given; `WrongPassphrase` where the master key is another, `NotABackup` otherwise."""
    try:
        outside = unpacked(raw)
        if outside.get("format") != _FORMAT:
            raise NotABackup
        facts = unpacked(unwrap(outside, master, purpose=_FORMAT))
        return Backup(date.fromisoformat(facts["made_on"]), tuple(_entry(each) for each in facts["entries"]))
    except (Damaged, KeyError, TypeError, ValueError) as error:
        raise NotABackup from error


def _facts(entry: Kept) -> dict[str, Any]:
    until = entry.until.isoformat() if entry.until else None
    return {
        "kind": entry.kind,
        "name": entry.name,
        "secret": text_of(entry.secret),
        "until": until,
        "label": entry.label,
    }


def _entry(facts: dict[str, Any]) -> Kept:
    until = date.fromisoformat(facts["until"]) if facts["until"] else None
    return Kept(str(facts["kind"]), str(facts["name"]), bytes_of(facts["secret"]), until, str(facts["label"]))
