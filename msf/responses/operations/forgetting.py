"""Forgetting single ratings, once their report has stood for long enough; sums that lead back to none of them stay."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from msf.accounts.models import Organisation
from msf.base.retention import Tally, Tenant
from msf.instruments import find
from msf.responses.models import Answer, FamilySum, ProgrammeSum
from msf.responses.operations.sums import lock_books
from msf.responses.rules.programme import shape_of
from msf.rounds.models import Round
from msf.rounds.queries import batch, counted, outdated
from msf.rounds.rules.periods import named, quarter_of
from msf.scoring.programme import Programme, counts_of, packed, settled, unpacked


def forget_ratings(
    session: Session, tenants: Sequence[Tenant], *, now: datetime, dry: bool, frozen: sa.ColumnElement[bool]
) -> Tally:
    """Delete the ratings of rounds that are `frozen` (a condition on the round) and whose sums are all there.

    Of the round's own sums the counts stay; the books in which it is entered lose the sums of products.
    """
    old = outdated(tenants, "ratings", col(Round.final_on), now=now)
    due = select(Round.id).where(old, sa.exists().where(_of_round()), ~_unsummed(), frozen)
    ids = due if dry else batch(session, due)
    found = counted(session, "ratings", ids, Answer)
    if not dry:
        session.execute(sa.delete(Answer).where(col(Answer.round_id).in_(ids)))
        for row in session.exec(select(FamilySum).where(col(FamilySum.round_id).in_(ids))):
            row.sums = counts_of(row.sums, raters=row.raters)
        _settle(session, ids, now)
    return found


def _settle(session: Session, ids: Sequence[str] | SelectOfScalar[str], now: datetime) -> None:
    """Take the sums of products out of every book in which one of these rounds is entered.

    Less those of its other rounds they would be those of this one. Where the time of a book is over, figures stay.
    """
    service = sa.func.coalesce(col(Organisation.served_by), col(Organisation.id))
    rounds = sa.select(service, col(Round.closed_on)).join(
        Organisation, col(Organisation.id) == col(Round.organisation_id)
    )
    found = sorted({(row[0], str(quarter_of(row[1]))) for row in session.execute(rounds.where(col(Round.id).in_(ids)))})
    for service_id in sorted({service_id for service_id, _ in found}):
        lock_books(session, service_id)
    for service_id, quarter in found:
        books = select(ProgrammeSum).where(ProgrammeSum.organisation_id == service_id)
        within = books.where(col(ProgrammeSum.since) <= quarter, col(ProgrammeSum.until) >= quarter)
        for row in session.exec(within.execution_options(populate_existing=True)):
            row.sums = packed(_settled(row, over=named(row.until).last < now.date()))


def _settled(row: ProgrammeSum, *, over: bool) -> Programme:
    sums = unpacked(row.sums)
    if not over:
        return sums._replace(matrices=None)
    asked = find(row.questionnaire)
    return settled(sums, shape_of(asked), items=asked.item_ids, domains=[domain.id for domain in asked.domains])


def _of_round() -> sa.ColumnElement[bool]:
    return col(Answer.round_id) == col(Round.id)


def _unsummed() -> sa.ColumnElement[bool]:
    """Whether the round has an answer of a family (the part of its block before the colon) without sums."""
    summed = sa.exists().where(
        col(FamilySum.round_id) == col(Answer.round_id),
        col(Answer.block).startswith(col(FamilySum.family) + ":"),
    )
    return sa.exists().where(_of_round(), ~summed)
