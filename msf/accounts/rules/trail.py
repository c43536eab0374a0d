"""What each entry of the record is called in plain English, and how its details and its things are told; pure."""

from collections.abc import Mapping
from typing import Any

ACTIONS: dict[str, str] = {
    "accounts.signed_in": "Signed in",
    "accounts.added": "Account added",
    "accounts.password_changed": "Password changed",
    "accounts.deactivated": "Account switched off",
    "accounts.activated": "Account switched on",
    "organisations.added": "Organisation added",
    "round.made": "Round made",
    "round.start_nominating": "Round: choosing people began",
    "round.approve": "Round: list of people approved",
    "round.open": "Round opened",
    "round.extended": "Round extended",
    "round.reminded": "Reminders sent",
    "round.self_assessed": "Own view written",
    "round.await_key_holder": "Round waits for a key holder",
    "round.share_handed_on": "Key holder opened a part of the key",
    "round.close": "Round closed",
    "round.cancel": "Round cancelled",
    "round.moderate": "Reading of comments finished",
    "round.read_again": "Comments to be read again",
    "round.review": "Report checked",
    "round.release_to_practitioner": "Round: released to the practitioner",
    "round.release_to_organisation": "Round: released to the organisation",
    "round.archive": "Round archived",
    "round.void": "Report made void",
    "nominee.proposed": "Person proposed",
    "nominee.approved": "Person approved",
    "nominee.rejected": "Person not approved",
    "nominee.removed": "Person taken off the list",
    "patients.added": "Patients added",
    "cards.made": "Cards for patients made",
    "cards.revoked": "Cards for patients made invalid",
    "invitations.sent": "Invitations sent",
    "comment.decided": "Comment decided on",
    "comment.undone": "Decision on a comment taken back",
    "comment.confirmed": "Decision on a comment confirmed",
    "comment.sent_back": "Decision on a comment sent back",
    "comment.original_read": "Comment read as it was written",
    "report.drafted": "Report drawn up",
    "report.released": "Report released",
    "report.viewed": "Report opened",
    "release.refused": "Release refused by the last check",
    "keys.made": "Key holder’s key made",
    "keys.passphrase_changed": "Key holder’s passphrase changed",
    "keys.forgotten": "Key holder’s key taken away",
    "keys.copied": "Copy of keys taken",
    "keys.restored": "Keys put back from a copy",
    "keys.trouble": "Keys of rounds checked",
    "programme.exported": "Programme figures and report cells exported",
    "programme.rebuilt": "Programme figures entered again",
    "retention.set": "Times of keeping changed",
    "retention.swept": "Things deleted after their time",
    "installation.migrated": "Database brought up to date",
    "audit.begun": "Record: chain begun",
    "audit.checked": "Record checked",
    "audit.sent": "Record: heads sent out",
    "audit.pruned": "Record: oldest entries deleted",
    "audit.resealed": "Record re-sealed",
    "audit.exported": "Record exported",
}
"""Every action by its name in the table, those of older entries too; a test finds one of the code that lacks words."""

THINGS: dict[str, str] = {
    "round": "Round",
    "report": "Report of round",
    "account": "Account of",
    "organisation": "Organisation",
    "audit": "The record",
    "installation": "The installation",
}
"""The first word of what an entry is about."""

ACTORS: dict[str, str] = {"system": "The system", "operator": "An operator"}
"""Who acts without an account: by itself, or on the command line."""

READERS: dict[str, str] = {"page": "as a page", "pdf": "as a PDF", "html": "as one page to keep"}


def details_of(details: Mapping[str, Any]) -> str:
    """The details of an entry as words; what bytes are known by is cut to its first digits.

    >>> details_of({"opened": 12, "unreadable": 0, "original": "ab" * 32, "roles": ["moderator", "adviser"]})
    'opened: 12; original: abababababab…; roles: moderator, adviser; unreadable: 0'
    """
    return "; ".join(f"{name.replace('_', ' ')}: {_told(details[name])}" for name in sorted(details))


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"({details_of(value)})"
    if isinstance(value, list):
        return ", ".join(_told(each) for each in value)
    words = str(value)
    mark = len(words) in (32, 64) and all(digit in "0123456789abcdef" for digit in words)
    return f"{words[:12]}…" if mark else words


def format_of(ending: str) -> str:
    """In which form a report was opened.

    >>> format_of("pdf"), format_of("csv")
    ('as a PDF', 'as CSV')
    """
    return READERS.get(ending, f"as {ending.upper()}")
