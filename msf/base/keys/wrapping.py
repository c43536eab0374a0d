"""Secrets wrapped with a passphrase: Argon2id makes the key, a SecretBox holds the secret; nothing else opens it."""

import base64
import binascii
import json
import threading
from dataclasses import dataclass
from typing import Any

from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.utils import random

from msf.base.errors import Refusal


@dataclass(frozen=True, slots=True)
class Strength:
    """What one try at a passphrase costs: passes over the memory, and bytes of it."""

    passes: int
    memory: int


MODERATE = Strength(argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE)
"""Libsodium's measure for keys of people: 256 MiB and most of a second."""
MOST = Strength(64, 2**31)
"""What a wrapped secret may ask of this machine before it is taken for a damaged one."""

_chosen = [MODERATE]
_turn = threading.Lock()  # so that many tries at once do not ask for many times the memory


def strength() -> Strength:
    """What wrapping costs in this process."""
    return _chosen[0]


def use(chosen: Strength) -> None:
    """Make `chosen` the strength of this process; for tests, which wrap many secrets of nobody."""
    _chosen[:] = [chosen]


class WrongPassphrase(Refusal):
    """A passphrase that does not open what it was given for, or a wrapped secret that is damaged: they look alike."""

    status = 422
    title = "The passphrase is not right"
    message = "This passphrase does not open the key."
    remedy = "Check capital letters and spaces, and try again."


class Damaged(Exception):
    """What should be a wrapped secret is none."""


def wrap(secret: bytes, passphrase: bytes, *, purpose: str) -> dict[str, Any]:
    """`secret` as a few words that JSON can hold; `purpose` has to be named again to open it."""
    chosen, salt = strength(), random(argon2id.SALTBYTES)
    box = SecretBox(_key(passphrase, salt, chosen)).encrypt(_bound(purpose) + secret)
    return {"salt": text_of(salt), "passes": chosen.passes, "memory": chosen.memory, "box": text_of(bytes(box))}


def unwrap(wrapped: Any, passphrase: bytes, *, purpose: str) -> bytes:
    """What `wrap` was given; `WrongPassphrase` where this passphrase or purpose does not open it, else `Damaged`."""
    try:
        salt, box = bytes_of(wrapped["salt"]), bytes_of(wrapped["box"])
        asked = Strength(int(wrapped["passes"]), int(wrapped["memory"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Damaged from error
    if len(salt) != argon2id.SALTBYTES or asked.passes > MOST.passes or asked.memory > MOST.memory:
        raise Damaged
    try:
        plain = SecretBox(_key(passphrase, salt, asked)).decrypt(box)
    except (CryptoError, ValueError) as error:
        raise WrongPassphrase from error
    if not plain.startswith(_bound(purpose)):
        raise WrongPassphrase
    return plain.removeprefix(_bound(purpose))


def text_of(raw: bytes) -> str:
    """Bytes as text that JSON can hold."""
    return base64.b64encode(raw).decode("ascii")


def bytes_of(text: str) -> bytes:
    """What `text_of` was given; `ValueError` where it is anything else."""
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (AttributeError, binascii.Error) as error:
        raise ValueError("not bytes as text") from error


def packed(facts: dict[str, Any]) -> bytes:
    """Facts as bytes, always the same for the same facts."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode("ascii")


def unpacked(raw: bytes) -> dict[str, Any]:
    """What `packed` was given; `Damaged` where it is anything else."""
    try:
        facts = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Damaged from error
    if not isinstance(facts, dict):
        raise Damaged
    return facts


def _bound(purpose: str) -> bytes:
    return purpose.encode("utf-8") + b"\0"


def _key(passphrase: bytes, salt: bytes, cost: Strength) -> bytes:
    with _turn:
        return argon2id.kdf(SecretBox.KEY_SIZE, passphrase, salt, opslimit=cost.passes, memlimit=cost.memory)
