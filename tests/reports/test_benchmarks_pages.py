"""The benchmarks of a service as its staff see them: sets and quartiles, and never a name or a single mean."""

import re
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from sqlmodel import select

from msf.base.db import transaction
from msf.instruments import find
from msf.reports.models import Comparator, StoredBenchmark
from msf.responses.models import ProgrammeSum
from msf.responses.rules.programme import shape_of
from msf.rounds.models import Round
from msf.scoring.programme import of_ratings, packed, released, reliability
from tests.pages import Visitor
from tests.reports.peers import DOMAINS, Town, drafted, frozen_in, peers, practitioner, town
from tests.reports.samples import COLLEAGUES, ratings

pytestmark = pytest.mark.usefixtures("app")
Desk = Callable[[], Visitor]
Q3 = date(2026, 8, 10)
MEANS = [38, 39, 39, 40, 40, 41, 41, 42, 42, 43, 43, 43, 44, 44, 45, 45, 46, 46, 46, 47, 47, 48]


@pytest.fixture
def here() -> Town:
    """A service with one set of 22 surgeons, in two reports."""
    with transaction() as session:
        made = town(session)
        peers(session, made, 22, means=MEANS)
        for name in ("Dr One", "Dr Two"):
            drafted(session, made, practitioner(session, made, name), Q3)
    return made


def seen(visitor: Desk, role: str, town: str = "near") -> Visitor:
    """Somebody of a service at the list."""
    desk = visitor()
    desk.sign_in(f"{town}.{role}@example.org")
    return desk


def test_the_list_and_one_set_give_stratum_window_number_version_digest_and_quartiles(visitor: Desk, here: Town):
    desk = seen(visitor, "adviser")
    page = desk.get("/benchmarks")
    with transaction() as session:
        (kept,) = session.exec(select(StoredBenchmark))
        digest = kept.digest
    (line,) = [row for row in page.all("tr") if row.all("td")]
    assert [cell.text for cell in line.all("th", "td")] == [
        "Doctors in hospitals (surgery), version 1",
        "Feedback from colleagues of a doctor (version 1)",
        "Colleagues",
        "1 July 2023 to 30 June 2026",
        "22",
        "2",
        digest[:8],
    ]
    page = desk.get(next(href for words, href in page.links.items() if words.startswith("Doctors")))
    assert digest in page.text and "2 reports" in page.text
    rows = [[cell.text for cell in row.all("th", "td")] for row in page.all("tr")][1:]
    assert len(rows) == len(find(COLLEAGUES).domains)
    low, middle, high = (np.floor(np.quantile(MEANS, share) + 0.5) / 10 for share in (0.25, 0.5, 0.75))
    assert {tuple(row[1:]) for row in rows} == {(f"{low:.1f}", f"{middle:.1f}", f"{high:.1f}", "22")}
    assert "Peer" not in page.text and "Dr One" not in page.text
    assert "3.8" not in page.text and "4.8" not in page.text


def test_a_set_made_for_one_person_is_in_no_list_and_at_no_address(visitor: Desk, here: Town):
    with transaction() as session:
        who = practitioner(session, here, "Dr Peer Again")
        rows = peers(session, here, 1, first=30, means=[20])
        session.get_one(Round, rows[0]).practitioner_id = who
        session.flush()
        own = frozen_in(session, drafted(session, here, who, Q3))
        assert own is not None and own.practitioners == 22 and min(own.means[DOMAINS[0]]) > 20
        kept = session.exec(select(StoredBenchmark).where(StoredBenchmark.digest == own.digest)).one()
        set_id = kept.id
    desk = seen(visitor, "coordinator")
    page = desk.get("/benchmarks")
    assert len([row for row in page.all("tr") if row.all("td")]) == 1 and own.digest[:8] not in page.text
    desk.get(f"/benchmarks/{set_id}", status=404)


@pytest.mark.sqlite
def test_only_the_staff_of_the_service_see_its_sets(visitor: Desk, here: Town):
    with transaction() as session:
        town(session, "far")
        set_id = session.exec(select(StoredBenchmark.id)).one()
    for role in ("coordinator", "quality_reviewer", "adviser", "administrator"):
        seen(visitor, role).get(f"/benchmarks/{set_id}")
    far = seen(visitor, "coordinator", "far")
    assert "There is no benchmark yet" in far.get("/benchmarks").text
    far.get(f"/benchmarks/{set_id}", status=404)
    for role in ("moderator", "facilitator"):
        seen(visitor, role).get("/benchmarks", status=403)


@pytest.mark.sqlite
def test_an_area_that_fewer_than_20_show_has_no_quartiles(visitor: Desk, here: Town):
    last = find(COLLEAGUES).domains[-1].id
    with transaction() as session:
        for row in session.exec(select(Comparator)).all()[:3]:
            row.means = {domain: mean for domain, mean in row.means.items() if domain != last}
        session.flush()
        medicine = drafted(
            session, here, practitioner(session, here, "Dr Medicine"), Q3, field="doctor/general_practice"
        )
        found = frozen_in(session, medicine)
        assert found is not None and last not in found.means
        set_id = session.exec(select(StoredBenchmark.id).where(StoredBenchmark.stratum == "doctor")).one()
    page = seen(visitor, "administrator").get(f"/benchmarks/{set_id}")
    rows = [[cell.text for cell in row.all("th", "td")] for row in page.all("tr")][1:]
    assert rows[-1][1:] == ["–", "–", "–", "fewer than 20"]
    assert all(re.fullmatch(r"\d\.\d", row[1]) for row in rows[:-1])


@pytest.mark.sqlite
def test_where_the_books_of_the_programme_allow_it_a_set_holds_components(here: Town):
    asked = find(COLLEAGUES)
    shape = shape_of(asked)
    given = np.concatenate([ratings(asked, 12, seed=n, level=3.8 + n % 9 / 10) for n in range(40)])
    index = np.repeat(np.arange(40), 12)
    own = np.zeros((40, len(asked.items)), np.int8)
    sums = of_ratings(shape, given, index, 40, shown=np.ones((40, len(asked.items)), bool), own=own)
    with transaction() as session:
        for quarter in ("2026-Q2", "2026-Q4"):
            session.add(
                ProgrammeSum(
                    organisation_id=here.service,
                    questionnaire=COLLEAGUES,
                    until=quarter,
                    since=quarter,
                    practitioners=40,
                    raters=480,
                    sums=packed(sums),
                )
            )
        session.flush()
        who = practitioner(session, here, "Dr Medicine")
        found = frozen_in(session, drafted(session, here, who, Q3, field="doctor/general_practice"))
        before = frozen_in(session, drafted(session, here, practitioner(session, here, "Dr Three"), Q3))
    assert found is not None and before is not None and not before.components, "that set was made before the book"
    estimates = dict(zip((domain.id for domain in asked.domains), released(shape, [sums]).facets, strict=True))
    expected = {name: estimate for name, facet in estimates.items() if (estimate := reliability(facet))}
    assert expected and found.components.keys() == expected.keys()
    for name, estimate in expected.items():
        assert found.components[name] == pytest.approx(estimate.components)
