"""The real app behind a real server with its worker, and a real Chromium whose tabs must not leave this machine."""

import contextlib
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, sync_playwright
from playwright.sync_api import Page as Tab
from sqlmodel import col, select
from waitress import wasyncore
from waitress.server import create_server

from msf.base import config, queue
from msf.base.clock import utcnow
from msf.base.config import Settings
from msf.base.db import current, reading, use

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
AXE = Path(__file__).parent / "browser" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


class Site:
    """The app served on a loopback port, with one thread that runs its jobs."""

    def __init__(self, settings: Settings) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.settings = replace(settings, base_url=self.url)
        self._stop = threading.Event()

    def __enter__(self) -> "Site":
        from msf.app import create_app

        self._database_before, self._settings_before = current(), config.current()

        self.app = create_app(self.settings)
        self._map: dict[int, Any] = {}
        self._server = create_server(self.app, self._map, sockets=[self._socket], threads=4)
        self._server_thread = threading.Thread(target=self._serve, name="server")
        self._server_thread.start()
        self._work()
        return self

    def _work(self) -> None:
        from msf.app import HANDLERS, TICKS

        def every(now: Any) -> None:
            for tick in TICKS:
                tick(now)

        self._rest = threading.Event()
        facts = {"stop": self._rest, "every": every, "pause": 0.1}
        self._worker = threading.Thread(target=queue.work, args=(HANDLERS,), kwargs=facts, name="worker")
        self._worker.start()

    @contextlib.contextmanager
    def without_worker(self) -> Iterator[None]:
        """A while in which nobody else takes jobs: two clocks that differ by days would take them from each other."""
        self._rest.set()
        self._worker.join(30)
        yield
        self._work()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._rest.set()
        for thread in (self._server_thread, self._worker):
            thread.join(30)
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._map)
        self._socket.close()
        current().engine.dispose()
        config.use(self._settings_before)
        use(self._database_before)

    def settle(self, *, seconds: float = 30) -> None:
        """Wait until every job that is due has been done; a job that failed is told."""
        ends = time.monotonic() + seconds
        while self._due():
            assert time.monotonic() < ends, f"After {seconds} seconds jobs still wait: {self._due()}"
            time.sleep(0.05)

    def _due(self) -> list[str]:
        job = queue.Job
        with reading() as session:
            due = sa.or_(col(job.state) != "ready", col(job.run_at) <= utcnow(), col(job.last_error).is_not(None))
            rows = session.exec(select(job).where(due)).all()
        failed = [f"{row.kind}: {row.last_error}" for row in rows if row.last_error]
        assert not failed, f"Jobs failed: {failed}"
        return [row.kind for row in rows]

    def _serve(self) -> None:
        while not self._stop.is_set():
            wasyncore.loop(timeout=0.1, map=self._map, count=1)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine; its absence fails whatever needs it."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, f"No Chromium on the PATH (looked for {', '.join(NAMES)}): install the chromium package."
    with sync_playwright() as playwright:
        opened = _launch(playwright, path)
        yield opened
        opened.close()


def _launch(playwright: Any, path: str, tries: int = 3) -> Browser:
    for left in reversed(range(tries)):
        try:
            return playwright.chromium.launch(executable_path=path, args=list(FLAGS), timeout=30_000)
        except Error:
            if not left:
                raise
    raise AssertionError("unreachable")


class Tabs:
    """The tabs of one test: each may speak to the site only, and none may meet an error."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self._contexts: list[BrowserContext] = []
        self._problems: list[str] = []
        self.requests: list[str] = []

    def open(self, *, width: int = 1280, height: int = 900, **options: Any) -> Tab:
        """A tab with cookies of its own; `options` are those of a Playwright context, such as `java_script_enabled`."""
        context = self._browser.new_context(
            base_url=self._url, viewport={"width": width, "height": height}, locale="en-GB", **options
        )
        context.set_default_timeout(10_000)
        context.on("request", lambda request: self._request(request.url))
        context.on("console", self._console)
        context.on("weberror", lambda error: self._problems.append(f"script: {error.error}"))
        self._contexts.append(context)
        return context.new_page()

    def close(self) -> None:
        """Close every tab and fail where one misbehaved."""
        for context in self._contexts:
            context.close()
        assert not self._problems, "\n".join(self._problems)

    def _request(self, url: str) -> None:
        self.requests.append(url)
        if not url.startswith((self._url, "data:", "blob:")):
            self._problems.append(f"left this machine: {url}")

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium reports each 4xx answer as an error too; those are the pages' own business.
        refused = message.text.startswith("Failed to load resource: the server responded with a status of 4")
        if message.type in {"error", "warning"} and not refused:
            self._problems.append(f"console {message.type}: {message.text}")


def check_accessibility(tab: Tab) -> None:
    """Fails where axe-core finds a breach of WCAG 2.0, 2.1 or 2.2 at level A or AA in what the tab shows."""
    if not tab.evaluate("typeof window.axe === 'object'"):
        tab.evaluate(AXE.read_text("utf-8"))
    found = tab.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})", list(RULES)
    )
    told = [
        f"{breach['id']}: {breach['help']}\n    " + "\n    ".join(node["html"][:200] for node in breach["nodes"][:5])
        for breach in found["violations"]
    ]
    assert not told, f"{tab.url}\n" + "\n".join(told)
    assert found["testEngine"]["name"] == "axe-core"
