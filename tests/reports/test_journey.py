"""A report from the close to the release, in its order, by the people whose step it is, on both databases."""

import hashlib
import io
import json
from collections.abc import Callable

import pypdf
import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from msf.base.audit import AuditEvent
from msf.base.config import Settings
from msf.base.db import reading, transaction
from msf.base.mail import caught
from msf.reports import operations
from msf.reports.formats import data_files
from msf.reports.jobs import draft, tell_released
from msf.reports.models import Report, ReportFile
from msf.reports.queries import opened_of, report_of
from msf.reports.rules.moderation import NotForYou, Unfinished
from msf.rounds.models import Round
from msf.rounds.rules import WrongState
from tests.pages import Visitor
from tests.reports.closed import NOW, SAID, Closed, closed_round, jobs

pytestmark = pytest.mark.usefixtures("app")
Desk = Callable[[], Visitor]


def at(visitor: Desk, role: str) -> Visitor:
    """A visitor signed in with this role."""
    desk = visitor()
    desk.sign_in(f"{role}@example.org")
    return desk


def state(closed: Closed) -> str:
    """Where the round is."""
    with reading() as session:
        return session.get_one(Round, closed.round_id).state


def decide_all(closed: Closed, decision: str = "release") -> None:
    """Decide on every comment as the moderator, and finish."""
    from msf.reports.queries import readable_comments

    by = closed.people["moderator"]
    with transaction() as session:
        for comment in readable_comments(session, session.get_one(Round, closed.round_id)):
            operations.decide_comment(
                session, closed.round_id, comment.id, decision=decision, reason="unkind", by=by, now=NOW
            )
        operations.finish_moderation(session, closed.round_id, by=by, now=NOW)


def released(closed: Closed) -> None:
    """Take the report to its release to the practitioner, with its data files and a stand-in for the PDF."""
    decide_all(closed)
    people = closed.people
    with transaction() as session:
        operations.review_report(session, closed.round_id, by=people["quality_reviewer"], now=NOW)
        seen = opened_of(session, report_of(session, closed.round_id), session.get_one(Round, closed.round_id))
        operations.release_to_practitioner(
            session,
            closed.round_id,
            facilitator_id=people["facilitator"],
            files={"pdf": b"%PDF"} | data_files(seen.parts, seen.facts),
            by=people["coordinator"],
            now=NOW,
        )


def test_the_whole_way_in_the_browser(visitor: Desk, settings: Settings):
    closed = closed_round()
    base, report = f"/rounds/{closed.round_id}", f"/reports/{closed.report_id}"

    moderator = at(visitor, "moderator")
    page = moderator.get(f"{base}/comments")
    assert "3 comments left to decide" in page.text and "<b>" not in [e.tag for e in page.all("b")]
    assert "4.5 or higher" not in page.text and "out of 5" not in page.text
    link = next(href for words, href in page.links.items() if words.startswith("Remove words"))
    for href in [href for words, href in page.links.items() if words.startswith("Remove words")]:
        if "Ann Lee" in moderator.get(href).text:
            link = href
    moderator.get(link)
    page = moderator.submit({"decision": "redact", "spans": "Ann Lee\nBob", "reason": "kept"}, status=422)
    assert "not in the comment: “Bob”" in page.text and "Ann Lee\nBob" in page.html
    page = moderator.submit({"decision": "redact", "spans": "Ann Lee"})
    assert "[removed] says: calm" in page.text
    for text in ("WITHHOLD-ME", "شرح"):
        panel = next(each for each in page.all("section") if text in each.text)
        href = next(each.attrs["href"] for each in panel.all("a"))
        moderator.get(href)
        page = moderator.submit(
            {"decision": "withhold", "reason": "Unkind"} if text == "WITHHOLD-ME" else {"decision": "release"}
        )
    moderator.get(f"{base}/comments/finish")
    moderator.submit(button="Yes, finish")
    assert state(closed) == "moderated"

    reviewer = at(visitor, "quality_reviewer")
    page = reviewer.get(report)
    assert "Preview" in page.text and "[removed] says: calm" in page.text
    reviewer.get(f"{report}.pdf", status=409)
    page = reviewer.get(f"{base}/review")
    assert "WITHHOLD-ME" in page.text and "Reason: Unkind" in page.text
    reviewer.submit({"checks": ["people", "small"]}, action=f"{base}/review", status=422)
    everything = {"checks": ["people", "small", "comments", "bearable"]}
    page = reviewer.submit(everything, action=f"{base}/review", status=409)
    assert "need a second person" in page.heading
    reviewer.get(f"{base}/review")
    page = reviewer.submit(button="Agree that comment 1 is withheld")
    assert "A second person agreed" in page.text
    reviewer.submit(everything, action=f"{base}/review")
    assert state(closed) == "reviewed"
    practitioner = at(visitor, "practitioner")
    practitioner.get(report, status=404)
    assert "no report to read yet" in practitioner.get("/reports").text

    coordinator = at(visitor, "coordinator")
    coordinator.get(f"{base}/release")
    coordinator.submit({"facilitator_id": ""}, status=422)
    coordinator.submit({"facilitator_id": closed.people["facilitator"]})
    assert state(closed) == "released_practitioner"

    for payload in jobs("reports.tell_released"):
        tell_released(payload, now=NOW)
    letters = caught(settings.home / "mail")
    assert [letter.to for letter in letters] == ["practitioner@example.org"]
    assert report in letters[0].text and "facilitator" in letters[0].text

    page = practitioner.get(report)
    assert "Feedback for Dr practitioner" in page.heading
    check_files(practitioner, closed, page.text)
    for image in page.all("img"):
        answer = practitioner.client.get(image.attrs["src"])
        assert (answer.status_code, answer.content_type) == (200, "image/svg+xml; charset=utf-8")
    at(visitor, "facilitator").get(report)
    manager = at(visitor, "case_manager")
    manager.get(report, status=404)

    coordinator.get(f"{base}/release")
    coordinator.submit(button="Release to the organisation")
    assert state(closed) == "released_organisation"
    manager.get(report)
    coordinator.get(f"{base}/release/void")
    coordinator.submit({"reason": "The wrong people were asked."})
    for person in (practitioner, manager, coordinator):
        assert "wrong people were asked" in person.get(report, status=410).text
    assert "released and then made void" in practitioner.get(f"{report}.pdf", status=410).text


def check_files(practitioner: Visitor, closed: Closed, page: str) -> None:
    """The released files say what the page says, match their hashes, and hold nothing that was withheld."""
    with reading() as session:
        files = {file.name: file for file in session.exec(select(ReportFile))}
    fetched = {}
    for ending in ("pdf", "json", "csv"):
        answer = practitioner.client.get(f"/reports/{closed.report_id}.{ending}")
        assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
        assert hashlib.sha256(answer.data).hexdigest() == files[f"report.{ending}"].sha256
        fetched[ending] = answer.data
    text = "".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(fetched["pdf"])).pages)
    assert json.loads(fetched["json"])["practitioner"] == "Dr practitioner"
    for words in (page, text, fetched["json"].decode(), fetched["csv"].decode()):
        assert "WITHHOLD-ME" not in words and "Ann Lee" not in words
    assert "[removed] says: calm, and =SUM(1) <b>bold</b>." in " ".join(text.split())
    with reading() as session:
        seen = [
            event.details["format"] for event in session.exec(select(AuditEvent)) if event.action == "report.viewed"
        ]
    assert {"page", "pdf", "json", "csv"} <= set(seen)


def test_every_wrong_order_is_refused(database):
    closed = closed_round()
    people, round_id = closed.people, closed.round_id

    def review() -> None:
        with transaction() as session:
            operations.review_report(session, round_id, by=people["quality_reviewer"], now=NOW)

    def release() -> None:
        with transaction() as session:
            operations.release_to_practitioner(
                session, round_id, facilitator_id=people["facilitator"], files={}, by=people["coordinator"], now=NOW
            )

    def organisation() -> None:
        with transaction() as session:
            operations.release_to_organisation(session, round_id, by=people["coordinator"], now=NOW)

    def void() -> None:
        with transaction() as session:
            operations.void_report(session, round_id, reason="Wrong", by=people["coordinator"], now=NOW)

    def finish() -> None:
        with transaction() as session:
            operations.finish_moderation(session, round_id, by=people["moderator"], now=NOW)

    def refused(*steps: Callable[[], None]) -> None:
        before = state(closed)
        for step in steps:
            with pytest.raises(WrongState):
                step()
        assert state(closed) == before

    refused(review, release, organisation, void)
    with pytest.raises(Unfinished):
        finish()
    decide_all(closed)
    refused(finish, release, organisation, void)
    review()
    refused(finish, review, organisation, void)
    release()
    refused(finish, review, release)
    organisation()
    refused(finish, review, release, organisation)
    void()
    refused(finish, review, release, organisation, void)


def test_who_read_the_comments_may_not_check_the_report_nor_touch_them_again(database):
    closed = closed_round()
    decide_all(closed)
    by = closed.people["moderator"]
    with pytest.raises(NotForYou), transaction() as session:
        operations.review_report(session, closed.round_id, by=by, now=NOW)
    with reading() as session:
        from msf.reports.queries import readable_comments

        comment = readable_comments(session, session.get_one(Round, closed.round_id))[0]
    with pytest.raises(WrongState), transaction() as session:
        operations.undo_decision(session, closed.round_id, comment.id, by=by, now=NOW)


def test_a_second_draft_changes_nothing(database):
    closed = closed_round()
    with reading() as session:
        before = session.get_one(Report, closed.report_id).model_dump()
    draft({"round_id": closed.round_id}, now=NOW)
    with reading() as session:
        assert session.get_one(Report, closed.report_id).model_dump() == before


def test_comments_of_a_withheld_family_reach_neither_moderator_nor_report(visitor: Desk):
    closed = closed_round(patients=3)
    page = at(visitor, "moderator").get(f"/rounds/{closed.round_id}/comments")
    assert SAID[2][2] not in page.text and "WITHHOLD-ME" in page.text
    decide_all(closed)
    page = at(visitor, "coordinator").get(f"/reports/{closed.report_id}")
    assert SAID[2][2] not in page.text and "Fewer than five patients answered" in page.text


def test_without_comments_the_round_moves_on_by_itself(database):
    assert state(closed_round(said=())) == "moderated"


STRANGERS = (
    "far_coordinator",
    "far_quality_reviewer",
    "far_facilitator",
    "far_case_manager",
    "far_practitioner",
    "colleague",
)


@pytest.mark.sqlite
def test_strangers_find_nothing(visitor: Desk):
    closed = closed_round()
    released(closed)
    for role in STRANGERS:
        desk = at(visitor, role)
        for tail in ("", ".pdf", ".json", ".csv", "/charts/colleagues-domains.svg"):
            desk.get(f"/reports/{closed.report_id}{tail}", status=404)
        assert closed.report_id not in desk.get("/reports").html
    far = at(visitor, "far_moderator")
    far.get(f"/rounds/{closed.round_id}/comments", status=404)
    coordinator = at(visitor, "far_coordinator")
    coordinator.get(f"/rounds/{closed.round_id}/release", status=404)
    at(visitor, "moderator").get(f"/reports/{closed.report_id}", status=403)


@pytest.mark.sqlite
def test_nobody_sees_it_before_its_time(visitor: Desk):
    closed = closed_round()
    for role in ("practitioner", "case_manager", "facilitator"):
        at(visitor, role).get(f"/reports/{closed.report_id}", status=404)
    released(closed)
    for role, status in (("practitioner", 200), ("facilitator", 200), ("case_manager", 404)):
        at(visitor, role).get(f"/reports/{closed.report_id}", status=status)


@pytest.mark.sqlite
def test_the_released_page_stays_the_same_whatever_comes_after(visitor: Desk):
    closed = closed_round()
    released(closed)
    practitioner = at(visitor, "practitioner")

    def body() -> list[str]:
        return [part.text for part in practitioner.get(f"/reports/{closed.report_id}").all("article")]

    before = body()
    with transaction() as session:
        operations.release_to_organisation(session, closed.round_id, by=closed.people["coordinator"], now=NOW)
        for name in ("practitioner", "facilitator"):
            from msf.accounts.models import Account

            session.get_one(Account, closed.people[name]).name = "Renamed"
    assert body() == before


def test_a_file_of_no_format_is_not_found(client: FlaskClient, visitor: Desk):
    closed = closed_round()
    released(closed)
    desk = at(visitor, "practitioner")
    desk.get(f"/reports/{closed.report_id}.exe", status=404)
    desk.get(f"/reports/{closed.report_id}/charts/none.svg", status=404)
