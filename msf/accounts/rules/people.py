"""Roles, what they are called and who may have them, and what a password must be; pure."""

from collections.abc import Iterable
from typing import Literal

from msf.base.errors import Refusal

Role = Literal[
    "practitioner",
    "case_manager",
    "coordinator",
    "adviser",
    "panel_member",
    "moderator",
    "assessor",
    "mediator",
    "quality_reviewer",
    "facilitator",
    "key_holder",
    "auditor",
    "administrator",
]

ROLES: dict[str, str] = {
    "practitioner": "Practitioner",
    "case_manager": "Case manager",
    "coordinator": "Coordinator",
    "adviser": "Adviser",
    "panel_member": "Panel member",
    "moderator": "Moderator",
    "assessor": "Assessor",
    "mediator": "Mediator",
    "quality_reviewer": "Quality reviewer",
    "facilitator": "Facilitator",
    "key_holder": "Key holder",
    "auditor": "Auditor",
    "administrator": "Administrator",
}

SERVICE_ROLES = frozenset(ROLES) - {"practitioner", "case_manager"}

EMPLOYER_ROLES = frozenset({"practitioner", "case_manager"})

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 128


class AddressTaken(Refusal):
    """Somebody already signs in with this address."""

    title = "There is already an account with this email address"
    message = "There is already an account with this email address."
    remedy = "Use another address, or look for the person in the list of people."


class RolesRefused(Refusal):
    """A role nobody knows, none at all, or one that people of this kind of organisation do not have."""

    status = 422
    title = "Check the roles"
    message = "These roles do not fit this organisation."
    remedy = "Choose at least one. Practitioners and case managers belong to an employer, all other roles to a service."


class PasswordRefused(Refusal):
    """A password that is too short, too long or too easily guessed."""

    status = 422
    title = "Choose another password"
    message = "This password cannot be used."
    remedy = f"Use {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters; three or four words you can remember work well."


class SignInChanged(Refusal):
    """The link was used, or the account was changed, since the page was opened."""

    title = "This link or page can no longer be used"
    message = "The link was already used, or the account was changed after you opened this page. Nothing changed now."
    remedy = "Sign in, or ask for a new link on the sign-in page."


def check_roles(kind: str, roles: Iterable[str]) -> frozenset[str]:
    """The roles as a set, if people of an organisation of `kind` may have them all; `RolesRefused` otherwise.

    >>> sorted(check_roles("service", ["moderator", "coordinator"]))
    ['coordinator', 'moderator']
    """
    wanted = frozenset(roles)
    allowed = SERVICE_ROLES if kind == "service" else EMPLOYER_ROLES
    if not wanted or wanted - allowed:
        raise RolesRefused
    return wanted


def wrong_with(password: str, *, email: str = "") -> str:
    """What is wrong with a new password, in words, or nothing.

    >>> wrong_with("short")
    'Use at least 12 characters'
    >>> wrong_with("aaaaaaaaaaaaaaaa")
    'Use at least 5 different characters'
    >>> wrong_with("correct horse battery")
    ''
    """
    if len(password) < LEAST_CHARACTERS:
        return f"Use at least {LEAST_CHARACTERS} characters"
    if len(password) > MOST_CHARACTERS:
        return f"Use at most {MOST_CHARACTERS} characters"
    if len(set(password)) < 5:
        return "Use at least 5 different characters"
    if email and password.casefold() in (email, email.partition("@")[0]):
        return "Choose something other than your email address"
    return ""
