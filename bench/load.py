"""Raters on keep-alive connections: each asks for the page, sends a code, sends answers, and begins again."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

HEAD_ENDS = b"\r\n\r\n"


@dataclass
class Outcome:
    """What a run of raters met: how long each submission took, in seconds, and every answer that was not a page."""

    seconds: float = 0.0
    each: list[float] = field(default_factory=list)
    refused: list[bytes] = field(default_factory=list)


def requests_of(code: str, receipt: str, answers: dict[str, str]) -> tuple[bytes, bytes, bytes]:
    """The three requests of one submission, as bytes."""
    return (
        b"GET /give HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        _post({"code": code}),
        _post({"code": code, "receipt": receipt, "step": "send", **answers}),
    )


def _post(fields: dict[str, str]) -> bytes:
    body = urlencode(fields).encode("ascii")
    head = "POST /give HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode("ascii") + body


class Rater(asyncio.Protocol):
    """One connection that makes submissions from a shared supply until there are no more."""

    def __init__(self, supply: Iterator[tuple[bytes, bytes, bytes]], outcome: Outcome, done: asyncio.Future[None]):
        self._supply, self._outcome, self._done = supply, outcome, done
        self._waiting: list[bytes] = []
        self._buffer = bytearray()
        self._size = -1
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin at once."""
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Collect one response; when it is whole, ask for the next page."""
        self._buffer += data
        if self._size < 0:
            end = self._buffer.find(HEAD_ENDS)
            if end < 0:
                return
            self._size = end + len(HEAD_ENDS) + _length(bytes(self._buffer[:end]))
        if len(self._buffer) >= self._size:
            if not self._buffer.startswith(b"HTTP/1.1 200"):
                self._outcome.refused.append(bytes(self._buffer[:600]))
            self._buffer.clear()
            self._size = -1
            self._next()

    def connection_lost(self, error: Exception | None) -> None:
        """A connection that ends before its supply does is a fault of the run."""
        if not self._done.done():
            self._done.set_exception(error or ConnectionError("the server closed a connection"))

    def _next(self) -> None:
        if not self._waiting:
            now = time.perf_counter()
            if self._began:
                self._outcome.each.append(now - self._began)
            found = next(self._supply, None)
            if found is None:
                self._done.set_result(None)
                self._transport.close()
                return
            self._waiting, self._began = list(found), now
        self._transport.write(self._waiting.pop(0))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("a response without a length")


def run(port: int, submissions: Sequence[tuple[bytes, bytes, bytes]], *, connections: int) -> Outcome:
    """Make all `submissions` over so many connections at once."""
    return asyncio.run(_run(port, submissions, connections))


async def _run(port: int, submissions: Sequence[tuple[bytes, bytes, bytes]], connections: int) -> Outcome:
    loop = asyncio.get_running_loop()
    outcome, supply = Outcome(), iter(submissions)
    futures: list[asyncio.Future[None]] = [loop.create_future() for _ in range(connections)]
    began = time.perf_counter()
    for future in futures:
        await loop.create_connection(lambda done=future: Rater(supply, outcome, done), "127.0.0.1", port)
    await asyncio.gather(*futures)
    outcome.seconds = time.perf_counter() - began
    return outcome
