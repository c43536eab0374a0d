"""What goes wrong in a child: a death before its n-th step, a disk that is full, a lock, a clock that was moved."""

import os
import resource
import signal
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from msf.base import db

KEY_STEPS = frozenset({"open", "os.remove", "os.rename", "os.link", "os.mkdir"})
RAW = ("VACUUM", "PRAGMA wal_checkpoint")


def make_weather(wanted: Mapping[str, Any]) -> None:
    """Bring about what `wanted` names, in this process only."""
    for name, value in wanted.items():
        WEATHER[name](value)


def die_before(step: int) -> None:
    """SIGKILL this process before its n-th step.

    A step is a statement, a commit, opening, making or removing a key file, and inside SQLite's rewriting of its file
    every few thousand of its instructions.
    """
    left = [step]

    def count(*_: Any) -> None:
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    event.listen(Pool, "connect", lambda raw, _: _watch_raw(raw, count))
    _watch_files(count)


def _watch_raw(raw: Any, count: Callable[[], None]) -> None:
    if not hasattr(raw, "set_trace_callback"):
        return
    rewriting = [False]

    def statement(words: str) -> None:
        if words.startswith(RAW):
            rewriting[0] = True
            count()

    def going_on() -> None:
        if rewriting[0]:
            count()

    raw.set_trace_callback(statement)
    raw.set_progress_handler(going_on, 4000)


def _watch_files(count: Callable[[], None]) -> None:
    import sys

    def watch(name: str, details: tuple[Any, ...]) -> None:
        if name in KEY_STEPS and "/keys/" in str(details[0]):
            count()

    sys.addaudithook(watch)


def fill_disk(size: int) -> None:
    """Let no file of this process grow beyond `size` bytes: writing fails as on a full disk, under another name."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def fill_pages(pages: int) -> None:
    """Let SQLite's file grow to `pages` pages and no further: it then says itself that the disk is full."""
    _pragma(f"max_page_count={pages}")


def wait_for_lock(milliseconds: int) -> None:
    """Give up sooner on a locked SQLite file."""
    _pragma(f"busy_timeout={milliseconds}")


def _pragma(words: str) -> None:
    def set_it(raw: Any, _record: object) -> None:
        if hasattr(raw, "set_trace_callback"):
            raw.execute(f"PRAGMA {words}")

    # At this engine, not at every one: what is set for an engine comes after what is set for all.
    event.listen(db.current().engine, "connect", set_it)


def move_clock(seconds: float) -> None:
    """Move this process's clock."""
    from msf.base import clock

    class Moved(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + timedelta(seconds=seconds)

    real = time.time
    clock.datetime = Moved  # type: ignore[misc]
    time.time = lambda: real() + seconds


def mail_to(url: str) -> None:
    """Send letters to another server."""
    from dataclasses import replace

    from msf.base import config

    config.use(replace(config.current(), mail=url))


WEATHER: Mapping[str, Callable[[Any], None]] = {
    "die_before": die_before,
    "disk": fill_disk,
    "pages": fill_pages,
    "lock": wait_for_lock,
    "clock": move_clock,
    "mail": mail_to,
}
