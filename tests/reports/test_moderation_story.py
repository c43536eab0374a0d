"""From what was found in comments to what is printed: marked, cut, withheld by two, sealed for appeals, and gone."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from msf.accounts import operations as accounts
from msf.accounts.models import Account
from msf.base.audit import AuditEvent
from msf.base.config import Settings, current
from msf.base.db import Database, reading, transaction
from msf.base.keys import LASTING, Keys
from msf.base.retention import Tenant
from msf.reports import operations, queries
from msf.reports.formats import data_files
from msf.reports.jobs import scrub_comments
from msf.reports.models import CommentReview
from msf.reports.operations.forgetting import forget_originals
from msf.reports.operations.parties import words_mark
from msf.reports.rules.moderation import NotForYou, Unconfirmed
from msf.responses.models import Comment, Finding
from msf.responses.rules.findings import RoundNames, find_in
from msf.rounds.models import Round
from tests.pages import Visitor
from tests.reports.closed import HASH, NOW, Closed, closed_round, jobs
from tests.reports.samples import COLLEAGUES, PATIENTS

pytestmark = pytest.mark.usefixtures("app")

NAMING = "Ask Ann Lee on 3 May, as her registrar."
DANGER = "He hit a patient & laughed."
CALM = "Stays calm."
SAID = (
    ("colleagues", f"{COLLEAGUES}:does_well", NAMING),
    ("colleagues", f"{COLLEAGUES}:could_be_better", DANGER),
    ("patients", f"{PATIENTS}:did_well", CALM),
)


def closed_with_findings(said: tuple[tuple[str, str, str], ...] = SAID) -> Closed:
    """A closed round whose comments were searched as they are at the close."""
    closed = closed_round(said=said)
    names = RoundNames.of([("Ann Lee", "ann.lee@northvale.example")])
    with transaction() as session:
        for comment in session.exec(select(Comment)).all():
            for span in find_in(comment.text, names):
                session.add(Finding(comment_id=comment.id, starts=span.start, ends=span.end, kind=span.kind))
    return closed


def at(visitor: Callable[[], Visitor], role: str) -> Visitor:
    desk = visitor()
    desk.sign_in(f"{role}@example.org")
    return desk


def id_of(text: str) -> str:
    with reading() as session:
        return session.exec(select(Comment.id).where(Comment.text == text)).one()


def deeds(session: Session, *actions: str) -> list[AuditEvent]:
    return list(session.exec(select(AuditEvent).where(col(AuditEvent.action).in_(actions))))


def withhold(moderator: Visitor, base: str, comment_id: str) -> None:
    moderator.get(f"{base}/comments/{comment_id}")
    moderator.submit({"decision": "withhold", "reason": "Told to the safety team."})


def finish(moderator: Visitor, base: str) -> None:
    moderator.get(f"{base}/comments/finish")
    moderator.submit(button="Yes, finish")


def read_comments(moderator: Visitor, base: str, danger: str) -> None:
    """The moderator cuts what was marked, withholds what tells of danger, and releases the rest."""
    page = moderator.get(f"{base}/comments")
    sections = [section.text for section in page.all("section")]
    assert "Read this first" in sections[0] and "hit a (danger or harm)" in sections[0]
    assert "1 comment speaks of danger" in page.text and "patient safety or safeguarding lead" in page.text
    assert [mark.text for mark in page.all("mark")].count("Ann Lee (name)") == 1
    naming = id_of(NAMING)
    page = moderator.get(f"{base}/comments/{naming}")
    boxes = {box.attrs["value"]: box for box in page.all("input") if box.attrs.get("name") == "found"}
    assert list(boxes) == ["4-11", "15-20", "22-38"]
    page = moderator.submit({"decision": "release", "found": ["4-11"]}, status=422)
    assert "You marked words to remove" in page.text
    moderator.submit({"decision": "redact", "found": ["0-3"]}, status=422)
    moderator.get(f"{base}/comments/{naming}")
    page = moderator.submit({"decision": "redact", "spans": NAMING}, status=422)
    assert "Withhold it instead" in page.text
    moderator.get(f"{base}/comments/{naming}")
    page = moderator.submit({"decision": "redact", "found": ["4-11", "15-20"], "spans": "her registrar"})
    assert "Ask [removed] on [removed], as [removed]." in page.text and "2 comments left" in page.text
    withhold(moderator, base, danger)
    moderator.get(f"{base}/comments")
    moderator.submit(button=next(b for form in moderator.here.forms for b in form.buttons if b.startswith("Release")))
    finish(moderator, base)


def second_look(reviewer: Visitor, moderator: Visitor, closed: Closed, base: str, danger: str) -> None:
    """The reviewer cannot go on, sends the withheld comment back, and agrees the second time; no decider may."""
    page = reviewer.get(f"{base}/review")
    assert DANGER.split(" a ")[1] in page.text and "Told to the safety team." in page.text
    with pytest.raises(Unconfirmed), transaction() as session:
        operations.review_report(session, closed.round_id, by=closed.people["quality_reviewer"], now=NOW)
    reviewer.get(f"{base}/review/comments/{danger}/return")
    reviewer.submit(button="Yes, send it back")
    assert "1 comment left to decide, 2 of 3 decided" in moderator.get(f"{base}/comments").text
    withhold(moderator, base, danger)
    finish(moderator, base)
    with pytest.raises(NotForYou), transaction() as session:
        operations.confirm_withheld(session, closed.round_id, danger, by=closed.people["moderator"], now=NOW)
    reviewer.get(f"{base}/review")
    page = reviewer.submit(button="Agree that comment 1 is withheld")
    reviewer.submit({"checks": ["people", "small", "comments", "bearable"]}, action=f"{base}/review")


def test_what_is_cut_is_agreed_by_two_and_kept_sealed_for_appeals_only(
    visitor: Callable[[], Visitor], database: Database, settings: Settings
):
    closed = closed_with_findings()
    base, danger = f"/rounds/{closed.round_id}", id_of(DANGER)
    moderator, reviewer = at(visitor, "moderator"), at(visitor, "quality_reviewer")
    naming = id_of(NAMING)
    read_comments(moderator, base, danger)
    second_look(reviewer, moderator, closed, base, danger)
    moderator.get(f"{base}/comments/{danger}/original", status=410)
    release(closed)

    with reading() as session:
        texts = {comment.id: comment.text for comment in session.exec(select(Comment))}
        assert texts[danger] == "" and texts[naming] == "Ask [removed] on [removed], as [removed]."
        assert session.exec(select(Finding)).all() == []
        kept = {review.comment_id for review in session.exec(select(CommentReview)) if review.original}
        assert kept == {danger, naming}
        events = deeds(session, "comment.decided")
        marks = {event.details["original"] for event in events}
        assert words_mark(danger, DANGER) in marks and hashlib.sha256(DANGER.encode()).hexdigest() not in marks
        assert {event.actor for event in deeds(session, "comment.sent_back", "comment.confirmed")} == {
            closed.people["quality_reviewer"]
        }
        assert deeds(session, "round.read_again") != []
    assert len(jobs("reports.scrub_comments")) == 1
    scrub_comments({}, now=NOW)
    if database.sqlite:
        assert not [path for path in files(settings.home) if b"laughed" in path.read_bytes()]
    appeal(moderator, closed, base, danger)


def release(closed: Closed) -> None:
    """Release the report with a stand-in for its PDF; what is printed holds nothing that was cut."""
    with transaction() as session:
        session.get_one(Round, closed.round_id).asked_staff = [closed.people["quality_reviewer"]]
        seen = queries.opened_of(
            session, queries.report_of(session, closed.round_id), session.get_one(Round, closed.round_id)
        )
        operations.release_to_practitioner(
            session,
            closed.round_id,
            facilitator_id=closed.people["facilitator"],
            files={"pdf": b"%PDF"} | data_files(seen.parts, seen.facts),
            by=closed.people["coordinator"],
            now=NOW,
        )
    with reading() as session:
        said = {said.text for said in queries.printed(session, queries.report_of(session, closed.round_id), seen.parts)}
    assert {"Ask [removed] on [removed], as [removed].", CALM} <= said and not any("laughed" in text for text in said)


def files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file() and "templates" not in path.parts]


def appeal(moderator: Visitor, closed: Closed, base: str, danger: str) -> None:
    """A moderator reads the original for one of a few reasons, which is recorded; once deleted, nobody does."""
    page = moderator.get(f"{base}/comments")
    assert "laughed" not in page.text and any("Read the original" in words for words in page.links)
    moderator.get(f"{base}/comments/{danger}/original")
    moderator.submit({}, status=422)
    page = moderator.submit({"why": "practitioner"})
    assert DANGER in page.text
    with reading() as session:
        (event,) = deeds(session, "comment.original_read")
        assert event.details == {"reason": "practitioner", "original": words_mark(danger, DANGER)}
    store = Keys.at(current().keys).kind("appeals")
    kept = store.read(LASTING)
    for other in (b"", b"another key of thirty-two bytes!"):
        store.destroy(LASTING)
        if other:
            store.write(LASTING, other)
        moderator.get(f"{base}/comments/{danger}/original")
        moderator.submit({"why": "law"}, status=503)
        assert store.has(LASTING) == bool(other)  # no new one takes the place in which the copy is put back
    store.replace(LASTING, kept)
    with pytest.raises(NotForYou), transaction() as session:
        by = closed.people["quality_reviewer"]  # who was asked to answer in this round
        operations.read_original(session, closed.round_id, danger, reason="law", by=by, now=NOW)
    with transaction() as session:
        own = session.get_one(Round, closed.round_id).organisation_id
        later = NOW + timedelta(days=100)
        forget_originals(session, [Tenant(own, "", "Europe/London")], now=later, dry=False)
        session.expire_all()
        assert session.get_one(Round, closed.round_id).asked_staff == []
    moderator.get(f"{base}/comments/{danger}/original")
    moderator.submit({"why": "law"}, status=410)


def agree_as_another_moderator(closed: Closed, visitor: Callable[[], Visitor], base: str) -> None:
    """One moderator withholds a comment and finishes; another one agrees on the page of comments."""
    by = closed.people["moderator"]
    with transaction() as session:
        round = session.get_one(Round, closed.round_id)
        for number, comment in enumerate(queries.moderated(session, round, reader=by)):
            decision = "release" if number else "withhold"
            operations.decide_comment(
                session, closed.round_id, comment.id, decision=decision, reason="Unkind.", by=by, now=NOW
            )
        operations.finish_moderation(session, closed.round_id, by=by, now=NOW)
        accounts.create_account(
            session,
            organisation_id=session.get_one(Account, by).organisation_id,
            name="Second moderator",
            email="second@example.org",
            roles=["moderator"],
            password=None,
        ).password = HASH
    assert not [
        form for form in at(visitor, "moderator").get(base).forms if form.buttons and "Agree" in form.buttons[0]
    ]
    second = at(visitor, "second")
    pages = [second.get(f"{base}?page={number}") for number in (1, 2)]
    page = next(page for page in pages if "Unkind." in page.text)
    second.get(page.url + f"?page={pages.index(page) + 1}")
    button = next(b for form in page.forms for b in form.buttons if b.startswith("Agree"))
    second.submit(button=button)
    with reading() as session:
        assert not any(each.unconfirmed for each in queries.moderated(session, session.get_one(Round, closed.round_id)))


@pytest.mark.sqlite
def test_each_reader_has_an_order_of_their_own_on_pages_and_no_part_in_the_round(visitor: Callable[[], Visitor]):
    said = tuple(("colleagues", f"{COLLEAGUES}:does_well", f"Calm, remark {number:02}.") for number in range(30))
    closed = closed_with_findings(said)
    base = f"/rounds/{closed.round_id}/comments"

    def order(reader: str) -> list[str]:
        with reading() as session:
            round = session.get_one(Round, closed.round_id)
            return [comment.id for comment in queries.moderated(session, round, reader=reader)]

    assert order("one") == order("one") != order("two") and sorted(order("one")) == sorted(order("two"))
    assert order("one") != sorted(order("one"))
    moderator = at(visitor, "moderator")
    first, second = moderator.get(base), moderator.get(f"{base}?page=2")
    assert (len(first.all("section")), len(second.all("section"))) == (20, 10)
    mine = order(closed.people["moderator"])
    assert [section.attrs["id"] for section in second.all("section")] == [f"comment-{id}" for id in mine[20:]]
    page = moderator.get(f"{base}/{mine[1]}")
    assert page.links["Next comment"].endswith(mine[2]) and page.links["Previous comment"].endswith(mine[0])
    agree_as_another_moderator(closed, visitor, base)
    with transaction() as session:
        session.get_one(Round, closed.round_id).asked_staff = [closed.people["moderator"]]
    moderator.get(base, status=403)
    moderator.get(f"{base}/{mine[1]}", status=403)
    desk, preview = at(visitor, "coordinator"), f"/rounds/{closed.round_id}/report"
    assert "preview" in desk.get(preview).text.lower()
    with transaction() as session:
        session.get_one(Round, closed.round_id).asked_staff = [
            closed.people["moderator"],
            closed.people["coordinator"],
        ]
    desk.get(preview, status=403)
    with pytest.raises(NotForYou), transaction() as session:
        operations.decide_comment(
            session,
            closed.round_id,
            mine[1],
            decision="release",
            by=closed.people["moderator"],
            now=NOW + timedelta(days=1),
        )
