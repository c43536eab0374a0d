"""Names and comments that would be code somewhere are words everywhere: on pages, in letters, PDF, CSV and JSON."""

import csv
import io
import json
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from msf.app import HANDLERS
from msf.base import queue
from msf.base.config import Settings
from msf.base.db import reading, transaction
from msf.base.keys import Keys
from msf.instruments import find
from msf.invitations import queries as invitations
from msf.invitations.rules import token, token_text
from msf.reports import operations as reports
from msf.reports import queries as shelf
from msf.reports.formats import files_of
from msf.respond import operations as door
from msf.rounds.models import Round
from tests.make import PASSWORD, Make
from tests.pages import Page, Visitor

NAME = "=1+1 <b>Robin</b> {{7*7}} #eval(1) $x$ ŵ"
ORGANISATION = "+Trust <i>& Sons</i> \\n *bold* _under_"
COMMENT = '=HYPERLINK("http://x.example") <script>alert(1)</script> #read("/etc/passwd") {{7*7}} ]] 🙂'
TAGS = ("<b>Robin", "<i>&", "<script>alert")


@pytest.fixture
def now() -> datetime:
    """Today, since pages read the clock."""
    return datetime.now(UTC)


def test_strange_words_stay_words_from_the_letter_to_the_report(
    app: Flask, page: Visitor, client: FlaskClient, make: Make, settings: Settings, now: datetime
) -> None:
    employer = make.organisation(ORGANISATION)
    practitioner = make.practitioner(NAME, at=employer)
    made = make.round("open", practitioner=practitioner, colleagues={"doctor": 5}, organisation_id=employer.id)
    queue.run_due(HANDLERS)
    _letters(settings)
    _answers(client, settings, made.id)
    _released(make, settings, made.id, now)
    _files(page, practitioner.email, made.id)
    _pages(page, made.id)


def _letters(settings: Settings) -> None:
    found = list(Path(settings.mail.removeprefix("folder:")).glob("*.eml"))
    assert len(found) == 5
    for path in found:
        mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        html = mail.get_body(("html",)).get_content()
        assert not [tag for tag in TAGS if tag in html]
        assert "{{7*7}}" in html
        assert "{{7*7}}" in str(mail["Subject"])
        assert str(mail["To"]).endswith("@northvale.example")


def _answers(client: FlaskClient, settings: Settings, round_id: str) -> None:
    secret = Keys.at(settings.keys).tokens.read(round_id)
    with reading() as session:
        codes = [token_text(token(secret, place.n)) for place in invitations.places(session, round_id)]
    ratings = {f"item.{item}": "4" for item in find("doctor-colleagues").item_ids}
    for place, code in enumerate(codes):
        form = client.post("/give", data={"code": code})
        assert not [tag for tag in TAGS if tag.encode() in form.data]
        words = {"text.does_well": COMMENT} if place == 0 else {}
        sent = {"code": code, "receipt": f"abcdefgh00{place:02}", "step": "send", **ratings, **words}
        assert client.post("/give", data=sent).status_code == 200


def _released(make: Make, settings: Settings, round_id: str, now: datetime) -> None:
    moderator, reviewer, guide = (make.account(role) for role in ("moderator", "quality_reviewer", "facilitator"))
    by = {"by": make.coordinator.id, "now": now}
    with transaction() as session:
        door.close_round(session, round_id, keys=Keys.at(settings.keys), **by)
    queue.run_due(HANDLERS)
    with transaction() as session:
        (comment,) = shelf.moderated(session, session.get_one(Round, round_id))
        assert comment.text == COMMENT
        reports.decide_comment(session, round_id, comment.id, decision="release", by=moderator.id, now=now)
        reports.finish_moderation(session, round_id, by=moderator.id, now=now)
        reports.review_report(session, round_id, by=reviewer.id, now=now)
        row, report = session.get_one(Round, round_id), shelf.report_of(session, round_id)
        found = shelf.opened_of(session, report, row, facilitator=guide.name)
        files = files_of(found.document, found.parts, found.facts)
        reports.release_to_practitioner(session, round_id, facilitator_id=guide.id, files=files, **by)


def _files(page: Visitor, email: str, round_id: str) -> None:
    page.get("/sign-in")
    page.client.post("/sign-in", data={**page.token(), "email": email, "password": PASSWORD})
    with reading() as session:
        report = shelf.report_of(session, round_id).id
    pdf = page.client.get(f"/reports/{report}.pdf").data
    printed = " ".join("".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages).split())
    assert NAME in printed
    assert "/etc/passwd" in printed
    assert "{{7*7}} ]]" in printed
    assert json.loads(page.client.get(f"/reports/{report}.json").data)["practitioner"] == NAME
    sheet = page.client.get(f"/reports/{report}.csv").data.decode("utf-8-sig")
    assert not [cell for row in csv.reader(io.StringIO(sheet)) for cell in row if cell.startswith(("=", "+", "-", "@"))]


def _pages(page: Visitor, round_id: str) -> None:
    for path in ("/rounds", f"/rounds/{round_id}", "/account", f"/rounds/{round_id}/report"):
        answer = page.client.get(path, follow_redirects=True)
        shown = Page(answer.text, url=path, status=answer.status_code)
        assert [found for found in shown.problems() if not found.startswith("left over")] == []
        assert not [tag for tag in TAGS if tag in answer.text]
        assert NAME in shown.text
    assert COMMENT in shown.text
