"""A round by pages and letters with canaries in it, on a real server with its worker, and all they might reach."""

import base64
import contextlib
import gzip
import io
import logging
import socket
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pypdf
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from sqlmodel import Session, select

from msf.accounts import operations as accounts
from msf.accounts.models import Account, Organisation
from msf.accounts.rules import EMPLOYER_ROLES, ROLES
from msf.app import HANDLERS
from msf.base import db, queue
from msf.base.clock import today
from msf.base.db import reading, transaction
from msf.reports.models import Report
from msf.responses.models import Comment
from msf.rounds.models import Round
from tests.abuse.town import Caller
from tests.canaries.planted import ADDED, COMMENT, HOST, MAIL, NAME, OWN_WORDS, PASSWORD, canaries
from tests.canaries.search import Search
from tests.faults.children import a_receipt, form, send
from tests.pages import Visitor
from tests.site import Site

BOUNCED = f"rater0@{HOST}"


@dataclass
class Postbox:
    """Takes letters; sends one back with all of it in the answer, as some servers do."""

    codes: dict[str, str] = field(default_factory=dict)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep the code of a letter by its receiver."""
        mail = BytesParser(policy=policy.default).parsebytes(envelope.content)
        body = mail.get_body(("plain",))
        words = body.get_content() if body else ""
        code = words.partition("/give#")[2].split()[:1]
        if envelope.rcpt_tos == [BOUNCED]:
            return f"550 Returned to {BOUNCED}: {' '.join(words.split())[:400]}"
        self.codes.update({envelope.rcpt_tos[0]: code[0]} if code else {})
        return "250 OK"


class Post:
    """A mail server that is away until it is started."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.box, self.url = Postbox(), f"smtp://127.0.0.1:{port}"
        self.start = Controller(self.box, hostname="127.0.0.1", port=port).start
        self.stop = self.start.__self__.stop  # type: ignore[attr-defined]


@contextlib.contextmanager
def logged(path: Path) -> Iterator[None]:
    """Everything that the service says, down to DEBUG and with every statement, in a file; not what the post says."""
    handler, root = logging.FileHandler(path), logging.getLogger()
    handler.addFilter(lambda record: not record.name.startswith(("mail.", "asyncio")))
    statements = logging.getLogger("sqlalchemy.engine")
    before, said, others = root.level, statements.level, root.handlers[:]
    root.handlers[:] = [handler]
    root.setLevel("DEBUG")
    statements.setLevel("INFO")
    yield
    root.handlers[:] = others
    root.setLevel(before)
    statements.setLevel(said)
    handler.close()


@dataclass
class Story:
    """The site, its people by role, what was given out, and where to look."""

    site: Site
    post: Post
    folders: Mapping[str, Path]
    server_log: Path | None = None
    people: dict[str, str] = field(default_factory=dict)
    mails: dict[str, str] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)
    round_id: str = ""
    _before: int = 0

    def __post_init__(self) -> None:
        self._before = self.server_log.stat().st_size if self.server_log else 0

    # ---- who there is

    def cast(self) -> None:
        """One person for each role, all with the planted password; the practitioner at the planted address."""
        hashed = accounts.hashed(PASSWORD)
        with transaction() as session:
            service = accounts.create_organisation(session, name="The Service", kind="service")
            employer = accounts.create_organisation(session, name="Northvale", kind="employer", served_by=service.id)
            for role in ROLES:
                self.mails[role] = MAIL if role == "practitioner" else f"{role}@example.org"
                account = accounts.create_account(
                    session,
                    organisation_id=employer.id if role in EMPLOYER_ROLES else service.id,
                    name=f"The {role}",
                    email=self.mails[role],
                    roles=[role],
                    password=None,
                    profession="doctor" if role == "practitioner" else None,
                )
                account.password, self.people[role] = hashed, account.id

    def desk(self, role: str) -> Visitor:
        """Somebody of this role, signed in with the password."""
        page = Visitor(self.site.app.test_client())
        page.sign_in(self.mails[role], PASSWORD)
        return page

    # ---- what they do

    def prepare(self) -> None:
        """From a new round to one that is open, its letters waiting for a mail server that is away."""
        coordinator, manager = self.desk("coordinator"), self.desk("case_manager")
        path = self._made(coordinator)
        self.round_id = path.rpartition("/")[2]
        self._nominated(self.desk("practitioner"), path)
        manager.get(f"{path}/nominees")
        manager.submit({"name": ADDED, "address": f"added@{HOST}", "group": "doctor"})
        press(manager, f"{path}/approve", "Approve everybody and the list")
        press(coordinator, f"{path}/desk/open", "Open and send the invitations")
        queue.run_due(HANDLERS)

    def _made(self, page: Visitor) -> str:
        opens = today(datetime.now(UTC), "Europe/London")
        days = {
            f"{name}-{part}": str(getattr(day, part))
            for name, day in (("opens_on", opens + timedelta(days=1)), ("closes_on", opens + timedelta(weeks=4)))
            for part in ("day", "month", "year")
        }
        page.get("/rounds/new")
        asked = {"practitioner_id": self.people["practitioner"], "colleague_questionnaire": "doctor-colleagues/1"}
        path = page.submit({**asked, **days}).url
        press(page, f"{path}/start", "Yes, write now")
        return path

    def _nominated(self, page: Visitor, path: str) -> None:
        for number in range(8):
            page.get(f"{path}/nominees")
            page.submit({"name": f"{NAME} {number}", "address": f"rater{number}@{HOST}", "group": "doctor"})
        own = page.get(f"{path}/self/colleagues").form(button="Save my answers")
        words = {next(name for name in own.names if name.startswith("text.")): OWN_WORDS}
        given = {name: "4" for name in own.names if name.startswith("item.")}
        page.submit(given | words, button="Save my answers")

    def deliver(self) -> None:
        """The mail server is back, an hour later; one letter comes back with everything that was in it."""
        self.post.start()
        hour = datetime.now(UTC) + timedelta(hours=1)
        queue.run_due(HANDLERS, clock=lambda: hour)
        assert len(self.post.box.codes) >= 8

    def answer(self) -> None:
        """Six answer, one declines, one sends and takes it back; a few send what nobody can send."""
        port = int(self.site.url.rpartition(":")[2])
        codes = list(self.post.box.codes.values())
        for number, code in enumerate(codes[:7]):
            self.receipts.append(a_receipt())
            words = {"text.does_well": f"{COMMENT} {number}"}
            assert _status(port, form(code, self.receipts[-1]) | words) == 200
        taken = {"code": codes[6], "receipt": self.receipts[6], "confirmed": "yes"}
        assert _status(port, taken, path="/give/withdraw") == 200
        assert _status(port, {"code": codes[7], "receipt": a_receipt(), "step": "decline"}) == 200
        assert _status(port, form(codes[0], a_receipt()) | {"text.does_well": COMMENT}) == 404
        assert _status(port, form(codes[6][:-1], self.receipts[0])) == 422
        assert _status(port, {"code": codes[6], "step": "send", "text.does_well": COMMENT * 2000}) == 422
        assert _status(port, taken, path=f"/give/{codes[6]}") in (404, 405)

    def release(self) -> None:
        """Close, read, check, and release to the practitioner and to the organisation."""
        path = f"/rounds/{self.round_id}"
        coordinator, moderator = self.desk("coordinator"), self.desk("moderator")
        press(coordinator, f"{path}/desk/close", "Close the round for good")
        self._closed()
        for number in range(6, 0, -1):
            moderator.get(f"{path}/comments")
            moderator.submit(button=f"Release comment {number}")
        press(moderator, f"{path}/comments/finish", "Yes, finish")
        reviewer = self.desk("quality_reviewer")
        reviewer.get(f"{path}/review")
        reviewer.submit({"checks": ["people", "small", "comments", "bearable"]}, action=f"{path}/review")
        coordinator.get(f"{path}/release")
        coordinator.submit({"facilitator_id": self.people["facilitator"]})
        queue.run_due(HANDLERS)
        press(coordinator, f"{path}/release", "Release to the organisation")

    # ---- where to look

    def _closed(self) -> None:
        """Wait for the work that follows a close; the worker of the site may be at it already."""
        for _ in range(600):
            queue.run_due(HANDLERS)
            with reading() as session:
                left = session.exec(select(queue.Job.kind)).all()
            if not {"reports.draft", "respond.finish_close"} & set(left):
                return
            time.sleep(0.05)
        raise AssertionError(f"work still waits: {left}")

    def search(self) -> Search:
        """Every file of the installation, every log, temporary file and row."""
        found = Search(canaries(self.post.box.codes.values(), self.receipts))
        with db.current().engine.connect() as connection:
            for name, words in dump(connection):
                found.look(name, words)
        if self.server_log:
            found.look("log of the database server", self.server_log.read_bytes()[self._before :])
        for name, folder in self.folders.items():
            found.look_below(folder, called=f"{name}/")
        return found

    def walk(self, found: Search, *, roles: Iterable[str] = (*ROLES, "nobody")) -> None:
        """Every page of the site as everybody of `roles`, with this round in the address."""
        with reading() as session:
            names = self._names(session)
        for role in roles:
            person = self.people.get(role, "")
            caller = Caller(self.site.app, person)
            for rule in sorted(
                rule.rule for rule in self.site.app.url_map.iter_rules() if "GET" in (rule.methods or ())
            ):
                for path in filled(rule, names):
                    answer = caller.get(path)
                    found.look(f"page for {role} {path}", answer.data + str(answer.headers).encode())
                    if answer.mimetype == "application/pdf":
                        found.look(f"page for {role} {path} as text", pdf_text(answer.data))

    def _names(self, session: Session) -> dict[str, list[str]]:
        reports = session.exec(select(Report.id).where(Report.round_id == self.round_id)).all()
        comments = session.exec(select(Comment.id).where(Comment.round_id == self.round_id)).all()
        return {
            "round_id": [self.round_id],
            "report_id": list(reports),
            "comment_id": list(comments[:2]),
            "account_id": [self.people["practitioner"]],
            "organisation_id": [session.get_one(Round, self.round_id).organisation_id],
            "ending": ["pdf", "json", "csv"],
            "family": ["colleagues"],
        }


def press(page: Visitor, path: str, words: str) -> None:
    """Go to a page and press one of its buttons."""
    page.get(path)
    page.submit(button=words)


def _status(port: int, fields: Mapping[str, str], *, path: str = "/give") -> int:
    answer = send(port, fields, path=path)
    assert answer is not None
    return answer[0]


def filled(rule: str, names: Mapping[str, list[str]]) -> list[str]:
    """The addresses of one route with everything of the round that it can name; none where it names something else."""
    found = [rule]
    while found and "<" in found[0]:
        gap = found[0][found[0].index("<") : found[0].index(">") + 1]
        values = names.get(gap.strip("<>").rpartition(":")[2], [])
        found = [path.replace(gap, value, 1) for path in found for value in values]
    return found


def dump(connection: sa.Connection) -> Iterator[tuple[str, bytes]]:
    """Every column of every table, with all its values."""
    for table in sorted(sa.inspect(connection).get_table_names()):
        rows = connection.execute(sa.text(f'SELECT * FROM "{table}"'))
        names = list(rows.keys())
        columns = list(zip(*rows.all(), strict=True)) or [()] * len(names)
        for name, values in zip(names, columns, strict=True):
            yield f"{table}.{name}", b"\n".join(_raw(value) for value in values)


def _raw(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        raw = bytes(value)
        return raw + (pdf_text(raw).encode() if raw.startswith(b"%PDF") else b"")
    return str(value).encode("utf-8", "surrogateescape")


def pdf_text(data: bytes) -> str:
    """What a PDF says, on one line: its letters are numbers of a font, so no search finds words in its bytes."""
    if not data.startswith(b"%PDF-"):
        return ""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())


def leak(story: Story) -> list[str]:
    """Let a planted word out in each kind of place, written down in different ways; the places."""
    code, receipt = next(iter(story.post.box.codes.values())), story.receipts[0]
    logging.getLogger("msf").debug("Sent: %s", base64.b64encode(f"code={code}".encode()).decode())
    (story.folders["temp"] / "upload").write_bytes(gzip.compress(COMMENT.encode() * 3))
    (story.folders["home"] / "draft.pdf").write_bytes(b"%PDF-1.7 stream\n" + zlib.compress(receipt.encode() * 3))
    (story.folders["home"] / code).touch()
    with transaction() as session:
        queue.defer(session, "invitations.send", {"link": f"/give#{code}"}, run_at=datetime.now(UTC))
        session.get_one(Organisation, session.get_one(Account, story.people["auditor"]).organisation_id).name = NAME
    return ["logs/service.log", "temp/upload", "home/draft.pdf", "names of files", "job.payload", "page for auditor /"]
