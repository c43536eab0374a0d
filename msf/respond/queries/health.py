"""Whether the keys of rounds are there and fit, and which of them should have been destroyed."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from msf.accounts.models import Account
from msf.base.keys import LENGTH, KeyMissing, Keys
from msf.invitations.rules import slot_hash, token
from msf.respond.rules import NoKey, SealDamaged, StrictSeal, public_half, read_seal
from msf.responses import queries as responses
from msf.responses.rules import public_of
from msf.rounds import queries as rounds
from msf.rounds.models import Round

KEEP_KEYS = frozenset({"approved", "open", "awaiting_key_holder"})
"""The states in which a round's keys may exist: in every other one they have to be destroyed."""
LIVE = frozenset({"open", "awaiting_key_holder"})
"""The states in which sealed answers wait for a key."""


def healthy_key(round_id: str, seal_public: bytes | None, keys: Keys) -> bytes:
    """The round's public key, once what is kept of its private half was read and fits; `KeyMissing` where not."""
    return fitting_public(round_id, seal_public, keys.seals.read(round_id))


def fitting_public(round_id: str, seal_public: bytes | None, kept: bytes) -> bytes:
    """The round's public key, if `kept` is what opens it: a private half, or whole strict shares of one."""
    try:
        found = public_of(kept) if len(kept) == LENGTH else read_seal(kept, round_id).public
    except SealDamaged as error:
        raise KeyMissing from error
    if seal_public is None or found != seal_public:
        raise KeyMissing
    return seal_public


def seal_of(round_id: str, seal_public: bytes | None, keys: Keys) -> StrictSeal:
    """The shares of a strict round's key; `KeyMissing` where they are gone, damaged or of another key."""
    kept = keys.seals.read(round_id)
    fitting_public(round_id, seal_public, kept)
    try:
        return read_seal(kept, round_id)
    except SealDamaged as error:
        raise KeyMissing from error


def fitting_token(session: Session, round_id: str, secret: bytes) -> bool:
    """Whether the round's slots were made from this token secret."""
    found = responses.slot(session, slot_hash(token(secret, 0)))
    return found is not None and found.round_id == round_id


@dataclass(frozen=True, slots=True)
class KeyTrouble:
    """A round whose keys are not as they should be, and what it means."""

    round_id: str
    reference: str
    trouble: str


def key_troubles(session: Session, keys: Keys) -> list[KeyTrouble]:
    """Every round whose answers could not be taken or opened, and every key that outlived its round."""
    waiting = col(Round.state).in_(["approved", *LIVE])
    rows = session.exec(select(Round).where(waiting).order_by(col(Round.id))).all()
    return [
        *(KeyTrouble(row.id, row.reference, words) for row in rows for words in troubles_of(session, row, keys)),
        *(
            KeyTrouble(id, reference, "keys of this ended round are still there: run “msf work --once” to destroy them")
            for id, reference in outlived(session, keys).items()
        ),
    ]


def troubles_of(session: Session, row: Round, keys: Keys) -> Iterator[str]:
    """What is wrong with the keys of one round, in words."""
    if row.state in LIVE:
        yield from _wrong_keys(session, row, keys)
    if row.key_mode == "strict" and row.state in KEEP_KEYS:
        yield from _wrong_holders(session, row, keys)


def _wrong_keys(session: Session, row: Round, keys: Keys) -> Iterator[str]:
    try:
        fits = fitting_token(session, row.id, keys.tokens.read(row.id))
        healthy_key(row.id, row.seal_public, keys)
    except KeyMissing:
        fits = False
    if not fits and row.state == "open":
        yield "a key of this open round is missing or wrong: answers are refused"
    elif not fits:
        yield "a key of this round is missing or wrong: its answers cannot be opened"


def _wrong_holders(session: Session, row: Round, keys: Keys) -> Iterator[str]:
    for holder in row.key_holders:
        found = session.get(Account, holder)
        name = found.name if found else "who has no account"
        if not _usable(row, holder, keys):
            yield f"the key of its key holder {name} is missing or not the one it was locked with"
        elif found is None or not found.active:
            yield f"the account of its key holder {name} is switched off, so they cannot open it"


def _usable(row: Round, holder: str, keys: Keys) -> bool:
    try:
        public = public_half(keys.holders.read(holder), holder)
        return row.state == "approved" or seal_of(row.id, row.seal_public, keys).shares[holder].public == public
    except (KeyMissing, NoKey, KeyError):
        return False


def outlived(session: Session, keys: Keys) -> dict[str, str]:
    """The rounds that have ended and whose keys are still there: id and reference."""
    known = rounds.states(session, sorted({*keys.tokens.names(), *keys.seals.names()}))
    return {id: reference for id, (reference, state) in known.items() if state not in KEEP_KEYS}
