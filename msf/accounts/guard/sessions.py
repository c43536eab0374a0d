"""Staff sessions: a signed cookie for 30 idle minutes and 8 hours at most, none on the paths of people who answer."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from msf.base.clock import utcnow

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
BEGAN = "began"


class StaffSessions(SecureCookieSessionInterface):
    """Sessions that close with the browser; below the paths in `without`, no cookie is read, set or varied on."""

    digest_method = staticmethod(hashlib.sha256)

    def __init__(self, without: Iterable[str]) -> None:
        self._without = tuple(without)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in the cookie, or an empty one."""
        return self.session_class() if self.blind(request.path) else super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie where there is something in it."""
        if not self.blind(request.path):
            super().save_session(app, session, response)

    def blind(self, path: str) -> bool:
        """Whether `path` is below one that knows no sessions."""
        return any(path == each or path.startswith(f"{each}/") for each in self._without)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Renew the cookie of whoever is signed in with every answer, so that 30 minutes count from the last one."""
        return session.modified or "_user_id" in session

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> None:
        """Never: the browser forgets the cookie when it closes, and the signature's age bounds it before."""


def begin(_app: object, *, authn_via: Iterable[str] = (), **_more: Any) -> None:
    """At sign-in: note when it began and renew the token against forgery, so that nothing from before goes on.

    A changed password goes on with the session it was changed in.
    """
    if "change" not in authn_via:
        session[BEGAN] = int(utcnow().timestamp())
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def lasting(now: datetime) -> bool:
    """Whether the session is younger than eight hours; one that does not say when it began is not."""
    began = session.get(BEGAN, 0)
    return isinstance(began, int) and 0 <= now.timestamp() - began < LONGEST.total_seconds()
