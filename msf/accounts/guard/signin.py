"""Signing in and out, changing and resetting a password: Flask-Security, made to store no times and no addresses."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Flask, Response, abort, after_this_request, request, session
from flask_login import user_logged_out  # type: ignore[import-untyped]  # ships no types
from flask_security import ChangePasswordForm, LoginForm, PasswordUtil, Security, VerifyForm
from flask_security.signals import user_authenticated

from msf.accounts.guard import sessions
from msf.accounts.guard.post import PostRoom
from msf.accounts.guard.store import AccountStore
from msf.accounts.guard.throttle import throttle
from msf.accounts.models import Account
from msf.accounts.operations import COST, end_sign_ins, note_sign_in
from msf.accounts.rules import LEAST_CHARACTERS, MOST_CHARACTERS, wrong_with
from msf.base.clock import utcnow
from msf.base.db import transaction

WRONG = "The email address or the password is not right. Check both and try again"
SENT = "If there is an account with that address, we have sent it a letter with a link. It can take a few minutes."

MESSAGES = {
    "GENERIC_AUTHN_FAILED": (WRONG, "error"),
    "PASSWORD_RESET_REQUEST": (SENT, "info"),
    "GENERIC_RECOVERY": (SENT, "info"),
    "PASSWORD_RESET_EXPIRED": ("This link is too old. Ask for a new one.", "error"),
    "INVALID_RESET_PASSWORD_TOKEN": ("This link was already used, or is not complete. Ask for a new one.", "error"),
    "PASSWORD_RESET_NO_LOGIN": ("Your password is set. Sign in with it.", "success"),
    "PASSWORD_CHANGE": ("Your password is changed. You are signed out everywhere else.", "success"),
    "PASSWORD_IS_THE_SAME": ("Choose a password that differs from the one you have now", "error"),
    "PASSWORD_NOT_PROVIDED": ("Enter a password", "error"),
    "EMAIL_NOT_PROVIDED": ("Enter your email address", "error"),
    "INVALID_EMAIL_ADDRESS": ("Enter an email address in the format name@example.org", "error"),
    "RETYPE_PASSWORD_MISMATCH": ("The two new passwords are not the same. Type both again", "error"),
    "INVALID_PASSWORD": ("The password you have now is not right", "error"),
    "UNAUTHENTICATED": ("Sign in to see that page.", "info"),
    "REAUTHENTICATION_REQUIRED": ("Enter your password again before you go on.", "info"),
    "REAUTHENTICATION_SUCCESSFUL": ("Thank you. You can go on now.", "success"),
    "INVALID_REDIRECT": ("That address is not part of this service.", "error"),
}

SETTINGS: dict[str, Any] = {
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "LOGOUT_CSRF": True,
    "RESET_URL": "/password",
    "CHANGE_URL": "/account/password",
    "VERIFY_URL": "/account/confirm",
    "POST_LOGIN_VIEW": "/",
    "POST_LOGOUT_VIEW": "/sign-in",
    "POST_CHANGE_VIEW": "/account",
    "POST_VERIFY_VIEW": "/",
    "STATIC_FOLDER": None,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "RETURN_GENERIC_RESPONSES": True,
    "API_ENABLED_METHODS": ["session"],
    "FRESHNESS": timedelta(minutes=15),
    "FRESHNESS_GRACE_PERIOD": timedelta(minutes=5),
    "RESET_PASSWORD_WITHIN": timedelta(hours=4),
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_SINGLE_HASH": {"argon2"},
    "PASSWORD_HASH_PASSLIB_OPTIONS": {f"argon2__{name}": value for name, value in COST.items()},
    "PASSWORD_LENGTH_MIN": LEAST_CHARACTERS,
    # What goes into a reset link is the hash of a hash with a salt: nothing slow is needed, and slow would tell.
    "HASHING_SCHEMES": ["hex_sha256"],
    "EMAIL_PLAINTEXT": False,
    "EMAIL_HTML": False,
    "EMAIL_TEMPLATE_PASSWORD_RESET": "set_password",
    "EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "password_changed",
    "EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "password_changed",
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
}


class _Bounded:
    """A form that asks for a password one has: more of it than any password is long is not even looked at."""

    password: Any

    def validate(self, **more: Any) -> bool:
        """Cut the password to one character too many, which is right nowhere, before anything hashes it."""
        if isinstance(self.password.data, str):
            self.password.data = self.password.data[: MOST_CHARACTERS + 1]
        valid: bool = super().validate(**more)  # type: ignore[misc]
        return valid


class SignInForm(_Bounded, LoginForm):
    """Email address and password; nobody is remembered beyond the session."""

    remember = None  # type: ignore[assignment]  # how WTForms takes a field away


class ChangeForm(_Bounded, ChangePasswordForm):
    """The password one has, and a new one twice."""


class AgainForm(_Bounded, VerifyForm):
    """The password, once more."""


class Passwords(PasswordUtil):
    """New passwords by the house's own rule."""

    def validate(self, password: str, is_register: bool, **facts: Any) -> tuple[list[str] | None, str]:
        """What is wrong with a new password, and the password composed for hashing."""
        plain = self.normalize(password)
        wrong = wrong_with(plain, email=getattr(facts.get("user"), "email", ""))
        return ([wrong] if wrong else None), plain


def install(app: Flask) -> Security:
    """Give `app` its sign-in pages and brakes; after the sessions and the protection against forged forms."""
    app.config.update({f"SECURITY_{name}": value for name, value in SETTINGS.items()})
    app.config.update({f"SECURITY_MSG_{name}": words for name, words in MESSAGES.items()})
    app.config.setdefault("SESSION_PROTECTION", None)
    security = Security(
        app,
        AccountStore(),
        login_form=SignInForm,
        change_password_form=ChangeForm,
        verify_form=AgainForm,
        mail_util_cls=PostRoom,
        password_util_cls=Passwords,
    )
    security.want_json(lambda _request: False)
    _only_by_session(security)
    user_authenticated.connect(sessions.begin, app)
    user_authenticated.connect(_note, app)
    user_logged_out.connect(_end_everywhere, app)
    app.before_request(_forms_only)
    throttle(app)
    return security


def _only_by_session(security: Security) -> None:
    """Leave the signed session as the one way to be known, and look at it only where a page asks who is there."""
    manager = security.login_manager
    known = manager._user_callback

    def load(identity: str) -> Account | None:
        if sessions.lasting(utcnow()):
            account: Account | None = known(identity)
            return account
        session.clear()
        return None

    manager.user_loader(load)
    manager.request_loader(lambda _request: None)
    security.principal.identity_loaders.clear()


def _forms_only() -> None:
    if request.blueprint == "security" and request.method == "POST" and request.is_json:
        abort(415)


def _note(_app: object, *, user: Account, authn_via: Iterable[str] = (), **_more: Any) -> None:
    """Record a sign-in; whoever changes their password was signed in already."""
    if "change" not in authn_via:
        with transaction() as session:
            note_sign_in(session, user, now=utcnow())


def _end_everywhere(_app: object, *, user: Account, **_more: Any) -> None:
    """A cookie copied before sign-out must not outlive it: end every sign-in of the account."""
    with transaction() as session:
        end_sign_ins(session, user.id)
    after_this_request(_leave_nothing)


def _leave_nothing(answer: Response) -> Response:
    """The next person at this computer finds no page of the one before in the browser's cache."""
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
