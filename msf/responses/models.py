"""Tables of slots, answers and comments, with exactly the columns the promise to raters allows, and of what stays."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from msf.base.tables import new_id


class Slot(SQLModel, table=True):
    """Where one sealed answer goes, found by the hash of its token; no group, no time, no order."""

    __tablename__ = "slot"
    __table_args__ = ({"sqlite_with_rowid": False},)

    h: bytes = Field(sa_column=sa.Column(sa.LargeBinary(32), primary_key=True))
    round_id: str = Field(foreign_key="round.id", index=True, max_length=32)
    sealed: bytes | None = None
    receipt_hash: bytes | None = None


class Answer(SQLModel, table=True):
    """One rater's ratings, written at the close in the order of random ids, with the block in place of the group."""

    __tablename__ = "answer"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    round_id: str = Field(foreign_key="round.id", index=True, max_length=32)
    block: str = Field(max_length=400)
    ratings: bytes


class Comment(SQLModel, table=True):
    """One comment, tied to its round, question and family and to nothing else."""

    __tablename__ = "comment"
    __table_args__ = (
        sa.CheckConstraint("family IN ('colleagues', 'patients')", name="family"),
        {"sqlite_with_rowid": False},
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    round_id: str = Field(foreign_key="round.id", index=True, max_length=32)
    question: str = Field(max_length=120)
    family: str = Field(max_length=12)
    text: str = Field(sa_type=sa.Text)


class Finding(SQLModel, table=True):
    """A stretch of a comment, from `starts` up to `ends`, that a detector thinks may tell who is meant or who wrote."""

    __tablename__ = "finding"

    comment_id: str = Field(foreign_key="comment.id", primary_key=True, max_length=32)
    starts: int = Field(primary_key=True)
    ends: int = Field(primary_key=True)
    kind: str = Field(primary_key=True, max_length=32)


class FamilySum(SQLModel, table=True):
    """What stays of a family's ratings: the sums of its round (`msf.scoring.programme`), later the counts alone."""

    __tablename__ = "family_sum"

    round_id: str = Field(foreign_key="round.id", primary_key=True, max_length=32)
    questionnaire: str = Field(primary_key=True, max_length=80)
    family: str = Field(max_length=12)
    raters: int
    sums: dict[str, Any] = Field(sa_column=sa.Column(sa.JSON, nullable=False))


class ProgrammeSum(SQLModel, table=True):
    """Sums over the rounds with one questionnaire that a service closed in the quarters `since` to `until`.

    Usually one quarter; one of too few practitioners is carried into the next in which a round closes. The row is added
    to at each close and never recalculated; while a quarter lasts nobody sees it.
    """

    __tablename__ = "programme_sum"

    organisation_id: str = Field(foreign_key="organisation.id", primary_key=True, max_length=32)
    questionnaire: str = Field(primary_key=True, max_length=80)
    until: str = Field(primary_key=True, max_length=7)
    since: str = Field(max_length=7)
    practitioners: int
    raters: int
    sums: dict[str, Any] = Field(sa_column=sa.Column(sa.JSON, nullable=False))
