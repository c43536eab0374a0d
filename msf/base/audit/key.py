"""The key of the chain, outside the database; made once, and never made again while there are entries under it."""

import hmac

from sqlalchemy import text
from sqlmodel import Session

from msf.base.config import current
from msf.base.db import reading
from msf.base.errors import Refusal
from msf.base.keys import LASTING, LENGTH, KeyMissing, Keys, KeyStore

_FINGERPRINT = b"msf fingerprint 1"
_SEALED = text("SELECT 1 FROM audit_event WHERE sequence IS NOT NULL LIMIT 1")


class AuditKeyMissing(Refusal):
    """There are sealed entries, but not the key under which the next one must be sealed."""

    status = 503
    title = "This cannot be done just now"
    message = "What staff do is kept in a record, and its key is missing, so nothing was done."
    remedy = "Tell the team that runs the service: “msf check” says what to do."


def audit_key() -> bytes:
    """The key, 32 bytes; `AuditKeyMissing` where there is none."""
    try:
        return _store().read(LASTING)
    except KeyMissing as error:
        raise AuditKeyMissing from error


def ready(session: Session) -> None:
    """Make the key where nothing was ever sealed; `AuditKeyMissing` where it is gone."""
    if not _store().has(LASTING):
        if sealed(session):
            raise AuditKeyMissing
        make_key()


def make_key() -> None:
    """Make the key, unless there is one."""
    Keys.at(current().keys).lasting("audit")


def has_key() -> bool:
    """Whether there is a key, readable or not."""
    return _store().has(LASTING)


def sealed(session: Session) -> bool:
    """Whether there is any sealed entry."""
    return session.connection().execute(_SEALED).first() is not None


def fingerprint(content: bytes) -> str:
    """What `content` is known by in the record, 64 hexadecimal digits.

    Unlike a plain hash, it does not let a reader of the database try which words were behind it.
    """
    try:
        key = audit_key()
    except AuditKeyMissing:
        with reading() as session:
            ready(session)
        key = audit_key()
    return digest(key, _FINGERPRINT, content).hex()


def digest(key: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA-256 over the parts, each with its length before it, so that none can borrow from its neighbour."""
    return hmac.digest(key, b"".join(len(part).to_bytes(8, "big") + part for part in parts), "sha256")


def _store() -> KeyStore:
    return Keys.at(current().keys).kind("audit", LENGTH)
