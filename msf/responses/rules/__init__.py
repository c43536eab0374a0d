"""What may be said about answers without a database: how one is sealed, and what a sealed one looks like."""

from msf.responses.rules.sealing import (
    Sheet,
    Unreadable,
    new_pair,
    pack,
    public_of,
    seal,
    size_of,
    unpack,
    unseal,
)

__all__ = ["Sheet", "Unreadable", "new_pair", "pack", "public_of", "seal", "size_of", "unpack", "unseal"]
