"""People and organisations: who is whose, and what an administrator may do about them."""

import re

import pytest

from msf.accounts import operations, queries
from msf.accounts.rules import AddressTaken, PasswordRefused, RolesRefused
from msf.base.clock import utcnow
from msf.base.db import reading, transaction
from msf.base.errors import NotFound, Refusal
from msf.base.mail import AddressRefused


def person(town, name: str) -> queries.Person:
    with reading() as session:
        return queries.person(session, town.accounts[name])


def test_a_person_comes_with_their_organisation(town):
    found = person(town, "practitioner")
    assert (found.name, found.email) == ("The practitioner", "practitioner@example.org")
    assert (found.organisation_name, found.kind, found.zone) == ("employer", "employer", "Europe/London")
    assert (found.roles, found.profession) == ({"practitioner"}, "doctor")


def test_nobody_is_not_found(database):
    with reading() as session:
        for unknown in ("", "0" * 32):
            with pytest.raises(NotFound):
                queries.person(session, unknown)


def test_staff_of_a_service_see_it_and_the_employers_it_serves_and_others_only_their_own(town):
    with reading() as session:
        for name, seen in [
            ("coordinator", {"service", "employer"}),
            ("other-coordinator", {"other-service", "other-employer"}),
            ("practitioner", {"employer"}),
            ("case_manager", {"employer"}),
        ]:
            ids = queries.tenants(session, queries.person(session, town.accounts[name]))
            assert {each.name for each in queries.organisations(session, ids)} == seen


def test_people_are_found_by_organisation_and_role_and_only_while_active(town):
    with transaction() as session:
        operations.deactivate_account(session, town.accounts["facilitator"], by="system", now=utcnow())
    ids = [town.organisations["service"], town.organisations["employer"]]
    with reading() as session:
        names = [each.name for each in queries.people(session, ids)]
        assert names == sorted(names)
        assert len(names) == 7
        assert [each.name for each in queries.people(session, ids, "practitioner")] == ["The practitioner"]
        assert queries.people(session, ids, "facilitator") == []
        assert queries.people(session, []) == []


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("kind", "roles"),
    [
        ("service", ["practitioner"]),
        ("service", ["case_manager", "coordinator"]),
        ("service", []),
        ("employer", ["administrator"]),
        ("employer", ["practitioner", "king"]),
    ],
)
def test_roles_must_fit_the_organisation(town, kind, roles):
    with transaction() as session, pytest.raises(RolesRefused):
        operations.create_account(
            session,
            organisation_id=town.organisations[kind],
            name="New",
            email="new@example.org",
            roles=roles,
            password=None,
        )


def test_an_address_signs_in_to_one_account_only(town):
    with transaction() as session, pytest.raises(AddressTaken):
        operations.create_account(
            session,
            organisation_id=town.organisations["other-service"],
            name="New",
            email=" Coordinator@EXAMPLE.org",
            roles=["coordinator"],
            password=None,
        )


@pytest.mark.sqlite
@pytest.mark.parametrize(("email", "password", "refusal"), [
    ("nobody", None, AddressRefused),
    ("new@example.org", "short", PasswordRefused),
    ("new-person@example.org", "new-person@example.org", PasswordRefused),
])  # fmt: skip
def test_addresses_and_passwords_are_checked(town, email, password, refusal):
    with transaction() as session, pytest.raises(refusal):
        operations.create_account(
            session,
            organisation_id=town.organisations["service"],
            name="New",
            email=email,
            roles=["coordinator"],
            password=password,
        )


def test_an_unknown_time_zone_is_refused(database):
    for zone in ("Mars/Olympus", "", "../etc/passwd"):
        with transaction() as session, pytest.raises(Refusal):
            operations.create_organisation(session, name="x", kind="service", zone=zone)


def test_an_account_of_no_organisation_is_not_made(database):
    with transaction() as session, pytest.raises(NotFound):
        operations.create_account(
            session, organisation_id="x", name="x", email="x@example.org", roles=["coordinator"], password=None
        )


def test_an_administrator_adds_somebody_who_then_chooses_a_password(desks, letters, town):
    desk = desks()
    desk.sign_in("administrator")
    answer = desk.send(
        "/people/new",
        name="Noor Amari",
        email="Noor.Amari@example.org",
        organisation=town.organisations["employer"],
        roles=["practitioner", "case_manager"],
        profession="dentist",
    )
    assert answer.location == "/people"
    assert "Noor Amari has an account" in desk.client.get("/people").text
    (letter,) = letters(1)
    assert letter.to == "noor.amari@example.org"
    new, password = desks(), "seven green lamps tonight"
    link = re.search(r"http://localhost(/password/\S+)", letter.text)[1]
    assert new.sign_in("noor.amari", "").status_code == 200
    assert new.send(link, password=password, password_confirm=password).location == "/sign-in"
    assert new.sign_in("noor.amari", password).status_code == 302
    with reading() as session:
        actions = session.connection().exec_driver_sql("SELECT action FROM audit_event ORDER BY at").scalars().all()
    signed_in = "accounts.signed_in"
    assert actions == [signed_in, "accounts.added", "accounts.password_changed", signed_in]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "coordinator@example.org"}, "There is already an account with this email address"),
        ({"email": "nobody"}, "Enter an email address in the format"),
        ({"roles": ["coordinator"]}, "Practitioners and case managers belong to an employer"),
        ({"roles": ["king"]}, "Choose from the list"),
        ({"roles": []}, "Choose at least one role"),
        ({"name": " "}, "Enter the person"),
        ({"name": "a\0b"}, "cannot be shown"),
        ({"organisation": "other"}, "Choose from the list"),
        ({"profession": "wizard"}, "Choose from the list"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said_and_nothing_is_sent(desk, home, town, change, words):
    desk.sign_in("administrator")
    fields = {
        "name": "New",
        "email": "new@example.org",
        "organisation": town.organisations["employer"],
        "roles": ["practitioner"],
        "profession": "doctor",
    } | change
    if fields["organisation"] == "other":
        fields["organisation"] = town.organisations["other-employer"]
    answer = desk.send("/people/new", **fields)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text
    assert not (home / "mail").exists()


def test_an_administrator_sees_their_own_people_only(desk, town):
    desk.sign_in("administrator")
    text = desk.client.get("/people").text
    assert "practitioner@example.org" in text
    assert "other-" not in text
    for verb in ("deactivate", "activate"):
        token = desk.token("/account")
        answer = desk.client.post(f"/people/{town.accounts['other-coordinator']}/{verb}", data={"csrf_token": token})
        assert answer.status_code == 404
    assert desk.client.get(f"/people/{town.accounts['other-coordinator']}/deactivate").status_code == 404
    assert person(town, "other-coordinator").active


def test_switching_off_asks_first_and_can_be_taken_back(desk, town):
    desk.sign_in("administrator")
    place = f"/people/{town.accounts['moderator']}"
    assert "Switch this account off?" in desk.client.get(f"{place}/deactivate").text
    assert person(town, "moderator").active
    assert desk.client.post(f"{place}/deactivate", data={"csrf_token": desk.token("/account")}).location == "/people"
    assert not person(town, "moderator").active
    assert "Switch this account on?" in desk.client.get(f"{place}/deactivate").text
    desk.client.post(f"{place}/activate", data={"csrf_token": desk.token("/account")})
    assert person(town, "moderator").active


def test_an_administrator_cannot_shut_themselves_out(desk, town):
    desk.sign_in("administrator")
    place = f"/people/{town.accounts['administrator']}/deactivate"
    assert desk.client.post(place, data={"csrf_token": desk.token("/account")}).status_code == 403
    assert desk.inside()


def test_people_come_in_pages(desk, town):
    with transaction() as session:
        for number in range(30):
            operations.create_account(
                session,
                organisation_id=town.organisations["employer"],
                name=f"Person {number:02}",
                email=f"p{number}@example.org",
                roles=["practitioner"],
                password=None,
            )
    desk.sign_in("administrator")
    assert "Person 29" not in desk.client.get("/people").text
    for number in ("2", "99", "99999999"):
        assert "The practitioner" in desk.client.get(f"/people?page={number}").text
    for number in ("0", "-1", "x", "9" * 40, "²", ""):
        assert "Person 01" in desk.client.get(f"/people?page={number}").text


@pytest.mark.sqlite
@pytest.mark.parametrize("path", ["/sign-in", "/password"])
def test_pages_of_strangers_are_sound(page, town, path):
    assert page.get(path).heading


@pytest.mark.sqlite
@pytest.mark.parametrize("path", ["/account", "/account/password", "/account/confirm", "/people", "/people/new", "ask"])
def test_pages_of_staff_are_sound(app, desk, town, path):
    from tests.pages import Visitor

    desk.sign_in("administrator")
    place = f"/people/{town.accounts['moderator']}/deactivate" if path == "ask" else path
    assert Visitor(desk.client).get(place).heading
