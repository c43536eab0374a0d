"""What moderators took out: sealed at the release for the time of appeals, and gone from where comments are read."""

from datetime import datetime

import sqlalchemy as sa
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlmodel import Session, col, select

from msf.base.config import current
from msf.base.errors import NotFound
from msf.base.keys import LASTING, KeyMissing, Keys
from msf.base.queue import defer
from msf.reports.models import CommentReview
from msf.reports.operations.parties import reader_for, words_mark
from msf.reports.rules.moderation import APPEALS, AppealsKeyMissing, ModerationRefused, NothingKept
from msf.responses.models import Comment, Finding
from msf.rounds.models import Round
from msf.rounds.operations import record_deed


def seal_originals(session: Session, round: Round, *, now: datetime) -> None:
    """Seal what was taken out, leave only what is shown, and forget what was found.

    Which staff were asked is forgotten too, but only with the last original that they may not read. The rows that
    held the words are rewritten after the commit by `reports.scrub_comments`, which this defers.
    """
    comments = select(Comment).where(Comment.round_id == round.id).order_by(Comment.id)
    kept = False
    for comment in session.exec(comments).all():
        review = session.get(CommentReview, comment.id)
        if review is None or review.decision != "release":
            _seal(session, comment, review)
            session.add(comment)
            kept = kept or review is not None
    of_it = select(Comment.id).where(Comment.round_id == round.id)
    session.execute(sa.delete(Finding).where(col(Finding.comment_id).in_(of_it)))
    if not kept:
        round.asked_staff = []
        session.add(round)
    defer(session, "reports.scrub_comments", {}, run_at=now, key=f"reports.scrub_comments {round.id}")


def _seal(session: Session, comment: Comment, review: CommentReview | None) -> None:
    """One comment with only what is shown of it; what nobody may ever read is not kept at all."""
    if review is not None:
        review.original = bytes(_box(session).encrypt(f"{comment.id}\n{comment.text}".encode()))
    comment.text = (review.text if review else None) or ""


def read_original(session: Session, round_id: str, comment_id: str, *, reason: str, by: str, now: datetime) -> str:
    """What a comment said before words were taken out, for an appeal; that it was read, and why, is recorded."""
    round = reader_for(session, round_id, by)
    comment = session.get(Comment, comment_id)
    if comment is None or comment.round_id != round_id:
        raise NotFound
    if reason not in APPEALS:
        raise ModerationRefused("Choose why you need to read it.", field="why")
    review = session.get(CommentReview, comment_id)
    if review is None or review.original is None:
        raise NothingKept
    text = _unsealed(session, review)
    details = {"reason": reason, "original": words_mark(comment_id, text)}
    record_deed(session, round, "comment.original_read", by, now, details)
    return text


def _unsealed(session: Session, review: CommentReview) -> str:
    try:
        name, _, text = _box(session).decrypt(review.original or b"").decode().partition("\n")
    except CryptoError as error:
        raise AppealsKeyMissing from error
    if name != review.comment_id:
        raise NothingKept
    return text


def _box(session: Session) -> SecretBox:
    """The box of the installation; a key is made for the first original only, so that a lost one can be put back."""
    keys = Keys.at(current().keys)
    store = keys.kind("appeals")
    sealed = select(CommentReview.comment_id).where(col(CommentReview.original).is_not(None)).limit(1)
    if not store.has(LASTING) and session.exec(sealed).first() is None:
        return SecretBox(keys.lasting("appeals"))
    try:
        return SecretBox(store.read(LASTING))
    except KeyMissing as error:
        raise AppealsKeyMissing from error
