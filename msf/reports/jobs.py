"""Draws a report up after the close, and tells the practitioner when they can read it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from msf.accounts.queries import person
from msf.base import db
from msf.base.config import current
from msf.base.db import reading, transaction
from msf.base.mail import Letter, letter, sender_of
from msf.reports.models import Report
from msf.reports.operations import draft_report
from msf.reports.rules.release import RELEASED
from msf.rounds.models import Round


def draft(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Freeze the results of a closed round; may be repeated."""
    with transaction() as session:
        draft_report(session, payload["round_id"], now=now)


def tell_released(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Write to the practitioner that their report can be read; at least once, and not where it was made void since."""
    with reading() as session:
        written = _news(session, payload["report_id"])
    if written is not None:
        sender_of(current().mail).send(written, sender=current().mail_from, now=now)


def _news(session: Session, report_id: str) -> Letter | None:
    report = session.get_one(Report, report_id)
    round = session.get_one(Round, report.round_id)
    if round.state not in RELEASED:
        return None
    practitioner = person(session, round.practitioner_id)
    return letter(
        "report_released",
        to=practitioner.email,
        subject="Your feedback report is ready",
        name=practitioner.name,
        facilitator=report.facts["facilitator"],
        link=f"{current().base_url}/reports/{report.id}",
        service=current().service_name,
    )


def scrub_comments(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Rewrite the files that held comments as they were written before words were taken out; may be repeated."""
    for table in ("comment", "finding"):
        db.scrub(db.current(), table)
