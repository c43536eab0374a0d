"""Runs one round through the real app and copies the installation before and after each answer and after the close."""

import contextlib
import json
import logging
import random
import shutil
import string
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
from flask import Flask
from sqlalchemy import make_url
from sqlmodel import select

from msf.accounts import operations as accounts
from msf.accounts.models import Account
from msf.app import HANDLERS, create_app
from msf.base import config, db, queue, schema
from msf.base.config import Settings
from msf.base.config import settings as read_settings
from msf.base.db import reading, transaction
from msf.instruments import find
from msf.invitations.models import Invitation
from msf.invitations.rules import POOL, token, token_text
from msf.reports.formats import files_of, standalone_page
from msf.reports.models import CommentReview
from msf.reports.queries import opened_of, report_of
from msf.respond import operations as door
from msf.respond.rules import new_receipt
from msf.responses.queries import comments_of
from msf.responses.rules import size_of
from msf.rounds.models import Round
from tests.engines import Engine, PostgresqlEngine
from tests.lab.case import PEOPLE, PROMPTS, Case, Rater
from tests.lab.snapshots import Camera, PostgresqlCamera, Snapshot, SqliteCamera
from tests.respond.rounds import approved_round

ASKED = find("doctor-colleagues/1")
ALIKE = {"doctor": PEOPLE}
"""All of one group, so that nothing but the traces can tell them apart."""
_SEAL = 48


class House:
    """One installation on one engine: a round that waits to be opened, copied for every run, and the app over it."""

    def __init__(self, engine: Engine, home: Path, groups: Mapping[str, int] = ALIKE) -> None:
        self._engine, self._home, self.groups = engine, home, groups
        self.name = "postgresql" if isinstance(engine, PostgresqlEngine) else "sqlite"
        self._template = engine.empty(home) if self.name == "postgresql" else engine.fresh(home)
        self._settings = _settings(home, self._template)
        self._prepare()
        self.app: Flask = create_app(self._settings)
        self.app.config["TESTING"] = True

    def _prepare(self) -> None:
        """Everything before the opening, once: two organisations, their people, and twenty approved colleagues."""
        opened = db.connect(self._template)
        db.use(opened)
        config.use(self._settings)
        if not opened.sqlite:
            schema.upgrade(opened)
        self.waiting = approved_round(self._settings, now=datetime.now(UTC), groups=dict(self.groups))
        self.moderator = _moderator(self.waiting.coordinator)
        if opened.sqlite:
            db.scrub(opened, "slot")
        opened.engine.dispose()
        if opened.sqlite:
            self._master = self._home.with_name(f"{self._home.name}-template.db")
            shutil.move(self._home / "msf.db", self._master)

    def leave(self) -> None:
        """Let go of the database that was copied."""
        self._engine.drop(self._template)

    def _clear(self) -> None:
        """Everything of the run before goes but the keys: the one of the audit trail belongs to the installation."""
        for path in self._home.iterdir():
            if path.is_dir() and path.name != "keys":
                shutil.rmtree(path)
            elif path.is_file():
                path.unlink()

    @contextlib.contextmanager
    def fresh(self) -> Iterator[Camera]:
        """A copy of the installation that only one run sees, with the camera that looks at it."""
        self._clear()
        if self.name == "sqlite":
            shutil.copy(self._master, self._home / "msf.db")
            with _working(self._template):
                yield SqliteCamera(self._home)
            return
        url = self._engine.copy(self._template)
        with _working(url):
            camera = PostgresqlCamera(self._home, url)
            yield camera
            camera.close()
        self._engine.drop(url)

    def record(self, seed: int, *, drawn: bool = False, alter: Sequence[str] = ()) -> Case:
        """One run: opened, answered by twenty in an order drawn from `seed`, closed and reported.

        With `drawn` the report is also read as page, PDF, CSV and JSON, and not only as the document they are drawn
        from. `alter` are statements run first on this run's own database.
        """
        with self.fresh() as camera, _logging(self._home / "logs"):
            with transaction() as session:
                for statement in alter:
                    session.connection().exec_driver_sql(statement)
            return _Run(self, camera, seed, drawn=drawn).record()


@contextlib.contextmanager
def _working(url: str) -> Iterator[None]:
    opened = db.connect(url)
    db.use(opened)
    try:
        yield
    finally:
        opened.engine.dispose()


def _settings(home: Path, url: str) -> Settings:
    facts = {
        "MSF_HOME": str(home),
        "MSF_DATABASE_URL": make_url(url).render_as_string(hide_password=False),
        "MSF_BASE_URL": "http://localhost",
        "MSF_SECRET_KEY": "only for the lab " * 3,
    }
    return read_settings(facts)


def _moderator(coordinator: str) -> str:
    with transaction() as session:
        at = session.get_one(Account, coordinator).organisation_id
        return accounts.create_account(
            session,
            organisation_id=at,
            name="The moderator",
            email="moderator@service.example",
            roles=["moderator"],
            password=None,
        ).id


class _Run:
    """One round of one run."""

    def __init__(self, house: House, camera: Camera, seed: int, *, drawn: bool) -> None:
        self.house, self.camera, self.seed, self.drawn = house, camera, seed, drawn
        self.round_id, self.keys = house.waiting.id, house.waiting.keys
        self.chance = random.Random(seed)
        each = [(group, number) for group, people in house.groups.items() for number in range(people)]
        self.raters = [_rater(group, number, self.chance) for group, number in each]
        self.chance.shuffle(self.raters)

    def record(self) -> Case:
        """Open, answer, close, report; a copy after each."""
        by: dict[str, Any] = {"by": self.house.waiting.coordinator, "now": datetime.now(UTC)}
        with transaction() as session:
            door.open_round(session, self.round_id, keys=self.keys, **by)
        queue.run_due(HANDLERS)
        secret, private = self.keys.tokens.read(self.round_id), self.keys.seals.read(self.round_id)
        copies, times = self._answers(self._codes(secret))
        with transaction() as session:
            door.close_round(session, self.round_id, keys=self.keys, **by)
        queue.run_due(HANDLERS)
        copies.append(self.camera.take(PEOPLE + 1))
        return Case(
            self.house.name, self.seed, self.round_id, self.raters, times, secret, private,
            _SEAL + size_of([ASKED, find("patients-in-person/1")]), POOL, copies, self._exports(),
        )  # fmt: skip

    def _codes(self, secret: bytes) -> dict[str, str]:
        with reading() as session:
            query = select(Invitation.address, Invitation.n).where(Invitation.round_id == self.round_id)
            return {str(address): token_text(token(secret, n)) for address, n in session.exec(query)}

    def _answers(self, codes: dict[str, str]) -> tuple[list[Snapshot], list[float]]:
        copies, times = [self.camera.take(0)], []
        client = self.house.app.test_client()
        for step, rater in enumerate(self.raters, start=1):
            code = codes[rater.address]
            assert client.post("/give", data={"code": code}).status_code == 200
            assert client.post("/give", data=_form(rater, code)).status_code == 200
            times.append(time.time())
            copies.append(self.camera.take(step))
        return copies, times

    def _exports(self) -> dict[str, str]:
        """The report as its readers get it, with every comment passed on as it is."""
        with transaction() as session:
            organisation, now = session.get_one(Round, self.round_id).organisation_id, datetime.now(UTC)
            for comment in comments_of(session, self.round_id):
                session.add(
                    CommentReview(
                        comment_id=comment.id,
                        organisation_id=organisation,
                        decision="release",
                        reviewer_id=self.house.moderator,
                        decided_at=now,
                    )
                )
        with reading() as session:
            round = session.get_one(Round, self.round_id)
            found = opened_of(session, report_of(session, round.id), round)
        texts = {"document": json.dumps(found.document.to_json(), ensure_ascii=False)}
        if self.drawn:
            made = files_of(found.document, found.parts, found.facts)
            texts["pdf"] = "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(made["pdf"])).pages)
            texts |= {ending: made[ending].decode("utf-8") for ending in ("csv", "json")}
            texts["page"] = standalone_page(found.document)
        return texts


def _rater(group: str, number: int, chance: random.Random) -> Rater:
    ratings = bytes(chance.randint(1, 5) for _ in ASKED.items)
    words = {prompt: "canary " + "".join(chance.choices(string.ascii_lowercase, k=16)) for prompt in PROMPTS}
    return Rater(f"{group}{number}@northvale.example", f"{group.title()} {number}", ratings, words)


def _form(rater: Rater, code: str) -> dict[str, str]:
    items = {f"item.{item}": str(rating) for item, rating in zip(ASKED.item_ids, rater.ratings, strict=True)}
    texts = {f"text.{prompt}": text for prompt, text in rater.comments.items()}
    return {"code": code, "receipt": new_receipt(), "step": "send", **items, **texts}


@contextlib.contextmanager
def _logging(folder: Path) -> Iterator[None]:
    """Everything that is ever said, down to every statement and row, in one file, in the app's own form."""
    folder.mkdir()
    into = logging.FileHandler(folder / "msf.log", encoding="utf-8")
    into.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    loud = [logging.getLogger(name) for name in ("", "sqlalchemy.engine")]
    before = [(logger, logger.level, logger.handlers) for logger in loud]
    for logger in loud:
        logger.setLevel(logging.DEBUG)
    assert not logging.getLogger("sqlalchemy.engine.Engine").disabled, "something silenced the logs that are attacked"
    loud[0].handlers = [into]
    try:
        yield
    finally:
        into.close()
        for logger, level, handlers in before:
            logger.setLevel(level)
            logger.handlers = handlers
