"""Where a practitioner works: chosen when a round is made, of their own profession, or not said."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlmodel import Session, select

from msf.base.clock import utcnow
from msf.base.db import reading
from msf.demo.cast import WORKPLACES
from msf.instruments import catalogue
from msf.rounds.models import Round
from msf.rounds.rules import FIELDS, RoundRefused, check_field, field_choices, field_name, stratum_of, stratum_words
from tests.pages import Visitor
from tests.rounds.desk import staffed
from tests.rounds.people import a_round
from tests.rounds.test_views import filled


def test_every_profession_that_is_asked_about_has_fields_and_each_has_words():
    assert {profession for each in catalogue() for profession in each.professions} <= set(FIELDS)
    paths = [path for path, _ in field_choices()]
    assert len(set(paths)) == len(paths) and max(map(len, paths)) <= 80
    for path in paths:
        stratum = stratum_of(path, None)
        assert 2 <= len(stratum) <= 3 and "/".join(stratum) == path
        assert all(stratum_words(stratum[:depth]) for depth in range(1, len(stratum) + 1))
        assert check_field(path, stratum[0]) == path and field_name(path)


@pytest.mark.parametrize("path", ["dentist/hospital", "doctor", "doctor/hospital/law", "../etc", "doctor/hospital/"])
def test_a_field_of_nobody_or_of_another_profession_is_refused(path: str):
    with pytest.raises(RoundRefused, match="not where somebody of this profession works"):
        check_field(path, "doctor")


def test_the_field_is_stored_with_the_round_or_left_open(session: Session, now: datetime, people: SimpleNamespace):
    chosen = a_round(session, people, now=now, field="doctor/hospital/surgery")
    assert chosen.field == "doctor/hospital/surgery"
    assert a_round(session, people, now=now).field is None


def test_a_coordinator_chooses_where_the_practitioner_works(app: Flask, visitor: Callable[[], Visitor]):
    people, page, now = staffed(), visitor(), utcnow()
    page.sign_in("coordinator@example.org")
    page.get("/rounds/new")
    shown = page.submit(filled(people, now, field="pharmacist/community"), status=422)
    assert "not where somebody of this profession works" in shown.text
    assert shown.form(button="Make the round").fields["field"] == ["pharmacist/community"]
    page.get("/rounds/new")
    shown = page.submit(filled(people, now, field="doctor/hospital/surgery"))
    assert "Works in Hospital, surgery" in shown.text
    page.get("/rounds/new")
    shown = page.submit(filled(people, now))
    assert "Works in Not said" in shown.text
    with reading() as session:
        assert set(session.exec(select(Round.field))) == {"doctor/hospital/surgery", None}


def test_the_practitioners_of_the_demo_have_a_field_each():
    assert all(check_field(path, profession) == path for profession, path in WORKPLACES.items())
