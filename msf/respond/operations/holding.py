"""What key holders do: make a key of their own, change its passphrase, and open a round that waits for them."""

from datetime import datetime

from sqlmodel import Session

from msf.accounts.queries import person
from msf.base.audit import record
from msf.base.errors import NotFound
from msf.base.keys import KeyMissing, Keys
from msf.invitations import queries as invitations
from msf.respond.operations.closing import close_with
from msf.respond.queries import depends_on, seal_of
from msf.respond.rules import (
    CannotOpen,
    HasKey,
    HolderIsAsked,
    KeyInUse,
    NoKey,
    StrictSeal,
    new_holder_key,
    opened_by,
    private_half,
    public_half,
    rewrapped,
    share_out,
)
from msf.rounds import operations as round_book
from msf.rounds import queries as rounds
from msf.rounds.models import Round
from msf.rounds.operations.locks import check_holders
from msf.rounds.rules import after


def make_key(session: Session, *, keys: Keys, made: bytes, by: str, now: datetime) -> None:
    """Keep a holder's first key, `made` by `new_holder_key`; `HasKey` where they have one."""
    if keys.holders.has(by):
        raise HasKey
    try:
        keys.holders.write(by, made)
    except FileExistsError as error:
        raise HasKey from error
    _note(session, "keys.made", by=by, now=now)


def change_passphrase(session: Session, *, keys: Keys, changed: bytes, by: str, now: datetime) -> None:
    """Put the same key, wrapped anew, in the place of the old one."""
    keys.holders.replace(by, changed)
    _note(session, "keys.passphrase_changed", by=by, now=now)


def forget_key(session: Session, *, keys: Keys, by: str, now: datetime) -> None:
    """Destroy a holder's key, so that they can make another; `KeyInUse` while sealed answers wait for it."""
    if depends_on(session, by):
        raise KeyInUse
    keys.holders.destroy(by)
    _note(session, "keys.forgotten", by=by, now=now)


def _note(session: Session, action: str, *, by: str, now: datetime) -> None:
    record(session, organisation_id=person(session, by).organisation_id, actor=by, action=action, object=by, at=now)


def shares_of(session: Session, row: Round, private: bytes, *, keys: Keys) -> bytes:
    """The shares of a round's private key as they are kept; its holders are checked again, for things change."""
    with_keys = [holder for holder in row.key_holders if keys.holders.has(holder)]
    check_holders(
        session,
        row.key_holders,
        organisation_id=row.organisation_id,
        practitioner_id=row.practitioner_id,
        have_keys=with_keys,
    )
    publics = {holder: public_half(keys.holders.read(holder), holder) for holder in row.key_holders}
    return share_out(row.id, private, holders=publics, needed=row.holders_needed).to_bytes()


def refuse_asked_holders(session: Session, row: Round) -> None:
    """`HolderIsAsked` where somebody who holds the key of this round is asked for feedback in it."""
    asked = invitations.invited_addresses(session, row.id)
    if any(person(session, holder).email in asked for holder in row.key_holders):
        raise HolderIsAsked


def holder_private(keys: Keys, account_id: str, passphrase: str) -> bytes:
    """A holder's private half, in memory only; `NoKey` or `WrongPassphrase`. It takes most of a second."""
    return private_half(kept_key(keys, account_id), account_id, passphrase)


def fresh_key(account_id: str, passphrase: str) -> bytes:
    """A new key for `make_key`; it takes most of a second, so it is made outside any transaction."""
    return new_holder_key(account_id, passphrase)


def rewrapped_key(keys: Keys, account_id: str, *, passphrase: str, new: str) -> bytes:
    """The holder's key for `change_passphrase`; made outside any transaction too."""
    return rewrapped(kept_key(keys, account_id), account_id, passphrase=passphrase, new=new)


def kept_key(keys: Keys, account_id: str) -> bytes:
    """What is kept of a holder's key; `NoKey` where there is none."""
    try:
        return keys.holders.read(account_id)
    except KeyMissing as error:
        raise NoKey from error


def unlock_round(session: Session, round_id: str, *, keys: Keys, own: bytes, by: str, now: datetime) -> bool:
    """Open a round that waits for the holder `by`, whose private half is `own`; whether it is closed now.

    Where both holders are needed, the first one's share is left sealed to the other one.
    """
    row = rounds.locked(session, round_id)
    if by not in row.key_holders or row.state != "awaiting_key_holder":
        raise NotFound
    after(row.state, "close")
    opened = opened_by(_shares(row, keys), by, own)
    if isinstance(opened, StrictSeal):
        keys.seals.replace(row.id, opened.to_bytes())
        round_book.record_deed(session, row, "round.share_handed_on", by, now)
        return False
    close_with(session, row, opened, by=by, now=now)
    return True


def _shares(row: Round, keys: Keys) -> StrictSeal:
    try:
        return seal_of(row.id, row.seal_public, keys)
    except KeyMissing as error:
        raise CannotOpen from error
