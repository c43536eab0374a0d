"""Sums that stay: one row a family that is shown, written at the close, and its programme's row, which is added to."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col, select

from msf.accounts.models import Organisation
from msf.instruments import BLANK, Questionnaire, find
from msf.responses.models import FamilySum, ProgrammeSum
from msf.responses.rules import Sheet
from msf.responses.rules.programme import Books, shape_of
from msf.scoring.counts import count_values
from msf.scoring.disclosure import PRACTITIONERS, item_mask
from msf.scoring.programme import Programme, added, of_ratings, packed, unpacked

Blocks = Mapping[str, Sequence[Sequence[str]]]


def write_sums(
    session: Session, round_id: str, sheets: Iterable[Sheet], blocks: Blocks, *, least: int, books: Books
) -> None:
    """Keep the sums of the `sheets`, by questionnaire, and enter them; pass only families that are shown."""
    of: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        if find(sheet.questionnaire).family == sheet.family:
            of.setdefault(sheet.questionnaire, []).append(sheet)
    for name, given in sorted(of.items()):
        asked = find(name)
        sums = _sums(asked, given, blocks[asked.family], least, books)
        row = FamilySum(
            round_id=round_id, questionnaire=name, family=asked.family, raters=sums.raters, sums=packed(sums)
        )
        session.add(row)
        if name not in books.counted:
            enter(session, books.service_id, name, sums, quarter=books.quarter)


def _sums(
    asked: Questionnaire, given: Sequence[Sheet], blocks: Sequence[Sequence[str]], least: int, books: Books
) -> Programme:
    ratings = np.stack([np.frombuffer(sheet.ratings, np.int8) for sheet in given])
    block = np.array([next(at for at, groups in enumerate(blocks) if sheet.group in groups) for sheet in given])
    counts = count_values(ratings, block, len(blocks), asked.scale.size).sum(axis=-1)
    own = books.own.get(asked.reference_name) or bytes([BLANK]) * len(asked.items)
    return of_ratings(
        shape_of(asked),
        ratings,
        np.zeros(len(ratings), np.int64),
        1,
        shown=item_mask(counts, least=least).family[None],
        own=np.frombuffer(own, np.int8)[None],
        asked=books.asked.get(asked.family, {}),
        origins=books.origins.get(asked.family, {}),
    )


def lock_books(session: Session, service_id: str) -> None:
    """Let nobody else look for, add to or change the books of this service until this transaction ends."""
    session.exec(select(Organisation.id).where(Organisation.id == service_id).with_for_update(key_share=True)).one()


def enter(session: Session, service_id: str, questionnaire: str, sums: Programme, *, quarter: str) -> None:
    """Add one practitioner's sums to the book of a quarter; a book of too few is carried into a new one."""
    lock_books(session, service_id)
    row = session.get(ProgrammeSum, (service_id, questionnaire, quarter), populate_existing=True)
    if row is None:
        row = _new_row(session, service_id, questionnaire, sums, quarter)
    else:
        _fill(row, added(unpacked(row.sums), sums))
    session.add(row)
    session.flush()


def _new_row(session: Session, service_id: str, questionnaire: str, sums: Programme, quarter: str) -> ProgrammeSum:
    before = session.exec(
        select(ProgrammeSum)
        .where(ProgrammeSum.organisation_id == service_id, ProgrammeSum.questionnaire == questionnaire)
        .where(col(ProgrammeSum.until) < quarter)
        .order_by(col(ProgrammeSum.until).desc())
    ).first()
    since = quarter
    if before is not None and before.practitioners <= PRACTITIONERS:
        since, sums = before.since, added(unpacked(before.sums), sums)
        session.execute(sa.delete(ProgrammeSum).where(_is(before)))
    row = ProgrammeSum(
        organisation_id=service_id,
        questionnaire=questionnaire,
        since=since,
        until=quarter,
        practitioners=0,
        raters=0,
        sums={},
    )
    _fill(row, sums)
    return row


def _is(row: ProgrammeSum) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(ProgrammeSum.organisation_id) == row.organisation_id,
        col(ProgrammeSum.questionnaire) == row.questionnaire,
        col(ProgrammeSum.until) == row.until,
    )


def _fill(row: ProgrammeSum, sums: Programme) -> None:
    row.practitioners, row.raters, row.sums = sums.practitioners, sums.raters, packed(sums)
