"""What a rater's page must know, and what staff may know of the keys of a round."""

from msf.respond.queries.health import (
    KEEP_KEYS,
    LIVE,
    KeyTrouble,
    fitting_public,
    fitting_token,
    healthy_key,
    key_troubles,
    outlived,
    seal_of,
    troubles_of,
)
from msf.respond.queries.holding import HeldRound, depends_on, held_round, held_rounds
from msf.respond.queries.places import Place, Slip, keep_open, number_of, place_of, slip_of

__all__ = [
    "KEEP_KEYS",
    "LIVE",
    "HeldRound",
    "KeyTrouble",
    "Place",
    "Slip",
    "depends_on",
    "fitting_public",
    "fitting_token",
    "healthy_key",
    "held_round",
    "held_rounds",
    "keep_open",
    "key_troubles",
    "number_of",
    "outlived",
    "place_of",
    "seal_of",
    "slip_of",
    "troubles_of",
]
