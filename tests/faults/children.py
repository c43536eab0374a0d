"""Handles on the nursery's children, and what raters send to them."""

import contextlib
import http.client
import itertools
import json
import os
import secrets
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from msf.base.config import Settings
from msf.instruments import find

ROOT = Path(__file__).parents[2]
TIMES = int(os.environ.get("MSF_FAULTS", "0"))
"""How often to repeat what is random; few times where it is not set."""


class Child:
    """A child process and the file it leaves its result in; held by a handle, so that no other process is meant."""

    def __init__(self, pid: int, result: Path) -> None:
        self.pid, self.result = pid, result
        self._turn = threading.Lock()
        self._handle: int | None = None
        with contextlib.suppress(ProcessLookupError):
            self._handle = os.pidfd_open(pid)

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return not self._gone(0)

    def _gone(self, milliseconds: int) -> bool:
        handle = self._handle
        if handle is None:
            return True
        waiting = select.poll()
        waiting.register(handle, select.POLLIN)
        if not waiting.poll(milliseconds):
            return False
        with self._turn:
            if self._handle is not None:
                os.close(handle)
            self._handle = None
        return True

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.strike()
        self.wait()

    def strike(self) -> None:
        """SIGKILL from any thread; one thread only may wait."""
        with self._turn, contextlib.suppress(ProcessLookupError):
            if self._handle is not None:
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self) -> None:
        """Wait until it is gone."""
        assert self._gone(120_000), "a child process did not come to its end"

    def told(self) -> Any:
        """What it left, once it has; `None` where it died first."""
        until(lambda: self.result.exists() or not self.alive)
        return json.loads(self.result.read_text("utf-8")) if self.result.exists() else None

    def ended(self) -> Any:
        """What it left, once it is gone."""
        self.wait()
        return self.told()

    def fill_disk(self, size: int | None) -> None:
        """Let none of its files grow beyond `size` bytes from now on; `None` lifts that again."""
        fill_disk_of(self.pid, size)


def fill_disk_of(pid: int, size: int | None) -> None:
    """Let no file of the process `pid`, whoever runs it, grow beyond `size` bytes; `None` lifts that again."""
    soft = "unlimited" if size is None else str(size)
    owner = Path(f"/proc/{pid}").stat().st_uid
    subprocess.run(["prlimit", f"--pid={pid}", f"--fsize={soft}:unlimited"], check=True, user=owner, cwd="/")


def until(done: Callable[[], Any], seconds: float = 90) -> None:
    """Wait until `done`; fails where that takes so long that it never will."""
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends, "what was waited for did not come about"
        time.sleep(0.004)


class Nursery:
    """The process that forks children; one for the whole session, since loading everything takes seconds."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, itertools.count(1)
        self._children: list[Child] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, do: str, settings: Settings, **more: Any) -> Child:
        """Fork a child for one task."""
        result = self._folder / str(next(self._numbers))
        task = {"do": do, "settings": environment(settings), "result": str(result), **more}
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        child = Child(json.loads(self._process.stdout.readline())["pid"], result)
        self._children.append(child)
        return child

    def clear(self) -> None:
        """End every child that is left."""
        for child in self._children:
            child.kill()
            child.result.unlink(missing_ok=True)
        self._children.clear()

    def stop(self) -> None:
        """End the nursery itself."""
        self.clear()
        self._process.communicate(timeout=30)


def environment(settings: Settings) -> dict[str, str]:
    """What a child process needs to find the test's installation."""
    return {
        "MSF_HOME": str(settings.home),
        "MSF_DATABASE_URL": settings.database_url,
        "MSF_BASE_URL": settings.base_url,
        "MSF_SECRET_KEY": settings.secret_key,
    }


def form(code: str, receipt: str, *, rating: str = "4", key: str = "doctor-colleagues") -> dict[str, str]:
    """A form filled in with one rating throughout."""
    items = {f"item.{item}": rating for item in find(key).item_ids}
    return {"code": code, "receipt": receipt, "step": "send", **items}


def a_receipt() -> str:
    """A receipt as the form would carry it."""
    return "".join(secrets.choice("0123456789abcdefghjkmnpqrstvwxyz") for _ in range(12))


def send(port: int, fields: Mapping[str, str], *, path: str = "/give") -> tuple[int, str] | None:
    """What the door at `port` answers; `None` where the connection broke."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, urlencode(fields), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8")
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
