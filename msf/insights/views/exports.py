"""The analyst's export as one file to take away, made while its administrator waits."""

import contextlib
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from random import SystemRandom
from typing import IO

from flask import Blueprint, Response, render_template

from msf.accounts.guard import me
from msf.base.clock import today, utcnow
from msf.base.db import reading, transaction
from msf.base.errors import Refusal
from msf.insights.operations import FORMATS, MOST, available, pack, record_export, write_export

exports = Blueprint("exports", __name__, url_prefix="/programmes/export")

PIECE = 1 << 16
_turn = threading.Lock()


class ExportBusy(Refusal):
    """One export at a time: each reads everything there is."""

    title = "Another export is being made"
    message = "An export is being made at this moment, and there is room for one at a time."
    remedy = "Try again in a few minutes."


@exports.get("")
def ask() -> str:
    """What the export holds, before it is made."""
    there = _there()
    lacking = [words for name, words in FORMATS.items() if name not in there]
    formats = [FORMATS[name] for name in there]
    return render_template("insights/export.html", formats=formats, lacking=lacking, service=me().organisation_name)


@exports.post("")
def take() -> Response:
    """The export as a ZIP; that it was taken is recorded first."""
    if not _turn.acquire(blocking=False):
        raise ExportBusy
    try:
        file = _made()
    finally:
        _turn.release()
    size = file.seek(0, 2)
    file.seek(0)
    answer = Response(_pieces(file), mimetype="application/zip")
    answer.content_length = size
    answer.headers["Content-Disposition"] = f'attachment; filename="feedback-export-{today(utcnow(), me().zone)}.zip"'
    answer.call_on_close(file.close)
    return answer


def _there() -> list[str]:
    return [name for name in FORMATS if available(name)]


def _made() -> IO[bytes]:
    now, person = utcnow(), me()
    with tempfile.TemporaryDirectory(prefix="msf-export-") as place:
        folder = Path(place) / "export"
        folder.mkdir()
        with reading() as session:
            done = write_export(
                session, person.organisation_id, folder, formats=_there(), numbers=SystemRandom(), now=now, most=MOST
            )
        with transaction() as session:
            record_export(session, person.organisation_id, done, by=person.id, now=now)
        with contextlib.ExitStack() as stack:
            file = stack.enter_context(tempfile.TemporaryFile())
            pack(folder, file, on=today(now, person.zone))
            # From here on it is closed with the answer.
            stack.pop_all()
    return file


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
