"""What people are told while the database is away, locked or full: nothing is pretended, and trying again is safe."""

import logging

from flask import Flask, Response, current_app, g, make_response, render_template, request
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

log = logging.getLogger(__name__)

TITLE = "The service is not available just now"
AT_THE_DOOR = (
    "It could not confirm what you sent, so count it as not sent.",
    "Keep this page open and reload it in a few minutes. That sends the same form again, and the same form is never "
    "counted twice.",
)
FOR_STAFF = (
    "It cannot reach its records at the moment.",
    "Try again in a few minutes. If you sent something just now, look first whether it was kept.",
)


def expect_outages(app: Flask) -> None:
    """Answer with a page in plain words, and status 503, where the database cannot be reached or cannot write."""
    for kind in (OperationalError, InterfaceError, InternalError, PoolTimeout):
        app.register_error_handler(kind, _page)


def _page(error: Exception) -> Response:
    # The message is left out: a database may quote what it could not store.
    log.error("The database could not be used (%s, %s).", type(error).__name__, type(_cause(error)).__name__)
    g.person = None  # the frame of the page must not ask the database who is signed in
    message, remedy = AT_THE_DOOR if _sending() else FOR_STAFF
    page = render_template("errors/page.html", frame="door.html", title=TITLE, message=message, remedy=remedy, home="")
    response = make_response(page, 503)
    response.headers["Retry-After"] = "120"
    return response


def _cause(error: Exception) -> object:
    return getattr(error, "orig", None) or error


def _sending() -> bool:
    return request.method == "POST" and request.blueprint in current_app.config["MSF_DOORS"]
