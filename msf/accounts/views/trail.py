"""The auditor's page: what staff did, filtered, by page, and as a sheet; whether the record holds."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for
from sqlmodel import Session

from msf.accounts import operations, queries
from msf.accounts.forms import TrailForm
from msf.accounts.guard import me
from msf.accounts.queries import Person, Wanted
from msf.base.clock import start_of, utcnow
from msf.base.db import reading, transaction
from msf.base.sheets import csv_line

audit = Blueprint("audit", __name__, url_prefix="/audit")

HEAD = ("Number", "Time", "Organisation", "Person", "What", "About", "Details")


@audit.get("")
def index() -> str | tuple[str, int]:
    """The entries that were asked for, the newest first."""
    with reading() as session:
        form = _form(session, me())
        good = form.validate()
        wanted = _wanted(form, me()) if good else Wanted()
        found = queries.trail(session, me(), wanted, number=_number())
        checks = queries.checks(session, me())
    page = render_template(
        "accounts/audit.html",
        form=form,
        found=found,
        checks=checks,
        zone=me().zone,
        sheet=url_for(".sheet", **_asked()),
        filtered=wanted != Wanted(),
        page_href=lambda number: url_for(".index", **(_asked() | {"page": number})),
    )
    return page, 200 if good else 422


@audit.get("/entries.csv")
def sheet() -> Response:
    """The same entries as a sheet; that it was taken is recorded first."""
    person = me()
    with reading() as session:
        form = _form(session, person)
        wanted = _wanted(form, person) if form.validate() else Wanted()
        total = queries.trail(session, person, wanted, number=1).total
    with transaction() as session:
        operations.note_export(session, person.organisation_id, entries=total, by=person.id, now=utcnow())
    answer = Response(_lines(person, wanted), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="record.csv"'
    return answer


def _lines(person: Person, wanted: Wanted) -> Iterator[str]:
    """The sheet line by line, with the byte-order mark that spreadsheets need to read accents."""
    zone = ZoneInfo(person.zone)
    yield "\ufeff" + csv_line(HEAD)
    with reading() as session:
        for row in queries.every_entry(session, person, wanted):
            at = row.at.astimezone(zone).isoformat(timespec="seconds")
            yield csv_line((row.sequence or "", at, row.organisation, row.person, row.action, row.thing, row.details))


def _form(session: Session, person: Person) -> TrailForm:
    chains = queries.audited(session, person)
    return TrailForm.of(request.args, chains, queries.actors(session, chains))


def _wanted(form: TrailForm, person: Person) -> Wanted:
    """What the form asks for; its days are days where the auditor's organisation lives."""
    since, until = form.since.data, form.until.data
    return Wanted(
        organisation=form.organisation.data or "",
        person=form.person.data or "",
        action=form.action.data or "",
        thing=form.thing.data or "",
        since=start_of(since, person.zone) if since else None,
        before=start_of(until + timedelta(days=1), person.zone) if until else None,
    )


def _asked() -> dict[str, Any]:
    """What was asked for, as it stands in the address."""
    return {name: text for name, text in request.args.items() if text and name != "page"}


def _number() -> int:
    given = request.args.get("page", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 1
