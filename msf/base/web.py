"""What holds for every answer over HTTP: closed headers, known hosts only, and errors in plain words."""

from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.utils import host_is_trusted

from msf.base.config import Settings
from msf.base.errors import Refusal
from msf.base.outage import expect_outages
from msf.base.pages import furnish, mark

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
UNUSED = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")
FIXED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
}
YEAR = 365 * 24 * 3600
LOOPBACK = ("localhost", "127.0.0.1")

WORDS: dict[int, tuple[str, str, str]] = {
    400: ("We could not read that request", "Something in what your browser sent was not as it should be.",
          "Go back, check what you entered and send it again. Nothing was changed."),
    401: ("Sign in to see this page", "This page is for people who are signed in.", "Sign in and try again."),
    403: ("You cannot open this page", "Your account does not give access to this page.",
          "If you think it should, ask the person who runs the service at your organisation."),
    404: ("Page not found", "We could not find this page, or it is not one you can open.",
          "Check the address, or go back to your start page."),
    405: ("This page cannot be used that way", "The page exists, but not for what your browser tried to do with it.",
          "Go back and use the buttons and links on the page."),
    413: ("That was too much at once", "What you sent is larger than the service takes.",
          "Shorten the text or choose a smaller file, then send it again. Nothing was stored."),
    415: ("We cannot read that kind of content", "What was sent is in a format the service does not take.",
          "Send the form from the page itself."),
    422: ("Some of the answers need another look", "What was sent could not be accepted as it is.",
          "Go back, check what you entered and send it again. Nothing was stored."),
    429: ("Too many tries", "There were many requests in a short time, so we are pausing for a moment.",
          "Wait a few minutes, then try again."),
    500: ("Sorry, something went wrong", "The fault is on our side, and the people who run the service can see it.",
          "Try again later. If you sent a form just now, check whether it arrived before you send it again."),
    503: ("The service is not available just now", "It cannot do this at the moment.", "Try again later."),
}  # fmt: skip
STALE = (
    "This page was open for too long",
    "To keep your account safe, a page can be sent only for a while after it was opened.",
    "Go back, reload the page and send it again. Nothing was changed.",
)


def harden(app: Flask, settings: Settings, *, doors: Collection[str] = ()) -> None:
    """Make `app` answer only under its own name, with closed headers and our error pages; call it first.

    `doors` names the blueprints of people who answer: no referrer leaves them, and their errors keep their lean frame.
    Headers that a proxy sets (X-Forwarded-…) are not believed, since nothing here reads them.
    """
    app.config.update(
        MAX_CONTENT_LENGTH=1024 * 1024,
        SESSION_COOKIE_NAME="__Host-msf" if settings.secure else "msf",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MSF_HOSTS=hosts_of(settings),
        MSF_DOORS=frozenset(doors),
        MSF_STEPS=(),
        MSF_HSTS=settings.secure,
    )
    furnish(app, settings)
    app.before_request(refuse_strange_host)
    app.after_request(close_headers)
    app.register_error_handler(Refusal, refusal_page)
    app.register_error_handler(HTTPException, error_page)
    expect_outages(app)


def hosts_of(settings: Settings) -> tuple[str, ...]:
    """The host names the site answers under: its own, and every loopback name where it is one of them."""
    name = urlsplit(settings.base_url).hostname or ""
    return LOOPBACK if name in LOOPBACK else (name,)


def refuse_strange_host() -> None:
    """Stop requests that call the site by a name it does not have."""
    if not host_is_trusted(request.host, current_app.config["MSF_HOSTS"]):
        abort(400)


def at_the_door() -> bool:
    """Whether this request is for a page of people who answer, or for an address below theirs that is no page."""
    if request.blueprint is not None:
        return request.blueprint in current_app.config["MSF_DOORS"]
    return any(request.path == path or request.path.startswith(f"{path}/") for path in current_app.config["MSF_STEPS"])


def close_headers(response: Response) -> Response:
    """Set the headers that every answer carries."""
    response.headers.update(FIXED)
    response.headers["Referrer-Policy"] = "no-referrer" if at_the_door() else "same-origin"
    response.headers["Cache-Control"] = _caching(response)
    if current_app.config["MSF_HSTS"]:
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    return response


def _caching(response: Response) -> str:
    if request.endpoint != "static" or response.status_code not in (200, 206, 304):
        return "no-store"
    try:
        name = str((request.view_args or {}).get("filename"))
        hashed = request.args.get("v") == mark(Path(current_app.static_folder or ""), name)
    except OSError:
        hashed = False
    return f"public, max-age={YEAR}, immutable" if hashed else "no-cache"


def refusal_page(refusal: Refusal) -> Response:
    """A refusal in its own words."""
    return _page(refusal.status, (refusal.title, refusal.message, refusal.remedy))


def error_page(error: HTTPException) -> Response:
    """An HTTP error in our words; what the server would say about its insides is not shown."""
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    fallback = WORDS[400] if error.code < 500 else WORDS[500]
    response = _page(error.code, STALE if isinstance(error, CSRFError) else WORDS.get(error.code, fallback))
    for name, value in error.get_headers():
        response.headers.setdefault(name, value)
    return response


def _page(status: int, words: tuple[str, str, str]) -> Response:
    title, message, remedy = words
    staff = request.endpoint not in (None, "static") and not at_the_door() and status not in (400, 413) and status < 500
    home = "" if at_the_door() else f"{request.script_root}/"
    text = render_template(
        "errors/page.html", frame="layout.html" if staff else "door.html",
        title=title, message=message, remedy=remedy, home=home,
    )  # fmt: skip
    return make_response(text, status)
