"""Steps that matter ask for the password again: a stolen cookie or an unlocked desk ends and releases nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import Flask, current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response

from msf.accounts.queries import Person
from msf.base.clock import utcnow

WITHIN = timedelta(minutes=15)
"""How long after the password was given such a page can be opened."""

WRITING = timedelta(minutes=10)
"""How much longer its form can be sent, so that nothing written in it is lost."""


def confirm(app: Flask, endpoints: Mapping[str, str]) -> None:
    """Ask for the password before each of `endpoints`, and lead back to the page named beside it."""
    app.extensions["confirmed"] = dict(endpoints)


def ask_again(person: Person) -> Response | None:
    """The way to the page that asks for the password, where this step needs it and it was given too long ago.

    Whoever is a practitioner and nothing else meets no such step: all they can take away is their own report.
    """
    back = current_app.extensions.get("confirmed", {}).get(request.endpoint)
    if back is None or person.roles == {"practitioner"} or fresh(utcnow()):
        return None
    known = current_app.url_map.is_endpoint_expecting
    values = {name: value for name, value in (request.view_args or {}).items() if known(back, name)}
    return redirect(url_for("security.verify", next=url_for(back, **values)), 303)


def fresh(now: datetime) -> bool:
    """Whether the password was given lately enough for this request."""
    given = session.get("fs_paa", 0)
    longest = WITHIN if request.method in ("GET", "HEAD") else WITHIN + WRITING
    return isinstance(given, int | float) and -60 < now.timestamp() - given < longest.total_seconds()
