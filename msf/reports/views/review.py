"""The check by a second person: the report as it would be read, and a short list to confirm."""

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from msf.accounts.guard import me
from msf.base.clock import utcnow
from msf.base.db import reading, transaction
from msf.reports import operations, queries
from msf.reports.forms import ReviewForm
from msf.reports.views.moderation import FAMILIES
from msf.responses.rules.findings import KINDS
from msf.rounds.queries import practitioner_of, visible
from msf.rounds.rules import check_in

review = Blueprint("review", __name__, url_prefix="/rounds/<round_id>/review")


@review.route("", methods=["GET", "POST"])
def check(round_id: str) -> Response | tuple[str, int]:
    """Confirm the list, after reading the preview."""
    with reading() as session:
        round = visible(session, me(), round_id)
        check_in(round.state, frozenset({"moderated"}), "check its report")
        operations.check_reader(round, me().id)
        report = queries.report_of(session, round_id)
        practitioner = practitioner_of(session, round).name
        comments = queries.moderated(session, round, reader=me().id)
    form = ReviewForm()
    if form.validate_on_submit() and form.complete():
        with transaction() as session:
            operations.review_report(session, round_id, by=me().id, now=utcnow())
        flash("The report is checked. A coordinator can release it now.", "success")
        return redirect(f"/rounds/{round_id}", 303)
    page = render_template(
        "reports/review.html",
        round=round,
        report_id=report.id,
        practitioner=practitioner,
        withheld=[comment for comment in comments if comment.decision == "withhold"],
        families=FAMILIES,
        kinds=KINDS,
        my_id=me().id,
        form=form,
    )
    return page, 422 if form.errors else 200
