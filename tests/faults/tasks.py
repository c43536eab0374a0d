"""What a forked child does: serve pages, take one step of a round, or work; each in the weather its task names."""

import json
import os
import resource
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.faults.weather import make_weather

Task = dict[str, Any]


def run(app: Any, task: Task) -> None:
    """Do the task, and leave its result, whole or not at all, where the test waits for it."""
    make_weather(task.get("weather", {}))
    at = task.get("at")
    if at is not None:
        time.sleep(max(0.0, at - time.time()))
    TASKS[task["do"]](app, task)


def tell(task: Task, result: Any) -> None:
    """Leave a result, whatever room this process was left."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    draft = Path(task["result"] + ".part")
    draft.write_text(json.dumps(result), "utf-8")
    os.replace(draft, task["result"])


def serve(app: Any, task: Task) -> None:
    """Serve the app on a free loopback port until killed."""
    import socket

    from waitress.server import create_server

    listening = socket.create_server(("127.0.0.1", 0))
    server = create_server(app, sockets=[listening], threads=4)
    tell(task, listening.getsockname()[1])
    server.run()


def step(_app: Any, task: Task) -> None:
    """One step of a round as the worker or a coordinator takes it, or why it was refused or failed."""
    from msf.base.config import current
    from msf.base.db import transaction
    from msf.base.keys import Keys
    from msf.respond import jobs, operations

    now = datetime.fromisoformat(task["now"])
    facts = {"by": task["by"], "now": now}
    deeds: dict[str, Callable[..., object]] = {
        "open": lambda session: operations.open_round(session, task["round"], keys=Keys.at(current().keys), **facts),
        "close": lambda session: operations.close_round(session, task["round"], keys=Keys.at(current().keys), **facts),
        "cancel": lambda session: operations.cancel_round(session, task["round"], reason="a trial", **facts),
    }
    try:
        if task["do"] == "finish":
            jobs.finish_close({"round_id": task["round"]}, now=now)
        else:
            with transaction() as session:
                deeds[task["do"]](session)
    except Exception as error:
        tell(task, type(error).__name__)
    else:
        tell(task, "done")


def work(_app: Any, task: Task) -> None:
    """One look at what is due, and everything that is; or, with `lasting`, the worker until it is killed."""
    from msf.app import HANDLERS, TICKS
    from msf.base import queue
    from msf.base.clock import utcnow

    def every(now: datetime) -> None:
        for tick in TICKS:
            tick(now)

    if task.get("lasting"):
        tell(task, "working")
        queue.work(HANDLERS, stop=threading.Event(), every=every, pause=0.05)
    every(utcnow())
    tell(task, queue.run_due(HANDLERS, clock=utcnow))


TASKS = {"serve": serve, "open": step, "close": step, "cancel": step, "finish": step, "work": work}
