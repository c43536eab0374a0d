"""A report stays as it was drawn up, byte for byte, whatever is done later; no query of a page opens another slice."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, col, delete

from msf.accounts.models import Account, Organisation
from msf.base.db import transaction
from msf.reports import operations
from msf.reports.jobs import draft
from msf.reports.models import Report
from msf.responses.models import Answer, Comment
from msf.rounds import operations as rounds
from msf.rounds.models import Round
from tests.pages import Visitor
from tests.reports.closed import NOW, SAID, Closed, closed_round
from tests.reports.test_journey import at, released
from tests.reports.test_last_gate import let_go, reviewed

pytestmark = pytest.mark.usefixtures("app")
Desk = Callable[[], Visitor]
LATER = NOW + timedelta(weeks=9)


def article(html: bytes) -> bytes:
    """The report as it stands in the page, without the frame that names who reads."""
    found = re.search(rb"<article.*</article>", html, re.DOTALL)
    assert found
    return found[0]


def rendered(client: FlaskClient, report_id: str, *, files: bool = True) -> dict[str, bytes]:
    """The report in every format and every chart, as bytes."""
    base = f"/reports/{report_id}"
    page = article(client.get(base).data)
    charts = re.findall(rb'<img src="([^"]+)"', page)
    found = {name.decode(): client.get(name.decode()).data for name in charts[:1]} | {"page": page}
    for ending in ("pdf", "json", "csv") if files else ():
        answer = client.get(f"{base}.{ending}")
        assert answer.status_code == 200
        found[ending] = answer.data
    return found


def settings_changed(session: Session, closed: Closed) -> None:
    """Whatever a round was made with, and the names of all who have a part in it."""
    round = session.get_one(Round, closed.round_id)
    round.k, round.floor_colleagues, round.floor_patients = 8, 1, 1
    round.target_colleagues, round.target_patients = 99, 99
    for name in ("practitioner", "facilitator", "coordinator"):
        session.get_one(Account, closed.people[name]).name = "Renamed"
    session.get_one(Organisation, round.organisation_id).name = "Renamed"


def late_answers(session: Session, closed: Closed) -> None:
    """Rows that no close wrote."""
    session.add(Answer(round_id=closed.round_id, block="colleagues:doctor", ratings=bytes([1] * 18)))
    session.add(Comment(round_id=closed.round_id, question=SAID[0][1], family="colleagues", text="TOO-LATE"))


def forgotten(session: Session, closed: Closed) -> None:
    """The ratings go when their time is over."""
    session.exec(delete(Answer).where(col(Answer.round_id) == closed.round_id))


def to_organisation(session: Session, closed: Closed) -> None:
    operations.release_to_organisation(session, closed.round_id, by=closed.people["coordinator"], now=LATER)


def archived(session: Session, closed: Closed) -> None:
    rounds.mark(session, closed.round_id, "archive", by=rounds.SYSTEM, now=LATER)


def test_nothing_done_after_the_close_moves_a_byte_of_the_report(visitor: Desk):
    closed = closed_round({"doctor": 9, "nurse": 5, "admin": 2})
    coordinator = at(visitor, "coordinator").client
    reviewed(closed)
    before = rendered(coordinator, closed.report_id, files=False)
    with transaction() as session:
        kept = session.get_one(Report, closed.report_id).results
        settings_changed(session, closed)
    draft({"round_id": closed.round_id}, now=LATER)
    assert rendered(coordinator, closed.report_id, files=False) == before
    with transaction() as session:
        assert session.get_one(Report, closed.report_id).results == kept
    let_go(closed)

    practitioner = at(visitor, "practitioner").client
    first = rendered(practitioner, closed.report_id)
    assert b"TOO-LATE" not in first["page"]
    for actions in ((to_organisation, settings_changed, late_answers), (forgotten, archived)):
        with transaction() as session:
            for action in actions:
                action(session, closed)
        draft({"round_id": closed.round_id}, now=LATER)
        assert rendered(practitioner, closed.report_id) == first, actions
    assert rendered(at(visitor, "case_manager").client, closed.report_id)["json"] == first["json"]


NAMES = (
    "group",
    "block",
    "family",
    "k",
    "least",
    "from",
    "to",
    "rater",
    "detail",
    "format",
    "raw",
    "id",
    "lang",
    "sort",
)
VALUES = ("all", "2027-03-01", "' OR 1=1 --", "../../report.json", "\x00")


@pytest.mark.sqlite
def test_no_query_opens_another_slice_to_anybody(visitor: Desk):
    """Everything that is answered with 200 holds what it holds without a query, and no figure that is not kept."""
    closed = closed_round()
    released(closed)
    with transaction() as session:
        to_organisation(session, closed)
        parts = session.get_one(Report, closed.report_id).results["parts"]
    kept = {f"{cell['value']:.1f}" for part in parts for cell in part["cells"]} | {"4.5", "1.5"}
    report, round = f"/reports/{closed.report_id}", f"/rounds/{closed.round_id}"
    every = "&".join(f"{name}={value}" for name, value in product(NAMES, ("admin", "1")))
    queries = ["?" + every, *("?" + "&".join(f"{name}={value}" for name in NAMES) for value in VALUES)]
    asked = 0
    for role in ("coordinator", "case_manager", "practitioner"):
        client = at(visitor, role).client
        paths = [
            f"{report}.json",
            f"{report}.csv",
            f"{report}/charts/colleagues-domains.svg",
            "/rounds",
            round,
            "/reports",
        ]
        for path in [report, *paths]:
            plain = client.get(path)
            assert plain.status_code == 200, (role, path)
            for query in queries[:1] if path == report else queries:
                answer = client.get(path + query)
                asked += 1
                assert answer.status_code == 200 and still(answer.data) == still(plain.data), (role, path, query)
            if not path.endswith("svg"):
                assert set(re.findall(r"(?<![\d.])\d\.\d+", words_of(plain.text))) <= kept, (role, path)
        for name in ("colleagues-doctor", "colleagues-admin-domains", "colleagues-raters"):
            assert client.get(f"{report}/charts/{name}.svg").status_code == 404
        for tail in (".xlsx", ".sql", "/answers", "/raters", "/cells?block=admin"):
            assert client.get(report + tail).status_code == 404
    assert asked == 3 * (1 + 6 * len(queries))


def still(content: bytes) -> bytes:
    """A page without what is made anew for every request."""
    return re.sub(rb'name="csrf_token"[^>]*>', b"", content)


def words_of(html: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"<style.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL)
