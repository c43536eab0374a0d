"""The moderator's pages: every comment with its question and side, and nothing about who wrote it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from msf.accounts.guard import me
from msf.base.clock import utcnow
from msf.base.db import reading, transaction
from msf.base.errors import NotFound
from msf.reports import operations, queries
from msf.reports.forms import DecisionForm
from msf.reports.rules.moderation import DECISIONS, ModerationRefused, spans_of
from msf.reports.rules.release import RELEASED
from msf.responses.rules.findings import KINDS
from msf.rounds.models import Round
from msf.rounds.queries import practitioner_of, visible
from msf.rounds.rules import check_in

moderation = Blueprint("moderation", __name__, url_prefix="/rounds/<round_id>/comments")

Page = Response | tuple[str, int] | str
FAMILIES = {"colleagues": "A colleague", "patients": "A patient"}
SIZE = 20
"""Comments on one page of the list."""


@moderation.get("")
def index(round_id: str) -> str:
    """Every comment with what was decided on it, a page at a time."""
    with reading() as session:
        round, comments = comments_for_me(session, round_id)
        practitioner = practitioner_of(session, round).name
    last = max(1, -(-len(comments) // SIZE))
    number = min(max(1, request.args.get("page", 1, type=_number)), last)
    return render_template(
        "reports/comments.html",
        round=round,
        practitioner=practitioner,
        comments=comments[(number - 1) * SIZE : number * SIZE],
        first=(number - 1) * SIZE,
        number=number,
        last=last,
        page_href=lambda page: url_for(".index", round_id=round_id, page=page),
        total=len(comments),
        left=sum(comment.decision is None for comment in comments),
        urgent=sum(comment.urgent for comment in comments),
        unconfirmed=sum(comment.unconfirmed for comment in comments),
        families=FAMILIES,
        decisions=DECISIONS,
        kinds=KINDS,
        my_id=me().id,
        released=round.state in RELEASED,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def comments_for_me(session: Session, round_id: str) -> tuple[Round, list[queries.Moderated]]:
    """The round and its comments, for somebody who may see them and has no part in the round."""
    round = visible(session, me(), round_id)
    operations.check_reader(round, me().id)
    queries.report_of(session, round_id)
    return round, queries.moderated(session, round, reader=me().id)


def _back_to(round_id: str, comment_id: str) -> Response:
    """To this comment on the list, on its page."""
    with reading() as session:
        places = [comment.id for comment in comments_for_me(session, round_id)[1]]
    page = places.index(comment_id) // SIZE + 1 if comment_id in places else 1
    anchor = f"comment-{comment_id}"
    return redirect(url_for(".index", round_id=round_id, page=page if page > 1 else None, _anchor=anchor), 303)


@moderation.route("/<comment_id>", methods=["GET", "POST"])
def decide(round_id: str, comment_id: str) -> Page:
    """Decide on one comment; what was typed is kept where it cannot be done."""
    with reading() as session:
        round, comments = comments_for_me(session, round_id)
    check_in(round.state, frozenset({"closed"}), "change what was decided on a comment")
    place = next((at for at, each in enumerate(comments) if each.id == comment_id), None)
    if place is None:
        raise NotFound
    comment = comments[place]
    given = {"decision": comment.decision, "reason": comment.reason}
    form = DecisionForm.of(comment.text, comment.findings, data=given)
    if form.validate_on_submit() and form.consistent() and _decided(form, round_id, comment_id):
        return _back_to(round_id, comment_id)
    page = render_template(
        "reports/comment.html",
        round=round,
        comment=comment,
        place=place + 1,
        total=len(comments),
        decided=sum(each.decision is not None for each in comments),
        previous=comments[place - 1].id if place else None,
        following=comments[place + 1].id if place + 1 < len(comments) else None,
        form=form,
        families=FAMILIES,
        kinds=KINDS,
    )
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
                stretches=form.stretches,
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
    return _back_to(round_id, comment_id)


@moderation.post("/<comment_id>/undo")
def undo(round_id: str, comment_id: str) -> Response:
    """Take a decision back."""
    with transaction() as session:
        operations.undo_decision(session, round_id, comment_id, by=me().id, now=utcnow())
    return _back_to(round_id, comment_id)


@moderation.get("/finish")
def ask_finish(round_id: str) -> str:
    """Ask before the decisions become final."""
    with reading() as session:
        round, comments = comments_for_me(session, round_id)
    left = sum(comment.decision is None for comment in comments)
    withheld = sum(comment.decision == "withhold" for comment in comments)
    return render_template("reports/comments_finish.html", round=round, left=left, withheld=withheld)


@moderation.post("/finish")
def finish(round_id: str) -> Response:
    """Make the decisions final."""
    with transaction() as session:
        operations.finish_moderation(session, round_id, by=me().id, now=utcnow())
    flash("The comments are finished. Somebody else checks the report now.", "success")
    return redirect(f"/rounds/{round_id}", 303)
