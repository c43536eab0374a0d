"""Reading the ballot box: how many slots are filled while it is sealed, and answers and comments once it was opened."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlmodel import Session, col, select

from msf.responses.models import Answer, Comment, Finding, ProgrammeSum, Slot
from msf.responses.rules.findings import Span
from msf.scoring.disclosure import PRACTITIONERS
from msf.scoring.programme import Programme, unpacked


@dataclass(frozen=True, slots=True)
class SlotState:
    """What a holder of the token may learn of its slot: the round, and whether it is spent."""

    round_id: str
    spent: bool
    receipt_hash: bytes | None


@dataclass(frozen=True, slots=True)
class CommentRow:
    """One comment with its question (`key/version:prompt`) and family; nothing ties it to a rater."""

    id: str
    question: str
    family: str
    text: str


def slot(session: Session, h: bytes) -> SlotState | None:
    """The slot whose token has the hash `h`; `None` where there is none."""
    row = session.exec(
        select(Slot.round_id, col(Slot.sealed).is_not(None), Slot.receipt_hash).where(col(Slot.h) == h)
    ).first()
    return SlotState(*row) if row else None


def filled(session: Session, round_id: str) -> int:
    """How many slots of the round hold something (answers and refusals alike)."""
    query = select(sa.func.count()).where(col(Slot.round_id) == round_id, col(Slot.sealed).is_not(None))
    return session.exec(query).one()


def filled_by_round(session: Session, round_ids: Sequence[str]) -> dict[str, int]:
    """How many slots of each of these rounds hold something."""
    query = select(Slot.round_id, sa.func.count(col(Slot.sealed))).where(col(Slot.round_id).in_(round_ids))
    return dict.fromkeys(round_ids, 0) | {
        round_id: count for round_id, count in session.exec(query.group_by(Slot.round_id))
    }


def answers_of(session: Session, round_id: str) -> dict[str, npt.NDArray[np.int8]]:
    """The ratings of a closed round by block (`family:group+group`): one int8 row a rater, in no order that tells."""
    rows = defaultdict(list)
    for block, ratings in session.exec(select(Answer.block, Answer.ratings).where(col(Answer.round_id) == round_id)):
        rows[block].append(np.frombuffer(ratings, dtype=np.int8))
    return {block: np.stack(ratings) for block, ratings in sorted(rows.items())}


def comments_of(session: Session, round_id: str) -> list[CommentRow]:
    """The comments of a closed round, by question and then by random id."""
    query = select(Comment).where(col(Comment.round_id) == round_id).order_by(col(Comment.question), col(Comment.id))
    return [CommentRow(row.id, row.question, row.family, row.text) for row in session.exec(query)]


def comment(session: Session, comment_id: str, *, round_id: str) -> CommentRow | None:
    """One comment of this round; `None` where it is not one of them."""
    row = session.get(Comment, comment_id)
    return CommentRow(row.id, row.question, row.family, row.text) if row and row.round_id == round_id else None


def findings_of(session: Session, round_id: str) -> dict[str, list[Span]]:
    """What detectors found in each comment of a round, in the order of the text; none once its report is released."""
    query = select(Finding).join(Comment, col(Comment.id) == col(Finding.comment_id))
    found: dict[str, list[Span]] = defaultdict(list)
    for row in session.exec(query.where(Comment.round_id == round_id).order_by(col(Finding.starts))):
        found[row.comment_id].append(Span(row.starts, row.ends, row.kind))
    return found


@dataclass(frozen=True, slots=True)
class BookRow:
    """A book of a programme: which quarters of which service and questionnaire it covers, and of how many people."""

    service_id: str
    questionnaire: str
    since: str
    until: str
    practitioners: int
    raters: int


def books(session: Session, service_ids: Sequence[str]) -> list[BookRow]:
    """Every book of these services, by questionnaire and time; without its sums."""
    kept = (ProgrammeSum.organisation_id, ProgrammeSum.questionnaire, ProgrammeSum.since, ProgrammeSum.until)
    columns = [col(each) for each in (*kept, ProgrammeSum.practitioners, ProgrammeSum.raters)]
    query = sa.select(*columns).where(col(ProgrammeSum.organisation_id).in_(service_ids))
    found = session.execute(query.order_by(col(ProgrammeSum.questionnaire), col(ProgrammeSum.until)))
    return [BookRow(*row) for row in found]


def book_since(session: Session, service_id: str, questionnaire: str, quarter: str) -> str:
    """The first quarter of the book in which a round that closes in `quarter` is entered.

    An earlier book of too few practitioners is carried on; otherwise every quarter has its own.
    """
    query = select(ProgrammeSum.since, ProgrammeSum.until, ProgrammeSum.practitioners).where(
        ProgrammeSum.organisation_id == service_id, ProgrammeSum.questionnaire == questionnaire
    )
    latest = query.where(col(ProgrammeSum.until) <= quarter).order_by(col(ProgrammeSum.until).desc())
    row = session.exec(latest).first()
    return row[0] if row and (row[1] == quarter or row[2] <= PRACTITIONERS) else quarter


def sums_in(session: Session, chosen: Iterable[BookRow]) -> list[Programme]:
    """The sums of these books, in their order."""
    keys = [(row.service_id, row.questionnaire, row.until) for row in chosen]
    key = sa.tuple_(col(ProgrammeSum.organisation_id), col(ProgrammeSum.questionnaire), col(ProgrammeSum.until))
    columns = (col(ProgrammeSum.organisation_id), col(ProgrammeSum.questionnaire), col(ProgrammeSum.until))
    found = session.execute(sa.select(*columns, col(ProgrammeSum.sums)).where(key.in_(keys)))
    kept = {tuple(row[:3]): row[3] for row in found}
    return [unpacked(kept[each]) for each in keys]
