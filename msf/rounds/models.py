"""Tables of rounds and of the practitioner's own answers, which are identified and stored with the round."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from msf.base.tables import new_id
from msf.rounds.rules import STATES

_STATES = ", ".join(f"'{state}'" for state in STATES)


class Round(SQLModel, table=True):
    """One collection of feedback for one practitioner.

    From the close on, `partition`, `invited` and `origins` are frozen: what the report may show, how many were
    asked by family and group, and who proposed them; `invited` is kept up to date before. `answered` is a total
    refreshed once a day (`answered_on`). In `strict` key mode the round is opened for reading only with the passphrases
    of `holders_needed` of its `key_holders` (accounts). `pools` are the groups of each family that sealed answers are
    told apart by, frozen at the opening. `final_on` is the day its report was first released.
    `asked_staff` are accounts of staff who were asked themselves, from the close until nothing is left to read but
    the report, so that they do not read what was said. `burst` says that unusually many answers came at once, and
    nothing more. `field` is where the practitioner works, for comparison with their like, where that was said.
    Nothing here says who answered, or when.
    """

    __tablename__ = "round"
    __table_args__ = (
        sa.CheckConstraint(f"state IN ({_STATES})", name="state"),
        sa.CheckConstraint("k >= 4", name="k"),
        sa.CheckConstraint(
            "colleague_questionnaire IS NOT NULL OR patient_questionnaire IS NOT NULL", name="questionnaire"
        ),
        sa.CheckConstraint("closes_on >= opens_on", name="dates"),
        sa.CheckConstraint("key_mode IN ('standard', 'strict')", name="key_mode"),
        sa.CheckConstraint("holders_needed BETWEEN 1 AND 2", name="holders_needed"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_id: str = Field(foreign_key="organisation.id", index=True, max_length=32)
    practitioner_id: str = Field(foreign_key="account.id", index=True, max_length=32)
    reference: str = Field(unique=True, max_length=12)
    state: str = Field(default="draft", max_length=30, index=True)
    colleague_questionnaire: str | None = Field(default=None, max_length=80)
    patient_questionnaire: str | None = Field(default=None, max_length=80)
    field: str | None = Field(default=None, max_length=80)
    k: int = 5
    target_colleagues: int = 15
    target_patients: int = 34
    floor_colleagues: int = 8
    floor_patients: int = 20
    opens_on: date
    closes_on: date
    reminder_days: list[int] = Field(default_factory=list, sa_column=sa.Column(sa.JSON, nullable=False))
    waves: dict[str, str] = Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False))
    pool: int = 0
    pools: dict[str, list[list[str]]] | None = Field(default=None, sa_column=sa.Column(sa.JSON(none_as_null=True)))
    seal_public: bytes | None = None
    key_mode: str = Field(default="standard", max_length=10)
    key_holders: list[str] = Field(default_factory=list, sa_column=sa.Column(sa.JSON, nullable=False))
    holders_needed: int = 1
    burst: bool = False
    created_at: datetime
    answered: int | None = None
    answered_on: date | None = None
    closed_on: date | None = None
    cancelled_on: date | None = None
    final_on: date | None = None
    opened: int | None = None
    unreadable: int | None = None
    partition: dict[str, Any] | None = Field(default=None, sa_column=sa.Column(sa.JSON(none_as_null=True)))
    invited: dict[str, Any] | None = Field(default=None, sa_column=sa.Column(sa.JSON(none_as_null=True)))
    origins: dict[str, Any] | None = Field(default=None, sa_column=sa.Column(sa.JSON(none_as_null=True)))
    asked_staff: list[str] = Field(default_factory=list, sa_column=sa.Column(sa.JSON, nullable=False))
    ended_reason: str | None = Field(default=None, max_length=1000)


class SelfAssessment(SQLModel, table=True):
    """The practitioner's own answers to one questionnaire of a round."""

    __tablename__ = "self_assessment"
    __table_args__ = (sa.UniqueConstraint("round_id", "questionnaire"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_id: str = Field(foreign_key="organisation.id", max_length=32)
    round_id: str = Field(foreign_key="round.id", ondelete="CASCADE", max_length=32)
    questionnaire: str = Field(max_length=80)
    ratings: bytes
    comments: dict[str, str] = Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False))
    saved_on: date
