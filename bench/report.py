"""Seconds of one report of sixty raters, from the closed round to the page and the bytes of its PDF, on one core."""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlmodel import Session, select

from bench.rounds import make_rounds
from msf.base import config, db, schema
from msf.base.keys import Keys
from msf.instruments import Questionnaire, find
from msf.reports.formats import files_of, standalone_page
from msf.reports.models import Report
from msf.reports.operations import draft_report
from msf.reports.queries import opened_of
from msf.reports.rules.document import document_of
from msf.reports.rules.drawing import drawn, images_of
from msf.reports.rules.facts import Said
from msf.responses.models import Answer
from msf.rounds import operations as rounds
from msf.rounds.models import Round, SelfAssessment

BLOCKS = {"colleagues": {"doctor": 9, "nurse+ahp+admin": 11}, "patients": {"patient": 40}}
WORDS = "Always takes the time to explain, and says what happens next. Could answer messages a little sooner."


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw the report several times and print what each step takes."""
    parser = argparse.ArgumentParser(prog="python -m bench.report", description=__doc__)
    parser.add_argument("--reports", type=int, default=7)
    chosen, _ = parser.parse_known_args(arguments)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory(prefix="msf-bench-") as name:
        round_id = closed_round(Path(name))
        runs = [one(round_id) for _ in range(chosen.reports + 1)]
    print("A report of 20 colleagues, 40 patients and the practitioner (18 + 12 items, 24 comments), on one core;")
    print(f"the first, which loads libraries, and the median of {chosen.reports} after it.\n")
    print(f"{'step':<28}{'first s':>10}{'median s':>10}{'cpu s':>10}")
    for step in runs[0]:
        later = [run[step] for run in runs[1:]]
        wall, cpu = (statistics.median(each[n] for each in later) for n in (0, 1))
        print(f"{step:<28}{runs[0][step][0]:>10.2f}{wall:>10.2f}{cpu:>10.2f}")


def closed_round(home: Path) -> str:
    """A closed round with sixty answers in it."""
    os.environ.update(MSF_HOME=str(home), MSF_SECRET_KEY="only for measuring " * 3)
    settings = config.settings(os.environ)
    config.use(settings)
    db.use(db.connect(settings.database_url))
    schema.upgrade(db.current())
    make_rounds(1, Keys.at(settings.keys))
    now = datetime.now(UTC)
    with db.transaction() as session:
        row = session.exec(select(Round)).one()
        for family, name in (("colleagues", row.colleague_questionnaire), ("patients", row.patient_questionnaire)):
            _answers(session, row, family, find(name or ""))
        rounds.mark_closed(
            session, row.id, by="system", now=now, on=now.date(), opened=60, unreadable=0, origins={},
            partition={family: [block.split("+") for block in blocks] for family, blocks in BLOCKS.items()},
            invited={"colleagues": {"doctor": 20, "nurse": 20}, "patients": {"patient": 60}},
        )  # fmt: skip
        return row.id


def _answers(session: Session, row: Round, family: str, asked: Questionnaire) -> None:
    dice = np.random.default_rng(1)
    for block, people in BLOCKS[family].items():
        for _ in range(people):
            given = np.clip(np.rint(dice.normal(4.2, 0.7, len(asked.items))), 1, asked.scale.highest).astype(np.int8)
            session.add(Answer(round_id=row.id, block=f"{family}:{block}", ratings=given.tobytes()))
    own = SelfAssessment(
        organisation_id=row.organisation_id, round_id=row.id, questionnaire=asked.reference_name,
        ratings=bytes([4]) * len(asked.items), saved_on=row.opens_on,
    )  # fmt: skip
    session.add(own)


def one(round_id: str) -> dict[str, tuple[float, float]]:
    """Draw the report once from the database; wall and processor seconds of each step."""
    took: dict[str, tuple[float, float]] = {}
    drawn.cache_clear()  # a chart drawn before is kept by the process, and would cost nothing
    began = (time.perf_counter(), time.process_time())

    def timed(step: str, work: Callable[[], Any]) -> Any:
        start = (time.perf_counter(), time.process_time())
        found = work()
        took[step] = (time.perf_counter() - start[0], time.process_time() - start[1])
        return found

    with db.current().writer() as session:
        report: Report = timed("scores", lambda: draft_report(session, round_id, now=datetime.now(UTC)))
        opened = timed("document", lambda: opened_of(session, report, session.get_one(Round, round_id)))
        session.rollback()
    questionnaires = [find(part.questionnaire) for part in opened.parts]
    said = [
        Said(asked.family, f"{asked.reference_name}:{prompt.id}", WORDS)
        for asked in questionnaires
        for prompt in asked.prompts
        for _ in range(5)
    ]
    document = document_of(opened.parts, questionnaires, said, opened.facts)
    timed("charts", lambda: images_of(document))
    timed("page, charts drawn", lambda: standalone_page(document))
    timed("PDF, JSON and CSV", lambda: files_of(document, opened.parts, opened.facts))
    took["all"] = (time.perf_counter() - began[0], time.process_time() - began[1])
    return took


if __name__ == "__main__":
    main()
