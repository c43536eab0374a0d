"""The comments of a round, decided one by one by somebody who has no part in it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete

from msf.base.errors import NotFound
from msf.reports.models import CommentReview
from msf.reports.operations.parties import reader_for, words_mark
from msf.reports.queries import moderated, readable_comments, report_of
from msf.reports.rules.moderation import ModerationRefused, Unfinished, check_left, checked_reason, redacted
from msf.responses.queries import CommentRow
from msf.rounds.models import Round
from msf.rounds.operations import mark, record_deed
from msf.rounds.rules import check_in


def decide_comment(
    session: Session,
    round_id: str,
    comment_id: str,
    *,
    decision: str,
    spans: Sequence[str] = (),
    stretches: Sequence[tuple[int, int]] = (),
    reason: str = "",
    by: str,
    now: datetime,
) -> None:
    """Release one comment, take words out of it, or withhold it; a new decision replaces the one before.

    `stretches` are taken out where they are, `spans` wherever they stand.
    """
    round, comment = _comment(session, round_id, comment_id, by)
    if decision not in ("release", "redact", "withhold"):
        raise ModerationRefused("Choose what to do with this comment.", field="decision")
    review = session.get(CommentReview, comment_id) or CommentReview(
        comment_id=comment_id,
        organisation_id=round.organisation_id,
        decision=decision,
        reviewer_id=by,
        decided_at=now,
    )
    review.decision, review.reviewer_id, review.decided_at, review.confirmed_by = decision, by, now, None
    review.text = redacted(comment.text, spans, stretches) if decision == "redact" else None
    review.reason = checked_reason(reason) if decision == "withhold" else None
    if review.text is not None:
        check_left(review.text)
    session.add(review)
    details = {"decision": decision, "original": words_mark(comment.id, comment.text)}
    if review.text is not None:
        details["shown"] = words_mark(comment.id, review.text)
    record_deed(session, round, "comment.decided", by, now, details)


def undo_decision(session: Session, round_id: str, comment_id: str, *, by: str, now: datetime) -> None:
    """Take a decision back, as long as the comments are not finished."""
    round, comment = _comment(session, round_id, comment_id, by)
    session.exec(delete(CommentReview).where(col(CommentReview.comment_id) == comment.id))
    record_deed(session, round, "comment.undone", by, now, {"original": words_mark(comment.id, comment.text)})


def finish_moderation(session: Session, round_id: str, *, by: str, now: datetime) -> None:
    """End the reading of comments, once every one is decided."""
    round = reader_for(session, round_id, by)
    if any(comment.decision is None for comment in moderated(session, round)):
        raise Unfinished
    report_of(session, round_id).moderated_by = by
    mark(session, round_id, "moderate", by=by, now=now)


def _comment(session: Session, round_id: str, comment_id: str, by: str) -> tuple[Round, CommentRow]:
    """A comment this person may decide on now, with its round, locked."""
    round = reader_for(session, round_id, by)
    check_in(round.state, frozenset({"closed"}), "change what was decided on a comment")
    found = next((each for each in readable_comments(session, round) if each.id == comment_id), None)
    if found is None:
        raise NotFound
    return round, found
