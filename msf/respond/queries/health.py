"""Whether the keys of rounds are there and fit, and which of them should have been destroyed."""

from dataclasses import dataclass

from sqlmodel import Session

from msf.base.keys import KeyMissing, Keys
from msf.responses.rules import public_of
from msf.rounds import queries as rounds

KEEP_KEYS = frozenset({"approved", "open", "awaiting_key_holder"})
"""The states in which a round's keys may exist: in every other one they have to be destroyed."""


def healthy_key(round_id: str, seal_public: bytes | None, keys: Keys) -> bytes:
    """The round's public key, once its private half was read and fits; `KeyMissing` where it could open nothing."""
    private = keys.seals.read(round_id)
    if seal_public is None or public_of(private) != seal_public:
        raise KeyMissing
    return seal_public


@dataclass(frozen=True, slots=True)
class KeyTrouble:
    """A round whose keys are not as they should be, and what it means."""

    reference: str
    trouble: str


def key_troubles(session: Session, keys: Keys) -> list[KeyTrouble]:
    """Every open round that cannot take answers, and every key that outlived its round."""
    troubles = []
    for row in rounds.open_rounds(session):
        try:
            keys.tokens.read(row.id)
            healthy_key(row.id, row.seal_public, keys)
        except KeyMissing:
            troubles.append(
                KeyTrouble(row.reference, "a key of this open round is missing or wrong: answers are refused")
            )
    troubles += [
        KeyTrouble(reference, "keys of this ended round are still there: run “msf work --once” to destroy them")
        for reference in outlived(session, keys).values()
    ]
    return troubles


def outlived(session: Session, keys: Keys) -> dict[str, str]:
    """The rounds that have ended and whose keys are still there: id and reference."""
    known = rounds.states(session, sorted({*keys.tokens.names(), *keys.seals.names()}))
    return {id: reference for id, (reference, state) in known.items() if state not in KEEP_KEYS}
