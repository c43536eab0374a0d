"""How the key of a round is kept, and who may hold it; pure."""

from collections.abc import Collection, Sequence

from msf.rounds.rules.limits import RoundRefused

KEY_MODES = ("standard", "strict")
MOST_HOLDERS = 2
NOT_HOLDERS = frozenset({"administrator", "moderator"})
"""Roles that may not hold a key: whoever runs the machines, and whoever reads the comments."""


def check_lock(mode: str, holders: Sequence[str], needed: int) -> None:
    """Refuse a mode nobody knows, strict without one or two holders, and more holders needed than there are."""
    if mode not in KEY_MODES:
        raise RoundRefused("Choose how the answers are locked.", field="key_mode")
    if mode == "standard" and holders:
        raise RoundRefused("Key holders belong to the strict way. Choose it, or no key holders.", field="key_mode")
    if mode == "strict" and not 1 <= len(set(holders)) == len(holders) <= MOST_HOLDERS:
        raise RoundRefused("Choose one or two key holders.", field="key_holders")
    if not 1 <= needed <= max(1, len(holders)):
        raise RoundRefused("Choose two key holders if both are needed.", field="holders_needed")


def check_holder(name: str, roles: Collection[str], *, active: bool, subject: bool, has_key: bool) -> None:
    """Refuse a key holder who is no key holder, a party to the round, or without a key."""
    if not active or "key_holder" not in roles:
        raise RoundRefused("Choose key holders from the list.", field="key_holders")
    if subject or NOT_HOLDERS.intersection(roles):
        raise RoundRefused(
            f"{name} cannot hold this key: nobody may who is the practitioner, reads comments, or runs the machines.",
            field="key_holders",
        )
    if not has_key:
        raise RoundRefused(
            f"{name} has no key yet. They make one on their page “Keys”.",
            field="key_holders",
            remedy="Ask them to sign in and make a key, then try again.",
        )
