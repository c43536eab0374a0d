"""How long each organisation keeps things, what the coming night deletes, and choosing less after being asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from msf.accounts import operations, queries
from msf.accounts.forms import RetentionForm
from msf.accounts.guard import me
from msf.base.clock import utcnow
from msf.base.db import reading, transaction
from msf.base.retention import PERIODS, Sweep, Tally, Tenant, due, together

retention = Blueprint("retention", __name__, url_prefix="/retention")


@retention.get("")
def index() -> str:
    """The periods of the administrator's organisations."""
    with reading() as session:
        found = queries.page_of_keepers(session, queries.tenants(session, me()), number=_number())
        last = queries.last_swept(session, [tenant.id for tenant in found.rows])
        waiting = current_app.extensions["undecided"](session, found.rows, now=utcnow())
    return render_template(
        "accounts/retention.html",
        found=found,
        periods=PERIODS,
        due=_due(found.rows),
        last=last,
        waiting=waiting,
        page_href=lambda number: url_for(".index", page=number),
    )


def _number() -> int:
    given = request.args.get("page", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 1


def _due(tenants: Sequence[Tenant]) -> Tally:
    """What is due now, of these organisations."""
    sweeps: tuple[Sweep, ...] = current_app.extensions["sweeps"]
    return together(*(due(each, tenants, now=utcnow()) for each in sweeps))


@retention.route("/<organisation_id>", methods=["GET", "POST"])
def change(organisation_id: str) -> str | Redirect | tuple[str, int]:
    """Choose shorter times; what would be deleted at once is shown before it is done."""
    with reading() as session:
        tenant = queries.keeper(session, queries.tenants(session, me()), organisation_id)
    form = RetentionForm(data={name: str(days) for name, days in tenant.everything.items()})
    if not form.validate_on_submit():
        page = render_template("accounts/retention_form.html", form=form, tenant=tenant, periods=PERIODS)
        return page, 422 if form.errors else 200
    chosen = form.days()
    if request.form.get("confirmed") != "yes":
        return _asked(tenant, chosen)
    with transaction() as session:
        operations.set_retention(session, tenant.id, days=chosen, by=me().id, now=utcnow())
    flash(f"How long {tenant.name} keeps things is saved.", "success")
    return redirect(url_for(".index"), 303)


def _asked(tenant: Tenant, chosen: Mapping[str, int]) -> str:
    counts = _due([replace(tenant, chosen=chosen)]).get(tenant.id, {})
    return render_template(
        "accounts/retention_confirm.html", tenant=tenant, chosen=chosen, periods=PERIODS, counted=counts
    )
