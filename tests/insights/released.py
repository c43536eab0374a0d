"""Rounds of many practitioners, closed by the real close, with reports that are released, void or neither."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlmodel import col, select

from msf.accounts.models import Account
from msf.base.db import transaction
from msf.instruments import find
from msf.reports.jobs import draft
from msf.reports.models import Report
from msf.respond import operations
from msf.responses.models import Slot
from msf.responses.rules import Sheet, pack, seal
from msf.responses.rules.sealing import size_of
from msf.rounds import operations as rounds
from msf.rounds.models import Round
from tests.make import Make
from tests.reports.samples import ratings

GROUPS = {"doctor": 5, "nurse": 4, "admin": 1}
WORDS = "Canary wren sings at dusk"
JANUARY, APRIL = datetime(2027, 1, 11, 9, 0, tzinfo=UTC), datetime(2027, 4, 5, 9, 0, tzinfo=UTC)
RELEASE = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)
LATER = datetime(2027, 8, 2, 9, 0, tzinfo=UTC)
"""When the quarters of the rounds and of their releases are over."""


@dataclass
class Town:
    """Rounds by what became of their reports."""

    make: Make
    rounds: dict[str, list[str]] = field(default_factory=dict)

    def close(
        self, opened: datetime, *, who: Account | None = None, groups: Mapping[str, int] = GROUPS, **more: Any
    ) -> str:
        """One round that opened at this time, was answered by everybody and closed four weeks later."""
        round_id = self.answered(opened, who=who, groups=groups, **more)
        end = opened + timedelta(days=28)
        with transaction() as session:
            by = self.make.coordinator.id
            operations.close_round(session, round_id, keys=self.make.keys, by=by, now=end)
        draft({"round_id": round_id}, now=end)
        self.rounds.setdefault("closed", []).append(round_id)
        return round_id

    def answered(
        self, opened: datetime, *, who: Account | None = None, groups: Mapping[str, int] = GROUPS, **more: Any
    ) -> str:
        """One round that opened at this time, was answered by everybody and is still open."""
        number = sum(map(len, self.rounds.values())) + 1
        self.make.now = opened
        subject = who or self.make.practitioner(f"Dr Wagtail Number {number}")
        made = self.make.round("open", practitioner=subject, colleagues=groups, **more)
        name = made.colleague_questionnaire or ""
        asked = find(name)
        with transaction() as session:
            own = ratings(asked, 1, seed=900 + number)[0].tobytes()
            rounds.save_self_assessment(
                session, made.id, questionnaire=name, ratings=own, comments={"does_well": f"Own {WORDS}"},
                by=subject.id, on=opened.date(),
            )  # fmt: skip
            self._answer(session, made.id, asked, groups, number)
        return made.id

    def _answer(self, session: Any, round_id: str, asked: Any, groups: Mapping[str, int], seed: int) -> None:
        row = session.get_one(Round, round_id)
        people = [group for group, n in groups.items() for _ in range(n)]
        level = 4.2 + 0.5 * np.random.default_rng(seed).normal()
        given = ratings(asked, len(people), seed=seed, level=level)
        slots = session.exec(select(Slot).where(Slot.round_id == round_id).order_by(col(Slot.h))).all()
        for slot, group, answers in zip(slots, people, given, strict=False):
            words = {"does_well": f"{WORDS} {group}"} if group == "doctor" else {}
            sheet = Sheet(round_id, asked.reference_name, "colleagues", group, False, answers.tobytes(), words)
            slot.sealed = seal(pack(sheet, size=size_of(_both(row))), row.seal_public)

    def release(self, round_id: str, at: datetime = RELEASE, *, state: str = "released_organisation") -> None:
        """Put the report in this state as the moves of a release would."""
        with transaction() as session:
            row = session.get_one(Round, round_id)
            report = session.exec(select(Report).where(Report.round_id == round_id)).one()
            row.state, report.released_at = state, at
            if state != "released_practitioner":
                report.released_to_organisation_at = at
            if state == "void":
                report.void_reason = row.ended_reason = "VOID-REASON-CANARY"


def _both(row: Round) -> list[Any]:
    names = (row.colleague_questionnaire, row.patient_questionnaire)
    return [find(name) for name in names if name]


def town(make: Make) -> Town:
    """Seven reports released of one quarter, three of the next, and one each that is void, half released or drafted."""
    made = Town(make)
    for _ in range(7):
        made.release(made.close(JANUARY))
    for _ in range(3):
        made.release(made.close(APRIL))
    made.release(made.close(JANUARY), state="void")
    made.release(made.close(JANUARY), state="released_practitioner")
    made.close(JANUARY)
    return made
