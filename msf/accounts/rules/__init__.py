"""Roles, passwords, and the words for what is on record; pure."""

from msf.accounts.rules.people import (
    EMPLOYER_ROLES,
    LEAST_CHARACTERS,
    MOST_CHARACTERS,
    ROLES,
    SERVICE_ROLES,
    AddressTaken,
    PasswordRefused,
    Role,
    RolesRefused,
    SignInChanged,
    check_roles,
    wrong_with,
)

__all__ = [
    "EMPLOYER_ROLES",
    "LEAST_CHARACTERS",
    "MOST_CHARACTERS",
    "ROLES",
    "SERVICE_ROLES",
    "AddressTaken",
    "PasswordRefused",
    "Role",
    "RolesRefused",
    "SignInChanged",
    "check_roles",
    "wrong_with",
]
