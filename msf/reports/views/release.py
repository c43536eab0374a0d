"""The coordinator's steps: to the practitioner with a named facilitator, to the organisation, or back as void."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template
from sqlmodel import Session
from werkzeug.wrappers import Response

from msf.accounts.guard import me
from msf.base.clock import utcnow
from msf.base.db import reading, transaction
from msf.reports import operations, queries
from msf.reports.formats import files_of
from msf.reports.forms import ReleaseForm, VoidForm
from msf.reports.rules import DisclosureRefused
from msf.rounds.models import Round
from msf.rounds.queries import practitioner_of, visible
from msf.rounds.rules import MOVES, RoundRefused, after

release = Blueprint("release", __name__, url_prefix="/rounds/<round_id>/release")

Page = Response | tuple[str, int] | str


def _facts(session: Session, round: Round) -> dict[str, object]:
    return {
        "round": round,
        "practitioner": practitioner_of(session, round).name,
        "report_id": queries.report_of(session, round.id).id,
    }


@release.route("", methods=["GET", "POST"])
def give(round_id: str) -> Page:
    """Whatever release comes next; the practitioner first."""
    with reading() as session:
        round = visible(session, me(), round_id)
        facts = _facts(session, round)
        named = operations.facilitators(session, round, by=me().id)
    if (round.state, "release_to_organisation") in MOVES:
        return render_template("reports/release_organisation.html", **facts)
    after(round.state, "release_to_practitioner")
    form = ReleaseForm.of(named)
    if form.validate_on_submit():
        try:
            _release(round_id, form.facilitator_id.data or "")
        except DisclosureRefused as refused:
            return _refused(round_id, refused, facts)
        flash("The report is released. A letter tells the practitioner.", "success")
        return redirect(f"/rounds/{round_id}", 303)
    page = render_template("reports/release.html", form=form, none=not named, **facts)
    return page, 422 if form.errors else 200


def _release(round_id: str, facilitator_id: str) -> None:
    """The files are made before the transaction that marks the release, so that nothing waits for them."""
    with reading() as session:
        round = visible(session, me(), round_id)
        name = operations.facilitator(session, round, facilitator_id, by=me().id)
        opened = queries.opened_of(session, queries.report_of(session, round_id), round, facilitator=name)
    files = files_of(opened.document, opened.parts, opened.facts)
    with transaction() as session:
        operations.release_to_practitioner(
            session, round_id, facilitator_id=facilitator_id, files=files, by=me().id, now=utcnow()
        )


def _refused(round_id: str, refused: DisclosureRefused, facts: Mapping[str, object]) -> Page:
    """Why nothing was released; the refusal is noted after what was begun has been taken back."""
    with transaction() as session:
        operations.record_refusal(session, round_id, refused, by=me().id, now=utcnow())
    return render_template("reports/release_refused.html", refused=refused, **facts), refused.status


@release.post("/organisation")
def to_organisation(round_id: str) -> Response:
    """Let the organisation read it too."""
    with transaction() as session:
        operations.release_to_organisation(session, round_id, by=me().id, now=utcnow())
    flash("The organisation can read the report now.", "success")
    return redirect(f"/rounds/{round_id}", 303)


@release.route("/void", methods=["GET", "POST"])
def take_back(round_id: str) -> Page:
    """Make the report void, with a reason."""
    with reading() as session:
        round = visible(session, me(), round_id)
        after(round.state, "void")
        facts = _facts(session, round)
    form = VoidForm()
    if form.validate_on_submit() and _voided(form, round_id):
        flash("The report is void. Nobody can read it any more.", "success")
        return redirect(f"/rounds/{round_id}", 303)
    return render_template("reports/void.html", form=form, **facts), 422 if form.errors else 200


def _voided(form: VoidForm, round_id: str) -> bool:
    try:
        with transaction() as session:
            operations.void_report(session, round_id, reason=form.reason.data or "", by=me().id, now=utcnow())
    except RoundRefused as refusal:
        form.reason.errors = [refusal.message]
        return False
    return True
