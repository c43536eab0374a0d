"""Pages of the people who are asked, as practitioners, case managers and coordinators see them."""

import base64
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from msf.base.clock import utcnow
from msf.base.config import Settings
from msf.base.db import reading
from msf.base.keys import Keys
from msf.invitations import queries
from msf.invitations.models import Nominee
from msf.invitations.rules import read_token, token
from tests.pages import Visitor
from tests.rounds.desk import round_in, staffed


@pytest.fixture
def now() -> datetime:
    """The time as the app sees it."""
    return utcnow()


@pytest.fixture
def people(app: Flask) -> SimpleNamespace:
    """The cast, able to sign in."""
    return staffed()


def listed(round_id: str, family: str = "colleagues") -> dict[str, Nominee]:
    with reading() as session:
        return {row.address: row for row in queries.nominees_of(session, round_id, family=family).rows}


PERSON = {"name": "Dora Doctor", "address": "dora@example.org", "group": "doctor"}


def test_the_practitioner_proposes_reads_the_guidance_and_takes_somebody_back(
    page: Visitor, people: SimpleNamespace, now: datetime
) -> None:
    round_id = round_in(people, "nominating", now=now)
    page.sign_in("practitioner@example.org")
    shown = page.get(f"/rounds/{round_id}/nominees")
    assert "Nobody is on the list yet" in shown.text
    assert "Your organisation has added 6 more people, who are not shown here." in shown.text
    assert "add 5 more from “Doctors”" in shown.text
    assert "nurse0@example.org" not in shown.html
    shown = page.submit(PERSON, button="Add this person")
    assert "Dora Doctor is on the list." in shown.text
    assert "“Doctors” cannot reach five answers yet." in shown.text
    asked = page.get(shown.links["Remove Dora Doctor"])
    assert "Remove Dora Doctor?" in asked.text
    assert "dora@example.org" in listed(round_id)
    assert "is not on the list any more" in page.submit(button="Yes, remove").text
    assert "dora@example.org" not in listed(round_id)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "Enter the person’s name"),
    ({"name": "n" * 201}, "Shorten this to 200 characters"),
    ({"name": "null \x00"}, "Take out the characters that cannot be shown"),
    ({"name": "DR ANN LEE"}, "the practitioner’s own name"),
    ({"address": ""}, "Enter the person’s email address"),
    ({"address": "dora"}, "Enter an email address in the format"),
    ({"address": "practitioner@example.org"}, "the practitioner’s own address"),
    ({"address": "a@b.org\r\nBcc: c@d.org"}, "Take out the characters that cannot be shown"),
    ({"group": ""}, "Choose how they work together"),
    ({"group": "surgeon"}, "Choose from the list"),
]


@pytest.mark.sqlite
def test_a_proposal_with_something_wrong_comes_back_with_what_was_typed(
    page: Visitor, people: SimpleNamespace, now: datetime
) -> None:
    round_id = round_in(people, "nominating", now=now)
    page.sign_in("practitioner@example.org")
    url = f"/rounds/{round_id}/nominees"
    for wrong, words in WRONG:
        page.get(url)
        shown = page.post(url, {**PERSON, **wrong}, status=422)
        assert words in shown.text, wrong
        assert shown.title.startswith("Error:")
        if "name" not in wrong:
            assert shown.form(button="Add this person").fields["name"] == ["Dora Doctor"]
    assert len(listed(round_id)) == 6


@pytest.mark.sqlite
def test_markup_and_formulas_in_a_name_are_shown_as_words(
    page: Visitor, people: SimpleNamespace, now: datetime
) -> None:
    round_id = round_in(people, "nominating", now=now)
    page.sign_in("manager@example.org")
    page.get(f"/rounds/{round_id}/nominees")
    name = "=1+1 <script>alert(1)</script> ${7*7}"
    shown = page.submit({**PERSON, "name": name}, button="Add this person")
    assert name in shown.text
    assert "<script>alert" not in shown.html


def test_a_case_manager_rejects_with_a_reason_that_the_practitioner_reads(
    page: Visitor, visitor: Any, people: SimpleNamespace, now: datetime
) -> None:
    round_id = round_in(people, "nominating", now=now)
    owner = visitor()
    owner.sign_in("practitioner@example.org")
    owner.get(f"/rounds/{round_id}/nominees")
    owner.submit(PERSON, button="Add this person")
    page.sign_in("manager@example.org")
    deciding = page.get(page.get(f"/rounds/{round_id}/nominees").links["Decide about Dora Doctor"])
    assert "The practitioner" in deciding.text
    assert "Choose whether this person should be asked" in page.submit(status=422).text
    assert "Give a reason for the rejection" in page.submit({"decision": "reject"}, status=422).text
    page.submit({"decision": "reject", "reason": "On leave until June"})
    assert listed(round_id)["dora@example.org"].status == "rejected"
    assert "On leave until June" in owner.get(f"/rounds/{round_id}/nominees").text
    page.get(f"/rounds/{round_id}/nominees/{listed(round_id)['dora@example.org'].id}/decide")
    page.submit({"decision": "approve"})
    assert listed(round_id)["dora@example.org"].status == "approved"


def test_a_short_list_is_approved_after_a_warning(
    page: Visitor, visitor: Any, people: SimpleNamespace, now: datetime
) -> None:
    round_id = round_in(people, "nominating", now=now)
    owner = visitor()
    owner.sign_in("practitioner@example.org")
    owner.get(f"/rounds/{round_id}/nominees")
    owner.submit(PERSON, button="Add this person")
    owner.get(f"/rounds/{round_id}/approve", status=403)
    page.sign_in("manager@example.org")
    shown = page.get(f"/rounds/{round_id}/approve")
    assert "This list is short. You can approve it as it is" in shown.text
    assert "1 person is not decided" in shown.text
    assert "7 colleagues are chosen so far. About 20 are advised" in shown.text
    done = page.submit(button="Approve everybody and the list")
    assert "Approved, waiting to open." in done.text
    assert listed(round_id)["dora@example.org"].status == "approved"
    assert "The round has moved on" in page.get(f"/rounds/{round_id}/approve", status=409).text


def test_patients_are_pasted_one_a_line_and_every_wrong_line_is_named(
    page: Visitor, people: SimpleNamespace, now: datetime
) -> None:
    round_id = round_in(people, "nominating", now=now)
    page.sign_in("manager@example.org")
    page.get(f"/rounds/{round_id}/patients")
    pasted = "pat@example.org\n\nwrong\nnurse0@example.org\npat@example.org"
    shown = page.submit({"addresses": pasted}, button="Add these patients", status=422)
    assert "Line 3, wrong: This is not an email address we can write to." in shown.text
    assert "Line 4, nurse0@example.org: Somebody with this address is on the list already." in shown.text
    assert "Line 5, pat@example.org: This address is on line 1 already." in shown.text
    assert shown.form(button="Add these patients").fields["addresses"] == [pasted]
    assert listed(round_id, "patients") == {}
    done = page.submit({"addresses": "pat@example.org\r\nmat@example.org\n"}, button="Add these patients")
    assert "2 patients were added." in done.text
    assert set(listed(round_id, "patients")) == {"pat@example.org", "mat@example.org"}
    page.get(done.links["Change about pat@example.org"])
    page.submit({"decision": "reject", "reason": "Moved away"})
    assert listed(round_id, "patients")["pat@example.org"].status == "rejected"


def test_cards_are_made_early_and_printed_only_while_the_round_is_open(
    page: Visitor, people: SimpleNamespace, now: datetime, settings: Settings
) -> None:
    keys = Keys.at(settings.keys)
    early, round_id = round_in(people, "nominating", now=now), round_in(people, "open", now=now, keys=keys)
    page.sign_in("manager@example.org")
    page.get(f"/rounds/{early}/cards")
    assert "They can be printed while the round is open." in page.submit({"count": "5"}).text
    page.get(f"/rounds/{early}/cards/sheet", status=409)
    page.get(f"/rounds/{round_id}/cards")
    assert "Enter a whole number between 1 and 200" in page.submit({"count": "0"}, status=422).text
    shown = page.submit({"count": "25"})
    assert "Sheet 2, cards 25 to 25" in shown.text
    sheet = page.get(shown.links["Sheet 1, cards 1 to 24"])
    codes = [mark.text for mark in sheet.all("p") if mark.attrs.get("class") == "msf-card__code"]
    assert len(set(codes)) == 24
    with reading() as session:
        numbers = {place.n for place in queries.cards_of(session, round_id)}
    expected = {token(keys.tokens.read(round_id), n) for n in numbers}
    assert {read_token(code) for code in codes} < expected
    pictures = [image.attrs["src"] for image in sheet.all("img")]
    assert all(b"<svg" in base64.b64decode(source.partition("base64,")[2]) for source in pictures)
    assert "nurse0" not in sheet.html
    assert "There are no cards on this sheet" in page.get(f"/rounds/{round_id}/cards/sheet?page=9").text


@pytest.mark.sqlite
def test_the_practitioner_reaches_neither_patients_nor_cards_nor_decisions(
    page: Visitor, people: SimpleNamespace, now: datetime
) -> None:
    round_id = round_in(people, "nominating", now=now)
    nominee = next(iter(listed(round_id).values()))
    page.sign_in("practitioner@example.org")
    token = page.token()
    for path in ("/patients", "/cards", "/cards/sheet", "/approve", f"/nominees/{nominee.id}/decide"):
        page.get(f"/rounds/{round_id}{path}", status=403)
        if path != "/cards/sheet":
            assert page.client.post(f"/rounds/{round_id}{path}", data=token).status_code == 403
    page.get(f"/rounds/{round_id}/nominees/{nominee.id}/remove", status=404)


@pytest.mark.sqlite
def test_a_case_manager_whose_own_round_it_is_decides_nothing(
    page: Visitor, people: SimpleNamespace, now: datetime
) -> None:
    from sqlmodel import select

    from msf.accounts.models import Account, Role
    from msf.base.db import transaction

    round_id = round_in(people, "nominating", now=now)
    with transaction() as session:
        account = session.get(Account, people.practitioner.id)
        role = session.exec(select(Role).where(Role.name == "case_manager")).one()
        assert account is not None
        account.roles.append(role)
    nominee = next(iter(listed(round_id).values()))
    page.sign_in("practitioner@example.org")
    token = page.token()
    for path in ("/patients", "/cards", "/approve", f"/nominees/{nominee.id}/decide"):
        assert "Somebody else has to do this" in page.get(f"/rounds/{round_id}{path}", status=403).text
        answer = page.client.post(f"/rounds/{round_id}{path}", data={**token, "decision": "approve", "count": "1"})
        assert answer.status_code in (403, 409), path
    assert "Choose the colleagues to ask" in page.get(f"/rounds/{round_id}").text


@pytest.mark.sqlite
def test_a_late_person_is_written_to_at_once(
    page: Visitor, people: SimpleNamespace, now: datetime, settings: Settings
) -> None:
    round_id = round_in(people, "open", now=now, keys=Keys.at(settings.keys))
    page.sign_in("coordinator@example.org")
    assert "this person is written to as soon as you add them" in page.get(f"/rounds/{round_id}/nominees").text
    page.submit(PERSON, button="Add this person")
    with reading() as session:
        assert queries.invited_counts(session, round_id) == {"colleagues": {"doctor": 1, "nurse": 6}}
