"""Pages of rounds: the list, one round and what comes next, a new one, and the practitioner's own answers."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from msf.accounts.guard import me, only
from msf.accounts.queries import Person, people, person_of, tenants
from msf.base.answers import AnswerSheet, read_answers, values_of
from msf.base.clock import end_of, start_of, today, utcnow
from msf.base.config import current
from msf.base.db import reading, transaction
from msf.base.errors import NotFound
from msf.base.keys import Keys
from msf.instruments import Questionnaire, catalogue, words
from msf.rounds import operations, queries
from msf.rounds.forms import RoundForm
from msf.rounds.models import Round, SelfAssessment
from msf.rounds.rules import (
    CHOOSING,
    LABELS,
    NOT_HOLDERS,
    STATES,
    RoundRefused,
    check_in,
    field_name,
    tasks,
    timeline,
    waiting,
)

pages = Blueprint("rounds", __name__, url_prefix="/rounds")

Page = Response | tuple[str, int] | str
FAMILIES = {"colleagues": "Colleagues", "patients": "Patients"}


@pages.get("")
def index() -> str:
    """The rounds that the person who asks may see."""
    state = request.args.get("state", "")
    wanted = state if state in STATES else None
    with reading() as session:
        found = queries.rounds_of(session, me(), state=wanted, page=request.args.get("page", 1, type=_number))
    return render_template(
        "rounds/index.html",
        found=found,
        labels=LABELS,
        state=wanted,
        may_make="coordinator" in me().roles,
        own=not me().roles - {"practitioner"},
        page_href=lambda number: url_for(".index", page=number, state=wanted),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


@pages.get("/<round_id>")
def show(round_id: str) -> str:
    """One round: where it is, what comes next, and what this person can do now."""
    person = me()
    with reading() as session:
        row = queries.visible(session, person, round_id)
        facts = _facts(session, row)
        saved = {each.questionnaire: each for each in queries.self_assessments(session, round_id)}
    own = row.practitioner_id == person.id
    return render_template(
        "rounds/show.html",
        **facts,
        own=own,
        steps=timeline(row.state),
        tasks=tasks(row.state, person.roles, own=own, patients=row.patient_questionnaire is not None),
        waiting=waiting(row.state, own=own),
        invited={family: sum(groups.values()) for family, groups in (row.invited or {}).items()},
        self_done=len(saved),
        reminders=_reminder_days(row),
    )


def _reminder_days(row: Round) -> list[date]:
    """The days on which reminders go out; one after the last day for answers is left out."""
    days = [row.opens_on + timedelta(days=day) for day in row.reminder_days]
    return [day for day in days if day <= row.closes_on]


def _facts(session: Session, row: Round) -> dict[str, object]:
    zone = queries.zone_of(session, row)
    return {
        "round": row,
        "zone": zone,
        "state": LABELS[row.state],
        "practitioner": queries.practitioner_of(session, row).name,
        "questionnaires": queries.questionnaires_of(row),
        "families": FAMILIES,
        "words": words,
        "field": field_name(row.field),
        "opens_at": start_of(row.opens_on, zone),
        "closes_at": end_of(row.closes_on, zone),
    }


@pages.route("/new", methods=["GET", "POST"])
def new() -> Page:
    """Make a round."""
    person = only("coordinator")
    with reading() as session:
        practitioners = people(session, tenants(session, person), "practitioner")
        holders = people(session, tenants(session, person), "key_holder")
    have_keys = Keys.at(current().keys).holders.names() if holders else []
    fitting = [each for each in holders if each.id in have_keys and not NOT_HOLDERS & each.roles]
    form = RoundForm.of(practitioners, catalogue(), fitting)
    made = _made(form, person, have_keys) if form.validate_on_submit() else None
    if made is None:
        return render_template(
            "rounds/new.html", form=form, none=not practitioners, holders=fitting
        ), 422 if form.errors else 200
    flash(f"Round {made.reference} is made. Look it over, then ask the practitioner to choose people.", "success")
    return redirect(url_for(".show", round_id=made.id), 303)


def _made(form: RoundForm, person: Person, have_keys: list[str]) -> Round | None:
    """The new round, or nothing where it was refused; the form then says why."""
    try:
        with transaction() as session:
            practitioner = person_of(session, tenants(session, person), form.practitioner_id.data or "")
            return operations.create_round(
                session,
                organisation_id=practitioner.organisation_id,
                practitioner_id=practitioner.id,
                colleague_questionnaire=form.colleague_questionnaire.data or None,
                patient_questionnaire=form.patient_questionnaire.data or None,
                opens_on=form.opens_on.data,
                closes_on=form.closes_on.data,
                by=person.id,
                now=utcnow(),
                k=form.k.number or 0,
                target_colleagues=form.target_colleagues.number or 0,
                target_patients=form.target_patients.number or 0,
                floor_colleagues=form.floor_colleagues.number or 0,
                floor_patients=form.floor_patients.number or 0,
                reminder_days=form.days() or (),
                key_mode=form.key_mode.data,
                key_holders=form.key_holders.values(),
                holders_needed=int(form.holders_needed.data or 1),
                have_keys=have_keys,
                field=form.field.data or None,
            )
    except RoundRefused as refusal:
        form[refusal.field].errors = [refusal.message]
        return None


@pages.route("/<round_id>/start", methods=["GET", "POST"])
def start(round_id: str) -> Page:
    """Ask first, then write to the practitioner that they may choose people."""
    person = only("coordinator")
    if request.method == "GET":
        with reading() as session:
            row = queries.visible(session, person, round_id)
            check_in(row.state, frozenset({"draft"}), "start choosing people")
            return render_template("rounds/start.html", **_facts(session, row))
    with transaction() as session:
        operations.start_nominating(session, round_id, by=person.id, now=utcnow())
    flash("The practitioner is asked to choose people. A letter is on its way to them.", "success")
    return redirect(url_for(".show", round_id=round_id), 303)


@pages.get("/<round_id>/self")
def own_answers(round_id: str) -> Page:
    """The practitioner's own forms: straight to the one there is, or a list of both."""
    with reading() as session:
        row = _own(session, round_id)
        facts = _facts(session, row)
        saved = {each.questionnaire: each for each in queries.self_assessments(session, round_id)}
    asked = queries.questionnaires_of(row)
    if len(asked) == 1:
        return redirect(url_for(".own_form", round_id=round_id, family=next(iter(asked))), 303)
    return render_template("rounds/self.html", **facts, saved=saved, may=row.state in CHOOSING)


def _own(session: Session, round_id: str) -> Round:
    """The round, where it is about the person who asks; not found otherwise."""
    row = queries.visible(session, me(), round_id)
    if row.practitioner_id != me().id:
        raise NotFound
    return row


@pages.route("/<round_id>/self/<family>", methods=["GET", "POST"])
def own_form(round_id: str, family: str) -> Page:
    """Answer one questionnaire about one's own work; saved answers can be changed until the round closes."""
    with reading() as session:
        row = _own(session, round_id)
        facts = _facts(session, row)
        saved = {each.questionnaire: each for each in queries.self_assessments(session, round_id)}
    asked = queries.questionnaires_of(row).get(family)
    if asked is None:
        raise NotFound
    check_in(row.state, CHOOSING, "change your own answers")
    if request.method == "GET":
        return render_template(
            "rounds/self_form.html", **facts, q=asked, values=_kept(asked, saved), problems={}, errors=[]
        )
    return _save(row, asked, facts)


def _kept(asked: Questionnaire, saved: Mapping[str, SelfAssessment]) -> dict[str, str]:
    found = saved.get(asked.reference_name)
    return values_of(asked, found.ratings, found.comments) if found else {}


def _save(row: Round, asked: Questionnaire, facts: Mapping[str, object]) -> Page:
    sheet = read_answers(request.form, asked)
    errors = dict(sheet.errors) or _refused(row, asked, sheet, zone=str(facts["zone"]))
    if errors:
        listed = [
            {"text": words} if name == "form" else {"text": words, "href": f"#{name}"} for name, words in errors.items()
        ]
        page = render_template(
            "rounds/self_form.html", **facts, q=asked, values=sheet.values, problems=errors, errors=listed
        )
        return page, 422
    flash("Your answers are saved. You can change them until the round closes.", "success")
    return redirect(url_for(".own_answers" if row.patient_questionnaire else ".show", round_id=row.id), 303)


def _refused(row: Round, asked: Questionnaire, sheet: AnswerSheet, *, zone: str) -> dict[str, str]:
    """Save the sheet; the words of the refusal where it cannot be saved."""
    try:
        with transaction() as session:
            operations.save_self_assessment(
                session,
                row.id,
                questionnaire=asked.reference_name,
                ratings=sheet.ratings,
                comments=sheet.comments,
                by=me().id,
                on=today(utcnow(), zone),
            )
    except RoundRefused as refusal:
        return {"form": f"{refusal.message} {refusal.remedy}"}
    return {}
