"""What the door refuses, the codes it hands out, how a strict round's key is shared, and what is a burst; pure."""

from msf.respond.rules.bursts import Pulse
from msf.respond.rules.codes import (
    LinkSpent,
    NothingToWithdraw,
    grouped,
    new_receipt,
    read_receipt,
    receipt_hash,
    same_receipt,
)
from msf.respond.rules.holders import (
    CannotOpen,
    HasKey,
    HolderIsAsked,
    HolderNeeded,
    KeyInUse,
    NoKey,
    PassphraseRefused,
    new_holder_key,
    private_half,
    public_half,
    rewrapped,
    wrong_with,
)
from msf.respond.rules.shares import SealDamaged, ShareUnreadable, StrictSeal, opened_by, read_seal, share_out

__all__ = [
    "CannotOpen",
    "HasKey",
    "HolderIsAsked",
    "HolderNeeded",
    "KeyInUse",
    "LinkSpent",
    "NoKey",
    "NothingToWithdraw",
    "PassphraseRefused",
    "Pulse",
    "SealDamaged",
    "ShareUnreadable",
    "StrictSeal",
    "grouped",
    "new_holder_key",
    "new_receipt",
    "opened_by",
    "private_half",
    "public_half",
    "read_receipt",
    "read_seal",
    "receipt_hash",
    "rewrapped",
    "same_receipt",
    "share_out",
    "wrong_with",
]
