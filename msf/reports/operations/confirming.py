"""A second pair of eyes for what is withheld: somebody else agrees, or sends it back to be read again."""

from datetime import datetime

from sqlmodel import Session

from msf.base.errors import NotFound
from msf.reports.models import CommentReview
from msf.reports.operations.parties import reader_for, words_mark
from msf.reports.queries import moderated, readable_comments, report_of
from msf.reports.rules.moderation import NotForYou, Unconfirmed
from msf.responses.queries import CommentRow
from msf.rounds.models import Round
from msf.rounds.operations import mark, record_deed
from msf.rounds.rules import check_in


def confirm_withheld(session: Session, round_id: str, comment_id: str, *, by: str, now: datetime) -> None:
    """Agree that a comment is withheld."""
    round, comment, review = _withheld(session, round_id, comment_id, by)
    review.confirmed_by = by
    record_deed(session, round, "comment.confirmed", by, now, {"original": words_mark(comment.id, comment.text)})


def send_back(session: Session, round_id: str, comment_id: str, *, by: str, now: datetime) -> None:
    """Take back that a comment is withheld, so that it is read again; the round waits for its moderator once more."""
    round, comment, review = _withheld(session, round_id, comment_id, by)
    session.delete(review)
    report_of(session, round_id).moderated_by = None
    record_deed(session, round, "comment.sent_back", by, now, {"original": words_mark(comment.id, comment.text)})
    mark(session, round_id, "read_again", by=by, now=now)


def check_confirmed(session: Session, round: Round) -> None:
    """`Unconfirmed` while somebody has withheld a comment and nobody else agreed."""
    if any(comment.unconfirmed for comment in moderated(session, round)):
        raise Unconfirmed


def _withheld(session: Session, round_id: str, comment_id: str, by: str) -> tuple[Round, CommentRow, CommentReview]:
    round = reader_for(session, round_id, by)
    check_in(round.state, frozenset({"moderated"}), "look at what was withheld")
    comment = next((each for each in readable_comments(session, round) if each.id == comment_id), None)
    review = session.get(CommentReview, comment_id)
    if comment is None or review is None or review.decision != "withhold":
        raise NotFound
    if review.reviewer_id == by:
        raise NotForYou("You withheld this comment, so somebody else has to look at it.")
    return round, comment, review
