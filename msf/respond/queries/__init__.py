"""What a rater's page must know, and what staff may know of the keys of a round."""

from msf.respond.queries.health import KEEP_KEYS, KeyTrouble, healthy_key, key_troubles, outlived
from msf.respond.queries.places import Place, Slip, keep_open, number_of, place_of, slip_of

__all__ = [
    "KEEP_KEYS",
    "KeyTrouble",
    "Place",
    "Slip",
    "healthy_key",
    "keep_open",
    "key_troubles",
    "number_of",
    "outlived",
    "place_of",
    "slip_of",
]
