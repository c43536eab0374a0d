"""Entering again what closed rounds left, for quarters whose book is gone or was never written; no book changes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from msf.accounts.models import Organisation
from msf.base.audit import OPERATOR, record
from msf.responses.models import FamilySum, ProgrammeSum
from msf.responses.operations.sums import lock_books
from msf.responses.queries import book_since
from msf.rounds.models import Round
from msf.rounds.rules.periods import named, quarter_of
from msf.scoring.disclosure import PRACTITIONERS
from msf.scoring.programme import Programme, added, packed, unpacked

AT_ONCE = 50
"""How many rounds' sums are in memory together."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Quarters, by time, in which rounds of a service closed and that no book covers; no book lies between them."""

    service_id: str
    questionnaire: str
    quarters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Short:
    """A book of fewer practitioners than have left sums in its quarters."""

    service_id: str
    questionnaire: str
    since: str
    until: str
    practitioners: int
    left: int


class Carried(NamedTuple):
    """What a book of too few practitioners would have held: it goes into that of the next quarter with another."""

    since: str
    until: str
    sums: Programme


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What became of the rounds of one quarter.

    `entered` were added up. Not entered: `twice`, another round of somebody who is in the book already; `counts`, of
    which only counts are left; `older`, sums as another version of the software wrote them. `since` and `until` are
    the quarters of the book that was written, None where there is none; `carried` waits for the next quarter.
    """

    quarter: str
    entered: int
    twice: int
    counts: int
    older: int
    since: str | None
    until: str | None
    practitioners: int
    raters: int
    carried: Carried | None


_SERVICE = sa.func.coalesce(col(Organisation.served_by), col(Organisation.id))
Key = tuple[str, str]


def _served_by(service_id: str) -> sa.ColumnElement[bool]:
    return sa.literal(service_id) == _SERVICE


def gaps(session: Session) -> list[Gap]:
    """What `rebuild_quarter` has to do, by service, questionnaire and time."""
    books = _books(session)
    return [
        Gap(*key, quarters)
        for key, found in sorted(_quarters(session).items())
        for quarters in _runs(sorted(found), books.get(key, ()))
    ]


def short_books(session: Session) -> list[Short]:
    """The books in which practitioners are missing who left sums: they are told, and stay as they are."""
    left = _quarters(session)
    found = []
    for key, rows in sorted(_books(session).items()):
        for row in rows:
            within = (people for quarter, people in left.get(key, {}).items() if row.since <= quarter <= row.until)
            people = len(set().union(*within))
            if people > row.practitioners:
                found.append(Short(*key, row.since, row.until, row.practitioners, people))
    return found


def rebuild_quarter(
    session: Session, gap: Gap, quarter: str, *, carried: Carried | None = None, dry: bool = False
) -> Rebuilt:
    """Add up what the rounds of one quarter of `gap` left, and write its book, once it is of enough or the last.

    The rule of a close holds: of one practitioner the first round of a book counts (of two that closed on one day the
    one of the smaller id: which was first is not kept). Call it for the quarters of a gap in their order, each with
    what the one before `carried`, each in a transaction of its own. Nothing is done where a book was written meanwhile.
    """
    if not dry:
        lock_books(session, gap.service_id)
    if _covered(session, gap, carried.since if carried else quarter, quarter):
        return Rebuilt(quarter, 0, 0, 0, 0, None, None, 0, 0, None)
    found = _Sums(carried.sums if carried else None)
    counting = carried.since if carried else book_since(session, gap.service_id, gap.questionnaire, quarter)
    for first, kept in _left(session, gap, counting, quarter):
        found.take(kept, first=first)
    book = found.book(quarter, carried)
    last = quarter == gap.quarters[-1]
    if book is None or (book.sums.practitioners <= PRACTITIONERS and not last):
        return found.outcome(quarter, None, book)
    if not dry:
        _write(session, gap, book)
    return found.outcome(quarter, book, None)


def record_rebuilt(session: Session, gap: Gap, done: Iterable[Rebuilt], *, now: datetime) -> None:
    """Note for the service which quarters were entered again, and from how many rounds."""
    found = list(done)
    told: dict[str, Any] = {
        "questionnaire": gap.questionnaire,
        "quarters": list(gap.quarters),
        **{name: sum(getattr(each, name) for each in found) for name in ("entered", "twice", "counts", "older")},
    }
    record(
        session, organisation_id=gap.service_id, actor=OPERATOR, action="programme.rebuilt",
        object=f"organisation {gap.service_id}", at=now, details=told,
    )  # fmt: skip


class _Sums:
    """The sums of one quarter as they grow, with what could not be added."""

    def __init__(self, total: Programme | None) -> None:
        self.total, self.entered, self.twice, self.counts, self.older = total, 0, 0, 0, 0

    def take(self, kept: Mapping[str, Any], *, first: bool) -> None:
        """Add what one round left, if it is its practitioner's `first` of the quarter."""
        if not first:
            self.twice += 1
        elif "facets" not in kept:
            self.counts += kept.keys() == {"raters", "values", "nonanswers"}
            self.older += kept.keys() != {"raters", "values", "nonanswers"}
        else:
            self._add(kept)

    def _add(self, kept: Mapping[str, Any]) -> None:
        try:
            sums = unpacked(kept)
        except ValueError:
            self.older += 1
            return
        self.entered += 1
        self.total = sums if self.total is None else added(self.total, sums)

    def book(self, quarter: str, carried: Carried | None) -> Carried | None:
        """What there is now; a quarter of which nothing was entered is in no book."""
        if self.total is None:
            return None
        return Carried(carried.since if carried else quarter, quarter, self.total) if self.entered else carried

    def outcome(self, quarter: str, book: Carried | None, carried: Carried | None) -> Rebuilt:
        """What became of the quarter."""
        told = (quarter, self.entered, self.twice, self.counts, self.older)
        if book is None:
            return Rebuilt(*told, None, None, 0, 0, carried)
        return Rebuilt(*told, book.since, book.until, book.sums.practitioners, book.sums.raters, None)


def _quarters(session: Session) -> dict[Key, dict[str, set[str]]]:
    """Which practitioners left sums, by service and questionnaire and quarter."""
    query = sa.select(_SERVICE, col(FamilySum.questionnaire), col(Round.closed_on), col(Round.practitioner_id))
    rows = session.execute(_of_rounds(query).where(col(Round.closed_on).is_not(None)).distinct().order_by(
        _SERVICE, col(FamilySum.questionnaire), col(Round.closed_on), col(Round.practitioner_id)
    ), execution_options={"yield_per": 1000})  # fmt: skip
    found: defaultdict[Key, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for service_id, questionnaire, day, practitioner_id in rows:
        found[service_id, questionnaire][str(quarter_of(day))].add(practitioner_id)
    return found


class _Span(NamedTuple):
    since: str
    until: str
    practitioners: int


def _books(session: Session) -> dict[Key, list[_Span]]:
    columns = (ProgrammeSum.organisation_id, ProgrammeSum.questionnaire, ProgrammeSum.since, ProgrammeSum.until)
    found = defaultdict(list)
    query = sa.select(*map(col, columns), col(ProgrammeSum.practitioners)).order_by(col(ProgrammeSum.until))
    for service_id, questionnaire, *span in session.execute(query):
        found[service_id, questionnaire].append(_Span(*span))
    return found


def _runs(quarters: list[str], books: Iterable[_Span]) -> Iterator[tuple[str, ...]]:
    """The quarters that no book covers, cut where a book lies between two of them.

    >>> list(_runs(["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"], [_Span("2027-Q3", "2027-Q3", 9)]))
    [('2027-Q1', '2027-Q2'), ('2027-Q4',)]
    """
    spans = list(books)
    by_place: dict[int, list[str]] = defaultdict(list)
    for quarter in quarters:
        if not any(span.since <= quarter <= span.until for span in spans):
            by_place[sum(span.until < quarter for span in spans)].append(quarter)
    yield from (tuple(run) for _, run in sorted(by_place.items()))


def _of_rounds(query: Any) -> Any:
    """The query over what rounds left, with the organisation of each."""
    joined = query.select_from(FamilySum).join(Round, col(Round.id) == col(FamilySum.round_id))
    return joined.join(Organisation, col(Organisation.id) == col(Round.organisation_id))


def _covered(session: Session, gap: Gap, since: str, until: str) -> bool:
    """Whether a book reaches into these quarters."""
    query = select(ProgrammeSum.until).where(
        ProgrammeSum.organisation_id == gap.service_id, ProgrammeSum.questionnaire == gap.questionnaire
    )
    return session.exec(query.where(ProgrammeSum.since <= until, ProgrammeSum.until >= since)).first() is not None


def _left(session: Session, gap: Gap, since: str, quarter: str) -> Iterator[tuple[bool, dict[str, Any]]]:
    """What each round of the service left, and whether it is its practitioner's first since `since`, anywhere."""
    first = _firsts(session, gap, since, quarter)
    query = sa.select(col(FamilySum.round_id), col(FamilySum.sums)).where(
        col(FamilySum.questionnaire) == gap.questionnaire
    )
    ids = list(first)
    for start in range(0, len(ids), AT_ONCE):
        part = query.where(col(FamilySum.round_id).in_(ids[start : start + AT_ONCE])).order_by(col(FamilySum.round_id))
        for round_id, kept in session.execute(part).all():
            yield first[round_id], kept


def _firsts(session: Session, gap: Gap, since: str, quarter: str) -> dict[str, bool]:
    """The rounds of the service that left sums in the quarter, and whether each is its practitioner's first."""
    first, last = named(since).first, named(quarter).last
    here = _served_by(gap.service_id)
    query = _of_rounds(sa.select(col(Round.id), col(Round.practitioner_id), col(Round.closed_on), here))
    # Rounds of other services are looked at too where they are of the same people: nobody is in a book twice.
    query = query.where(
        col(FamilySum.questionnaire) == gap.questionnaire,
        col(Round.closed_on).between(first, last),
        _touches(gap, first, last),
    )
    ordered = query.order_by(col(Round.practitioner_id), col(Round.closed_on), col(Round.id))
    found, before = {}, None
    for round_id, practitioner_id, day, ours in session.execute(ordered):
        if ours and day >= named(quarter).first:
            found[round_id] = practitioner_id != before
        before = practitioner_id
    return found


def _touches(gap: Gap, first: date, last: date) -> sa.ColumnElement[bool]:
    """The condition that a round is of somebody who has a round of this service in these days."""
    theirs = sa.select(col(Round.practitioner_id)).join(
        Organisation, col(Organisation.id) == col(Round.organisation_id)
    )
    theirs = theirs.where(_served_by(gap.service_id), col(Round.closed_on).between(first, last))
    return col(Round.practitioner_id).in_(theirs)


def _write(session: Session, gap: Gap, book: Carried) -> None:
    sums = book.sums
    session.add(
        ProgrammeSum(
            organisation_id=gap.service_id, questionnaire=gap.questionnaire, since=book.since, until=book.until,
            practitioners=sums.practitioners, raters=sums.raters, sums=packed(sums),
        )
    )  # fmt: skip
    session.flush()
