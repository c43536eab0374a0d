"""Secrets of open rounds, one file each, outside the database: written once, read by few, destroyed for good."""

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from msf.base.errors import Refusal

_NAME = re.compile(r"[0-9a-f]{32}")


class KeyMissing(Refusal):
    """A round's key cannot be read, so nothing may be accepted for it."""

    status = 503
    title = "Answers cannot be taken just now"
    message = "The service cannot take answers for this questionnaire just now. Nothing you wrote was sent."
    remedy = "Keep this page open and try again later. The team that runs the service has been told."


@dataclass(frozen=True)
class KeyFolder:
    """A folder of 32-byte secrets, `0700` with files `0600`, named by the round's id in hexadecimal."""

    folder: Path

    def write(self, name: str, secret: bytes) -> None:
        """Keep `secret` under `name`, on the disk before this returns; refuses to replace one that is there."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        handle = os.open(self._path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, secret)
            os.fsync(handle)
        finally:
            os.close(handle)
        self._sync()

    def read(self, name: str) -> bytes:
        """The secret called `name`; `KeyMissing` where it is gone, unreadable or cut short."""
        try:
            secret = self._path(name).read_bytes()
        except OSError as error:
            raise KeyMissing from error
        if len(secret) != 32:
            raise KeyMissing
        return secret

    def has(self, name: str) -> bool:
        """Whether there is a file called `name`, readable or not."""
        return self._path(name).exists()

    def names(self) -> list[str]:
        """Every name kept here, in order."""
        return sorted(path.name for path in self.folder.glob("*") if _NAME.fullmatch(path.name))

    def destroy(self, name: str) -> None:
        """Overwrite and remove the secret called `name`; does nothing where there is none."""
        path = self._path(name)
        try:
            handle = os.open(path, os.O_WRONLY)
        except FileNotFoundError:
            return
        try:
            os.write(handle, secrets.token_bytes(32))
            os.fsync(handle)
        finally:
            os.close(handle)
        path.unlink(missing_ok=True)
        self._sync()

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("A key is named by 32 hexadecimal digits.")
        return self.folder / name

    def _sync(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@dataclass(frozen=True)
class Keys:
    """The two secrets of every open round, in two folders: one alone tells at most who answered, or opens nothing."""

    tokens: KeyFolder
    seals: KeyFolder

    @classmethod
    def below(cls, folder: Path) -> "Keys":
        """The two folders below `folder`."""
        return cls(KeyFolder(folder / "tokens"), KeyFolder(folder / "seals"))

    def destroy(self, name: str) -> None:
        """Destroy both secrets called `name`."""
        self.seals.destroy(name)
        self.tokens.destroy(name)
