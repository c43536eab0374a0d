"""What was promised to be deleted is gone from every file when its time is over, and nothing else is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import SQLModel, col, select

from msf.accounts import operations as accounts
from msf.accounts.models import Account
from msf.accounts.queries import keepers
from msf.app import HANDLERS, SWEEPS
from msf.base import config, db, schema
from msf.base.audit import AuditEvent, verify
from msf.base.config import Settings
from msf.base.db import Database, reading, transaction
from msf.base.queue import Job, run_due
from msf.base.retention import SWEPT, Tally, due, sweep
from msf.instruments import find
from msf.invitations import operations as invitations
from msf.reports import operations as reports
from msf.reports import queries as report_shelf
from msf.reports.models import CommentReview, ReportFile
from msf.reports.rules.export import cells_csv, cells_json
from msf.respond import operations as door
from msf.responses.models import Answer, Comment, FamilySum, ProgrammeSum
from msf.rounds import operations as rounds
from msf.rounds.models import Round
from msf.rounds.queries import undecided
from msf.scoring.moments import moments, packed
from tests.engines import Engine
from tests.faults.children import a_receipt, form
from tests.pages import Visitor
from tests.respond.rounds import PASSWORD, OpenRound, open_round

NOW = datetime.now(UTC)
NAME, ADDRESS = "Wrenna Nightjar", "wrenna.nightjar@perch.example"
OTHER_NAME, OTHER_ADDRESS = "Dunna Sedgewren", "dunna.sedgewren@perch.example"
PATIENT = "patient3@mail.example"
SAID = "Canary dusk song"
OWN_WORDS = "Canary of one's own"
REASON = "Canary of a reason"
NAMES = (NAME, ADDRESS, OTHER_NAME, OTHER_ADDRESS, PATIENT, "doctor2@northvale.example", REASON)
WORDS = (SAID, OWN_WORDS)
ASKED = find("doctor-colleagues")


@pytest.fixture
def database(engine: Engine, home: Path) -> Iterator[Database]:
    """A database whose files hold nothing of any other test."""
    url = engine.empty(home)
    opened = db.connect(url)
    schema.upgrade(opened)
    db.use(opened)
    yield opened
    opened.engine.dispose()
    engine.drop(url)


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Letters leave this installation, as they do where there is a mail server."""
    chosen = replace(settings, mail=f"folder:{tmp_path / 'elsewhere'}")
    config.use(chosen)
    return chosen


@dataclass
class Story:
    """A released round, one that waits for its release, and one that was cancelled, all with canaries in them."""

    settings: Settings
    database: Database
    released: OpenRound
    waiting: OpenRound
    cancelled: OpenRound
    ratings: list[bytes] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.released.id

    @property
    def employer(self) -> str:
        with reading() as session:
            return session.get_one(Round, self.id).organisation_id

    def found(self, *canaries: str | bytes) -> list[str | bytes]:
        """Which of these stand in any file of the installation."""
        files = [path for folder in self._folders() for path in folder.rglob("*") if path.is_file()]
        every = b"\0".join(path.read_bytes() for path in files)
        return [each for each in canaries if (each.encode() if isinstance(each, str) else each) in every]

    def _folders(self) -> list[Path]:
        """The home folder; on PostgreSQL the database's own files too, with everything written out.

        The planner's samples of what stands in columns are taken first: they lie in those files as well.
        """
        if self.database.sqlite:
            return [self.settings.home]
        with self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for words in ("ANALYZE", "CHECKPOINT"):
                connection.execute(sa.text(words))
            data = connection.execute(sa.text("SHOW data_directory")).scalar_one()
            number = connection.execute(
                sa.text("SELECT oid FROM pg_database WHERE datname = current_database()")
            ).scalar_one()
        return [self.settings.home, Path(data) / "base" / str(number)]

    def after(self, days: int, name: str) -> Tally:
        """What the sweep `name` deletes so many days after the story; first counted, which changes nothing."""
        now, chosen = NOW + timedelta(days=days), next(each for each in SWEEPS if each.name == name)
        with reading() as session:
            tenants = keepers(session)
        before = self.rows()
        counted = due(chosen, tenants, now=now)
        assert self.rows() == before
        assert sweep(chosen, tenants, now=now) == counted
        run_due(HANDLERS, clock=lambda: now)
        with reading() as session:
            assert "accounts.scrub" not in set(session.exec(select(Job.kind)))
        assert due(chosen, tenants, now=now) == {}
        return counted

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        with reading() as session:
            return {
                table.name: sorted((tuple(row) for row in session.execute(sa.select(table))), key=repr)
                for table in SQLModel.metadata.sorted_tables
            }

    def report(self) -> tuple[str, dict[str, bytes]]:
        """The released report as a document, and the bytes of its files."""
        with reading() as session:
            row = session.get_one(Round, self.id)
            report = report_shelf.report_of(session, self.id)
            seen = report_shelf.opened_of(session, report, row)
            files = session.exec(select(ReportFile).where(ReportFile.report_id == report.id))
            return json.dumps(seen.document.to_json()), {file.name: file.content for file in files}


@pytest.fixture
def story(client: FlaskClient, settings: Settings, database: Database) -> Story:
    """Everything up to the release, through the real operations."""
    asked = ((8, 5), (5, 0), (5, 0))
    first, waiting, cancelled = (
        open_round(settings, now=NOW, groups={"doctor": doctors}, patients=patients) for doctors, patients in asked
    )
    made = Story(settings, database, first, waiting, cancelled)
    _propose(made)
    _answer(made, client)
    for each in (first, waiting):
        with transaction() as session:
            door.close_round(session, each.id, keys=each.keys, by=each.coordinator, now=NOW)
    with transaction() as session:
        door.cancel_round(session, cancelled.id, reason="Wrong person", by=cancelled.coordinator, now=NOW)
    run_due(HANDLERS, clock=lambda: NOW)
    _release(made)
    run_due(HANDLERS, clock=lambda: NOW)
    return made


def _propose(made: Story) -> None:
    """Somebody who is invited, somebody who is refused with a reason, and the practitioner's own words."""
    by = {"by": made.released.coordinator, "now": NOW}
    own = {"by": made.released.practitioner}
    ratings = bytes([4] * len(ASKED.items))
    with transaction() as session:
        for each, name, address in ((made.released, NAME, ADDRESS), (made.cancelled, OTHER_NAME, OTHER_ADDRESS)):
            people = {"family": "colleagues", "group": "nurse", "name": name}
            invitations.nominate(session, each.id, address=address, origin="organisation", **people, **by)
            refused = invitations.nominate(
                session, each.id, address=f"not.{address}", origin="practitioner", **people, **own, now=NOW
            )
            invitations.decide(session, refused.id, approve=False, reason=REASON, **by)
            rounds.save_self_assessment(
                session, each.id, questionnaire=ASKED.reference_name, ratings=ratings,
                comments={"does_well": OWN_WORDS}, on=NOW.date(), **own,
            )  # fmt: skip


def _answer(made: Story, client: FlaskClient) -> None:
    """Eight doctors answer the first round, each sheet of ratings unlike any other, and five the second."""
    random = np.random.default_rng(7)
    for number, code in enumerate([*made.released.of("colleagues", "doctor"), *made.waiting.of("colleagues")[:5]]):
        sheet = random.integers(1, 6, len(ASKED.items)).astype(np.int8)
        sent = form(code, a_receipt()) | {
            f"item.{item}": str(given) for item, given in zip(ASKED.item_ids, sheet, strict=True)
        }
        sent["text.does_well"] = f"{SAID} {number}."
        assert client.post("/give", data=sent).status_code == 200
        if number < 8:
            made.ratings.append(sheet.tobytes())


def _release(made: Story) -> None:
    """Words are taken out of one comment, the others pass, and the report goes to the practitioner."""
    with transaction() as session:
        service = session.get_one(Account, made.released.coordinator).organisation_id
        moderator, reviewer, guide = (
            accounts.create_account(
                session, organisation_id=service, name=role, email=f"{role}@service.example", roles=[role],
                password=None,
            ).id
            for role in ("moderator", "quality_reviewer", "facilitator")
        )  # fmt: skip
        comments = session.exec(select(Comment).where(Comment.round_id == made.id).order_by(col(Comment.text))).all()
        decide = {"session": session, "round_id": made.id, "by": moderator, "now": NOW}
        reports.decide_comment(comment_id=comments[0].id, decision="redact", spans=["dusk"], **decide)
        for comment in comments[1:]:
            reports.decide_comment(comment_id=comment.id, decision="release", **decide)
        reports.finish_moderation(session, made.id, by=moderator, now=NOW)
        reports.review_report(session, made.id, by=reviewer, now=NOW)
        name = session.get_one(Account, guide).name
        row, report = session.get_one(Round, made.id), report_shelf.report_of(session, made.id)
        seen = report_shelf.opened_of(session, report, row, facilitator=name)
        reports.release_to_practitioner(
            session, made.id, facilitator_id=guide, by=made.released.coordinator, now=NOW,
            files={
                "json": cells_json(seen.parts, practitioner=seen.facts.practitioner, reference=seen.facts.reference),
                "csv": cells_csv(seen.parts),
            },
        )  # fmt: skip


def test_everything_goes_when_its_time_is_over_and_leaves_no_byte(story: Story, page: Visitor) -> None:
    read = story.report()
    with reading() as session:
        assert session.get_one(Round, story.id).final_on == NOW.date()
        assert session.get_one(Round, story.cancelled.id).cancelled_on == NOW.date()
        sealed = [each for each in session.exec(select(CommentReview.original)) if each]
        kept = session.exec(select(FamilySum).where(FamilySum.round_id == story.id)).one()
    whole = np.stack([np.frombuffer(sheet, np.int8) for sheet in story.ratings])
    assert (kept.family, kept.raters) == ("colleagues", 8)
    assert (kept.sums["practitioners"], kept.sums["raters"]) == (1, 8)
    counted = moments(whole, points=ASKED.scale.size, nonanswers=(0, 101, 102))
    assert kept.sums["matrices"]["moments"] == packed(counted)
    assert len(sealed) == 1
    everything = [*NAMES, *story.ratings, *sealed, *WORDS]
    assert story.found(*everything) == everything

    assert story.after(29, "addresses") == {}
    assert story.after(30, "addresses") == {
        story.employer: {"people": 27, "invitations": 25, "own answers": 1},
    }
    assert story.found(*NAMES) == []
    page.sign_in("kit@service.example", PASSWORD)
    told = page.get(f"/rounds/{story.id}/nominees").text
    assert "9 colleagues were asked" in told

    assert story.after(91, "ratings") == story.after(91, "originals") == {}
    with transaction() as session:
        session.delete(session.get_one(FamilySum, (story.id, ASKED.reference_name)))
    assert story.after(92, "ratings") == {}, "without their sums, ratings have to stay"
    with transaction() as session:
        kept.sums = kept.sums["matrices"]["moments"]  # as they were written before there were programmes
        session.merge(kept)
    assert story.after(92, "ratings") == {story.employer: {"ratings": 8}}
    with reading() as session:
        stays = session.get_one(FamilySum, (story.id, ASKED.reference_name)).sums
        book = session.exec(select(ProgrammeSum)).one()
    assert stays.keys() == {"raters", "values", "nonanswers"}, "matrices lead back to the sheets of a few people"
    assert (book.practitioners, book.raters, book.sums["matrices"]) == (1, 8, None)
    assert story.found(*story.ratings) == []
    assert story.after(92, "originals") == {story.employer: {"originals": 1}}
    assert story.found(*sealed) == []
    assert story.report() == read

    assert story.after(2191, "reports") == {}
    assert story.found(*WORDS) == [*WORDS]
    assert story.after(2192, "reports") == {story.employer: {"reports": 1, "comments": 8}}
    _only_the_waiting_round_is_left(story, page)


def _only_the_waiting_round_is_left(story: Story, page: Visitor) -> None:
    with reading() as session:
        assert session.get_one(Round, story.id).state == "archived"
        assert {row.round_id for row in session.exec(select(FamilySum))} == {story.id, story.waiting.id}
        for table in (Answer, Comment):
            assert set(session.exec(select(table.round_id))) == {story.waiting.id}
        left = undecided(session, keepers(session), now=NOW + timedelta(days=2192))
    assert left == {story.employer: 1}
    assert story.found(OWN_WORDS, *(f"{SAID} {number}." for number in range(8))) == []
    assert "Its report was deleted" in page.get(f"/rounds/{story.id}").text
    assert "This report was deleted" in page.get(f"/rounds/{story.id}/report", status=410).text

    entries = story.after(2193, "audit")
    assert entries[story.employer]["entries"] > 20
    with reading() as session:
        assert verify(session, story.employer).fault is None
        assert SWEPT in set(session.exec(select(AuditEvent.action)))
