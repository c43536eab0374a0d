"""A folder of secrets, one file each, for one machine or several that mount it."""

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from msf.base.keys.store import LENGTH, KeyMissing, checked, is_name, whole


@dataclass(frozen=True)
class KeyFolder:
    """A folder of secrets of `size` bytes each, `0700` with files `0600`, named by an id in hexadecimal."""

    folder: Path
    size: int | None = LENGTH

    def write(self, name: str, secret: bytes) -> None:
        """Keep `secret` under `name`, on the disk before this returns; refuses to replace one that is there."""
        path = self._path(name)
        self._make()
        _fill(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), secret)
        self._sync()

    def once(self, name: str, secret: bytes) -> bytes:
        """Keep `secret` unless there is one, and return the one that is kept, whichever process was first."""
        path = self._path(name)
        if not path.exists():
            with self._draft(name, secret) as draft, contextlib.suppress(FileExistsError):
                os.link(draft, path)
        return self.read(name)

    def replace(self, name: str, secret: bytes) -> None:
        """Put `secret` in the place of the one that is there, whole or not at all; the old bytes are overwritten."""
        path = self._path(name)
        with self._draft(name, secret) as draft, path.open("r+b") as old:
            os.replace(draft, path)
            _overwrite(old.fileno())
        self._sync()

    def read(self, name: str) -> bytes:
        """The secret called `name`; `KeyMissing` where it is gone, unreadable or cut short."""
        try:
            secret = self._path(name).read_bytes()
        except OSError as error:
            raise KeyMissing from error
        return whole(secret, self.size)

    def has(self, name: str) -> bool:
        """Whether there is a file called `name`, readable or not."""
        return self._path(name).exists()

    def names(self) -> list[str]:
        """Every name kept here, in order."""
        return sorted(path.name for path in self.folder.glob("*") if is_name(path.name))

    def destroy(self, name: str) -> None:
        """Overwrite and remove the secret called `name` and its drafts; does nothing where there is none."""
        path = self._path(name)
        found = [each for each in (*self.folder.glob(f".{name}.*"), path) if each.exists()]
        for each in found:
            _wipe(each)
        if found:
            self._sync()

    def _path(self, name: str) -> Path:
        return self.folder / checked(name)

    def _make(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)

    @contextlib.contextmanager
    def _draft(self, name: str, secret: bytes) -> Iterator[Path]:
        """A whole file with `secret` that has no name of its own yet, and is gone afterwards."""
        self._make()
        draft = self.folder / f".{name}.{secrets.token_hex(8)}"
        _fill(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), secret)
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)
            self._sync()

    def _sync(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _fill(handle: int, secret: bytes) -> None:
    try:
        if os.write(handle, secret) != len(secret):
            raise OSError(errno.ENOSPC, "The secret was cut short")
        os.fsync(handle)
    finally:
        os.close(handle)


def _wipe(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        handle = os.open(path, os.O_WRONLY)
        try:
            _overwrite(handle)
        finally:
            os.close(handle)
        path.unlink(missing_ok=True)


def _overwrite(handle: int) -> None:
    os.pwrite(handle, secrets.token_bytes(max(LENGTH, os.fstat(handle).st_size)), 0)
    os.fsync(handle)
