"""Forgetting single ratings, once their report has stood for long enough; sums that lead back to none of them stay."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from msf.base.retention import Tally, Tenant
from msf.instruments import find
from msf.responses.models import Answer, FamilySum
from msf.rounds.models import Round
from msf.rounds.queries import batch, counted, outdated
from msf.scoring.moments import condensed, unpacked


def forget_ratings(
    session: Session, tenants: Sequence[Tenant], *, now: datetime, dry: bool, frozen: sa.ColumnElement[bool]
) -> Tally:
    """Delete the ratings of rounds that are `frozen` (a condition on the round) and whose sums are all there."""
    old = outdated(tenants, "ratings", col(Round.final_on), now=now)
    due = select(Round.id).where(old, sa.exists().where(_of_round()), ~_unsummed(), frozen)
    ids = due if dry else batch(session, due)
    found = counted(session, "ratings", ids, Answer)
    if not dry:
        session.execute(sa.delete(Answer).where(col(Answer.round_id).in_(ids)))
        for row in session.exec(select(FamilySum).where(col(FamilySum.round_id).in_(ids))):
            row.sums = _condensed(row)
    return found


def _condensed(row: FamilySum) -> dict[str, Any]:
    """The sums without the matrices, from which the ratings of a few people could be worked out again."""
    asked = find(row.questionnaire)
    place = {item: number for number, item in enumerate(asked.item_ids)}
    scopes = {domain.id: [place[item.id] for item in asked.items_of(domain.id)] for domain in asked.domains}
    return condensed(unpacked(row.sums), {**scopes, "all": list(place.values())})


def _of_round() -> sa.ColumnElement[bool]:
    return col(Answer.round_id) == col(Round.id)


def _unsummed() -> sa.ColumnElement[bool]:
    """Whether the round has an answer of a family (the part of its block before the colon) without sums."""
    summed = sa.exists().where(
        col(FamilySum.round_id) == col(Answer.round_id),
        col(Answer.block).startswith(col(FamilySum.family) + ":"),
    )
    return sa.exists().where(_of_round(), ~summed)
