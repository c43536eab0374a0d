"""One populated site for the pages to be looked at: a round in every state, each made through the real operations."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from msf.accounts.models import Account
from msf.base.clock import today
from msf.base.db import reading, transaction
from msf.base.keys import Keys, wrapping
from msf.demo.bots import Mind, answer_all
from msf.instruments import find
from msf.invitations import operations as invitation_book
from msf.invitations import queries as invitations
from msf.invitations.rules import token, token_text
from msf.reports import operations as reports
from msf.reports import queries as shelf
from msf.reports.formats import files_of
from msf.reports.models import StoredBenchmark
from msf.respond import operations as door
from msf.respond.rules import new_holder_key
from msf.rounds import operations as rounds
from msf.rounds.models import Round
from msf.scoring.benchmarks import to_json
from tests.insights.books import PATIENTS, book, sums
from tests.make import Make
from tests.reports.samples import comparable
from tests.site import Site

STEPS = ("closed", "moderated", "reviewed", "released", "organisation", "void")
LONG = "Dr Siân-Ángela Featherstonehaugh-Ōtsuka of Llanfairpwllgwyngyll"


@dataclass
class Scene:
    """The people by role, the rounds by state, and what their addresses need."""

    site: Site
    make: Make
    now: datetime
    people: dict[str, Account] = field(default_factory=dict)
    rounds: dict[str, str] = field(default_factory=dict)
    reports: dict[str, str] = field(default_factory=dict)
    practitioners: dict[str, str] = field(default_factory=dict)
    nominees: dict[str, str] = field(default_factory=dict)
    comment: str = ""
    benchmark: str = ""
    codes: list[str] = field(default_factory=list)

    def by(self, role: str) -> str:
        """The id of whoever has this role."""
        return self.people[role].id


def scene(site: Site, make: Make, now: datetime) -> Scene:
    """Everybody and everything there is to look at."""
    made = Scene(site, make, now)
    for role in ("moderator", "quality_reviewer", "facilitator", "administrator", "auditor", "case_manager"):
        made.people[role] = make.account(role)
    made.people["coordinator"] = make.coordinator
    for state in ("draft", "nominating", "approved", "open"):
        _round(made, state, state)
    _fill_list(made)
    for steps in range(1, len(STEPS) + 1):
        _ended(made, STEPS[:steps])
    _cancelled(made)
    _waiting(made)
    _codes(made)
    _benchmark(made)
    _books(made)
    return made


def _books(made: Scene) -> None:
    """Programmes of quarters that are over, one of them of so few that some of it is hidden."""
    service_id = made.make.service.id
    book(service_id, sums(practitioners=60), quarter="2025-Q1")
    book(service_id, sums(PATIENTS, 8, hidden={0: 3}), quarter="2025-Q1", name=PATIENTS)


def _benchmark(made: Scene) -> None:
    """A set of 24 surgeons, that no report has used yet."""
    found = comparable(24)
    with transaction() as session:
        row = StoredBenchmark(
            organisation_id=made.make.service.id, questionnaire=found.questionnaire, family=found.family,
            stratum="/".join(found.stratum), until="2026-Q4", version=1, whole=True, practitioners=24,
            digest=found.digest, content=to_json(found),
        )  # fmt: skip
        session.add(row)
        made.benchmark = row.id


def _waiting(made: Scene) -> None:
    """A strict round that waits for two key holders, and a third holder who has no key yet."""
    wrapping.use(wrapping.Strength(1, 8192))
    names = {"key_holder": LONG.removeprefix("Dr "), "second_holder": "Ibrahim Innes", "new_holder": "Nia New"}
    made.people.update({role: made.make.account("key_holder", name=name) for role, name in names.items()})
    holders = [made.by("key_holder"), made.by("second_holder")]
    for holder in holders:
        made.make.keys.holders.write(holder, new_holder_key(holder, "seven-quiet-harbours-and-a-kite"))
    lock = {"key_mode": "strict", "key_holders": holders, "holders_needed": 2, "have_keys": holders}
    for name in ("waiting", "locked"):
        _round(made, name, "open", colleagues={"doctor": 5}, **lock)
    with transaction() as session:
        by = {"by": made.by("coordinator"), "now": made.now}
        door.close_round(session, made.rounds["waiting"], keys=made.make.keys, **by)


def _round(made: Scene, name: str, state: str, **more: object) -> str:
    practitioner = made.make.practitioner(LONG if name == "nominating" else f"Dr {name.title()} Sample")
    first = today(made.now, "Europe/London") + timedelta(days=state != "open")
    days = {"opens_on": first, "closes_on": first + timedelta(weeks=4)}
    row = made.make.round(state, practitioner=practitioner, **days, **more)  # type: ignore[arg-type]
    made.rounds[name], made.practitioners[name] = row.id, practitioner.email
    return row.id


def _fill_list(made: Scene) -> None:
    """Somebody in each state on the list of the round in nomination, and patients and cards on that which is open."""
    round_id = made.rounds["nominating"]
    with transaction() as session:
        row = session.get_one(Round, round_id)
        for status, group in (("proposed", "doctor"), ("rejected", "nurse")):
            person = invitation_book.nominate(
                session,
                round_id,
                family="colleagues",
                group=group,
                name=f"{LONG}, {status}",
                address=f"a.very.long.address.of.somebody.{status}@department-of-medicine.northvale.example",
                origin="practitioner",
                by=row.practitioner_id,
                now=made.now,
            )
            made.nominees[status] = person.id
        by = {"by": made.by("case_manager"), "now": made.now}
        invitation_book.decide(session, made.nominees["rejected"], approve=False, reason="Has left.", **by)
        for name in ("nominating", "open"):
            lines = [f"patient{number}.{name}@mail.example" for number in range(6)]
            invitation_book.add_patients(session, made.rounds[name], addresses=lines, **by)
            invitation_book.add_cards(session, made.rounds[name], count=5, **by)


def _ended(made: Scene, steps: tuple[str, ...]) -> None:
    """A round that was answered at the door and has come as far as the last of `steps`."""
    name = steps[-1]
    asked = ({"doctor": 6, "nurse": 5}, 6) if name == "released" else ({"doctor": 5}, 0)
    round_id = _round(made, name, "open", colleagues=asked[0], patients=asked[1])
    _assess(made, round_id)
    codes = codes_of(made, round_id)
    assert sum(answer_all(made.site.url, codes, most=len(codes), mind=Mind(remarks=0.6), seed=7)) == len(codes)
    with transaction() as session:
        door.close_round(session, round_id, keys=made.make.keys, by=made.by("coordinator"), now=made.now)
    made.site.settle(seconds=60)
    for step in steps[1:]:
        with transaction() as session:
            DEEDS[step](session, made, round_id)
    with reading() as session:
        made.reports[name] = shelf.report_of(session, round_id).id


def _assess(made: Scene, round_id: str) -> None:
    with transaction() as session:
        row = session.get_one(Round, round_id)
        for name in ("doctor-colleagues", "patients-in-person"):
            asked = find(name)
            rounds.save_self_assessment(
                session,
                round_id,
                questionnaire=asked.reference_name,
                ratings=bytes((3, 4, 5)[place % 3] for place in range(len(asked.items))),
                comments={asked.prompts[0].id: "I try to listen."},
                by=row.practitioner_id,
                on=today(made.now, "Europe/London"),
            )


def codes_of(made: Scene, round_id: str) -> list[str]:
    """The codes of everybody who was invited to a round."""
    secret = Keys.at(made.site.settings.keys).tokens.read(round_id)
    with reading() as session:
        return [token_text(token(secret, place.n)) for place in invitations.places(session, round_id)]


def _moderated(session: Session, made: Scene, round_id: str) -> None:
    by = {"by": made.by("moderator"), "now": made.now}
    for comment in shelf.moderated(session, session.get_one(Round, round_id)):
        reports.decide_comment(session, round_id, comment.id, decision="release", **by)
    reports.finish_moderation(session, round_id, **by)


def _reviewed(session: Session, made: Scene, round_id: str) -> None:
    reports.review_report(session, round_id, by=made.by("quality_reviewer"), now=made.now)


def _released(session: Session, made: Scene, round_id: str) -> None:
    guide = made.people["facilitator"]
    found = shelf.opened_of(
        session, shelf.report_of(session, round_id), session.get_one(Round, round_id), facilitator=guide.name
    )
    reports.release_to_practitioner(
        session,
        round_id,
        facilitator_id=guide.id,
        files=files_of(found.document, found.parts, found.facts),
        by=made.by("coordinator"),
        now=made.now,
    )


def _organisation(session: Session, made: Scene, round_id: str) -> None:
    reports.release_to_organisation(session, round_id, by=made.by("coordinator"), now=made.now)


def _void(session: Session, made: Scene, round_id: str) -> None:
    by = {"by": made.by("coordinator"), "now": made.now}
    reports.void_report(session, round_id, reason="It was about somebody else.", **by)


DEEDS: dict[str, Callable[[Session, Scene, str], None]] = {
    "moderated": _moderated,
    "reviewed": _reviewed,
    "released": _released,
    "organisation": _organisation,
    "void": _void,
}


def _cancelled(made: Scene) -> None:
    round_id = _round(made, "cancelled", "draft")
    with transaction() as session:
        door.cancel_round(session, round_id, reason="Moved away.", by=made.by("coordinator"), now=made.now)


def _codes(made: Scene) -> None:
    made.codes = codes_of(made, made.rounds["open"])
    round_id = made.rounds["closed"]
    with transaction() as session:
        found = shelf.moderated(session, session.get_one(Round, round_id))
        reports.decide_comment(
            session, round_id, found[0].id, decision="release", by=made.by("moderator"), now=made.now
        )
        made.comment = found[1].id
