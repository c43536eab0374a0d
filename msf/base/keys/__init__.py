"""Secrets outside the database of answers: written once, read by few, destroyed for good."""

from msf.base.keys.folder import KeyFolder
from msf.base.keys.shelf import LASTING, Keys
from msf.base.keys.store import LENGTH, KeyMissing, KeyStore
from msf.base.keys.table import KeyTable, SameDatabase, refuse_same

__all__ = [
    "LASTING",
    "LENGTH",
    "KeyFolder",
    "KeyMissing",
    "KeyStore",
    "KeyTable",
    "Keys",
    "SameDatabase",
    "refuse_same",
]
