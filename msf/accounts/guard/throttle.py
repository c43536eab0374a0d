"""Brakes on guessing, counted in memory only, per address and per account, under hashes with a salt renewed daily."""

import functools
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from flask import Flask, abort, current_app, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from msf.base.clock import utcnow
from msf.base.errors import Refusal

EACH_ADDRESS = parse("60 per 15 minutes")
EACH_ACCOUNT = parse("10 per 15 minutes")
LETTERS_TO_ADDRESS = parse("20 per hour")
LETTERS_TO_ACCOUNT = parse("5 per hour")
WRONG_CODES_PER_ADDRESS = parse("300 per 15 minutes")
SAME = 0.025
"""Seconds after which a code that opens nothing is answered, whatever was looked up for it."""


Limit = tuple[RateLimitItem, Callable[[], str]]


class Counts(MemoryStorage):
    """Counts in memory, one at a time: of two at once, the library's own would fail to start its sweeper twice."""

    STORAGE_SCHEME = ["counts"]  # noqa: RUF012 - declared so by the library

    def __init__(self, uri: str | None = None, **more: Any) -> None:
        self._turn = threading.Lock()
        super().__init__(uri, **more)

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count `amount` more under `key`."""
        with self._turn:
            return int(super().incr(key, expiry, amount))


class Salt:
    """A secret for one day, kept in memory alone, so that what was counted today means nothing tomorrow."""

    def __init__(self) -> None:
        self._day = date.min
        self._secret = b""

    def hashed(self, text: str) -> str:
        """`text` as a key that cannot be turned back."""
        today = utcnow().date()
        if today != self._day:
            self._day, self._secret = today, secrets.token_bytes(32)
        return hashlib.blake2b(text.encode("utf-8", "replace"), key=self._secret, digest_size=16).hexdigest()


_salt = Salt()


def by_address() -> str:
    """Who is asking, by the address the request came from."""
    return "address " + _salt.hashed(request.remote_addr or "")


def by_account() -> str:
    """Which account is meant, known or not, by the email address that was entered."""
    return "account " + _salt.hashed(request.form.get("email", "")[:300].strip().lower())


def throttle(app: Flask) -> None:
    """Put brakes on signing in, on asking for reset links and on using them."""
    window = FixedWindowRateLimiter(Counts())
    tries = [(EACH_ADDRESS, by_address), (EACH_ACCOUNT, by_account)]
    letters = [(LETTERS_TO_ADDRESS, by_address), (LETTERS_TO_ACCOUNT, by_account)]
    _brake(app, "security.login", window, tries)
    _brake(app, "security.forgot_password", window, letters, good=True)
    for endpoint in ("security.reset_password", "security.change_password", "security.verify"):
        _brake(app, endpoint, window, tries[:1])


def _brake(
    app: Flask, endpoint: str, window: FixedWindowRateLimiter, limits: Sequence[Limit], *, good: bool = False
) -> None:
    """Count what is sent to `endpoint` against each of `limits`: what did not lead on, or with `good` all of it."""
    view: Callable[..., Any] = app.view_functions[endpoint]

    @functools.wraps(view)
    def braked(**values: Any) -> Any:
        if request.method != "POST":
            return view(**values)
        counts = [(limit, endpoint, key()) for limit, key in limits]
        if not all(window.test(*count) for count in counts):
            abort(429)
        answer = current_app.make_response(view(**values))
        if good or answer.status_code not in (302, 303):
            for count in counts:
                window.hit(*count)
        return answer

    app.view_functions[endpoint] = braked


def throttle_codes(app: Flask, endpoints: Iterable[str]) -> None:
    """Put a brake on codes that open nothing at the raters' door; wide, since a whole hospital may share one address.

    Each of them is answered at the same time after it came, so that the time tells nothing about why.
    """
    window = FixedWindowRateLimiter(Counts())
    for endpoint in endpoints:
        app.view_functions[endpoint] = _braked(app.view_functions[endpoint], window)


def _braked(view: Callable[..., Any], window: FixedWindowRateLimiter) -> Callable[..., Any]:
    @functools.wraps(view)
    def braked(**values: Any) -> Any:
        began, who = time.monotonic(), by_address()
        if not window.test(WRONG_CODES_PER_ADDRESS, who):
            abort(429)
        try:
            return view(**values)
        except Refusal as refusal:
            if refusal.status == 404:
                window.hit(WRONG_CODES_PER_ADDRESS, who)
                time.sleep(max(0.0, began + SAME - time.monotonic()))
            raise

    return braked
