"""Who is at the door: the signed-in person, and a door that stays shut for everybody its roles do not name."""

from flask import Blueprint, Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user  # type: ignore[import-untyped]  # ships no types
from werkzeug.wrappers import Response

from msf.accounts.guard.fresh import ask_again
from msf.accounts.queries import Person
from msf.accounts.queries import person as person_with
from msf.accounts.rules import ROLES
from msf.base.db import reading

ANYONE = frozenset({"anyone"})
"""Signed in or not: the page itself asks for what it needs."""

SIGNED_IN = frozenset(ROLES)
"""Everybody with an account."""

BARE = frozenset({"static", "health"})
"""Pages of the app itself, outside any blueprint, that are open to all."""


def me() -> Person:
    """The signed-in person; 401 where there is none, so only behind a guarded door."""
    found = me_or_none()
    if found is None:
        abort(401)
    return found


def me_or_none() -> Person | None:
    """The signed-in person, if there is one; reads the session cookie and, once a request, the database."""
    if "person" not in g:
        g.person = _load()
    found: Person | None = g.person
    return found


def _load() -> Person | None:
    if not current_user.is_authenticated:
        return None
    with reading() as session:
        return person_with(session, current_user.id)


def only(*roles: str) -> Person:
    """The signed-in person if they have one of `roles`, else 403; for a page narrower than its blueprint's door."""
    person = me()
    if person.roles.isdisjoint(roles):
        abort(403)
    return person


def guard(app: Flask, blueprint: Blueprint | str, roles: frozenset[str]) -> None:
    """Open the door of `blueprint` to people with one of `roles`; unknown roles are a programming error."""
    if strange := roles - SIGNED_IN - ANYONE:
        raise ValueError(f"Nobody has the roles {sorted(strange)}.")
    name = blueprint if isinstance(blueprint, str) else blueprint.name
    app.extensions.setdefault("doors", {})[name] = roles


def watch(app: Flask) -> None:
    """Look at every request before anything else does: what has no guard is not found, whoever asks."""
    app.extensions.setdefault("doors", {})
    app.before_request(_check)


def _check() -> Response | None:
    if any("\0" in str(part) for part in (request.view_args or {}).values()):
        abort(404)  # no identifier holds a NUL, and PostgreSQL takes it for a fault
    if request.endpoint is None or request.endpoint in BARE:
        return None
    roles: frozenset[str] | None = current_app.extensions["doors"].get(request.blueprint)
    if roles is None:
        abort(404)
    if roles is ANYONE or roles == ANYONE:
        return None
    person = me_or_none()
    if person is None:
        return _to_sign_in()
    if roles.isdisjoint(person.roles):
        abort(403)
    return ask_again(person)


def _to_sign_in() -> Response:
    back = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") and request.path != "/" else None
    return redirect(url_for("security.login", next=back), 303)
