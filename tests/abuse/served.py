"""The site as `msf serve` runs it, in a process of its own, and a client that says on the wire whatever it likes."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True)
class Served:
    """A running site; `log` is everything its process says."""

    port: int
    home: Path
    log: Path

    def raw(self, request: bytes, *, source: str = "127.0.0.1") -> Answer:
        """Send bytes as they are, from a loopback address of one's choice, and read until the end."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20, source_address=(source, 0)) as line:
            with contextlib.suppress(ConnectionError):  # refused while it was still being sent
                line.sendall(request)
            found = http.client.HTTPResponse(line)
            found.begin()
            return Answer(found.status, {k.lower(): v for k, v in found.headers.items()}, found.read().decode("utf-8"))

    def ask(
        self,
        path: str,
        data: Mapping[str, str] | None = None,
        *,
        host: str = "",
        source: str = "127.0.0.1",
        **headers: str,
    ) -> Answer:
        """Send a GET, or a form; header names are written with _ for -."""
        body = urlencode(data or {}).encode()
        lines = [f"{'GET' if data is None else 'POST'} {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{self.port}'}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()] + ["Connection: close"]
        if data is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return self.raw("\r\n".join([*lines, "", ""]).encode() + body, source=source)

    def form(self, path: str, **headers: str) -> tuple[str, str]:
        """The cookie and the token of the form at `path`."""
        page = self.ask(path, **headers)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        assert token, page.text[:500]
        return page.headers["set-cookie"].partition(";")[0], token[1]


@contextlib.contextmanager
def served(home: Path, database_url: str, *options: str) -> Iterator[Served]:
    """`msf serve` with these options over a migrated database, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = {
        **os.environ,
        "MSF_HOME": str(home),
        "MSF_DATABASE_URL": database_url,
        "MSF_BASE_URL": f"http://127.0.0.1:{port}",
        "MSF_SECRET_KEY": "only for tests " * 3,
        "MSF_LOG_LEVEL": "DEBUG",
        "PYTHONPATH": str(ROOT),
    }
    run = [sys.executable, "-c", "from msf.cli import main; main()", "serve", "--port", str(port), *options]
    log = home / "served.log"
    with log.open("wb") as out:
        process = subprocess.Popen(run, env=environ, stdout=out, stderr=out, cwd=home)
    try:
        _await(process, port, log)
        yield Served(port, home, log)
    finally:
        process.terminate()
        process.wait(20)


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ends = time.monotonic() + 60
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert process.poll() is None and time.monotonic() < ends, log.read_text()
        time.sleep(0.05)
