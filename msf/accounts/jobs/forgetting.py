"""The nightly sweep: what was kept for long enough is deleted, and the files it was in are rewritten."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from msf.accounts.queries import keepers
from msf.base import db
from msf.base.db import reading
from msf.base.queue import Handler, where
from msf.base.retention import Sweep, sweep

log = logging.getLogger(__name__)


def forgetting(sweeps: Sequence[Sweep]) -> Handler:
    """What runs every one of these sweeps; one that fails holds up no other, and all are tried again."""

    def forget(payload: Mapping[str, Any], *, now: datetime) -> None:
        with reading() as session:
            tenants = keepers(session)
        steps = [partial(sweep, each, tenants, now=now) for each in sweeps]
        failed = [error for step in steps if (error := _failure(step))]
        if failed:
            raise failed[0]

    return forget


def _failure(step: Callable[[], object]) -> Exception | None:
    try:
        step()
    except Exception as error:  # whatever went wrong with one sweep, the others go on
        log.error("Something that is due could not be deleted, and is tried again: %s", where(error))
        return error
    return None


def scrub(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Rewrite the files of tables from which something was deleted; may be repeated, and is until it is done."""
    database = db.current()
    # SQLite is one file: rewriting it for one table rewrites it for all.
    for table in payload["tables"][:1] if database.sqlite else payload["tables"]:
        db.scrub(database, table)
