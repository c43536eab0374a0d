"""The list of colleagues: proposing, taking back, deciding, and approving the list as a whole."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from msf.accounts.guard import me, only
from msf.base.clock import utcnow
from msf.base.db import reading, transaction
from msf.base.errors import Refusal
from msf.invitations import operations, queries
from msf.invitations.forms import ORIGINS, STATUSES, DecisionForm, NomineeForm
from msf.invitations.rules import NomineeRefused, NoPlaceLeft
from msf.invitations.views.round import Page, Seen, decided, page_number, seen
from msf.rounds.operations import approve_round
from msf.rounds.rules import CHOOSING, RoundRefused, check_in

pages = Blueprint("nominees", __name__, url_prefix="/rounds/<round_id>")

DECIDERS = ("case_manager", "coordinator")


@pages.route("/nominees", methods=["GET", "POST"])
def index(round_id: str) -> Page:
    """The people proposed, guidance on who is missing, and a form for one more."""
    with reading() as session:
        found = seen(session, round_id)
        form = NomineeForm.of(found.questionnaire("colleagues"), own=found.own)
    if form.validate_on_submit() and _nominated(form, found):
        flash(f"{form.name.data} is on the list.", "success")
        return redirect(url_for(".index", round_id=round_id), 303)
    return _list(found, form), 422 if form.errors else 200


def _list(found: Seen, form: NomineeForm) -> str:
    round_id = found.row.id
    with reading() as session:
        people = queries.nominees_of(session, round_id, family="colleagues", page=page_number(), own=found.own)
        mix = queries.mix(session, round_id, own=found.own)["colleagues"]
        added = queries.added_by_organisation(session, round_id) if found.own else 0
    return render_template(
        "invitations/nominees.html",
        **found.facts,
        form=form,
        people=people,
        mix=mix,
        added=added,
        groups={group.group: group.label for group in mix.groups},
        origins=ORIGINS,
        statuses=STATUSES,
        page_href=lambda number: url_for(".index", round_id=round_id, page=number),
    )


def _nominated(form: NomineeForm, found: Seen) -> bool:
    try:
        with transaction() as session:
            operations.nominate(
                session,
                found.row.id,
                family="colleagues",
                group=form.group.data or "",
                name=form.name.data or "",
                address=form.address.data or "",
                origin="practitioner" if found.own else "organisation",
                by=me().id,
                now=utcnow(),
            )
    except (NomineeRefused, NoPlaceLeft) as refusal:
        show(form, refusal)
        return False
    return True


def show(form: NomineeForm | DecisionForm, refusal: Refusal) -> None:
    """Put the words of a refusal at the field they are about, else at the first."""
    name = getattr(refusal, "field", "")
    field = form[name] if name in form else next(iter(form))
    field.errors = [refusal.message]


@pages.route("/nominees/<nominee_id>/remove", methods=["GET", "POST"])
def remove(round_id: str, nominee_id: str) -> Page:
    """Ask first, then take somebody off the list."""
    with reading() as session:
        found = seen(session, round_id)
        person = queries.nominee(session, me(), nominee_id, round_id=round_id, own=found.own)
    if request.method == "GET":
        check_in(found.row.state, CHOOSING, "change its people")
        return render_template("invitations/remove.html", **found.facts, person=person)
    with transaction() as session:
        operations.remove_nominee(session, person.id, by=me().id, now=utcnow())
    flash(f"{person.name or person.address} is not on the list any more.", "success")
    return redirect(url_for(".index", round_id=round_id), 303)


@pages.route("/nominees/<nominee_id>/decide", methods=["GET", "POST"])
def decide(round_id: str, nominee_id: str) -> Page:
    """Approve or reject one person."""
    only(*DECIDERS)
    with reading() as session:
        found = decided(session, round_id)
        person = queries.nominee(session, me(), nominee_id, round_id=round_id)
    form = DecisionForm(data={"decision": {"approved": "approve", "rejected": "reject"}.get(person.status)})
    if form.validate_on_submit() and _decided(form, nominee_id):
        flash(f"{person.name or person.address}: the decision is saved.", "success")
        back = ".index" if person.family == "colleagues" else "patients.index"
        return redirect(url_for(back, round_id=round_id), 303)
    group = {group.id: group.label["en"] for group in found.questionnaire(person.family).groups}.get(person.group, "")
    page = render_template(
        "invitations/decide.html",
        **found.facts,
        form=form,
        person=person,
        group=group,
        origins=ORIGINS,
        statuses=STATUSES,
    )
    return page, 422 if form.errors else 200


def _decided(form: DecisionForm, nominee_id: str) -> bool:
    try:
        with transaction() as session:
            operations.decide(
                session,
                nominee_id,
                approve=form.decision.data == "approve",
                reason=form.reason.data or None,
                by=me().id,
                now=utcnow(),
            )
    except RoundRefused as refusal:
        show(form, refusal)
        return False
    return True


@pages.route("/approve", methods=["GET", "POST"])
def approve(round_id: str) -> Page:
    """Look at the whole list once more, then approve it; what is short is said and does not stop anybody."""
    only(*DECIDERS)
    if request.method == "POST":
        return _approved(round_id)
    with reading() as session:
        found = decided(session, round_id)
        check_in(found.row.state, frozenset({"nominating"}), "approve the list of people")
        mixes = queries.mix(session, round_id)
    waiting = sum(group.proposed for mix in mixes.values() for group in mix.groups)
    return render_template("invitations/approve.html", **found.facts, mixes=mixes, waiting=waiting)


def _approved(round_id: str) -> Page:
    with transaction() as session:
        if request.form.get("everybody") == "yes":
            operations.approve_all(session, round_id, family="colleagues", by=me().id, now=utcnow())
        approve_round(session, round_id, by=me().id, now=utcnow())
    flash("The list is approved. The letters go out when the round opens.", "success")
    return redirect(url_for("rounds.show", round_id=round_id), 303)
