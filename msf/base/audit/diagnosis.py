"""What most likely happened to an entry whose seal is wrong: changed, swapped, inserted, or one before it is gone."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from msf.base.audit.chain import link
from msf.base.audit.rows import Row, rows

FURTHEST = 1000


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the chain: its number, the seal before it, and the row that stands there now."""

    key: bytes
    number: int
    previous: bytes
    row: Row

    def fits(self, other: Row) -> bool:
        """Whether the chain proves that `other` belongs here."""
        return link(self.key, self.previous, other, sequence=self.number) in (other.mac, self.row.mac)


def diagnosis(session: Session, key: bytes, previous: bytes, row: Row) -> str:
    """What is wrong with `row`, which stands behind the seal `previous` and does not belong there as it is."""
    here = _Place(key, row.sequence or 0, previous, row)
    before = row
    for other in rows(session, row.organisation_id, after=here.number):
        if here.fits(other):
            return _moved(here, other, before)
        before = other
    following = next(rows(session, row.organisation_id, after=here.number), None)
    if following is None:
        return "was changed, or inserted at the end"
    return _closed_up(key, row, following) or "was changed"


def _moved(here: _Place, owner: Row, before: Row) -> str:
    """`owner` belongs here: either the two were swapped, or what stands here was put in between."""
    true_seal = link(here.key, here.previous, owner, sequence=here.number)
    previous = true_seal if before is here.row else before.mac or b""
    there = _Place(here.key, owner.sequence or 0, previous, owner)
    if there.fits(here.row):
        return f"was swapped with entry {owner.sequence}"
    return f"was inserted: what belongs here is now entry {owner.sequence}"


def _closed_up(key: bytes, row: Row, following: Row) -> str:
    """Whether entries before this one are gone and the numbers behind them were closed up."""
    number = following.sequence or 0
    for gone in range(1, FURTHEST):
        if link(key, row.mac or b"", following, sequence=number + gone) == following.mac:
            return f"was moved up: {gone} before it {'is' if gone == 1 else 'are'} missing"
    return ""
