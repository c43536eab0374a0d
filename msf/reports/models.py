"""Tables of reports: frozen results, decisions on comments, the bytes released, and what reports are compared with."""

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


class Comparator(SQLModel, table=True):
    """What one released report leaves for the comparisons of others: its printed domain means, in tenths.

    One row a round and questionnaire, for the service that runs it (`organisation_id`); `field` is a path from wide to
    narrow, `released_in` the quarter of the release. It goes with the report, and when that is made void.
    """

    __tablename__ = "comparator"

    round_id: str = Field(foreign_key="round.id", primary_key=True, max_length=32)
    questionnaire: str = Field(primary_key=True, max_length=80)
    organisation_id: str = Field(foreign_key="organisation.id", index=True, max_length=32)
    family: str = Field(max_length=12)
    field: str = Field(max_length=80)
    released_in: str = Field(max_length=7)
    raters: int
    means: dict[str, int] = Field(sa_column=sa.Column(sa.JSON, nullable=False))


class StoredBenchmark(SQLModel, table=True):
    """One version of the benchmark of a service, questionnaire and stratum, as `to_json` wrote it; never changed.

    `until` is the last quarter of its window. `whole` says that nobody's own rounds were left out of it: such a set is
    used for everybody whose round closes in the quarter after, and listed; another serves one report alone.
    """

    __tablename__ = "benchmark_set"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "questionnaire", "stratum", "version"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_id: str = Field(foreign_key="organisation.id", max_length=32)
    questionnaire: str = Field(max_length=80)
    family: str = Field(max_length=12)
    stratum: str = Field(max_length=80)
    until: str = Field(max_length=7)
    version: int
    whole: bool
    practitioners: int
    digest: str = Field(max_length=64)
    content: str = Field(sa_type=sa.Text)


class ReportBenchmark(SQLModel, table=True):
    """Which benchmark is frozen into a report, with its digest; no row where there were too few to compare with."""

    __tablename__ = "report_benchmark"

    report_id: str = Field(foreign_key="report.id", primary_key=True, max_length=32)
    questionnaire: str = Field(primary_key=True, max_length=80)
    organisation_id: str = Field(foreign_key="organisation.id", max_length=32)
    set_id: str = Field(foreign_key="benchmark_set.id", index=True, max_length=32)
    digest: str = Field(max_length=64)
