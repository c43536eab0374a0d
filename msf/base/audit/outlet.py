"""Where heads of chains go, out of reach of whoever can write to the database: files on other storage, or letters."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from msf.base.config import current
from msf.base.errors import Refusal
from msf.base.mail import address, letter, sender_of


class OutletUnknown(Refusal):
    """A setting that names no place to send heads to."""

    status = 500
    title = "Check MSF_AUDIT_HEADS"
    message = "MSF_AUDIT_HEADS must be folder:/path or mail:a@example.org,b@example.org."


class Outlet(Protocol):
    """Takes the heads of a day away; raises OSError or SMTPException where it cannot, so that it is tried again."""

    @property
    def kind(self) -> str: ...
    def send(self, lines: str, *, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class HeadsFolder:
    """One file a day."""

    folder: Path
    kind: str = "folder"

    def send(self, lines: str, *, now: datetime) -> None:
        """Write the file of the day, whole or not at all."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"audit-heads-{now.astimezone(UTC):%Y-%m-%d}.jsonl"
        draft = path.with_suffix(".part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)


@dataclass(frozen=True, slots=True)
class HeadsLetter:
    """One letter a day to each address."""

    addresses: tuple[str, ...]
    kind: str = "mail"

    def send(self, lines: str, *, now: datetime) -> None:
        """Write to everybody."""
        chosen = current()
        sender = sender_of(chosen.mail)
        for to in self.addresses:
            facts = {"lines": lines, "service": chosen.service_name}
            written = letter(
                "audit_heads", to=to, subject=f"Seals of the record, {now.astimezone(UTC):%Y-%m-%d}", **facts
            )
            sender.send(written, sender=chosen.mail_from, now=now)


def outlet_of(setting: str) -> Outlet | None:
    """Where `MSF_AUDIT_HEADS` says; nowhere where it is empty; `OutletUnknown` where it says something else."""
    kind, _, where = setting.strip().partition(":")
    if kind == "folder" and where:
        return HeadsFolder(Path(where))
    if kind == "mail" and where:
        return HeadsLetter(tuple(address(each) for each in where.split(",")))
    if setting.strip():
        raise OutletUnknown
    return None
