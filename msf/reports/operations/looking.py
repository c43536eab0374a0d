"""The last look before a release: what is kept and about to be printed, held against the answers in the database."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from msf.reports.models import CommentReview, Report
from msf.reports.operations.answers import given_in
from msf.reports.operations.parties import round_for
from msf.reports.queries import benchmarks_of, opened_of
from msf.reports.rules.facts import Said
from msf.reports.rules.gate import DisclosureRefused, Release, leaks, only_removed
from msf.responses.queries import comments_of
from msf.rounds.models import Round
from msf.rounds.operations import record_deed
from msf.scoring.benchmarks import BenchmarkSet


def last_look(session: Session, round: Round, report: Report, *, files: Mapping[str, bytes], facilitator: str) -> None:
    """Refuse with `DisclosureRefused` whatever could give somebody away; looks at everything and changes nothing."""
    opened = opened_of(session, report, round, facilitator=facilitator)
    given = {each.questionnaire.reference_name: each for each in given_in(session, round).values()}
    release = Release(
        opened.parts, opened.facts, opened.document, files, _decided(session, round.id), _frozen(session, report)
    )
    if found := leaks(release, given, least=opened.facts.least):
        raise DisclosureRefused(found)


def record_refusal(session: Session, round_id: str, refused: DisclosureRefused, *, by: str, now: datetime) -> None:
    """Note that a release was refused: each reason and how often, without a figure; in a transaction of its own."""
    round = round_for(session, round_id, by)
    record_deed(session, round, "release.refused", by, now, {"reasons": dict(sorted(refused.facts.items()))})


def _frozen(session: Session, report: Report) -> dict[str, BenchmarkSet] | None:
    """The sets it is compared with, by their digests; None where a set is not the one that was frozen."""
    try:
        return benchmarks_of(session, report.id)
    except ValueError:
        return None


def _decided(session: Session, round_id: str) -> list[Said]:
    """What was decided to be printed, read from the decisions themselves; one that puts words in decides nothing."""
    comments = {comment.id: comment for comment in comments_of(session, round_id)}
    query = select(CommentReview).where(col(CommentReview.comment_id).in_(comments))
    passed = [(comments[review.comment_id], review) for review in session.exec(query) if review.decision != "withhold"]
    return [
        Said(comment.family, comment.question, review.text or comment.text)
        for comment, review in passed
        if review.text is None or only_removed(comment.text, review.text)
    ]
