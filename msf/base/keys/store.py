"""What every store of named secrets can do, whatever keeps them: a folder, or a table of a database of its own."""

import re
from typing import Protocol

from msf.base.errors import Refusal

LENGTH = 32
"""Bytes of a plain key; the secrets of a store without a fixed size may be longer."""

_NAME = re.compile(r"[0-9a-f]{32}")


class KeyMissing(Refusal):
    """A round's key cannot be read, so nothing may be accepted for it."""

    status = 503
    title = "Answers cannot be taken just now"
    message = "The service cannot take answers for this questionnaire just now. Nothing you wrote was sent."
    remedy = (
        "Keep this page open and reload it later: that sends the same form again, and the same form is never counted "
        "twice. The team that runs the service is told."
    )


class KeyStore(Protocol):
    """Secrets of one kind, each under a name of 32 hexadecimal digits: the id of a round or of an account."""

    def write(self, name: str, secret: bytes) -> None:
        """Keep `secret`, for good before this returns; `FileExistsError` rather than replace one that is there."""

    def once(self, name: str, secret: bytes) -> bytes:
        """Keep `secret` unless there is one, and return the one that is kept, whichever process was first."""

    def replace(self, name: str, secret: bytes) -> None:
        """Put `secret` in the place of the one that is there, whole or not at all; of the old one nothing is left."""

    def read(self, name: str) -> bytes:
        """The secret called `name`; `KeyMissing` where it is gone, unreadable or cut short."""

    def has(self, name: str) -> bool:
        """Whether there is one called `name`, readable or not."""

    def names(self) -> list[str]:
        """Every name kept here, in order."""

    def destroy(self, name: str) -> None:
        """Overwrite and remove the secret called `name`; does nothing where there is none."""


def is_name(name: str) -> bool:
    """Whether `name` may name a secret."""
    return _NAME.fullmatch(name) is not None


def checked(name: str) -> str:
    """`name`, if it may name a secret; a programming error otherwise."""
    if not is_name(name):
        raise ValueError("A key is named by 32 hexadecimal digits.")
    return name


def whole(secret: bytes, size: int | None) -> bytes:
    """`secret`, if it is of `size` (where that is none, of `LENGTH` at least); `KeyMissing` otherwise."""
    if len(secret) < LENGTH or (size is not None and len(secret) != size):
        raise KeyMissing
    return secret
