"""The moderator's pages: every comment with its question and side, and nothing about who wrote it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from msf.accounts.guard import me
from msf.base.clock import utcnow
from msf.base.db import reading, transaction
from msf.base.errors import NotFound
from msf.reports import operations, queries
from msf.reports.forms import DecisionForm
from msf.reports.rules.moderation import DECISIONS, ModerationRefused, NotForYou, spans_of
from msf.rounds.models import Round
from msf.rounds.queries import practitioner_of, visible

moderation = Blueprint("moderation", __name__, url_prefix="/rounds/<round_id>/comments")

Page = Response | tuple[str, int] | str
FAMILIES = {"colleagues": "A colleague", "patients": "A patient"}


@moderation.get("")
def index(round_id: str) -> str:
    """Every comment with what was decided on it."""
    with reading() as session:
        round, comments = _comments(session, round_id)
        practitioner = practitioner_of(session, round).name
    left = sum(comment.decision is None for comment in comments)
    return render_template(
        "reports/comments.html",
        round=round,
        practitioner=practitioner,
        comments=comments,
        left=left,
        open=round.state == "closed",
        families=FAMILIES,
        decisions=DECISIONS,
    )


def _comments(session: Session, round_id: str) -> tuple[Round, list[queries.Moderated]]:
    round = visible(session, me(), round_id)
    if round.practitioner_id == me().id:
        raise NotForYou
    queries.report_of(session, round_id)
    return round, queries.moderated(session, round)


@moderation.route("/<comment_id>", methods=["GET", "POST"])
def decide(round_id: str, comment_id: str) -> Page:
    """Decide on one comment; what was typed is kept where it cannot be done."""
    with reading() as session:
        round, comments = _comments(session, round_id)
    comment = next((each for each in comments if each.id == comment_id), None)
    if comment is None:
        raise NotFound
    form = DecisionForm(data={"decision": comment.decision, "reason": comment.reason})
    if form.validate_on_submit() and _decided(form, round_id, comment_id):
        return redirect(url_for(".index", round_id=round_id, _anchor=f"comment-{comment_id}"), 303)
    page = render_template("reports/comment.html", round=round, comment=comment, form=form, families=FAMILIES)
    return page, 422 if form.errors else 200


def _decided(form: DecisionForm, round_id: str, comment_id: str) -> bool:
    try:
        with transaction() as session:
            operations.decide_comment(
                session,
                round_id,
                comment_id,
                decision=form.decision.data or "",
                spans=spans_of(form.spans.data or ""),
                reason=form.reason.data or "",
                by=me().id,
                now=utcnow(),
            )
    except ModerationRefused as refusal:
        form[refusal.field].errors = [refusal.message]
        return False
    return True


@moderation.post("/<comment_id>/release")
def pass_on(round_id: str, comment_id: str) -> Response:
    """Release one comment as it is."""
    with transaction() as session:
        operations.decide_comment(session, round_id, comment_id, decision="release", by=me().id, now=utcnow())
    return redirect(url_for(".index", round_id=round_id, _anchor=f"comment-{comment_id}"), 303)


@moderation.post("/<comment_id>/undo")
def undo(round_id: str, comment_id: str) -> Response:
    """Take a decision back."""
    with transaction() as session:
        operations.undo_decision(session, round_id, comment_id, by=me().id, now=utcnow())
    return redirect(url_for(".index", round_id=round_id, _anchor=f"comment-{comment_id}"), 303)


@moderation.get("/finish")
def ask_finish(round_id: str) -> str:
    """Ask before the decisions become final."""
    with reading() as session:
        round, comments = _comments(session, round_id)
    left = sum(comment.decision is None for comment in comments)
    return render_template("reports/comments_finish.html", round=round, left=left)


@moderation.post("/finish")
def finish(round_id: str) -> Response:
    """Make the decisions final."""
    with transaction() as session:
        operations.finish_moderation(session, round_id, by=me().id, now=utcnow())
    flash("The comments are finished. Somebody else checks the report now.", "success")
    return redirect(f"/rounds/{round_id}", 303)
