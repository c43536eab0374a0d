"""Letters out: one plain and one HTML part, through one sender; the demo's sender keeps them in a folder instead."""

import contextlib
import os
import re
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, make_msgid, parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from msf.base.clock import moment
from msf.base.config import data
from msf.base.errors import Refusal
from msf.base.tables import new_id

_WORD = r"[a-z0-9!#$%&'*+/=^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# A question mark is left out: with it, a part of an address could be read as an encoded word and change its meaning.
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_WORD}(?:\.{_WORD})*@(?:{_LABEL}\.)+{_LABEL}", re.ASCII)


class AddressRefused(Refusal):
    """Something that is not one mail address."""

    status = 422
    title = "Check the email address"
    message = "This is not an email address we can write to."
    remedy = "Enter one address, in the form name@example.org."


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be sent to one person."""

    to: str
    subject: str
    text: str
    html: str


class Sender(Protocol):
    """Takes letters away; raises OSError or SMTPException where it cannot, so that the job is tried again."""

    def check(self) -> None: ...
    def send(self, letter: Letter, *, sender: str, now: datetime) -> None: ...


def address(text: str) -> str:
    """The mail address in `text`, lower-cased; `AddressRefused` where it is anything but one plain address.

    >>> address(" Ann.Lee@Example.org ")
    'ann.lee@example.org'
    """
    bare = text.strip().lower()
    if len(bare) > 254 or not _ADDRESS.fullmatch(bare):
        raise AddressRefused
    return bare


def letter(name: str, /, *, to: str, subject: str, **facts: object) -> Letter:
    """Write the letter `templates/mail/<name>/` to `to` with `facts`."""
    shelf = _shelf()
    words = {"subject": subject, **facts}
    return Letter(
        to,
        subject,
        shelf.get_template(f"mail/{name}/letter.txt").render(words),
        shelf.get_template(f"mail/{name}/letter.html").render(words),
    )


@lru_cache(maxsize=1)
def _shelf() -> Environment:
    """Every letter's templates, read once: putting one together costs ten times what filling it in does."""
    shelf = Environment(
        loader=FileSystemLoader(data("templates")),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    shelf.filters["datetime"] = lambda given, where: moment(given, ZoneInfo(where))
    return shelf


def message(letter: Letter, *, sender: str, now: datetime) -> EmailMessage:
    """The letter as a MIME message; header injection is refused by the policy."""
    mail = EmailMessage(policy=policy.SMTP.clone(cte_type="7bit"))
    mail["From"] = sender
    mail["To"] = address(letter.to)
    mail["Subject"] = _one_line(letter.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">") or "localhost")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    return mail


def _one_line(words: str) -> str:
    """Words as one header: a name that spells an encoded word would otherwise be decoded, line ends and all."""
    return " ".join(words.replace("=?", "= ?").split())


@dataclass(frozen=True)
class SmtpSender:
    """Sends over SMTP; `smtp://user:password@host:port`, or `smtps://` for TLS from the start."""

    url: str

    def check(self) -> None:
        """Reach the server and sign in, as sending would; raises alike whoever the letter would be for."""
        with self._server() as server:
            server.noop()

    def send(self, letter: Letter, *, sender: str, now: datetime) -> None:
        """Hand one letter to the server."""
        with self._server() as server:
            written = message(letter, sender=sender, now=now)
            # Not `send_message`, which writes its own copy with ">" before every line that starts with "From".
            server.sendmail(parseaddr(sender)[1], address(letter.to), written.as_bytes())

    @contextlib.contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        parts = urlsplit(self.url)
        host, secure = parts.hostname or "localhost", parts.scheme == "smtps"
        port = parts.port or (465 if secure else 25)
        server = (
            smtplib.SMTP_SSL(host, port, timeout=30, context=_trust())
            if secure
            else smtplib.SMTP(host, port, timeout=30)
        )
        with server:
            if not secure and server.has_extn("starttls"):
                server.starttls(context=_trust())
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            yield server


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The authorities this machine trusts, read once."""
    return ssl.create_default_context()


@dataclass(frozen=True)
class FolderSender:
    """Keeps letters as files in a folder, for the demo and for tests; never for real people's letters."""

    folder: Path

    def check(self) -> None:
        """Make the folder, as sending would."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def send(self, letter: Letter, *, sender: str, now: datetime) -> None:
        """Write one letter as a file, whole or not at all."""
        self.check()
        name = f"{now:%Y%m%dT%H%M%S.%f}-{new_id()[:8]}.eml"
        draft = self.folder / f"{name}.part"
        draft.write_bytes(message(letter, sender=sender, now=now).as_bytes())
        os.replace(draft, self.folder / name)


@dataclass(frozen=True, slots=True)
class Caught:
    """A letter that the folder sender kept."""

    id: str
    to: str
    subject: str
    date: str
    text: str


def caught(folder: Path) -> list[Caught]:
    """Every letter in `folder`, the newest first."""
    return [_read(path) for path in sorted(folder.glob("*.eml"), reverse=True)]


def _read(path: Path) -> Caught:
    mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    plain = mail.get_body(("plain",))
    return Caught(
        path.stem, str(mail["To"]), str(mail["Subject"]), str(mail["Date"]), plain.get_content() if plain else ""
    )


def sender_of(url: str) -> Sender:
    """The sender that `MSF_MAIL` names: `smtp://…`, `smtps://…` or `folder:/path`."""
    if url.startswith("folder:"):
        return FolderSender(Path(url.removeprefix("folder:")))
    if url.startswith(("smtp://", "smtps://")):
        return SmtpSender(url)
    raise ValueError("MSF_MAIL must be smtp://host:port, smtps://host:port or folder:/path.")
