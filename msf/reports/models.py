"""Tables of reports: frozen results, what a moderator decided on each comment, and the bytes that were released."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from msf.base.tables import new_id


class Report(SQLModel, table=True):
    """One round's results, frozen when they are drafted and never calculated again."""

    __tablename__ = "report"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_id: str = Field(foreign_key="organisation.id", index=True, max_length=32)
    round_id: str = Field(foreign_key="round.id", unique=True, max_length=32)
    results: dict[str, Any] = Field(sa_column=sa.Column(sa.JSON, nullable=False))
    facts: dict[str, Any] = Field(sa_column=sa.Column(sa.JSON, nullable=False))
    drafted_at: datetime
    moderated_by: str | None = Field(default=None, foreign_key="account.id", max_length=32)
    reviewed_by: str | None = Field(default=None, foreign_key="account.id", max_length=32)
    facilitator_id: str | None = Field(default=None, foreign_key="account.id", max_length=32)
    released_at: datetime | None = None
    released_to_organisation_at: datetime | None = None
    void_reason: str | None = Field(default=None, max_length=1000)


class CommentReview(SQLModel, table=True):
    """A moderator's decision on one comment: release, redact spans, or withhold with a reason; never rewrite.

    `confirmed_by` is the second person who agreed to withhold it. `original` is the sealed text as it was written, kept
    from the release until the time for appeals is over.
    """

    __tablename__ = "comment_review"
    __table_args__ = (sa.CheckConstraint("decision IN ('release', 'redact', 'withhold')", name="decision"),)

    comment_id: str = Field(foreign_key="comment.id", primary_key=True, max_length=32)
    organisation_id: str = Field(foreign_key="organisation.id", max_length=32)
    decision: str = Field(max_length=10)
    text: str | None = Field(default=None, sa_type=sa.Text)
    reason: str | None = Field(default=None, max_length=1000)
    reviewer_id: str = Field(foreign_key="account.id", max_length=32)
    decided_at: datetime
    confirmed_by: str | None = Field(default=None, foreign_key="account.id", max_length=32)
    original: bytes | None = None


class ReportFile(SQLModel, table=True):
    """The bytes of a released report in one format, with their SHA-256; kept so that they never change."""

    __tablename__ = "report_file"
    __table_args__ = (sa.UniqueConstraint("report_id", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_id: str = Field(foreign_key="organisation.id", max_length=32)
    report_id: str = Field(foreign_key="report.id", max_length=32)
    name: str = Field(max_length=80)
    sha256: str = Field(max_length=64)
    content: bytes
