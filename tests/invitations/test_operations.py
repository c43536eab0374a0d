"""Proposing, deciding and inviting: what is refused with which words, who may do it, and what stays unsaid."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import Session, select

from msf.base.audit import AuditEvent
from msf.base.errors import NotFound, Refusal
from msf.base.queue import Job
from msf.invitations import operations, queries
from msf.invitations.models import Invitation, Nominee
from msf.invitations.rules import AlreadyAsked, LinesRefused, NomineeRefused, NoPlaceLeft, NotYoursToDecide, TooFewAsked
from msf.rounds.models import Round
from msf.rounds.operations import approve_round, mark_open
from msf.rounds.rules import RoundRefused, WrongState
from tests.rounds.people import a_round


def nominate(session: Session, round: Round, by: Any, now: datetime, **facts: Any) -> Nominee:
    wanted: dict[str, Any] = {
        "family": "colleagues",
        "group": "nurse",
        "name": "Nina Nurse",
        "address": "nina@example.org",
        "origin": "practitioner" if by.id == round.practitioner_id else "organisation",
    }
    return operations.nominate(session, round.id, by=by.id, now=now, **(wanted | facts))


def crowd(session: Session, round: Round, people: SimpleNamespace, now: datetime) -> None:
    """Five approved nurses, so that the round asks enough of them."""
    for number in range(5):
        nominate(session, round, people.manager, now, name=f"Nurse {number}", address=f"nurse{number}@example.org")


def open_now(session: Session, round: Round, people: SimpleNamespace, now: datetime, *, pool: int = 260) -> list[str]:
    approve_round(session, round.id, by=people.manager.id, now=now)
    mark_open(session, round.id, seal_public=b"p" * 32, pool=pool, by="system", now=now)
    return operations.invite_approved(session, round.id, now=now)


def letters(session: Session) -> list[str]:
    jobs = session.exec(select(Job).where(Job.kind == "invitations.send")).all()
    return [job.payload["invitation_id"] for job in jobs]


def test_the_practitioner_proposes_and_the_organisation_decides(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    proposed = nominate(session, round, people.practitioner, now, name="  Nina\tNurse ", address=" Nina@Example.ORG ")
    assert (proposed.name, proposed.address, proposed.status) == ("Nina Nurse", "nina@example.org", "proposed")
    operations.decide(session, proposed.id, approve=True, reason=None, by=people.manager.id, now=now)
    added = nominate(session, round, people.manager, now, address="adam@example.org", name="Adam Admin", group="admin")
    assert (proposed.status, added.status, added.origin) == ("approved", "approved", "organisation")
    assert queries.origin_counts(session, round.id) == {"colleagues": {"organisation": 1, "practitioner": 1}}


@pytest.mark.parametrize("first", ["practitioner", "manager"])
def test_a_person_whom_both_sides_propose_is_agreed_and_approved(
    session: Session, people: SimpleNamespace, round: Round, now: datetime, first: str
) -> None:
    order = ["practitioner", "manager"] if first == "practitioner" else ["manager", "practitioner"]
    for key in order:
        found = nominate(session, round, getattr(people, key), now)
    assert (found.origin, found.status) == ("agreed", "approved")
    assert len(session.exec(select(Nominee)).all()) == 1
    for key in order:
        with pytest.raises(NomineeRefused, match="on the list already"):
            nominate(session, round, getattr(people, key), now)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "name"),
    ({"name": " \n "}, "name"),
    ({"name": "n" * 201}, "name"),
    ({"name": "null \x00 byte"}, "name"),
    ({"name": "turned \u202e round"}, "name"),
    ({"name": "escape \x1b[31m"}, "name"),
    ({"name": "dr  ANN lee"}, "name"),
    ({"address": "practitioner@example.org"}, "address"),
    ({"address": "Practitioner@Example.org"}, "address"),
    ({"address": ""}, "address"),
    ({"address": "nobody"}, "address"),
    ({"address": "a@b.org, c@d.org"}, "address"),
    ({"address": "a@b.org\nBcc: x@y.org"}, "address"),
    ({"address": "a@b.org\x00"}, "address"),
    ({"address": "x" * 250 + "@b.org"}, "address"),
    ({"group": "surgeon"}, "group"),
    ({"group": ""}, "group"),
    ({"family": "self"}, "family"),
    ({"family": "patients", "group": "patient"}, "family"),
]


@pytest.mark.parametrize(("wrong", "field"), BAD)
def test_a_proposal_with_something_wrong_is_refused_with_the_field_named_and_nothing_kept(
    session: Session, people: SimpleNamespace, round: Round, now: datetime, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(NomineeRefused) as refusal:
        nominate(session, round, people.practitioner, now, **wrong)
    assert refusal.value.field == field
    assert session.exec(select(Nominee)).all() == []


def test_a_name_with_a_formula_or_markup_is_kept_as_plain_words(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    name = "=HYPERLINK(1) <b>{{ 7*7 }}</b> O’Brien-Åström 李"
    assert nominate(session, round, people.practitioner, now, name=name).name == name


def test_a_rejection_needs_a_reason_and_may_be_turned_round_until_the_letter_is_sent(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    by: dict[str, Any] = {"by": people.manager.id, "now": now}
    person = nominate(session, round, people.practitioner, now)
    for reason in (None, "", "  ", "r" * 1001):
        with pytest.raises(RoundRefused) as refusal:
            operations.decide(session, person.id, approve=False, reason=reason, **by)
        assert refusal.value.field == "reason"
    operations.decide(session, person.id, approve=False, reason="On long leave", **by)
    assert (person.status, person.reason) == ("rejected", "On long leave")
    with pytest.raises(NomineeRefused):
        nominate(session, round, people.practitioner, now)
    operations.decide(session, person.id, approve=True, reason=None, **by)
    operations.decide(session, person.id, approve=True, reason=None, **by)
    assert (person.status, person.reason) == ("approved", None)
    crowd(session, round, people, now)
    open_now(session, round, people, now)
    with pytest.raises(AlreadyAsked):
        operations.decide(session, person.id, approve=False, reason="Too late", **by)


def test_the_practitioner_decides_about_nobody_and_chooses_no_patients(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    person = nominate(session, round, people.practitioner, now)
    by: dict[str, Any] = {"by": people.practitioner.id, "now": now}
    with pytest.raises(NotYoursToDecide):
        operations.decide(session, person.id, approve=True, reason=None, **by)
    with pytest.raises(NotYoursToDecide):
        operations.approve_all(session, round.id, family="colleagues", **by)
    with pytest.raises(NotYoursToDecide):
        operations.add_patients(session, round.id, addresses="p@example.org", **by)
    with pytest.raises(NotYoursToDecide):
        operations.add_cards(session, round.id, count=1, **by)
    assert person.status == "proposed"
    assert session.exec(select(Invitation)).all() == []


def test_a_proposal_can_be_taken_back_until_it_is_decided(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    first = nominate(session, round, people.practitioner, now)
    operations.remove_nominee(session, first.id, by=people.practitioner.id, now=now)
    assert session.exec(select(Nominee)).all() == []
    second = nominate(session, round, people.practitioner, now)
    operations.decide(session, second.id, approve=True, reason=None, by=people.manager.id, now=now)
    with pytest.raises(AlreadyAsked, match="It has been decided about this person"):
        operations.remove_nominee(session, second.id, by=people.practitioner.id, now=now)
    added = nominate(session, round, people.manager, now, address="adam@example.org")
    with pytest.raises(NotFound):
        operations.remove_nominee(session, added.id, by=people.practitioner.id, now=now)


def test_strangers_find_neither_the_list_nor_anybody_on_it(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    person = nominate(session, round, people.practitioner, now)
    for key in ("far_coordinator", "far_manager", "hill_manager", "colleague", "far_practitioner"):
        by: dict[str, Any] = {"by": getattr(people, key).id, "now": now}
        with pytest.raises(NotFound):
            nominate(session, round, getattr(people, key), now, address="new@example.org")
        with pytest.raises(NotFound):
            operations.decide(session, person.id, approve=True, reason=None, **by)
        with pytest.raises(NotFound):
            operations.remove_nominee(session, person.id, **by)
        with pytest.raises(NotFound):
            operations.add_patients(session, round.id, addresses="p@example.org", **by)
        with pytest.raises(NotFound):
            operations.add_cards(session, round.id, count=1, **by)
        with pytest.raises(NotFound):
            operations.approve_all(session, round.id, family="colleagues", **by)
        with pytest.raises(NotFound):
            queries.nominee(session, getattr(people, key), person.id)
    with pytest.raises(NotFound):
        queries.nominee(session, people.manager, person.id, round_id="0" * 32)
    assert person.status == "proposed"


def test_people_are_chosen_only_between_draft_and_close(
    session: Session, people: SimpleNamespace, now: datetime
) -> None:
    draft = a_round(session, people, now=now)
    with pytest.raises(WrongState):
        nominate(session, draft, people.manager, now)
    with pytest.raises(WrongState):
        operations.add_patients(session, draft.id, addresses="p@example.org", by=people.manager.id, now=now)


def test_a_round_asks_sixty_colleagues_and_two_hundred_patients_at_most(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    for number in range(60):
        nominate(session, round, people.manager, now, address=f"c{number}@example.org")
    with pytest.raises(NoPlaceLeft, match="A round can ask 60 colleagues at most; 60 are chosen already"):
        nominate(session, round, people.manager, now, address="c60@example.org")
    by: dict[str, Any] = {"by": people.manager.id, "now": now}
    operations.add_cards(session, round.id, count=150, **by)
    operations.add_patients(session, round.id, addresses=[f"p{n}@example.org" for n in range(49)], **by)
    with pytest.raises(NoPlaceLeft):
        operations.add_patients(session, round.id, addresses="x@example.org\ny@example.org", **by)
    operations.add_patients(session, round.id, addresses="x@example.org", **by)
    with pytest.raises(NoPlaceLeft):
        operations.add_cards(session, round.id, count=1, **by)
    assert len(open_now(session, round, people, now)) == 110
    assert sorted(place.n for place in queries.places(session, round.id)) == list(range(260))


def test_an_approved_person_is_invited_once_with_a_place_and_a_letter(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    for number in range(8):
        nominate(session, round, people.manager, now, address=f"c{number}@example.org")
    nominate(session, round, people.practitioner, now, address="undecided@example.org")
    assert letters(session) == []
    made = open_now(session, round, people, now)
    assert len(made) == 8
    assert sorted(letters(session)) == sorted(made)
    assert operations.invite_approved(session, round.id, now=now) == []
    assert queries.invited_counts(session, round.id) == {"colleagues": {"nurse": 8}}
    assert round.invited == {"colleagues": {"nurse": 8}}
    assert sorted(queries.addressed(session, round.id)) == sorted(made)


def test_a_place_does_not_tell_in_which_order_people_were_proposed(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    for number in range(40):
        nominate(session, round, people.manager, now, address=f"c{number:02}@example.org")
    open_now(session, round, people, now)
    query = select(Invitation.address).order_by(Invitation.n)  # type: ignore[arg-type]
    in_pool = list(session.exec(query))
    assert in_pool != sorted(in_pool, key=str)


def test_a_late_person_gets_the_next_spare_place_as_soon_as_they_are_approved(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    crowd(session, round, people, now)
    open_now(session, round, people, now)
    late = nominate(session, round, people.practitioner, now, address="late@example.org")
    assert len(letters(session)) == 5
    operations.decide(session, late.id, approve=True, reason=None, by=people.coordinator.id, now=now)
    nominate(session, round, people.manager, now, address="later@example.org")
    assert len(letters(session)) == 7
    assert [place.n for place in queries.places(session, round.id)] == list(range(7))
    assert round.invited == {"colleagues": {"nurse": 7}}


def test_nobody_of_a_side_is_asked_before_as_many_are_approved_as_a_figure_rests_on(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    crowd(session, round, people, now)
    open_now(session, round, people, now)
    by: dict[str, Any] = {"by": people.manager.id, "now": now}
    operations.add_patients(session, round.id, addresses="\n".join(f"p{n}@example.org" for n in range(4)), **by)
    assert len(letters(session)) == 5
    with pytest.raises(TooFewAsked, match="Only 4 patients would be asked"):
        operations.check_enough(session, round.id)
    operations.add_patients(session, round.id, addresses="p4@example.org", **by)
    assert len(letters(session)) == 10
    assert round.invited == {"colleagues": {"nurse": 5}, "patients": {"patient": 5}}
    operations.check_enough(session, round.id)


def test_a_card_does_not_go_out_alone_while_patients_wait_for_enough(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    crowd(session, round, people, now)
    open_now(session, round, people, now)
    by: dict[str, Any] = {"by": people.manager.id, "now": now}
    operations.add_patients(session, round.id, addresses="\n".join(f"p{n}@example.org" for n in range(3)), **by)
    with pytest.raises(TooFewAsked, match="Only 4 patients would be asked"):
        operations.add_cards(session, round.id, count=1, **by)
    operations.add_cards(session, round.id, count=2, **by)
    assert len(letters(session)) == 5 + 3
    assert round.invited["patients"] == {"patient": 5}


def test_revoked_cards_are_nobody_who_could_answer(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    crowd(session, round, people, now)
    open_now(session, round, people, now)
    by: dict[str, Any] = {"by": people.manager.id, "now": now}
    operations.add_cards(session, round.id, count=5, **by)
    operations.revoke_cards(session, round.id, **by)
    operations.add_patients(session, round.id, addresses="alone@example.org", **by)
    assert len(letters(session)) == 5, "whoever is alone waits"
    operations.add_cards(session, round.id, count=4, **by)
    assert len(letters(session)) == 6


def test_a_full_pool_refuses_one_more_and_keeps_the_decision_open(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    crowd(session, round, people, now)
    open_now(session, round, people, now, pool=5)
    with pytest.raises(NoPlaceLeft, match="Every place of this round is taken"):
        nominate(session, round, people.manager, now, address="late@example.org")


def test_approving_everybody_leaves_rejected_people_rejected(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    out = nominate(session, round, people.practitioner, now, address="out@example.org")
    operations.decide(session, out.id, approve=False, reason="Has left", by=people.manager.id, now=now)
    for number in range(3):
        nominate(session, round, people.practitioner, now, address=f"c{number}@example.org")
    approved = operations.approve_all(session, round.id, family="colleagues", by=people.manager.id, now=now)
    assert approved == 3
    assert out.status == "rejected"


def test_a_pasted_list_names_every_wrong_line_and_stores_none(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    nominate(session, round, people.manager, now, address="nina@example.org")
    pasted = "good@example.org\n\nnot an address\nGOOD@example.org\nnina@example.org\r\npractitioner@example.org\n"
    with pytest.raises(LinesRefused) as refusal:
        operations.add_patients(session, round.id, addresses=pasted, by=people.manager.id, now=now)
    told = {problem.line: problem.message for problem in refusal.value.problems}
    assert set(told) == {3, 4, 5, 6}
    assert told[4] == "This address is on line 1 already."
    assert told[5] == "Somebody with this address is on the list already."
    assert told[6] == "This is the practitioner’s own address."
    assert [each.family for each in session.exec(select(Nominee))] == ["colleagues"]


@pytest.mark.parametrize("nothing", ["", "\n \n"])
def test_an_empty_paste_is_refused(
    session: Session, people: SimpleNamespace, round: Round, now: datetime, nothing: str
) -> None:
    with pytest.raises(NomineeRefused, match="Paste at least one email address"):
        operations.add_patients(session, round.id, addresses=nothing, by=people.manager.id, now=now)


def test_cards_are_places_without_a_name_or_an_address(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    by: dict[str, Any] = {"by": people.manager.id, "now": now}
    for wrong in (0, -1, 201):
        with pytest.raises(NomineeRefused, match="Enter a number from 1 to 200"):
            operations.add_cards(session, round.id, count=wrong, **by)
    with pytest.raises(TooFewAsked, match="Only 4 patients"):
        operations.add_cards(session, round.id, count=4, **by)
    made = operations.add_cards(session, round.id, count=5, **by)
    rows = session.exec(select(Invitation)).all()
    assert [(row.name, row.address, row.group) for row in rows] == [(None, None, "patient")] * 5
    assert [card.id for card in queries.cards_of(session, round.id)] == made
    assert queries.addressed(session, round.id) == []
    assert letters(session) == []


def test_a_round_without_patients_refuses_them(session: Session, people: SimpleNamespace, now: datetime) -> None:
    from msf.rounds.operations import start_nominating

    only = a_round(session, people, now=now, patient_questionnaire=None)
    start_nominating(session, only.id, by=people.coordinator.id, now=now)
    with pytest.raises(NomineeRefused, match="does not ask patients"):
        operations.add_patients(session, only.id, addresses="p@example.org", by=people.manager.id, now=now)


def test_the_practitioner_learns_a_number_of_the_people_the_organisation_added_and_nothing_else(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    nominate(session, round, people.practitioner, now)
    both = nominate(session, round, people.practitioner, now, address="both@example.org")
    nominate(session, round, people.manager, now, address="both@example.org")
    nominate(session, round, people.manager, now, address="secret@example.org", group="admin")
    seen = queries.nominees_of(session, round.id, family="colleagues", own=True)
    assert {row.address for row in seen.rows} == {"nina@example.org", "both@example.org"}
    assert queries.nominees_of(session, round.id, family="colleagues").total == 3
    assert queries.added_by_organisation(session, round.id) == 1
    assert {row.group: row.asked for row in queries.mix(session, round.id, own=True)["colleagues"].groups}["admin"] == 0
    assert both.origin == "agreed"


def test_what_is_recorded_holds_counts_and_states_and_no_name_or_address(
    session: Session, people: SimpleNamespace, round: Round, now: datetime
) -> None:
    person = nominate(session, round, people.practitioner, now, name="Canary Name", address="canary@example.org")
    operations.decide(session, person.id, approve=False, reason="Canary reason", by=people.manager.id, now=now)
    operations.decide(session, person.id, approve=True, reason=None, by=people.manager.id, now=now)
    operations.add_patients(session, round.id, addresses="canary2@example.org", by=people.manager.id, now=now)
    open_now(session, round, people, now)
    told = [(row.action, str(row.details)) for row in session.exec(select(AuditEvent))]
    assert {"nominee.proposed", "nominee.rejected", "nominee.approved", "patients.added"} <= {
        action for action, _ in told
    }
    assert "canary" not in str(told).casefold()


def test_every_refusal_of_this_slice_has_a_title_a_message_and_a_status() -> None:
    for kind in (NoPlaceLeft, AlreadyAsked, NotYoursToDecide):
        refusal: Refusal = kind()
        assert refusal.title and refusal.message and 400 <= refusal.status < 500
