"""Brakes on guessing, counted in memory only, per address and per account, under hashes with a salt renewed daily."""

import functools
import hashlib
import secrets
import threading
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import Flask, Response, abort, request
from flask_limiter import Limiter
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from msf.base.clock import utcnow
from msf.base.errors import Refusal

PER_ADDRESS = "60 per 15 minutes"
PER_ACCOUNT = "10 per 15 minutes"
LETTERS_PER_ADDRESS = "20 per hour"
LETTERS_PER_ACCOUNT = "5 per hour"
WRONG_CODES_PER_ADDRESS = parse("300 per 15 minutes")


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


def failed(response: Response) -> bool:
    """Whether the sign-in did not lead on; only these are counted."""
    return response.status_code not in (302, 303)


def throttle(app: Flask) -> Limiter:
    """Put brakes on signing in, on asking for reset links and on using them; the limiter serves other doors too."""
    limiter = Limiter(by_address, app=app, storage_uri="counts://", default_limits=[], headers_enabled=False)
    _brake(app, limiter, "security.login", PER_ADDRESS, PER_ACCOUNT, counted=failed)
    _brake(app, limiter, "security.forgot_password", LETTERS_PER_ADDRESS, LETTERS_PER_ACCOUNT)
    for endpoint in ("security.reset_password", "security.change_password", "security.verify"):
        _brake(app, limiter, endpoint, PER_ADDRESS, "", counted=failed)
    return limiter


def throttle_codes(app: Flask, endpoints: Iterable[str]) -> None:
    """Put a brake on codes that open nothing at the raters' door; wide, since a whole hospital may share one address.

    It asks the counts directly: the limiter's own round of hooks would cost every rater's request more than the rest
    of its checks together.
    """
    window = FixedWindowRateLimiter(Counts())
    for endpoint in endpoints:
        app.view_functions[endpoint] = _braked(app.view_functions[endpoint], window)


def _braked(view: Callable[..., Any], window: FixedWindowRateLimiter) -> Callable[..., Any]:
    @functools.wraps(view)
    def braked(**values: Any) -> Any:
        who = by_address()
        if not window.test(WRONG_CODES_PER_ADDRESS, who):
            abort(429)
        try:
            return view(**values)
        except Refusal as refusal:
            if refusal.status == 404:
                window.hit(WRONG_CODES_PER_ADDRESS, who)
            raise

    return braked


def _brake(
    app: Flask,
    limiter: Limiter,
    endpoint: str,
    address: str,
    account: str,
    *,
    counted: Callable[[Response], bool] | None = None,
) -> None:
    view: Any = app.view_functions[endpoint]
    view = limiter.limit(address, key_func=by_address, methods=["POST"], deduct_when=counted)(view)
    if account:
        view = limiter.limit(account, key_func=by_account, methods=["POST"], deduct_when=counted)(view)
    app.view_functions[endpoint] = view
