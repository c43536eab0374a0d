"""How one entry hangs on the one before: a seal over that one's seal and every column of its own."""

import json
from datetime import UTC, datetime
from typing import Any, Protocol

from msf.base.audit.key import digest

COLUMNS = ("action", "actor", "at", "details", "id", "object", "organisation_id", "sequence")
"""What the seal covers: everything but the seal."""

_ENTRY = b"msf audit entry 1"


class Entry(Protocol):
    """An entry of the record: a row of the table, as an object or as read for checking."""

    @property
    def id(self) -> str: ...
    @property
    def organisation_id(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def actor(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def object(self) -> str: ...
    @property
    def details(self) -> dict[str, Any]: ...
    @property
    def sequence(self) -> int | None: ...
    @property
    def mac(self) -> bytes | None: ...


def link(key: bytes, previous: bytes, entry: Entry, *, sequence: int | None = None) -> bytes:
    """The seal of `entry` behind the seal `previous` (empty before the first); at another place with `sequence`."""
    return digest(key, _ENTRY, previous, canonical(entry, sequence))


def canonical(entry: Entry, sequence: int | None = None) -> bytes:
    """Every column as compact JSON in a fixed order, with the time in UTC to the microsecond; on both databases alike.

    `sequence` takes the place of the entry's own where it is given.
    """
    told = {name: getattr(entry, name) for name in COLUMNS}
    told["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    told["sequence"] = entry.sequence if sequence is None else sequence
    return json.dumps(told, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")
