"""Books that are lost are entered again from what each round left, as the closes had entered them, and only these."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from msf.base.db import reading, transaction
from msf.respond.operations import Rebuilt, gaps, rebuild_quarter, short_books
from msf.responses.models import FamilySum, ProgrammeSum
from msf.rounds.models import Round
from msf.scoring.programme import counts_of
from tests.insights.released import APRIL, JANUARY, Town

OCTOBER = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def closed(make) -> Town:
    """Three practitioners of one quarter, carried into the next with five, one of them twice; and two of a third."""
    town = Town(make)
    for _ in range(3):
        town.close(OCTOBER)
    again = make.practitioner("Dr Twice")
    for day, who in enumerate((None, None, None, again, again, None)):
        town.close(JANUARY + timedelta(days=day), who=who)
    for _ in range(2):
        town.close(APRIL)
    return town


def books() -> dict[tuple[str, str], dict[str, Any]]:
    """Every book by its quarters, with all that it holds."""
    with reading() as session:
        found = session.exec(select(ProgrammeSum).order_by(col(ProgrammeSum.until)))
        return {(row.since, row.until): row.model_dump() for row in found}


def lose(*until: str) -> None:
    with transaction() as session:
        session.execute(sa.delete(ProgrammeSum).where(col(ProgrammeSum.until).in_(until)))


def rebuild(*, dry: bool = False) -> list[Rebuilt]:
    """As the command does it: each quarter by itself."""
    done = []
    with reading() as session:
        found = gaps(session)
    for gap in found:
        carried = None
        for quarter in gap.quarters:
            with reading() if dry else transaction() as session:
                done.append(rebuild_quarter(session, gap, quarter, carried=carried, dry=dry))
            carried = done[-1].carried
    return done


def leave(quarter: tuple[int, int], sums: Any) -> None:
    """Change what the first round of a quarter (its year and last month) left."""
    year, month = quarter
    with transaction() as session:
        days = sa.between(col(Round.closed_on), date(year, month - 2, 1), date(year, month, 28))
        query = select(FamilySum).join(Round, col(Round.id) == col(FamilySum.round_id)).where(days)
        row = session.exec(query.order_by(col(Round.practitioner_id))).all()[0]
        row.sums = sums(row.sums)


def test_a_lost_book_is_as_the_closes_had_entered_it(closed: Town) -> None:
    before = books()
    assert {span: kept["practitioners"] for span, kept in before.items()} == {
        ("2026-Q4", "2027-Q1"): 8,
        ("2027-Q2", "2027-Q2"): 2,
    }
    lose("2027-Q1", "2027-Q2")
    done = rebuild()
    assert [(each.quarter, each.entered, each.twice, each.since) for each in done] == [
        ("2026-Q4", 3, 0, None),
        ("2027-Q1", 5, 1, "2026-Q4"),
        ("2027-Q2", 2, 0, "2027-Q2"),
    ]
    after = books()
    assert after.keys() == before.keys()
    for span, kept in after.items():
        same(kept, before[span])
    assert rebuild() == []
    assert books() == after


def same(one: Any, other: Any) -> None:
    """Equal, and where numbers were added in another order, equal but for their last digits."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for name, value in one.items():
            same(value, other[name])
    elif isinstance(one, list):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            same(a, b)
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-12, abs=1e-9)
    else:
        assert one == other


@pytest.mark.sqlite
def test_a_book_that_is_there_stays_as_it_is(closed: Town) -> None:
    before = books()
    lose("2027-Q1")
    done = rebuild()
    assert [each.quarter for each in done] == ["2026-Q4", "2027-Q1"]
    assert books()["2027-Q2", "2027-Q2"] == before["2027-Q2", "2027-Q2"]
    # What would have been carried into a book that is there has one of its own.
    lose("2027-Q1")
    with transaction() as session:
        first = session.exec(select(ProgrammeSum)).one()
        first.since, first.until = "2027-Q1", "2027-Q1"
    assert [(each.quarter, each.since, each.carried) for each in rebuild()][:1] == [("2026-Q4", "2026-Q4", None)]
    assert books()["2027-Q1", "2027-Q1"]["sums"] == before["2027-Q2", "2027-Q2"]["sums"]


@pytest.mark.sqlite
def test_what_cannot_be_entered_is_counted(closed: Town) -> None:
    lose("2027-Q1", "2027-Q2")
    leave((2026, 12), lambda kept: counts_of(kept, raters=kept["raters"]))
    leave((2027, 6), lambda _: {"values": [[1]], "pairs": [[1]]})
    done = {each.quarter: each for each in rebuild()}
    assert (done["2026-Q4"].entered, done["2026-Q4"].counts) == (2, 1)
    assert (done["2027-Q2"].entered, done["2027-Q2"].older, done["2027-Q2"].practitioners) == (1, 1, 1)
    assert done["2027-Q1"].practitioners == 7
    with reading() as session:
        short = {(each.until, each.practitioners, each.left) for each in short_books(session)}
    assert short == {("2027-Q1", 7, 8), ("2027-Q2", 1, 2)}


@pytest.mark.sqlite
def test_a_quarter_of_which_nothing_can_be_entered_gets_no_book(closed: Town) -> None:
    lose("2027-Q2")
    with transaction() as session:
        for row in session.exec(select(FamilySum)):
            row.sums = counts_of(row.sums, raters=row.sums["raters"])
    assert [(each.entered, each.counts, each.since) for each in rebuild()] == [(0, 2, None)]
    assert list(books()) == [("2026-Q4", "2027-Q1")]


@pytest.mark.sqlite
def test_a_dry_run_tells_the_same_and_writes_nothing(closed: Town) -> None:
    lose("2027-Q1", "2027-Q2")
    dry = rebuild(dry=True)
    assert books() == {}
    wet = rebuild()
    told = [[(each.quarter, each.entered, each.since, each.practitioners) for each in done] for done in (dry, wet)]
    assert told[0] == told[1]


@pytest.mark.sqlite
def test_a_book_written_meanwhile_is_not_written_again(closed: Town) -> None:
    lose("2027-Q2")
    with reading() as session:
        gap = gaps(session)[0]
    rebuild()
    kept = books()
    with transaction() as session:
        done = rebuild_quarter(session, gap, "2027-Q2")
    assert (done.entered, done.since) == (0, None)
    assert books() == kept


def test_somebody_of_a_carried_quarter_is_not_entered_again_nor_is_a_book_made_of_them(make) -> None:
    town, again = Town(make), make.practitioner("Dr Twice")
    town.close(JANUARY, who=again)
    town.close(JANUARY)
    town.close(APRIL, who=again)
    before = books()
    assert [(span, kept["practitioners"]) for span, kept in before.items()] == [(("2027-Q1", "2027-Q1"), 2)]
    # The second quarter has no book and needs none.
    assert [(each.quarter, each.entered, each.twice, each.since) for each in rebuild()] == [("2027-Q2", 0, 1, None)]
    assert books() == before
    lose("2027-Q1")
    assert [(each.entered, each.twice, each.since, each.until) for each in rebuild()] == [
        (2, 0, None, None),
        (0, 1, "2027-Q1", "2027-Q1"),
    ]
    same(books(), before)
    with reading() as session:
        assert short_books(session) == []
