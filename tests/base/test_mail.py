"""Letters: one person each, nothing smuggled into their headers, sent over real SMTP or kept in a folder."""

import smtplib
import socket
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import Envelope, Session

from msf.base import mail
from msf.base.mail import AddressRefused, FolderSender, Letter, SmtpSender, address, caught, message, sender_of

FROM = "Practitioner feedback <feedback@example.org>"
LETTER = Letter("ann@example.org", "Feedback for Dr Ŵyn Sample", "Plain words, ŵ and ŷ.", "<p>HTML words</p>")


class Postbox:
    """Takes letters over SMTP and keeps them; refuses those to `refused@example.org`."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, list[str], EmailMessage]] = []

    async def handle_RCPT(
        self, server: Server, session: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        if to == "refused@example.org":
            return "550 no such person"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:
        parsed = BytesParser(policy=policy.default).parsebytes(envelope.content)
        self.letters.append((str(envelope.mail_from), list(envelope.rcpt_tos), parsed))
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, str]]:
    """A real SMTP server on a loopback port, and its address as a setting."""
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, f"smtp://127.0.0.1:{port}"
    server.stop()


def test_a_letter_goes_over_smtp_in_plain_and_html(postbox, now):
    box, url = postbox
    sender_of(url).send(LETTER, sender=FROM, now=now)
    [(envelope_from, recipients, sent)] = box.letters
    assert envelope_from == "feedback@example.org"
    assert recipients == ["ann@example.org"]
    assert sent["Subject"] == LETTER.subject
    assert sent["Date"].datetime == now
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent.get_body(("plain",)).get_content().strip() == LETTER.text
    assert sent.get_body(("html",)).get_content().strip() == LETTER.html


def test_long_lines_and_every_script_arrive_as_they_were_written(postbox, now):
    box, url = postbox
    words = "\n".join(["x" * 3000, "اَلْعَرَبِيَّةُ", "हिन्दी", "🙂", ".", "From the start"])
    sender_of(url).send(Letter("ann@example.org", "s", words, "<p>h</p>"), sender=FROM, now=now)
    assert box.letters[0][2].get_body(("plain",)).get_content().splitlines() == words.splitlines()


def test_a_refusal_of_the_server_reaches_the_job(postbox, now):
    box, url = postbox
    with pytest.raises(smtplib.SMTPException):
        sender_of(url).send(Letter("refused@example.org", "s", "t", "h"), sender=FROM, now=now)
    assert box.letters == []


def test_a_server_that_is_away_reaches_the_job(now):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(OSError, match="refused"):
        SmtpSender(f"smtp://127.0.0.1:{port}").send(LETTER, sender=FROM, now=now)


SMUGGLED = "\r\nBcc: eve@example.org\r\n\r\nand a body"


def test_a_subject_cannot_carry_a_header(postbox, now):
    box, url = postbox
    sender_of(url).send(Letter("ann@example.org", f"Hello{SMUGGLED}", "t", "h"), sender=FROM, now=now)
    [(_, recipients, sent)] = box.letters
    assert recipients == ["ann@example.org"]
    assert sent["Bcc"] is None
    assert sent["Subject"] == "Hello Bcc: eve@example.org and a body"
    assert sent.get_body(("plain",)).get_content().strip() == "t"


@pytest.mark.parametrize("end", [SMUGGLED, "\nBcc: eve@example.org", "\r", "\x00", "\x0b", "\u2028"])
def test_an_address_cannot_carry_a_header(end, now):
    with pytest.raises(AddressRefused):
        message(Letter(f"ann@example.org{end}x", "s", "t", "h"), sender=FROM, now=now)


def test_a_sender_with_a_line_break_is_refused(now):
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        message(LETTER, sender=f"a@example.org{SMUGGLED}", now=now)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "ann", "ann@", "@example.org", "ann@example", "ann@@example.org", "a@b@example.org",
        "ann@example.org, eve@example.org", "ann@example.org;eve@example.org", "Ann <ann@example.org>",
        '"ann lee"@example.org', "ann lee@example.org", "ann@exam ple.org", "ann@[127.0.0.1]", "ann(note)@example.org",
        "änn@example.org", "ann@exämple.org", "ann..lee@example.org", ".ann@example.org", "ann@example..org",
        "ann@example.org\nBcc: eve@example.org", "ann\x00@example.org", "ann\\@example.org", "group:ann@example.org",
        f"{'a' * 65}@example.org", f"ann@{'a' * 64}.org",
        f"ann@{'a.' * 125}org", "ann@-example.org", "ann@example.org.",
        "=?utf-8?q?eve=40evil.org?=@example.org",
    ],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_refused(text):
    with pytest.raises(AddressRefused) as refusal:
        address(text)
    assert "name@example.org" in refusal.value.remedy


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (" Ann.Lee@Example.org ", "ann.lee@example.org"),
        ("o'neill+forms@trust.example.org", "o'neill+forms@trust.example.org"),
        ("a_b-c@sub-domain.example.org", "a_b-c@sub-domain.example.org"),
    ],
)
def test_a_plain_address_is_kept_in_lower_case(text, found):
    assert address(text) == found


def test_the_folder_keeps_letters_the_newest_first(tmp_path, now):
    sender = sender_of(f"folder:{tmp_path / 'mail'}")
    for second, subject in enumerate(["first", "second"]):
        sender.send(Letter("ann@example.org", subject, "words", "h"), sender=FROM, now=now.replace(second=second))
    kept = caught(tmp_path / "mail")
    assert [(each.subject, each.to, each.text.strip()) for each in kept] == [
        ("second", "ann@example.org", "words"),
        ("first", "ann@example.org", "words"),
    ]
    assert len({each.id for each in kept}) == 2
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700


def test_a_letter_that_is_still_being_written_is_not_shown(tmp_path, now, monkeypatch):
    def cut_off(_draft: object, _name: object) -> None:
        raise OSError("the power went")

    monkeypatch.setattr(mail.os, "replace", cut_off)
    with pytest.raises(OSError, match="power"):
        FolderSender(tmp_path).send(LETTER, sender=FROM, now=now)
    assert list(tmp_path.iterdir()) != []
    assert caught(tmp_path) == []


def test_a_folder_that_does_not_exist_holds_no_letters(tmp_path):
    assert caught(tmp_path / "none") == []


@pytest.mark.parametrize("setting", ["", "sendmail", "http://example.org", "/var/mail"])
def test_a_setting_that_names_no_sender_is_refused(setting):
    with pytest.raises(ValueError, match="MSF_MAIL"):
        sender_of(setting)
