"""The pages of programmes: what they show of quarters that are over, to whom, and what they never show."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from msf.accounts.models import Account
from msf.accounts.rules import EMPLOYER_ROLES, ROLES
from msf.base import db
from msf.base.db import Database, transaction
from msf.insights.rules.access import READERS
from msf.insights.rules.study import study_of
from msf.instruments import find
from msf.invitations import queries as invitations
from msf.invitations.rules import token, token_text
from msf.respond import operations as door
from tests.faults.children import a_receipt, form
from tests.insights.books import COLLEAGUES, PATIENTS, book, running, sums
from tests.make import Make
from tests.pages import Page, Visitor

SHOW = f"/programmes/{COLLEAGUES}"
ENDINGS = ("", ".csv", ".json")


LONG_AGO = datetime(2025, 5, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """Today, since the door takes answers of rounds that are open today only."""
    return datetime.now(UTC)


@pytest.fixture
def reader(make: Make, page: Visitor) -> Visitor:
    """A coordinator of the service, signed in."""
    page.sign_in(make.coordinator.email)
    return page


def rows_of(found: Page, caption: str) -> list[list[str]]:
    """The rows of the table with this caption, as their cells."""
    tables = [each for each in found.all("table") if each.all("caption")[0].text == caption]
    assert len(tables) == 1, [each.all("caption")[0].text for each in found.all("table")]
    return [[cell.text for cell in row.all("th", "td")] for row in tables[0].all("tbody")[0].all("tr")]


def test_with_nothing_to_show_the_list_says_what_will_appear_and_when(reader: Visitor):
    found = reader.get("/programmes")
    assert "There is nothing to show yet" in found.text
    assert "when a quarter of the year is over in which rounds of six practitioners or more closed" in found.text


def test_the_list_counts_the_periods_that_are_shown(make: Make, reader: Visitor):
    first, second = sums(practitioners=30, seed=1), sums(practitioners=10, seed=2)
    book(make.service.id, first, quarter="2025-Q1")
    book(make.service.id, second, quarter="2025-Q2")
    book(make.service.id, sums(PATIENTS, 8), quarter="2025-Q1", name=PATIENTS)
    found = reader.get("/programmes")
    raters = first.raters + second.raters
    rows = rows_of(found, "2 questionnaires")
    assert rows[0][1:] == ["1", "Colleagues", "2", "40", f"{raters:,}"]
    assert rows[1][2:5] == ["Patients", "1", "8"]
    assert found.links["Feedback from colleagues of a doctor, version 1"] == SHOW
    assert found.links["Programmes"] == "/programmes"


def test_the_page_shows_the_figures_of_all_periods_and_of_one(make: Make, reader: Visitor):
    blocks = {"2025-Q1": sums(practitioners=30, seed=1), "2025-Q2": sums(practitioners=25, seed=2)}
    for quarter, found in blocks.items():
        book(make.service.id, found, quarter=quarter)
    for period, chosen in {"all": list(blocks.values()), "2025-Q2": [blocks["2025-Q2"]]}.items():
        page = reader.get(f"{SHOW}?period={period}")
        study = study_of(find(COLLEAGUES), chosen)
        for row, domain in zip(
            rows_of(page, "Reliability by area, and how many people it takes"), study.asked.domains, strict=True
        ):
            one = study.figure("domain", domain.id, "reliability_one_rater")
            assert row[:3] == [study.domain(domain.id), f"{one.value:.2f}", f"{one.low:.2f} to {one.high:.2f}"]
            assert row[4] == str(study.figure("domain", domain.id, "raters_for_70").value)
            assert row[7] == str(sum(each.practitioners for each in chosen))
        [selected] = [option for option in page.all("option") if "selected" in option.attrs]
        assert selected.attrs["value"] == period
    assert len(page.all("option")) == 3


def test_the_period_is_chosen_with_the_form_and_charts_are_in_the_page(make: Make, reader: Visitor):
    for number, quarter in enumerate(("2024-Q4", "2025-Q1")):
        book(make.service.id, sums(practitioners=22, seed=number), quarter=quarter)
    reader.get(SHOW)
    found = reader.submit({"period": "2024-Q4"}, button="Show")
    assert "One period: October to December 2024" in found.text
    charts = [image for image in found.all("img") if image.attrs["src"].startswith("data:image/svg+xml;base64,")]
    assert len(charts) == 2 and all(len(chart.attrs["alt"]) > 40 for chart in charts)
    assert found.links["Figures as a spreadsheet (CSV)"].endswith(".csv?period=2024-Q4")


def test_the_running_quarter_is_nowhere(make: Make, reader: Visitor):
    book(make.service.id, sums(practitioners=12, seed=1), quarter="2025-Q1")
    pages = ("/programmes", SHOW, f"{SHOW}.csv", f"{SHOW}.json")
    before = [_bare(reader.client, path) for path in pages]
    book(make.service.id, sums(practitioners=40, seed=2), quarter=running())
    book(make.service.id, sums(PATIENTS, 40), quarter=running(), name=PATIENTS)
    assert [_bare(reader.client, path) for path in pages] == before
    assert running() not in "".join(before)
    reader.get(f"{SHOW}?period={running()}", status=404)
    reader.get(f"/programmes/{PATIENTS}", status=404)


def _bare(client: FlaskClient, path: str) -> str:
    """What a page says, without the tokens that are new each time."""
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r'name="csrf_token"[^>]*>', "", answer.text)


def test_a_book_of_five_is_not_offered_and_is_carried_into_the_next(make: Make, reader: Visitor):
    book(make.service.id, sums(practitioners=5, seed=1), quarter="2024-Q4")
    assert "There is nothing to show yet" in reader.get("/programmes").text
    reader.get(SHOW, status=404)
    book(make.service.id, sums(practitioners=4, seed=2), quarter="2025-Q2")
    page = reader.get(f"{SHOW}?period=2025-Q2")
    assert "9 practitioners, rated by" in page.text
    assert "October 2024 to June 2025" in page.text
    assert [option.attrs["value"] for option in page.all("option")] == ["all", "2025-Q2"]
    refused = reader.get(f"{SHOW}?period=2024-Q4", status=404)
    assert "There is no such period" in refused.text and "all, 2025-Q2" in refused.text


def test_a_small_last_book_is_in_no_figure_of_all_periods(make: Make, reader: Visitor):
    first = book(make.service.id, sums(practitioners=20, seed=1), quarter="2025-Q1")
    before = _bare(reader.client, f"{SHOW}.json")
    book(make.service.id, sums(practitioners=5, seed=2), quarter="2025-Q2")
    assert _bare(reader.client, f"{SHOW}.json") == before
    assert f"20 practitioners, rated by {first.raters:,} colleagues" in reader.get(SHOW).text


def test_what_is_masked_reads_alike(make: Make, reader: Visitor):
    book(make.service.id, sums(practitioners=8, hidden={0: 3}), quarter="2025-Q1")
    found = reader.get(SHOW)
    first = rows_of(found, "What was rated, with 95% limits")[0]
    assert first == ["Makes sound choices about care", *["not shown"] * 5]
    assert "Not shown: fewer than six practitioners, or one of them is most of it." in found.text


def test_another_service_has_its_own_and_finds_nothing_of_this_one(
    make: Make, visitor: Callable[[], Visitor], reader: Visitor
):
    other = make.organisation("The Other Service", kind="service")
    stranger = visitor()
    stranger.sign_in(make.account("coordinator", at=other).email)
    book(make.service.id, sums(practitioners=20, seed=1), quarter="2025-Q1")
    theirs = book(other.id, sums(PATIENTS, 9, seed=2), quarter="2025-Q1", name=PATIENTS)
    for path in (SHOW, f"{SHOW}?period=2025-Q1"):
        reader.get(path)
        stranger.get(path, status=404)
    for ending in (".csv", ".json"):
        assert stranger.client.get(SHOW + ending).status_code == 404
        assert reader.client.get(f"/programmes/{PATIENTS}{ending}").status_code == 404
    assert "from colleagues" not in stranger.get("/programmes").text
    assert f"{theirs.raters:,}" in stranger.get(f"/programmes/{PATIENTS}").text


@pytest.mark.sqlite
@pytest.mark.parametrize("role", ROLES)
def test_every_role_meets_the_door_or_the_page(role: str, make: Make, page: Visitor):
    book(make.service.id, sums(practitioners=7), quarter="2025-Q1")
    person: Account = make.practitioner() if role == "practitioner" else make.account(role)
    page.sign_in(person.email)
    expected = 200 if role in READERS else 403
    for path in ("/programmes", *(SHOW + ending for ending in ENDINGS)):
        assert page.client.get(path).status_code == expected, path
    assert (role in READERS) == ("Programmes" in page.get("/account").links)
    assert not READERS & EMPLOYER_ROLES


@pytest.mark.sqlite
def test_strangers_are_led_to_the_sign_in(make: Make, client: FlaskClient):
    book(make.service.id, sums(practitioners=7), quarter="2025-Q1")
    for path in ("/programmes", *(SHOW + ending for ending in ENDINGS)):
        assert client.get(path).location.startswith("/sign-in")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "path",
    ["/programmes/doctor-colleagues/2", "/programmes/doctor-colleagues/latest", "/programmes/nothing/1", f"{SHOW}.pdf",
     "/programmes/%20/%F0%9F%99%82", "/programmes/doctor-colleagues/1%00", "/programmes/..%2f..%2fetc/passwd.csv"],
)  # fmt: skip
def test_addresses_that_name_nothing_are_not_found(path: str, make: Make, reader: Visitor):
    book(make.service.id, sums(practitioners=7), quarter="2025-Q1")
    reader.get(path, status=404)


@pytest.mark.sqlite
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=60), st.from_regex(r"[0-9]{1,6}-Q[0-9]{1,3}", fullmatch=True)))
def test_any_period_in_the_address_gives_a_clear_page(wanted: Any, period: str):
    reader, known = wanted
    expected = 200 if period in known else 404
    answer = reader.client.get(SHOW, query_string={"period": period})
    assert answer.status_code == expected
    if expected == 404:
        assert "There is no such period" in answer.text
        assert len(period) < 4 or period not in answer.text or period in "There is no such period to show."


@pytest.fixture
def wanted(make: Make, reader: Visitor) -> tuple[Visitor, set[str]]:
    """Somebody who asks for periods, and the periods that there are."""
    book(make.service.id, sums(practitioners=7), quarter="2025-Q1")
    return reader, {"", "all", "2025-Q1"}


def test_the_files_hold_the_figures_of_the_page(make: Make, reader: Visitor):
    blocks = [sums(practitioners=30, seed=1), sums(practitioners=8, seed=2, hidden={0: 4})]
    for quarter, found in zip(("2024-Q4", "2025-Q1"), blocks, strict=True):
        book(make.service.id, found, quarter=quarter)
    study = study_of(find(COLLEAGUES), blocks)
    answer = reader.client.get(f"{SHOW}.json")
    data = json.loads(answer.data)
    assert data["questionnaire"] == COLLEAGUES
    assert [each["until"] for each in data["periods"]] == ["2024-Q4", "2025-Q1"]
    assert [tuple(each.values()) for each in data["figures"]] == [tuple(figure) for figure in study.figures]
    sheet = reader.client.get(f"{SHOW}.csv?period=all")
    assert sheet.content_type == "text/csv; charset=utf-8"
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="programme-doctor-colleagues-1-all.csv"'
    rows = list(csv.DictReader(io.StringIO(sheet.data.decode("utf-8-sig"))))
    assert [float(row["value"]) for row in rows if row["value"]] == [
        float(figure.value) for figure in study.figures if figure.value is not None
    ]
    assert not re.search(r"(?i)\bnan\b|\binf\b", sheet.text + answer.text)
    one = json.loads(reader.client.get(f"{SHOW}.json?period=2025-Q1").data)
    assert {"scope": "item", "id": "sound_choices"}.items() <= one["not_shown"][0].items()


def test_more_periods_take_no_more_statements(make: Make, reader: Visitor, database: Database):
    asked: list[str] = []
    sa.event.listen(db.current().engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = []
    for quarter in ("2024-Q2", "2024-Q3", "2024-Q4"):
        book(make.service.id, sums(practitioners=7), quarter=quarter)
        asked.clear()
        reader.get(SHOW)
        counts.append(len(asked))
    assert len(set(counts)) == 1 and 2 <= counts[0] <= 10


def test_a_list_of_many_questionnaires_pages_and_names_what_has_lost_its_file(make: Make, reader: Visitor):
    few = sums(practitioners=6)
    for number in range(27):
        book(make.service.id, few, quarter="2025-Q1", name=f"own-{number:02}/1")
    assert len(rows_of(reader.get("/programmes"), "27 questionnaires")) == 25
    second = reader.get("/programmes?page=2")
    assert [row[0] for row in rows_of(second, "27 questionnaires")] == ["own-25/1, version 1", "own-26/1, version 1"]
    assert reader.get("/programmes?page=x" + "9" * 30).text == reader.get("/programmes").text
    assert "put its file back" in reader.get("/programmes/own-25/1", status=409).text


def closed(app: Flask, make: Make, name: str, *, now: datetime, raters: int = 5) -> None:
    """A round of a new practitioner, answered at the door today and closed as if it were `now`."""
    practitioner = make.practitioner(name)
    row = make.round("open", practitioner=practitioner, colleagues={"doctor": raters + 1}, patients=0)
    secret = make.keys.tokens.read(row.id)
    client = app.test_client()
    with transaction() as session:
        codes = [token_text(token(secret, place.n)) for place in invitations.places(session, row.id)]
    for number, code in enumerate(codes[:raters]):
        filled = form(code, a_receipt(), rating=str(3 + (number + len(name)) % 3))
        assert client.post("/give", data=filled).status_code == 200
    with transaction() as session:
        door.close_round(session, row.id, keys=make.keys, by=make.coordinator.id, now=now)


@pytest.mark.usefixtures("settings")
def test_rounds_that_closed_are_on_the_page_when_their_quarter_is_over(app: Flask, make: Make, reader: Visitor):
    for number in range(6):
        closed(app, make, f"Dr {'Ann' * (number % 3 + 1)} {number}", now=LONG_AGO)
    found = reader.get(SHOW)
    assert "6 practitioners, rated by 30 colleagues" in found.text
    assert "April to June 2025" in found.text
    assert "30 of 36 colleagues who were asked answered: 83%" in found.text
    assert rows_of(found, "People who were asked, by group") == [["Doctors", "36", "100%"]]
    assert rows_of(found, "People who were asked, by who proposed them") == [["The organisation", "36", "100%"]]
    assert rows_of(found, "How sheets were filled in")[0][:2] == ["One and the same answer throughout", "100%"]
    closed(app, make, "Dr Late", now=datetime.now(UTC))
    assert "6 practitioners, rated by 30 colleagues" in reader.get(SHOW).text
