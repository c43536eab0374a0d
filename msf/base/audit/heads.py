"""The last entry of every chain, as sent out of reach each day: what shows that a tail was cut."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from msf.base.audit.events import AuditEvent
from msf.base.errors import Refusal


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain went, and the seal of its last entry."""

    organisation_id: str
    sequence: int
    mac: bytes


class HeadsUnreadable(Refusal):
    """A file that does not hold heads of chains."""

    status = 422
    title = "This is not a file of heads"
    message = "The file does not hold the heads of chains."
    remedy = "Give a file that the service wrote or sent, one head a line, unchanged."


def heads(session: Session) -> list[Head]:
    """The head of every chain, by organisation."""
    last = (
        sa.select(col(AuditEvent.organisation_id).label("of"), sa.func.max(AuditEvent.sequence).label("number"))
        .group_by(col(AuditEvent.organisation_id))
        .subquery()
    )
    columns = [col(AuditEvent.organisation_id), col(AuditEvent.sequence), col(AuditEvent.mac)]
    query = sa.select(*columns).join(last, sa.and_(columns[0] == last.c.of, columns[1] == last.c.number))
    return [Head(*row) for row in session.execute(query.order_by(columns[0]))]


def lines_of(found: Iterable[Head], now: datetime) -> str:
    """One line of JSON for each head."""
    at = now.astimezone(UTC).isoformat(timespec="seconds")
    rows = (
        {"organisation": head.organisation_id, "sequence": head.sequence, "mac": head.mac.hex(), "time": at}
        for head in found
    )
    return "".join(json.dumps(row) + "\n" for row in rows)


def read_heads(lines: Iterable[str]) -> Iterator[Head]:
    """The heads in `lines`, as `lines_of` wrote them; `HeadsUnreadable` names the line that is none."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _head(number, line)


def _head(number: int, line: str) -> Head:
    try:
        told = json.loads(line)
        return Head(str(told["organisation"]), int(told["sequence"]), bytes.fromhex(told["mac"]))
    except (ValueError, KeyError, TypeError) as error:
        raise HeadsUnreadable(f"Line {number} does not hold the head of a chain.") from error
