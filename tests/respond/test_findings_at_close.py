"""The close searches every comment for the people of the round, and notes which staff were asked themselves."""

from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlmodel import Session, select

from msf.base.config import Settings
from msf.base.db import reading, transaction
from msf.invitations.models import Invitation
from msf.respond import operations
from msf.responses.models import Comment, Finding
from msf.responses.queries import comments_of, findings_of
from msf.rounds.models import Round
from tests.faults.children import form
from tests.respond.rounds import open_round

NOW = datetime.now(UTC)
SAID = (
    "Robin kept Kit in the picture.",
    "Ask Maura Quigley-Dunne, or MQD.",
    "maura.quigley7 has the mail",
    "Nothing to add.",
)


def test_the_close_finds_the_people_of_the_round_and_the_staff_who_were_asked(client: FlaskClient, settings: Settings):
    opened = open_round(settings, now=NOW)
    with transaction() as session:
        organisation = session.get_one(Round, opened.id).organisation_id
        for n, (name, address) in enumerate(
            [("Maura Quigley-Dunne", "maura.quigley7@northvale.example"), ("Kit C", "KIT@service.example")], start=50
        ):
            of = {"organisation_id": organisation, "round_id": opened.id, "n": n, "family": "colleagues"}
            session.add(Invitation(**of, group="doctor", name=name, address=address))
    for number, code in enumerate(opened.of("colleagues", "doctor")):
        sent = form(code, f"abcdefgh001{number}") | {"text.does_well": SAID[number % len(SAID)]}
        assert client.post("/give", data=sent).status_code == 200
    with transaction() as session:
        operations.close_round(session, opened.id, keys=opened.keys, by=opened.coordinator, now=NOW)
    with reading() as session:
        assert session.get_one(Round, opened.id).asked_staff == [opened.coordinator]
        comments, found = comments_of(session, opened.id), findings_of(session, opened.id)
        told = {
            comment.text: [(comment.text[span.start : span.end], span.kind) for span in found.get(comment.id, ())]
            for comment in comments
        }
        assert in_order(session)
    assert told == {
        SAID[0]: [("Robin", "practitioner"), ("Kit", "name")],
        SAID[1]: [("Maura Quigley-Dunne", "name"), ("MQD", "name")],
        SAID[2]: [("maura.quigley7", "name")],
        SAID[3]: [],
    }


def in_order(session: Session) -> bool:
    """Whether findings lie in the order of the comments’ random ids, so that they tell no other one."""
    rows = [row.comment_id for row in session.exec(select(Finding))]
    ids = list(session.exec(select(Comment.id)))
    return len(ids) == 8 and rows == sorted(rows)
