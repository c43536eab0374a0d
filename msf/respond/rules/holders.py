"""A key holder's own key: a pair whose private half only their passphrase opens; pure."""

import unicodedata

from msf.base.errors import Refusal
from msf.base.keys.store import KeyMissing
from msf.base.keys.wrapping import Damaged, bytes_of, packed, text_of, unpacked, unwrap, wrap
from msf.responses.rules import new_pair, public_of

LEAST_WORDS = 5
LEAST_CHARACTERS = 20
MOST_CHARACTERS = 256
_FORMAT = "msf holder 1"


class PassphraseRefused(Refusal):
    """A passphrase that a machine could guess."""

    status = 422
    title = "Choose another passphrase"
    message = "This passphrase cannot be used."
    remedy = f"Use at least {LEAST_WORDS} different words, or at least {LEAST_CHARACTERS} characters."


class HasKey(Refusal):
    """A key holder who has a key already, which rounds may depend on."""

    title = "You already have a key"
    message = "You already have a key, and a second one would not open what the first one locked."
    remedy = "If you only want another passphrase, choose “Change the passphrase” on the page “Keys”."


class KeyInUse(Refusal):
    """A key that may not go, because answers that are still sealed wait for it."""

    title = "Your key is still needed"
    message = "A round that has not been opened yet is locked with your key. Without it the answers would be lost."
    remedy = "Wait until that round is closed, or ask the coordinator to cancel it."


class CannotOpen(KeyMissing):
    """A round whose answers a key that is missing or wrong would have to open."""

    title = "The answers cannot be opened just now"
    message = "A key of this round is missing or wrong. Nothing was changed, and the answers are still there."
    remedy = "Tell the team that runs the service: the key may be in their copy of the keys."


class HolderNeeded(Refusal):
    """A strict round that takes no more answers, which only its key holders can open."""

    title = "A key holder has to open this round"
    message = "This round takes no more answers. Only its key holders can open it, each with their passphrase."
    remedy = (
        "Ask them to sign in and go to the page “Keys”. A letter was sent to them. The round can still be cancelled."
    )


class HolderIsAsked(Refusal):
    """A key holder who is asked for feedback in the same round."""

    title = "A key holder is asked for feedback in this round"
    message = "A key holder of this round is on its list of people to ask. Nobody may be both."
    remedy = "Take them off the list, or make a new round with other key holders."


class NoKey(Refusal):
    """A key holder without a key, or with one that is damaged."""

    title = "There is no key"
    message = "You have no key yet, or it cannot be read."
    remedy = "Go to the page “Keys”. If you had made a key before, tell the team that runs the service at once."


def phrase(typed: str) -> str:
    """A passphrase as it is used: single spaces, and composed alike whatever keyboard it came from.

    >>> phrase("  calm   clinic ")
    'calm clinic'
    """
    return " ".join(unicodedata.normalize("NFKC", typed).split())


def wrong_with(typed: str) -> str:
    """What is wrong with a new passphrase, in words, or nothing.

    >>> wrong_with("letmein")
    'Use at least 5 different words, or at least 20 characters'
    >>> wrong_with("river lamp orange window seven")
    ''
    """
    said = phrase(typed)
    words = {word.casefold() for word in said.split() if len(word) > 2}
    if len(said) > MOST_CHARACTERS:
        return f"Use at most {MOST_CHARACTERS} characters"
    if len(words) < LEAST_WORDS and len(said) < LEAST_CHARACTERS:
        return f"Use at least {LEAST_WORDS} different words, or at least {LEAST_CHARACTERS} characters"
    return "Use at least 8 different characters" if len(set(said.casefold())) < 8 else ""


def new_holder_key(account_id: str, passphrase: str) -> bytes:
    """A new pair as it is kept: the public half in clear, the private half wrapped with the passphrase."""
    private, public = new_pair()
    return _kept(account_id, private, public, passphrase)


def rewrapped(kept: bytes, account_id: str, *, passphrase: str, new: str) -> bytes:
    """The same pair, wrapped with a `new` passphrase."""
    private = private_half(kept, account_id, passphrase)
    return _kept(account_id, private, public_of(private), new)


def _kept(account_id: str, private: bytes, public: bytes, passphrase: str) -> bytes:
    if wrong := wrong_with(passphrase):
        raise PassphraseRefused(f"{wrong}.")
    wrapped = wrap(private, phrase(passphrase).encode("utf-8"), purpose=f"{_FORMAT} {account_id}")
    return packed({"format": _FORMAT, "account": account_id, "public": text_of(public), "private": wrapped})


def public_half(kept: bytes, account_id: str) -> bytes:
    """The half with which shares are sealed to this holder; `NoKey` where what is kept is damaged or of another."""
    try:
        facts = unpacked(kept)
        public = bytes_of(facts["public"])
    except (Damaged, KeyError, ValueError) as error:
        raise NoKey from error
    if facts.get("format") != _FORMAT or facts.get("account") != account_id or len(public) != 32:
        raise NoKey
    return public


def private_half(kept: bytes, account_id: str, passphrase: str) -> bytes:
    """The other half; `WrongPassphrase`, or `NoKey` where what is kept is damaged."""
    public = public_half(kept, account_id)
    said = phrase(passphrase)[: 4 * MOST_CHARACTERS].encode("utf-8", "replace")
    try:
        private = unwrap(unpacked(kept).get("private"), said, purpose=f"{_FORMAT} {account_id}")
    except Damaged as error:
        raise NoKey from error
    if len(private) != 32 or public_of(private) != public:
        raise NoKey
    return private
