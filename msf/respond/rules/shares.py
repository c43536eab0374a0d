"""How the private key of a strict round is shared out, so that one or both of its holders open it again; pure."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from msf.base.errors import Refusal
from msf.base.keys.wrapping import Damaged, bytes_of, packed, text_of, unpacked
from msf.responses.rules import Unreadable, public_of, seal, unseal

_FORMAT = "msf strict seal 1"


class SealDamaged(Exception):
    """What should be the shares of a round's key is cut short, changed, or of another round."""


class ShareUnreadable(Refusal):
    """A share that the holder's key does not open, or shares that are not those of the round's key."""

    status = 503
    title = "The answers could not be opened"
    message = "Your passphrase is right, but your share of this round’s key cannot be read. Nothing was changed."
    remedy = "Tell the team that runs the service: the share may be in their copy of the keys."


@dataclass(frozen=True, slots=True)
class Share:
    """One holder's share, sealed to the public half that they had when the round opened."""

    public: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class StrictSeal:
    """What is kept of a strict round's private key: its public half, and sealed shares by account.

    With `needed` 1, each share is the key; with 2, the exclusive or of both is. `handed` holds what the first of two
    holders left for the other, sealed to that other one.
    """

    round_id: str
    public: bytes
    needed: int
    shares: Mapping[str, Share]
    handed: Mapping[str, bytes] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """As it is kept, with a checksum."""
        facts = {
            "format": _FORMAT,
            "round": self.round_id,
            "public": text_of(self.public),
            "needed": self.needed,
            "shares": {
                holder: {"public": text_of(share.public), "sealed": text_of(share.sealed)}
                for holder, share in self.shares.items()
            },
            "handed": {holder: text_of(sealed) for holder, sealed in self.handed.items()},
        }
        return packed({**facts, "checksum": _checksum(facts)})


def share_out(round_id: str, private: bytes, *, holders: Mapping[str, bytes], needed: int) -> StrictSeal:
    """Shares of `private` for `holders` (public halves by account): the whole for each, or one of two halves each."""
    pad = secrets.token_bytes(32)
    parts = [private] * len(holders) if needed == 1 else [pad, _xor(private, pad)]
    if len(parts) != len(holders) or not holders:
        raise ValueError("Two shares need two holders.")
    shares = {
        holder: Share(public, seal(part, public)) for (holder, public), part in zip(holders.items(), parts, strict=True)
    }
    return StrictSeal(round_id, public_of(private), needed, shares)


def read_seal(kept: bytes, round_id: str) -> StrictSeal:
    """What `to_bytes` gave for this round; `SealDamaged` where it is anything else."""
    try:
        facts = unpacked(kept)
        checksum = facts.pop("checksum")
        found = _read(facts)
    except (Damaged, KeyError, TypeError, ValueError, AttributeError) as error:
        raise SealDamaged from error
    if checksum != _checksum(facts) or facts["format"] != _FORMAT or found.round_id != round_id:
        raise SealDamaged
    return found


def _read(facts: Mapping[str, Any]) -> StrictSeal:
    return StrictSeal(
        str(facts["round"]),
        bytes_of(facts["public"]),
        int(facts["needed"]),
        {name: Share(bytes_of(each["public"]), bytes_of(each["sealed"])) for name, each in facts["shares"].items()},
        {name: bytes_of(each) for name, each in facts["handed"].items()},
    )


def opened_by(kept: StrictSeal, holder: str, own: bytes) -> bytes | StrictSeal:
    """The round's private key, or where the other holder is still needed, what to keep until they come.

    `own` is the holder's private half. `ShareUnreadable` where the shares do not lead to the round's key.
    """
    part = _opened(kept.shares[holder].sealed, own)
    if kept.needed == 1:
        return _fitting(part, kept)
    if holder in kept.handed:
        return _fitting(_xor(part, _opened(kept.handed[holder], own)), kept)
    other = next(name for name in kept.shares if name != holder)
    return replace(kept, handed={other: seal(part, kept.shares[other].public)})


def _opened(sealed: bytes, own: bytes) -> bytes:
    try:
        return unseal(sealed, own)
    except Unreadable as error:
        raise ShareUnreadable from error


def _fitting(private: bytes, kept: StrictSeal) -> bytes:
    if len(private) != 32 or public_of(private) != kept.public:
        raise ShareUnreadable
    return private


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _checksum(facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(packed(dict(facts))).hexdigest()
