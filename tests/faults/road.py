"""A road to PostgreSQL that can be cut and mended: a socket of its own that passes everything on while it is open."""

import contextlib
import socket
import tempfile
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

NAME = ".s.PGSQL.5432"


class Road:
    """Listens where `url` says that PostgreSQL does, and passes on to the server at `behind`."""

    def __init__(self, behind: str) -> None:
        parts = urlsplit(behind)
        self._server = str(Path(parse_qs(parts.query)["host"][0]) / NAME)
        self._folder = tempfile.TemporaryDirectory(prefix="road-")
        self.url = f"{parts.scheme}://{parts.netloc}{parts.path}?host={self._folder.name}"
        self._ends: set[socket.socket] = set()
        self._listening: socket.socket | None = None
        self.mend()

    def mend(self) -> None:
        """Open the road, for good or again."""
        path = Path(self._folder.name) / NAME
        path.unlink(missing_ok=True)
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen(64)
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        """Break every connection, and refuse new ones."""
        listening, self._listening = self._listening, None
        if listening is not None:
            _end(listening)
        for each in list(self._ends):
            _end(each)
        self._ends.clear()
        (Path(self._folder.name) / NAME).unlink(missing_ok=True)

    def close(self) -> None:
        """Cut it for good."""
        self.cut()
        self._folder.cleanup()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                here, _ = listening.accept()
            except OSError:
                return
            there = socket.socket(socket.AF_UNIX)
            try:
                there.connect(self._server)
            except OSError:
                _end(here)
                continue
            self._ends |= {here, there}
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while words := one.recv(65536):
                other.sendall(words)
        for each in (one, other):
            self._ends.discard(each)
            _end(each)


def _end(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
