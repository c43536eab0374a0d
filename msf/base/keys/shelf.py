"""Where each kind of secret lies: the two of every open round, those of key holders, and those that last."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from msf.base.keys.folder import KeyFolder
from msf.base.keys.store import LENGTH, KeyStore
from msf.base.keys.table import KeyTable

LASTING = "0" * 32
"""The name of a secret of the whole installation, of which there is one of each kind."""


@dataclass(frozen=True)
class Keys:
    """Every secret at one place, a folder or the address of a database of its own.

    A round has two, in two stores: one alone tells at most who answered, or opens nothing.
    """

    place: Path | str

    @classmethod
    def at(cls, place: Path | str) -> "Keys":
        """The secrets at `place`, as the setting `MSF_KEYS` names it."""
        return cls(place)

    @property
    def tokens(self) -> KeyStore:
        """By round: the secret from which every token is worked out."""
        return self.kind("tokens", LENGTH)

    @property
    def seals(self) -> KeyStore:
        """By round: the private half that opens its answers, or in strict mode its sealed shares."""
        return self.kind("seals")

    @property
    def holders(self) -> KeyStore:
        """By account: a key holder's private half, wrapped with their passphrase."""
        return self.kind("holders")

    def kind(self, name: str, size: int | None = None) -> KeyStore:
        """The store of one kind of secret, each of `size` bytes where that is given."""
        if isinstance(self.place, str):
            return KeyTable(self.place, name, size)
        return KeyFolder(self.place / name, size)

    def kinds(self) -> list[str]:
        """Every kind of secret that is kept here now."""
        if isinstance(self.place, str):
            return KeyTable(self.place, "").kinds()
        return sorted(path.name for path in self.place.glob("*") if path.is_dir())

    def both(self, name: str) -> tuple[bytes, bytes]:
        """Both secrets of the round called `name`, token secret first, with one query where they lie in a database."""
        tokens, seals = self.tokens, self.seals
        if isinstance(tokens, KeyTable) and isinstance(seals, KeyTable):
            return tokens.read_both(seals, name)
        return tokens.read(name), seals.read(name)

    def lasting(self, kind: str) -> bytes:
        """The installation's one secret of this kind, 32 bytes, made at the first call and the same ever after.

        Where it was made once and is gone, a new one is made: whoever needs the old one has to notice.
        """
        return self.kind(kind, LENGTH).once(LASTING, secrets.token_bytes(LENGTH))

    def destroy(self, name: str) -> None:
        """Destroy both secrets of the round called `name`."""
        self.seals.destroy(name)
        self.tokens.destroy(name)
