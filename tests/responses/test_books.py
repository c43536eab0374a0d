"""What a close enters in the book of its quarter: everybody once, and too few are carried on to the next."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from msf.base.db import reading, transaction
from msf.respond.operations import close_round, gaps, rebuild_quarter
from msf.responses.models import FamilySum, ProgrammeSum
from msf.responses.operations import lock_books
from msf.scoring.programme import packed, unpacked
from tests.insights.released import APRIL, JANUARY, Town


@pytest.fixture
def town(make) -> Town:
    return Town(make)


def books() -> list[tuple[str, str, int]]:
    with reading() as session:
        found = session.exec(select(ProgrammeSum).order_by(col(ProgrammeSum.until)))
        return [(row.since, row.until, row.practitioners) for row in found]


def test_every_practitioner_is_in_a_book_once_even_where_a_quarter_is_carried_into_the_next(town: Town, make) -> None:
    twice = make.practitioner("Dr Twice")
    for number in range(4):
        town.close(JANUARY + timedelta(days=number))
    town.close(JANUARY, who=twice)
    town.close(JANUARY + timedelta(days=40), who=twice)
    assert books() == [("2027-Q1", "2027-Q1", 5)]
    town.close(APRIL, who=twice)
    assert books() == [("2027-Q1", "2027-Q1", 5)], "the only round of April is of somebody who is in the book"
    town.close(APRIL)
    assert books() == [("2027-Q1", "2027-Q2", 6)]
    town.close(APRIL + timedelta(days=100), who=twice)
    assert books() == [("2027-Q1", "2027-Q2", 6), ("2027-Q3", "2027-Q3", 1)], "a book of enough is not carried on"
    with transaction() as session:
        session.execute(sa.delete(ProgrammeSum))
        for gap in gaps(session):
            carried = None
            for quarter in gap.quarters:
                carried = rebuild_quarter(session, gap, quarter, carried=carried).carried
    assert books() == [("2027-Q1", "2027-Q2", 6), ("2027-Q3", "2027-Q3", 1)], "entered again, nobody is in it twice"


def test_the_book_adds_up_what_the_rounds_left(town: Town) -> None:
    for number in range(7):
        town.close(JANUARY + timedelta(days=number))
    with reading() as session:
        left = [unpacked(row.sums) for row in session.exec(select(FamilySum))]
        (book,) = (unpacked(row.sums) for row in session.exec(select(ProgrammeSum)))
    assert (book.practitioners, book.raters) == (7, sum(each.raters for each in left))
    assert (book.values == sum(each.values for each in left)).all()
    assert book.matrices and (book.matrices.moments.products == sum(e.matrices.moments.products for e in left)).all()


@pytest.mark.postgresql
def test_two_rounds_of_one_practitioner_that_close_at_once_are_in_the_book_once(town: Town, make) -> None:
    for number in range(4):
        town.close(JANUARY + timedelta(days=number))
    who = make.practitioner("Dr Twice")
    open_now = [town.answered(JANUARY, who=who) for _ in range(2)]
    gate = threading.Barrier(2)

    def close(round_id: str) -> None:
        gate.wait(30)
        with transaction() as session:
            by = {"by": make.coordinator.id, "now": JANUARY + timedelta(days=28)}
            close_round(session, round_id, keys=make.keys, **by)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(close, open_now))
    assert books() == [("2027-Q1", "2027-Q1", 5)]
    with reading() as session:
        assert len(session.exec(select(FamilySum)).all()) == 6


@pytest.mark.postgresql
def test_a_close_waits_for_whoever_takes_the_sums_of_products_out_of_the_book(town: Town, make) -> None:
    town.close(JANUARY)
    late = town.answered(JANUARY)

    def close() -> None:
        with transaction() as session:
            by = {"by": make.coordinator.id, "now": JANUARY + timedelta(days=28)}
            close_round(session, late, keys=make.keys, **by)

    with ThreadPoolExecutor(1) as pool:
        with transaction() as session:
            service = session.exec(select(ProgrammeSum.organisation_id)).one()
            lock_books(session, service)
            closing = pool.submit(close)
            time.sleep(0.5)
            for row in session.exec(select(ProgrammeSum)):
                row.sums = packed(unpacked(row.sums)._replace(matrices=None))
        closing.result(60)
    with reading() as session:
        book = unpacked(session.exec(select(ProgrammeSum)).one().sums)
    assert (book.practitioners, book.matrices.practitioners) == (2, 1)
