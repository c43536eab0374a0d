"""Whom a report is compared with: peers of the narrowest stratum that has enough, each once, and never oneself."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, delete, select

from msf.base.retention import Tenant
from msf.reports import operations
from msf.reports.models import Comparator, Report, ReportBenchmark, StoredBenchmark
from msf.reports.operations.forgetting import forget_reports
from msf.reports.queries import benchmarks_of, opened_of, report_of
from msf.reports.rules import Part
from msf.reports.rules.benchmarks import LINES, band, printed_means, window_before
from msf.rounds.models import Round
from msf.rounds.rules import DEFAULTS
from tests.reports.closed import NOW
from tests.reports.peers import (
    DOMAINS,
    SURGERY,
    Town,
    drafted,
    frozen_in,
    let_go,
    peers,
    practitioner,
    stored_in,
    town,
)
from tests.reports.samples import COLLEAGUES, part

Q3 = date(2026, 8, 10)
Q4 = date(2026, 11, 9)


@pytest.fixture
def here(session: Session) -> Town:
    """A service."""
    return town(session)


def reader(session: Session, here: Town, name: str, closed_on: date = Q3, **more: object) -> str:
    """The round of somebody new, with its report."""
    return drafted(session, here, practitioner(session, here, name), closed_on, **more)  # type: ignore[arg-type]


def means_of(session: Session, round_id: str) -> dict[str, float]:
    """The domain means that a report prints."""
    (plain,) = report_of(session, round_id).results["parts"]
    return {domain: tenths / 10 for domain, tenths in printed_means(Part.from_json(plain), "colleagues").items()}


# ---- a story of releases


def test_released_rounds_make_a_set_that_leaves_ones_own_out_and_never_changes(session: Session, here: Town):
    names = [f"Doctor {number}" for number in range(21)]
    people = [practitioner(session, here, name) for name in names]
    past = [
        drafted(session, here, who, date(2026, 5, 4), level=2.2 if place == 5 else 4.2, seed=place)
        for place, who in enumerate(people)
    ]
    assert frozen_in(session, past[0]) is None
    for round_id in past:
        let_go(session, here, round_id, date(2026, 6, 1))
    assert len(session.exec(select(Comparator)).all()) == 21

    newcomer = reader(session, here, "New Comer")
    found = frozen_in(session, newcomer)
    assert found is not None
    assert (found.practitioners, found.stratum, found.version) == (21, tuple(SURGERY.split("/")), "1")
    assert found.window == window_before(Q3) == (date(2023, 7, 1), date(2026, 6, 30))
    printed = [means_of(session, round_id) for round_id in past]
    for domain in DOMAINS:
        assert [tenths / 10 for tenths in found.means[domain]] == sorted(each[domain] for each in printed)

    again = drafted(session, here, people[5], Q3, seed=77)
    own = frozen_in(session, again)
    assert own is not None and own.practitioners == 20
    for domain in DOMAINS:
        left = sorted(each[domain] for place, each in enumerate(printed) if place != 5)
        assert [tenths / 10 for tenths in own.means[domain]] == left
        assert printed[5][domain] < left[0]
    kept = stored_in(session, again)
    assert kept is not None and not kept.whole

    second = reader(session, here, "Second Comer", Q3 + timedelta(days=9))
    assert frozen_in(session, second) == found

    before = shown(session, newcomer)
    by = here.people["coordinator"]
    operations.void_report(session, past[7], reason="The wrong person was asked about.", by=by, now=NOW)
    let_go(session, here, newcomer, Q3 + timedelta(days=20))
    assert frozen_in(session, reader(session, here, "Third Comer", Q3 + timedelta(days=30))) == found

    later = frozen_in(session, reader(session, here, "Late Comer", Q4))
    assert later is not None
    assert (later.practitioners, later.version) == (21, "3")  # one void, and the newcomer's is there now
    gone, came = printed[7][DOMAINS[0]], means_of(session, newcomer)[DOMAINS[0]]
    expected = sorted([*(each[DOMAINS[0]] for each in printed), came])
    expected.remove(gone)
    assert [tenths / 10 for tenths in later.means[DOMAINS[0]]] == expected
    assert frozen_in(session, newcomer) == found and shown(session, newcomer) == before

    session.exec(delete(Comparator))
    assert frozen_in(session, newcomer) == found and shown(session, newcomer) == before


def shown(session: Session, round_id: str) -> tuple[object, str]:
    """What the report says, without who talks it through, and the digest of what it is compared with."""
    report = report_of(session, round_id)
    told = opened_of(session, report, session.get_one(Round, round_id), facilitator="Ms Guide")
    (digest,) = [each.digest for each in benchmarks_of(session, report.id).values()]
    return (told.parts, told.document), digest


# ---- who is a peer


@pytest.mark.parametrize(
    ("field", "stratum"),
    [
        (SURGERY, ("doctor", "hospital", "surgery")),
        ("doctor/hospital/medicine", ("doctor", "hospital")),
        ("doctor/hospital", ("doctor", "hospital")),
        ("doctor/general_practice", ("doctor",)),
        (None, ("doctor",)),
    ],
)
@pytest.mark.sqlite
def test_a_stratum_with_fewer_than_20_gives_way_to_the_next_wider_one(
    session: Session, here: Town, field: str | None, stratum: tuple[str, ...]
):
    peers(session, here, 20)
    peers(session, here, 3, first=20, field="doctor/general_practice")
    found = frozen_in(session, reader(session, here, "New Comer", field=field))
    assert found is not None
    assert (found.stratum, found.practitioners) == (stratum, 23 if len(stratum) == 1 else 20)


def test_of_fewer_than_20_in_all_there_is_no_set_and_the_report_says_why(session: Session, here: Town):
    peers(session, here, 19)
    peers(session, here, 1, first=19, raters=7)  # under the line
    peers(session, here, 1, first=20, closed_on=date(2023, 6, 30))  # too long ago
    peers(session, here, 1, first=21, released_in="2026-Q3")  # in a quarter that has not ended
    far = town(session, "far")
    peers(session, far, 20)
    round_id = reader(session, here, "New Comer")
    assert frozen_in(session, round_id) is None
    told = opened_of(session, report_of(session, round_id), session.get_one(Round, round_id))
    words = " ".join(text for block in told.document.blocks() for text in getattr(block, "items", ()))
    assert "fewer than 20 comparable rounds" in words
    assert "Middle half" not in str(told.document)
    assert not [cell for each in told.parts for cell in each.cells if "benchmark" in cell.statistic]


@pytest.mark.sqlite
def test_a_stratum_that_would_have_20_only_with_oneself_gives_way(session: Session, here: Town):
    rows = peers(session, here, 20)
    peers(session, here, 1, first=20, field="doctor/general_practice")
    round_id = drafted(session, here, session.get_one(Round, rows[3]).practitioner_id, Q3)
    found = frozen_in(session, round_id)
    assert found is not None
    assert (found.stratum, found.practitioners) == (("doctor",), 20)


@pytest.mark.sqlite
def test_a_practitioner_counts_once_with_the_latest_of_their_rounds(session: Session, here: Town):
    rows = peers(session, here, 20, means=[40] * 20)
    older = peers(session, here, 1, first=20, means=[20], closed_on=date(2025, 5, 4), released_in="2025-Q2")
    session.get_one(Round, older[0]).practitioner_id = session.get_one(Round, rows[0]).practitioner_id
    session.flush()
    found = frozen_in(session, reader(session, here, "New Comer"))
    assert found is not None
    assert found.practitioners == 20 and set(found.means[DOMAINS[0]]) == {40}


@pytest.mark.sqlite
def test_a_set_stays_in_use_for_its_quarter_where_one_of_it_was_made_void(session: Session, here: Town):
    rows = peers(session, here, 20)
    first = frozen_in(session, reader(session, here, "New Comer"))
    session.exec(delete(Comparator).where(col(Comparator.round_id) == rows[0]))
    assert frozen_in(session, reader(session, here, "Second Comer")) == first
    assert frozen_in(session, reader(session, here, "Late Comer", Q4)) is None


# ---- what is left for others


@pytest.mark.sqlite
@pytest.mark.parametrize(("people", "floor", "left"), [(7, 5, 0), (8, 5, 1), (12, 15, 0), (15, 15, 1)])
def test_a_round_is_left_for_others_from_both_lines_on(
    session: Session, here: Town, people: int, floor: int, left: int
):
    who = practitioner(session, here, "New Comer")
    round_id = drafted(session, here, who, Q3, people=people)
    report = report_of(session, round_id)
    report.facts = report.facts | {"floors": {"colleagues": floor, "patients": 20}}
    let_go(session, here, round_id, Q3 + timedelta(days=3))
    rows = session.exec(select(Comparator)).all()
    assert len(rows) == left
    if left:
        (row,) = rows
        assert (row.field, row.released_in, row.raters, row.organisation_id) == (
            SURGERY,
            "2026-Q3",
            people,
            here.service,
        )
        assert {domain: tenths / 10 for domain, tenths in row.means.items()} == means_of(session, round_id)


def test_the_line_is_the_usual_one():
    assert {family: DEFAULTS[f"floor_{family}"] for family in LINES} == LINES


def test_a_mean_printed_as_a_bound_counts_at_the_bound_and_a_hidden_one_not_at_all():
    few = part(COLLEAGUES, {"doctor": 9}, seed=3, level=4.9)
    cells = {cell.id: cell for cell in few.cells if (cell.scope, cell.statistic) == ("domain", "mean")}
    assert any(cell.bound == "at least" for cell in cells.values())
    shown = printed_means(few, "colleagues")
    others = [cell for cell in few.cells if cell.family == "colleagues" and cell.scope == "domain"]
    assert shown == {cell.id: round(10 * cell.value) for cell in others if cell.statistic == "mean"}
    assert printed_means(few, "patients") == {}


def test_a_bound_leaves_the_quartiles_below_it_as_they_are_where_leaving_out_would_lower_them():
    true = [38, 40, 41, 42, 43, 44, 45, 46, 47, 48, 48, 49]
    bound = [min(each, 45) for each in true]
    left_out = [each for each in true if each <= 45]
    assert band(bound).low == band(true).low
    assert band(left_out).low < band(true).low and band(left_out).high < band(bound).high


# ---- retention


def test_what_a_report_left_goes_with_it_and_a_set_with_the_last_report_it_stands_in(session: Session, here: Town):
    rows = peers(session, here, 20)
    first, second = reader(session, here, "New Comer"), reader(session, here, "Second Comer")
    for round_id in (first, second):
        let_go(session, here, round_id, Q3 + timedelta(days=3))
    assert forgotten(session, here, first, days=1) == 0
    assert forgotten(session, here, first, days=3000) == 1
    left = {row.round_id for row in session.exec(select(Comparator))}
    assert left == {*rows, second}
    assert len(session.exec(select(StoredBenchmark)).all()) == len(session.exec(select(ReportBenchmark)).all()) == 1
    assert frozen_in(session, second) is not None
    assert forgotten(session, here, second, days=3000) == 1
    assert not session.exec(select(StoredBenchmark)).all()
    assert not session.exec(select(ReportBenchmark)).all()


def forgotten(session: Session, here: Town, round_id: str, *, days: int) -> int:
    """Let the night come so many days after the release of this one round; how many reports went."""
    others = select(Report.round_id).where(Report.round_id != round_id)
    kept = {row.id: row.final_on for row in session.exec(select(Round).where(col(Round.id).in_(others)))}
    for other in kept:
        session.get_one(Round, other).final_on = None
    session.flush()
    tenant = Tenant(here.employer, "Trust", "Europe/London", {})
    now = NOW.replace(year=2026, month=8, day=13) + timedelta(days=days)
    found = forget_reports(session, [tenant], now=now, dry=False)
    for other, day in kept.items():
        session.get_one(Round, other).final_on = day
    session.flush()
    return found.get(here.employer, {}).get("reports", 0)


# ---- what stands in the report


def test_a_report_names_stratum_number_and_window_and_ranks_nobody(session: Session, here: Town):
    peers(session, here, 21)
    round_id = reader(session, here, "New Comer")
    told = opened_of(session, report_of(session, round_id), session.get_one(Round, round_id))
    text = str(told.document)
    assert "Middle half of 21 comparable doctors" in text
    assert "21 doctors in hospitals (surgery), whose rounds closed between 1 July 2023 and 30 June 2026" in text
    assert not [word for word in ("percentile", "ranked below", "outlier", "top ", "bottom") if word in text.lower()]


@pytest.mark.sqlite
def test_a_report_from_before_there_were_benchmarks_says_nothing_of_them(session: Session, here: Town):
    peers(session, here, 21)
    round_id = reader(session, here, "New Comer")
    report = report_of(session, round_id)
    plain = {name: value for name, value in report.facts.items() if name != "peers"}
    report.facts = plain
    report.results = report.results | {
        "parts": [
            each | {"cells": [cell for cell in each["cells"] if "benchmark" not in cell["statistic"]]}
            for each in report.results["parts"]
        ]
    }
    told = opened_of(session, report, session.get_one(Round, round_id))
    assert "Middle half" not in str(told.document) and "comparable" not in str(told.document)
