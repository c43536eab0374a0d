"""The demo's story, told through the real operations: who there is, and three rounds at three stages."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from msf.accounts import operations as accounts
from msf.base.clock import today, utcnow
from msf.base.config import current
from msf.base.db import reading, transaction
from msf.base.keys import Keys
from msf.demo.bots import Mind, answer_all
from msf.demo.cast import EMPLOYERS, MANAGERS, PEOPLE, PRACTITIONERS, SERVICE, WORKPLACES, colleagues, patients
from msf.demo.sites import SIGN_INS, DemoSite
from msf.instruments import CANNOT_SAY, find
from msf.invitations import operations as invitation_book
from msf.invitations import queries as invitations
from msf.invitations.rules import token, token_text
from msf.reports import operations as reports
from msf.reports import queries as report_shelf
from msf.reports.formats import files_of
from msf.respond import operations as door
from msf.rounds import operations as rounds
from msf.rounds.models import Round

ZONE = "Europe/London"
SEED = 20270301


def tell(site: DemoSite, *, say: Callable[[str], None]) -> None:
    """Make the organisations, the people and the three rounds, and write the sign-ins down."""
    now, password = utcnow(), "-".join(secrets.token_hex(2) for _ in range(4))
    with transaction() as session:
        ids = _people(session, password)
    say("  A round in nomination …")
    _in_nomination(ids, now)
    say("  A round that is closed, with a released report …")
    _released(site, ids, now)
    say("  A round that is open, answered by some …")
    _open(site, ids, now)
    _write_sign_ins(site, password)
    site.work_now()


def _people(session: Session, password: str) -> dict[str, str]:
    service = accounts.create_organisation(session, name=SERVICE, kind="service", zone=ZONE).id
    places = {
        name: accounts.create_organisation(session, name=name, kind="employer", zone=ZONE, served_by=service).id
        for name in EMPLOYERS
    }
    ids = {}
    for person in PEOPLE:
        organisation = places.get(person.organisation, service)
        ids[person.key] = accounts.create_account(
            session,
            organisation_id=organisation,
            name=person.name,
            email=person.email,
            roles=[person.role],
            password=password,
            profession=person.profession,
        ).id
        ids[f"{person.key} at"] = organisation
    return ids


def _round(
    session: Session, ids: dict[str, str], who: str, now: datetime, *, began: int, weeks: int, nominees: int
) -> Round:
    """A round in nomination of `who`, begun `began` days ago, with their first `nominees` colleagues proposed."""
    then, by = now - timedelta(days=began), ids["coordinator"]
    opens_on = today(then, ZONE)
    made = rounds.create_round(
        session,
        organisation_id=ids[f"{who} at"],
        practitioner_id=ids[who],
        colleague_questionnaire=f"{PRACTITIONERS[who]}-colleagues/1",
        patient_questionnaire="patients-in-person/1",
        field=WORKPLACES[who],
        opens_on=opens_on,
        closes_on=opens_on + timedelta(weeks=weeks),
        reminder_days=() if began > 7 else (7, 14, 21),
        by=by,
        now=then,
    )
    rounds.start_nominating(session, made.id, by=by, now=then)
    for place, (group, name, address) in enumerate(colleagues(PRACTITIONERS[who])[:nominees]):
        origin = "practitioner" if place % 4 else "organisation"
        invitation_book.nominate(
            session,
            made.id,
            family="colleagues",
            group=group,
            name=name,
            address=address,
            origin=origin,  # type: ignore[arg-type]  # one of the two above
            by=ids[who] if origin == "practitioner" else ids[MANAGERS[who]],
            now=then,
        )
    return made


def _in_nomination(ids: dict[str, str], now: datetime) -> None:
    with transaction() as session:
        _round(session, ids, "dentist", now, began=0, weeks=4, nominees=9)


def _opened(session: Session, ids: dict[str, str], who: str, now: datetime, *, began: int, weeks: int) -> str:
    made = _round(session, ids, who, now, began=began, weeks=weeks, nominees=20)
    by, then = ids[MANAGERS[who]], now - timedelta(days=began)
    invitation_book.add_patients(session, made.id, addresses=patients(who, 45), by=by, now=then)
    for family in ("colleagues", "patients"):
        invitation_book.approve_all(session, made.id, family=family, by=by, now=then)
    _assess_oneself(session, made, ids[who], then)
    rounds.approve_round(session, made.id, by=by, now=then)
    keys = Keys.at(current().keys)
    door.open_round(session, made.id, keys=keys, by=ids["coordinator"], now=then)
    return made.id


def _assess_oneself(session: Session, made: Round, who: str, now: datetime) -> None:
    for name in filter(None, (made.colleague_questionnaire, made.patient_questionnaire)):
        asked = find(name)
        ratings = bytes(CANNOT_SAY if place == 5 else (3, 4, 4, 5)[place % 4] for place in range(len(asked.items)))
        rounds.save_self_assessment(
            session,
            made.id,
            questionnaire=asked.reference_name,
            ratings=ratings,
            comments={asked.prompts[-1].id: "I would like to hand over better at the end of the day."},
            by=who,
            on=today(now, ZONE),
        )


def _open(site: DemoSite, ids: dict[str, str], now: datetime) -> None:
    with transaction() as session:
        round_id = _opened(session, ids, "pharmacist", now, began=5, weeks=4)
    site.work_now()
    _answer(site, round_id, {"colleagues": 6, "patients": 11}, Mind(4.0))


def _released(site: DemoSite, ids: dict[str, str], now: datetime) -> None:
    with transaction() as session:
        round_id = _opened(session, ids, "doctor", now, began=28, weeks=4)
    site.work_now()
    _answer(site, round_id, {"colleagues": 18, "patients": 38}, Mind(4.2))
    with transaction() as session:
        keys = Keys.at(current().keys)
        door.close_round(session, round_id, keys=keys, by=ids["coordinator"], now=utcnow())
    site.work_now()
    _release(round_id, ids)
    site.work_now()


def _answer(site: DemoSite, round_id: str, wanted: dict[str, int], mind: Mind) -> None:
    with reading() as session:
        places = invitations.places(session, round_id)
    secret = Keys.at(current().keys).tokens.read(round_id)
    for number, (family, most) in enumerate(wanted.items()):
        codes = [token_text(token(secret, place.n)) for place in places if place.family == family]
        taken = sum(answer_all(site.url, codes, most=most, mind=mind, seed=SEED + number))
        if taken != most:
            raise RuntimeError(f"{taken} of {most} answers were taken at the door.")


def _release(round_id: str, ids: dict[str, str]) -> None:
    moderator, now = ids["moderator"], utcnow()
    with transaction() as session:
        _moderate(session, round_id, moderator, now)
        reports.review_report(session, round_id, by=ids["reviewer"], now=now)
        report = report_shelf.report_of(session, round_id)
        round = session.get_one(Round, round_id)
        seen = report_shelf.opened_of(session, report, round, facilitator="Fran Facilitator")
        files = files_of(seen.document, seen.parts, seen.facts)
        reports.release_to_practitioner(
            session, round_id, facilitator_id=ids["facilitator"], files=files, by=ids["coordinator"], now=now
        )
        reports.release_to_organisation(session, round_id, by=ids["coordinator"], now=now)


def _moderate(session: Session, round_id: str, by: str, now: datetime) -> None:
    waiting: Sequence[report_shelf.Moderated] = report_shelf.moderated(session, session.get_one(Round, round_id))
    for comment in waiting:
        reports.decide_comment(session, round_id, comment.id, decision="release", by=by, now=now)
    reports.finish_moderation(session, round_id, by=by, now=now)


def _write_sign_ins(site: DemoSite, password: str) -> None:
    lines = [f"  {person.email:34} {person.role.replace('_', ' ')}" for person in PEOPLE]
    path = site.home / SIGN_INS
    path.touch(mode=0o600)
    path.write_text("\n".join([f"Everybody’s password is {password}", *lines, ""]), "utf-8")
