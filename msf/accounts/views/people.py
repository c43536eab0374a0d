"""The start page, one's own account, and the administrator's list of people."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from msf.accounts import operations, queries
from msf.accounts.forms import AccountForm
from msf.accounts.guard import me
from msf.accounts.guard.post import PostRoom, token_of
from msf.accounts.rules import ROLES, AddressTaken, RolesRefused
from msf.base.clock import utcnow
from msf.base.db import reading, transaction

pages = Blueprint("accounts", __name__)
administration = Blueprint("people", __name__, url_prefix="/people")


@pages.get("/")
def start() -> Redirect:
    """Where the signed-in person's work is."""
    starts = {frozenset({"administrator"}): "/people", frozenset({"auditor"}): "/audit"}
    return redirect(starts.get(me().roles, "/rounds"), 303)


@pages.get("/account")
def account() -> str:
    """What the service knows about the person who reads it."""
    return render_template("accounts/account.html", person=me(), roles=ROLES)


@administration.get("")
def index() -> str:
    """Everybody of the administrator's organisations."""
    with reading() as session:
        ids = queries.tenants(session, me())
        page = queries.page_of_people(session, ids, number=request.args.get("page", 1, type=_number))
    return render_template("accounts/people.html", people=page, roles=ROLES, page_href=_page_href)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _page_href(number: int) -> str:
    return url_for(".index", page=number)


@administration.route("/new", methods=["GET", "POST"])
def new() -> str | Redirect | tuple[str, int]:
    """Add somebody and send them a link through which they set their password."""
    with reading() as session:
        organisations = queries.organisations(session, queries.tenants(session, me()))
    form = AccountForm.of(organisations)
    if form.validate_on_submit() and _added(form):
        flash(f"{form.name.data} has an account. A link to set a password is on its way.", "success")
        return redirect(url_for(".index"), 303)
    return render_template("accounts/new.html", form=form), 422 if form.errors else 200


def _added(form: AccountForm) -> bool:
    try:
        with transaction() as session:
            made = operations.add_account(
                session,
                organisation_id=form.organisation.data,
                name=str(form.name.data),
                email=str(form.email.data),
                roles=form.roles.values(),
                profession=form.profession.data or None,
                by=me().id,
                now=utcnow(),
            )
            person, token = queries.person(session, made.id), token_of(made)
    except AddressTaken as refusal:
        form.email.errors = [refusal.message]
        return False
    except RolesRefused as refusal:
        form.roles.errors = [refusal.remedy]
        return False
    _post_room().invite(person, token)
    return True


def _post_room() -> PostRoom:
    room: PostRoom = current_app.extensions["security"].mail_util
    return room


@administration.get("/<account_id>/deactivate")
def ask(account_id: str) -> str:
    """Ask before an account is switched off or on."""
    return render_template("accounts/switch.html", person=_of_mine(account_id))


@administration.post("/<account_id>/deactivate")
def deactivate(account_id: str) -> Redirect:
    """Switch the account off."""
    person = _of_mine(account_id)
    if person.id == me().id:
        abort(403)
    with transaction() as session:
        operations.deactivate_account(session, person.id, by=me().id, now=utcnow())
    flash(f"{person.name} can no longer sign in.", "success")
    return redirect(url_for(".index"), 303)


@administration.post("/<account_id>/activate")
def activate(account_id: str) -> Redirect:
    """Switch the account on again."""
    person = _of_mine(account_id)
    with transaction() as session:
        operations.activate_account(session, person.id, by=me().id, now=utcnow())
    flash(f"{person.name} can sign in again.", "success")
    return redirect(url_for(".index"), 303)


def _of_mine(account_id: str) -> queries.Person:
    with reading() as session:
        return queries.person_of(session, queries.tenants(session, me()), account_id)
