"""A process that has everything loaded and forks one child for each task, so that a child costs no start.

It reads one JSON task a line and tells the child's number; `tests.faults.tasks` says what children do. Run as a module.
"""

import json
import os
import signal
import sys
import tempfile
from typing import Any

from jinja2 import FileSystemBytecodeCache

from msf.instruments import find


def main() -> None:
    """Fork a child for each line, and leave no dead children behind."""
    from msf.app import create_app
    from msf.base.config import settings as read_settings
    from tests.faults.tasks import run

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    apps: dict[str, Any] = {}
    compiled = FileSystemBytecodeCache(tempfile.mkdtemp(prefix="msf-compiled-"))
    for line in sys.stdin:
        task = json.loads(line)
        place = json.dumps(task["settings"], sort_keys=True)
        if place not in apps:
            apps.clear()
            apps[place] = _warm(create_app(read_settings(task["settings"])), compiled)
        number = os.fork()
        if number == 0:
            run(apps[place], task)
            os._exit(0)
        sys.stdout.write(json.dumps({"pid": number}) + "\n")
        sys.stdout.flush()


def _warm(app: Any, compiled: FileSystemBytecodeCache) -> Any:
    """The app with what every child would otherwise read and compile for itself."""
    app.jinja_env.bytecode_cache = compiled
    for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(("respond/", "errors/"))):
        app.jinja_env.get_template(name)
    for name in ("doctor-colleagues/1", "patients-in-person/1"):
        find(name)
    return app


if __name__ == "__main__":
    main()
