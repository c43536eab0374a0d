"""Sums that stay when ratings go: one row a family that is shown, written at the close and never changed."""

from collections.abc import Iterable

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session

from msf.instruments import BLANK, CANNOT_SAY, NOT_APPLICABLE, find
from msf.responses.models import FamilySum
from msf.responses.rules import Sheet
from msf.scoring.moments import moments, packed

NONANSWERS = (BLANK, NOT_APPLICABLE, CANNOT_SAY)


def write_sums(session: Session, round_id: str, sheets: Iterable[Sheet]) -> None:
    """Keep the sums of the ratings in `sheets`, by questionnaire; pass only families that are shown."""
    ratings: dict[str, list[bytes]] = {}
    for sheet in sheets:
        if find(sheet.questionnaire).family == sheet.family:
            ratings.setdefault(sheet.questionnaire, []).append(sheet.ratings)
    rows = [_row(round_id, name, found) for name, found in sorted(ratings.items())]
    if rows:
        session.execute(sa.insert(FamilySum), rows)


def _row(round_id: str, name: str, ratings: list[bytes]) -> dict[str, object]:
    asked = find(name)
    given = np.stack([np.frombuffer(each, np.int8) for each in ratings])
    return {
        "round_id": round_id,
        "questionnaire": name,
        "family": asked.family,
        "raters": len(given),
        "sums": packed(moments(given, points=asked.scale.size, nonanswers=NONANSWERS)),
    }
