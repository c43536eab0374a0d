"""From the check by a second person to the release, step by step, and back to void as a whole."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from msf.accounts.queries import people, person, tenants
from msf.base import audit
from msf.base.audit import AuditEvent
from msf.base.queue import defer
from msf.reports.models import Report, ReportFile
from msf.reports.operations.benchmarks import leave_comparators, withdraw_comparators
from msf.reports.operations.confirming import check_confirmed
from msf.reports.operations.looking import last_look
from msf.reports.operations.originals import seal_originals
from msf.reports.operations.parties import digest, reader_for, round_for
from msf.reports.queries import report_of
from msf.reports.rules.moderation import NotForYou
from msf.reports.rules.release import NoFacilitator
from msf.rounds.models import Round
from msf.rounds.operations import mark, record_deed, void_round
from msf.rounds.rules import after


def review_report(session: Session, round_id: str, *, by: str, now: datetime) -> None:
    """Mark the report as checked by a second person; `Unconfirmed` while only its moderator saw what is withheld."""
    round = reader_for(session, round_id, by)
    report = report_of(session, round_id)
    if by in moderators_of(session, report):
        raise NotForYou("You read the comments of this round, so somebody else has to check its report.")
    after(round.state, "review")
    check_confirmed(session, round)
    report.reviewed_by = by
    mark(session, round_id, "review", by=by, now=now)


def moderators_of(session: Session, report: Report) -> set[str]:
    """Everybody who ever decided on a comment of this report, taken back or not, or finished the reading of them."""
    deeds = ("comment.decided", "comment.undone")
    query = select(AuditEvent.actor).where(AuditEvent.object == f"round {report.round_id}")
    actors = session.exec(query.where(col(AuditEvent.action).in_(deeds)))
    return {*actors, *([report.moderated_by] if report.moderated_by else [])}


def release_to_practitioner(
    session: Session, round_id: str, *, facilitator_id: str, files: Mapping[str, bytes], by: str, now: datetime
) -> None:
    """Let the practitioner read the report: its bytes by format are kept, and a letter tells them.

    `DisclosureRefused` where the last gate finds that anything of it could give somebody away.
    """
    round = round_for(session, round_id, by)
    after(round.state, "release_to_practitioner")
    report, guide = report_of(session, round_id), facilitator(session, round, facilitator_id, by=by)
    last_look(session, round, report, files=files, facilitator=guide)
    mark(session, round_id, "release_to_practitioner", by=by, now=now)
    seal_originals(session, round, now=now)
    leave_comparators(session, round, report, now=now)
    report.facilitator_id, report.released_at = facilitator_id, now
    report.facts = report.facts | {"facilitator": guide}
    for ending, content in files.items():
        session.add(_file(report, ending, content))
    digests = {ending: digest(content) for ending, content in files.items()}
    record_deed(session, round, "report.released", by, now, {"to": "practitioner", **digests})
    key = f"reports.tell_released {report.id}"
    defer(session, "reports.tell_released", {"report_id": report.id}, run_at=now, key=key)


def facilitators(session: Session, round: Round, *, by: str) -> dict[str, str]:
    """The names of those who may talk this report through, by id: facilitators of the service, not the practitioner."""
    seen = tenants(session, person(session, by))
    return {each.id: each.name for each in people(session, seen, "facilitator") if each.id != round.practitioner_id}


def facilitator(session: Session, round: Round, facilitator_id: str, *, by: str) -> str:
    """The name of one of them; `NoFacilitator` for anybody else."""
    try:
        return facilitators(session, round, by=by)[facilitator_id]
    except KeyError:
        raise NoFacilitator from None


def _file(report: Report, ending: str, content: bytes) -> ReportFile:
    return ReportFile(
        organisation_id=report.organisation_id,
        report_id=report.id,
        name=f"report.{ending}",
        sha256=digest(content),
        content=content,
    )


def release_to_organisation(session: Session, round_id: str, *, by: str, now: datetime) -> None:
    """Let the practitioner's organisation read the same report."""
    round = round_for(session, round_id, by)
    mark(session, round_id, "release_to_organisation", by=by, now=now)
    report_of(session, round_id).released_to_organisation_at = now
    record_deed(session, round, "report.released", by, now, {"to": "organisation"})


def void_report(session: Session, round_id: str, *, reason: str, by: str, now: datetime) -> None:
    """Take a released report back as a whole, with a reason; nothing in it is changed.

    Nobody whose report is drawn up with a set made later is compared with it.
    """
    round_for(session, round_id, by)
    round = void_round(session, round_id, reason=reason, by=by, now=now)
    report_of(session, round_id).void_reason = round.ended_reason
    withdraw_comparators(session, round_id)


def record_view(session: Session, report_id: str, *, organisation_id: str, ending: str, by: str, now: datetime) -> None:
    """Note that somebody opened or downloaded a report, and in which format."""
    audit.record(
        session,
        organisation_id=organisation_id,
        actor=by,
        action="report.viewed",
        object=f"report {report_id}",
        at=now,
        details={"format": ending},
    )
