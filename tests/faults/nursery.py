"""A process that has everything loaded and forks one child for each task: servers to be killed, closers to be raced.

It reads one JSON task a line; each child writes its own result file, whole or not at all, and ends. Run as a module.
"""

import json
import os
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any


def main() -> None:
    """Fork a child for each line, tell its number, and leave no dead children behind."""
    from msf.app import create_app
    from msf.base.config import settings as read_settings

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    apps: dict[str, Any] = {}
    for line in sys.stdin:
        task = json.loads(line)
        home = task["settings"]["MSF_HOME"]
        if home not in apps:
            apps.clear()
            apps[home] = create_app(read_settings(task["settings"]))
        number = os.fork()
        if number == 0:
            TASKS[task["do"]](apps[home], task)
            os._exit(0)
        sys.stdout.write(json.dumps({"pid": number}) + "\n")
        sys.stdout.flush()


def tell(task: dict[str, Any], result: Any) -> None:
    """Leave a result where the test waits for it."""
    draft = Path(task["result"] + ".part")
    draft.write_text(json.dumps(result), "utf-8")
    os.replace(draft, task["result"])


def serve(app: Any, task: dict[str, Any]) -> None:
    """Serve the app on a free loopback port until killed."""
    import socket

    from waitress.server import create_server

    listening = socket.create_server(("127.0.0.1", 0))
    server = create_server(app, sockets=[listening], threads=4)
    tell(task, listening.getsockname()[1])
    server.run()


def close(app: Any, task: dict[str, Any]) -> None:
    """Close a round and destroy its keys, as the worker does; dies by its own hand before step `die_at`."""
    from msf.base.config import current
    from msf.base.db import transaction
    from msf.base.errors import Refusal
    from msf.base.keys import Keys
    from msf.respond import jobs, operations

    _die_before(task.get("die_at"))
    now = datetime.fromisoformat(task["now"])
    _meet(task.get("at"))
    try:
        if not task.get("only_finish"):
            with transaction() as session:
                operations.close_round(session, task["round"], keys=Keys.at(current().keys), by=task["by"], now=now)
        if not task.get("only_close"):
            jobs.finish_close({"round_id": task["round"]}, now=now)
    except Refusal as refusal:
        tell(task, type(refusal).__name__)
    else:
        tell(task, "done")


def _meet(at: float | None) -> None:
    if at is not None:
        time.sleep(max(0.0, at - time.time()))


def _die_before(step: int | None) -> None:
    """SIGKILL this process before its n-th step: a statement, a commit, or opening or removing a key file."""
    if step is None:
        return
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    left = [step]

    def count(*_: Any) -> None:
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(name: str, details: tuple[Any, ...]) -> None:
        if name in ("open", "os.remove") and "/keys/" in str(details[0]):
            count()

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    sys.addaudithook(watch)


TASKS = {"serve": serve, "close": close}

if __name__ == "__main__":
    main()
