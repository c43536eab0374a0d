"""What was taken out: a second person agrees that a comment is withheld, and an original is read for an appeal."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from msf.accounts.guard import me
from msf.base.clock import utcnow
from msf.base.db import reading, transaction
from msf.reports import operations
from msf.reports.forms import AppealForm
from msf.reports.rules.moderation import check_released
from msf.reports.views.moderation import moderation
from msf.reports.views.review import review
from msf.rounds.queries import visible

Page = Response | tuple[str, int] | str


@moderation.post("/<comment_id>/agree")
def agree(round_id: str, comment_id: str) -> Response:
    """Agree that a comment stays withheld, as another moderator."""
    return _agreed(round_id, comment_id, back=url_for("moderation.index", round_id=round_id))


@review.post("/comments/<comment_id>/agree")
def agree_as_reviewer(round_id: str, comment_id: str) -> Response:
    """Agree that a comment stays withheld."""
    return _agreed(round_id, comment_id, back=url_for("review.check", round_id=round_id))


def _agreed(round_id: str, comment_id: str, *, back: str) -> Response:
    with transaction() as session:
        operations.confirm_withheld(session, round_id, comment_id, by=me().id, now=utcnow())
    flash("You agreed that the comment is withheld.", "success")
    return redirect(f"{back}#withheld", 303)


@moderation.route("/<comment_id>/return", methods=["GET", "POST"])
def send_back(round_id: str, comment_id: str) -> Page:
    """Ask, then send a withheld comment back to be read again, as another moderator."""
    return _returned(round_id, comment_id, back=url_for("moderation.index", round_id=round_id))


@review.route("/comments/<comment_id>/return", methods=["GET", "POST"])
def send_back_as_reviewer(round_id: str, comment_id: str) -> Page:
    """Ask, then send a withheld comment back to be read again."""
    return _returned(round_id, comment_id, back=url_for("review.check", round_id=round_id))


def _returned(round_id: str, comment_id: str, *, back: str) -> Page:
    if request.method == "GET":
        with reading() as session:
            round = visible(session, me(), round_id)
        return render_template("reports/comment_return.html", round=round, back=back)
    with transaction() as session:
        operations.send_back(session, round_id, comment_id, by=me().id, now=utcnow())
    flash("The comment is sent back. A moderator reads it again.", "success")
    return redirect(f"/rounds/{round_id}", 303)


@moderation.route("/<comment_id>/original", methods=["GET", "POST"])
def original(round_id: str, comment_id: str) -> Page:
    """What a comment said before words were taken out, after the release, for one of a few reasons."""
    with reading() as session:
        round = visible(session, me(), round_id)
        operations.check_reader(round, me().id)
    check_released(round.state)
    form, text = AppealForm(), None
    if form.validate_on_submit():
        with transaction() as session:
            text = operations.read_original(
                session, round_id, comment_id, reason=form.why.data or "", by=me().id, now=utcnow()
            )
    page = render_template("reports/comment_original.html", round=round, form=form, text=text)
    return page, 422 if form.errors else 200
