"""Forgetting what moderators shortened, and at last a report as a whole, each after its time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from msf.base.retention import Tally, Tenant, together
from msf.reports.models import CommentReview, Report, ReportFile
from msf.reports.operations.benchmarks import rows_of_benchmarks
from msf.responses.models import Answer, Comment, Finding
from msf.rounds.models import Round, SelfAssessment
from msf.rounds.operations.moves import archive_rounds
from msf.rounds.queries import batch, counted, outdated


def forget_originals(session: Session, tenants: Sequence[Tenant], *, now: datetime, dry: bool) -> Tally:
    """Delete the sealed originals of comments once nobody can appeal any more, and which staff may not read them."""
    old = outdated(tenants, "originals", col(Round.final_on), now=now)
    there = col(CommentReview.original).is_not(None)
    reviewed = sa.exists().where(
        col(Comment.round_id) == col(Round.id), col(CommentReview.comment_id) == col(Comment.id), there
    )
    due = select(Round.id).where(old, reviewed)
    ids = due if dry else batch(session, due)
    kept = sa.and_(col(CommentReview.comment_id).in_(_comments(ids)), there)
    query = sa.select(col(CommentReview.organisation_id), sa.func.count()).where(kept)
    found = session.execute(query.group_by(col(CommentReview.organisation_id))).all()
    if not dry:
        session.execute(sa.update(CommentReview).where(kept).values(original=None))
        session.execute(sa.update(Round).where(col(Round.id).in_(ids)).values(asked_staff=[]))
    return {organisation_id: {"originals": number} for organisation_id, number in found}


def forget_reports(session: Session, tenants: Sequence[Tenant], *, now: datetime, dry: bool) -> Tally:
    """Delete reports with everything said in them; the round stays, archived, and so do the sums of its ratings."""
    old = outdated(tenants, "reports", col(Round.final_on), now=now)
    due = select(Round.id).where(old, frozen())
    ids: Any = due if dry else batch(session, due)
    found = together(counted(session, "reports", ids, Report), counted(session, "comments", ids, Comment))
    if not dry:
        for rows in _rows_of(ids):
            session.execute(rows)
        archive_rounds(session, ids)
    return found


def frozen() -> sa.ColumnElement[bool]:
    """The condition that a round has a report, whose figures are frozen in it."""
    return sa.exists().where(col(Report.round_id) == col(Round.id))


def _rows_of(ids: Any) -> list[sa.Delete]:
    """What goes with the reports of these rounds, what hangs on something before what it hangs on."""
    reports = select(Report.id).where(col(Report.round_id).in_(ids))
    return [
        sa.delete(Finding).where(col(Finding.comment_id).in_(_comments(ids))),
        sa.delete(CommentReview).where(col(CommentReview.comment_id).in_(_comments(ids))),
        sa.delete(ReportFile).where(col(ReportFile.report_id).in_(reports)),
        *rows_of_benchmarks(ids, reports),
        *(sa.delete(table).where(col(table.round_id).in_(ids)) for table in (Comment, Answer, SelfAssessment, Report)),
    ]


def _comments(ids: Any) -> Any:
    return select(Comment.id).where(col(Comment.round_id).in_(ids))
