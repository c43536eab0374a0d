"""Which texts may name a practitioner, whose name becomes a folder on any system, and which may name a group."""

import unicodedata
from typing import Final

from msf.collate.faults import shown

MOST_BYTES: Final = 120
MOST_GROUP: Final = 40
OWN_FILES: Final = ("problems.csv", "summary.json")
_FORBIDDEN = '/\\:*?"<>|'
_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{place}" for port in ("com", "lpt") for place in "0123456789¹²³"
}


def name_fault(name: str) -> str | None:
    """Why `name` cannot name a practitioner's folder; None where it can."""
    if not name.strip():
        return "no practitioner is named"
    if unseen := _unseen(name):
        return f"the name holds {unseen}"
    for found, reason in _name_faults(name):
        if found:
            return f"{shown(name)} {reason}"
    return None


def _name_faults(name: str) -> tuple[tuple[bool, str], ...]:
    forbidden = next((sign for sign in name if sign in _FORBIDDEN), "")
    return (
        (bool(forbidden), f"cannot be the name of a folder: it holds {forbidden}"),
        (name.startswith("."), "cannot be the name of a folder: it begins with a full stop"),
        (name != name.strip(" "), "begins or ends with a space"),
        (name.endswith("."), "cannot be the name of a folder: it ends with a full stop"),
        (name.partition(".")[0].strip().lower() in _DEVICES, "is a name that Windows keeps for itself"),
        (folded(name) in OWN_FILES, "is the name of a file this command writes itself"),
        (len(name.encode("utf-8", "replace")) > MOST_BYTES, f"is longer than {MOST_BYTES} bytes"),
    )


def _unseen(text: str) -> str:
    """The first character that cannot be seen, in words."""
    sign = next((sign for sign in text if not sign.isprintable()), "")
    if "\udc80" <= sign <= "\udcff":
        return f"a byte that is not UTF-8 (0x{ord(sign) - 0xDC00:02X}); save the file as UTF-8"
    return f"a character that cannot be seen (U+{ord(sign):04X})" if sign else ""


def folded(name: str) -> str:
    """What two names have in common that may be one folder on some system: case, accents' spelling, white space.

    >>> folded("Dr  ÅSE") == folded("dr a\\u030ase")
    True
    """
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).split())


def group_of(text: str) -> str:
    """A group's label without differences that nobody sees."""
    return " ".join(unicodedata.normalize("NFC", text).split(" ")).strip()


def group_fault(group: str) -> str | None:
    """Why `group`, as `group_of` gives it, cannot be one; None where it can."""
    if not group:
        return "no group is named; every rater but the practitioner needs one"
    if unseen := _unseen(group):
        return f"the group holds {unseen}"
    if len(group) > MOST_GROUP:
        return f"the group {shown(group)} is longer than {MOST_GROUP} characters"
    if group.casefold() == "all":
        return "a group cannot be called “all”: reports call a whole family so"
    return None
