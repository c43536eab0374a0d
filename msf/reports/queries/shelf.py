"""Every read of reports: who may open which, the comments of a round with what was decided, and the document itself."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from msf.accounts.models import Account
from msf.accounts.queries import Person, tenants
from msf.base.config import current
from msf.base.errors import NotFound
from msf.instruments import Prompt, Questionnaire, find, words
from msf.reports.models import CommentReview, Report, ReportFile
from msf.reports.rules.cells import Part
from msf.reports.rules.document import document_of
from msf.reports.rules.facts import Facts, Said
from msf.reports.rules.gate import readable
from msf.reports.rules.moderation import urgent
from msf.reports.rules.release import PREVIEWERS, RELEASED, NotDrafted
from msf.reports.rules.shapes import Document
from msf.responses.queries import CommentRow, comments_of, findings_of
from msf.responses.rules.findings import Span, pieces
from msf.rounds.models import Round
from msf.rounds.queries import Page, page_of


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as a line of a list."""

    id: str
    round_id: str
    reference: str
    practitioner: str
    organisation: str
    state: str
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A report that somebody may open, with its round's state; a preview where it is not released."""

    id: str
    round_id: str
    organisation_id: str
    state: str
    void_reason: str | None
    parts: tuple[Part, ...]
    facts: Facts
    document: Document

    @property
    def preview(self) -> bool:
        """Whether nobody outside the service may see it yet."""
        return self.state not in RELEASED


@dataclass(frozen=True, slots=True)
class Moderated:
    """One comment as its moderator sees it; nothing tells whose it is or what they rated."""

    id: str
    family: str
    question: str
    text: str
    decision: str | None
    shown: str | None
    reason: str | None
    findings: tuple[Span, ...]
    decided_by: str | None
    confirmed: bool

    @property
    def urgent(self) -> bool:
        """Whether it is read first, since somebody may be in danger."""
        return urgent(self.findings)

    @property
    def unconfirmed(self) -> bool:
        """Whether it is withheld and nobody else has agreed."""
        return self.decision == "withhold" and not self.confirmed

    @property
    def pieces(self) -> list[tuple[str, Span | None]]:
        """The text cut at what was found in it."""
        return pieces(self.text, self.findings)


def report_of(session: Session, round_id: str) -> Report:
    """The frozen results of a round; `NotDrafted` where there are none yet."""
    found = session.exec(select(Report).where(Report.round_id == round_id)).first()
    if found is None:
        raise NotDrafted
    return found


def openable(session: Session, person: Person) -> ColumnElement[bool]:
    """The condition that a report (joined to its round) is one `person` may open."""
    seen: list[str] = tenants(session, person)
    mine = col(Round.practitioner_id) == person.id
    released = col(Report.released_at).is_not(None)
    here = col(Round.organisation_id).in_(seen)
    allowed = [sa.and_(mine, released), sa.and_(col(Report.facilitator_id) == person.id, released)]
    if "case_manager" in person.roles:
        allowed.append(sa.and_(here, ~mine, col(Report.released_to_organisation_at).is_not(None)))
    if person.kind == "service" and person.roles & PREVIEWERS:
        allowed.append(sa.and_(here, ~mine))
    return sa.or_(*allowed)


def opened(session: Session, person: Person, report_id: str) -> Opened:
    """The report, if `person` may open it; `NotFound` otherwise."""
    query = select(Report, Round).join(Round, col(Round.id) == col(Report.round_id))
    found = session.exec(query.where(Report.id == report_id, openable(session, person))).first()
    if found is None:
        raise NotFound
    return opened_of(session, *found)


def opened_of(session: Session, report: Report, round: Round, *, facilitator: str | None = None) -> Opened:
    """The report as a document; with `facilitator` as it will read once they are named."""
    parts = tuple(Part.from_json(part) for part in report.results["parts"])
    told = Facts.from_json(
        report.facts | {"burst": round.burst} | ({"facilitator": facilitator} if facilitator else {})
    )
    questionnaires = [find(part.questionnaire) for part in parts]
    document = document_of(parts, questionnaires, printed(session, report, parts), told)
    return Opened(report.id, round.id, report.organisation_id, round.state, report.void_reason, parts, told, document)


def printed(session: Session, report: Report, parts: Sequence[Part]) -> list[Said]:
    """The words that may be printed: comments that were passed, and what the practitioner wrote."""
    allowed = readable(parts, least=report.facts["least"])
    reviews = _reviews(session, report.round_id)
    said = []
    for comment in comments_of(session, report.round_id):
        review = reviews.get(comment.id)
        if (comment.family, comment.question) in allowed and review and review.decision != "withhold":
            said.append(Said(comment.family, comment.question, review.text or comment.text))
    return [*said, *(Said("self", question, text) for question, text in report.results["own_words"])]


def _reviews(session: Session, round_id: str) -> dict[str, CommentReview]:
    ids = [comment.id for comment in comments_of(session, round_id)]
    query = select(CommentReview).where(col(CommentReview.comment_id).in_(ids))
    return {review.comment_id: review for review in session.exec(query)}


def readable_comments(session: Session, round: Round) -> list[CommentRow]:
    """The comments that a moderator may read, in an order that tells nothing: none before the report is drawn up."""
    report = session.exec(select(Report).where(Report.round_id == round.id)).first()
    parts = [Part.from_json(part) for part in report.results["parts"]] if report else []
    allowed = readable(parts, least=report.facts["least"]) if report else frozenset()
    return [comment for comment in comments_of(session, round.id) if (comment.family, comment.question) in allowed]


def moderated(session: Session, round: Round, *, reader: str = "") -> list[Moderated]:
    """Every readable comment with what was found and decided: those about danger first, then in an order by chance.

    The order is each reader’s own and stays the same for them; a secret decides on it, so that it tells nothing.
    """
    reviews, findings = _reviews(session, round.id), findings_of(session, round.id)
    found = [
        _moderated(comment, reviews.get(comment.id), findings.get(comment.id, ()))
        for comment in readable_comments(session, round)
    ]
    return sorted(found, key=lambda comment: (not comment.urgent, _lot(reader, comment.id)))


def _lot(reader: str, comment_id: str) -> bytes:
    return hmac.digest(current().secret_key.encode(), f"msf order 1 {reader} {comment_id}".encode(), "sha256")


def _moderated(comment: CommentRow, review: CommentReview | None, findings: Sequence[Span]) -> Moderated:
    return Moderated(
        comment.id,
        comment.family,
        question_text(comment.question),
        comment.text,
        review.decision if review else None,
        review.text if review else None,
        review.reason if review else None,
        tuple(span for span in findings if span.end <= len(comment.text)),
        review.reviewer_id if review else None,
        bool(review and review.confirmed_by),
    )


def question_text(question: str) -> str:
    """The words of `key/version:prompt`."""
    name, _, prompt = question.rpartition(":")
    asked: Questionnaire = find(name)
    found: Prompt = next(each for each in asked.prompts if each.id == prompt)
    return words(found.text, "en")


def file_of(session: Session, report_id: str, ending: str) -> ReportFile | None:
    """The released bytes in one format."""
    query = select(ReportFile).where(ReportFile.report_id == report_id, ReportFile.name == f"report.{ending}")
    return session.exec(query).first()


def reports_of(session: Session, person: Person, *, page: int = 1) -> Page[ReportRow]:
    """The reports `person` may open, the latest first."""
    rounds = sa.select(Report).join(Round, col(Round.id) == col(Report.round_id))
    query = rounds.where(openable(session, person)).order_by(col(Report.drafted_at).desc(), col(Report.id))
    found = page_of(session, query, page)
    states = dict(
        session.exec(
            select(Round.id, Round.state).where(col(Round.id).in_([report.round_id for report in found.rows]))
        ).all()
    )
    return Page(
        [_row(report, states[report.round_id]) for report in found.rows], found.number, found.pages, found.total
    )


def _row(report: Report, state: str) -> ReportRow:
    told = report.facts
    return ReportRow(
        report.id,
        report.round_id,
        told["reference"],
        told["practitioner"],
        told["asked_by"] or "",
        state,
        report.released_at,
    )


def account_name(session: Session, account_id: str) -> str:
    """The name of one person."""
    return session.exec(select(Account.name).where(Account.id == account_id)).one()
