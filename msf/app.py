"""The app: every door with the roles that open it, every job with what runs it, and what the worker looks at.

A new slice adds one line to `DOORS`, and to `HANDLERS`, `TICKS` and `NAVIGATION` where it has jobs or a start page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Blueprint, Flask, Response, request
from flask_wtf import CSRFProtect

from msf.accounts import jobs as accounts_jobs
from msf.accounts import views as accounts
from msf.accounts.guard import ANYONE, SIGNED_IN, guard, me_or_none, watch
from msf.accounts.guard.fresh import confirm
from msf.accounts.guard.sessions import IDLE, StaffSessions
from msf.accounts.guard.signin import install
from msf.accounts.guard.throttle import throttle_codes
from msf.base import config, db
from msf.base.config import Settings, data
from msf.base.config import settings as read_settings
from msf.base.queue import Handler
from msf.base.retention import Sweep, forget_entries, forget_work
from msf.base.web import harden
from msf.insights import views as insights
from msf.insights.rules.access import READERS as PROGRAMME_READERS
from msf.invitations import jobs as invitations_jobs
from msf.invitations import views as invitations
from msf.invitations.operations import forget_addresses
from msf.reports import jobs as reports_jobs
from msf.reports import views as reports
from msf.reports.operations.forgetting import forget_originals, forget_reports, frozen
from msf.reports.rules.release import COMPARERS, READERS
from msf.respond import jobs as respond_jobs
from msf.respond import views as respond
from msf.respond.operations import forget_ratings
from msf.rounds import jobs as rounds_jobs
from msf.rounds import views as rounds
from msf.rounds.queries import undecided


@dataclass(frozen=True, slots=True)
class Door:
    """A blueprint with the roles that open it.

    `csrf=False` is for the pages of people who answer: on their paths no session exists, so no cookie is read or set,
    and there is nothing a forged form could borrow.
    """

    blueprint: Blueprint
    roles: frozenset[str]
    csrf: bool = True


DOORS: tuple[Door, ...] = (
    Door(accounts.pages, SIGNED_IN),
    Door(accounts.administration, frozenset({"administrator"})),
    Door(accounts.retention, frozenset({"administrator"})),
    Door(accounts.audit, frozenset({"auditor"})),
    Door(rounds.pages, SIGNED_IN - {"administrator"}),
    Door(invitations.pages, frozenset({"practitioner", "case_manager", "coordinator"})),
    Door(invitations.patients, frozenset({"case_manager", "coordinator"})),
    Door(respond.door, ANYONE, csrf=False),
    Door(respond.desk, frozenset({"coordinator"})),
    Door(respond.holders, frozenset({"key_holder"})),
    Door(reports.moderation, frozenset({"moderator"})),
    Door(reports.review, frozenset({"quality_reviewer"})),
    Door(reports.release, frozenset({"coordinator"})),
    Door(reports.pages, READERS),
    Door(insights.pages, PROGRAMME_READERS),
    Door(insights.exports, frozenset({"administrator"})),
    Door(reports.benchmarks, COMPARERS),
)
"""One line for each blueprint. What is not in this table is not served."""

CONFIRMED: Mapping[str, str] = {
    "desk.ask_close": "desk.ask_close",
    "desk.close_now": "desk.ask_close",
    "desk.cancel": "desk.cancel",
    "release.give": "release.give",
    "release.to_organisation": "release.give",
    "release.take_back": "release.take_back",
    "moderation.original": "moderation.original",
    "reports.download": "reports.show",
    "audit.sheet": "audit.index",
    "people.new": "people.new",
    "people.ask": "people.ask",
    "people.deactivate": "people.ask",
    "people.activate": "people.index",
    "retention.change": "retention.change",
    "exports.ask": "exports.ask",
    "exports.take": "exports.ask",
}
"""Steps for which staff give their password again, where it was long ago, and the page they are led back to."""

SWEEPS: tuple[Sweep, ...] = (
    Sweep("addresses", forget_addresses, ("nominee", "invitation", "self_assessment")),
    Sweep("ratings", partial(forget_ratings, frozen=frozen()), ("answer", "family_sum", "programme_sum")),
    Sweep("originals", forget_originals, ("comment_review", "round")),
    Sweep(
        "reports",
        forget_reports,
        (
            "finding",
            "comment_review",
            "comment",
            "answer",
            "self_assessment",
            "report_file",
            "comparator",
            "report_benchmark",
            "benchmark_set",
            "report",
            "round",
        ),
    ),
    Sweep("audit", forget_entries, ("audit_event",)),
    Sweep("work", forget_work, ("job",)),
)
"""What is deleted every night because its time is over, and the tables it leaves."""

HANDLERS: Mapping[str, Handler] = {
    "accounts.forget": accounts_jobs.forgetting(SWEEPS),
    "accounts.scrub": accounts_jobs.scrub,
    "accounts.send_heads": accounts_jobs.send_heads,
    "invitations.send": invitations_jobs.send,
    "rounds.ask_nominations": rounds_jobs.ask_nominations,
    "respond.finish_close": respond_jobs.finish_close,
    "respond.remind": respond_jobs.remind,
    "respond.tell_holder": respond_jobs.tell_holder,
    "reports.draft": reports_jobs.draft,
    "reports.scrub_comments": reports_jobs.scrub_comments,
    "reports.tell_released": reports_jobs.tell_released,
}
"""What runs each kind of job: `"invitations.send": invitations.jobs.send`."""

TICKS: tuple[Callable[[datetime], None], ...] = (respond_jobs.tick, accounts_jobs.tick)
"""What the worker calls every second with the time: cheap looks for work that has fallen due."""

NAVIGATION: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("Rounds", "/rounds", SIGNED_IN - {"administrator"}),
    ("Reports", "/reports", READERS),
    ("Benchmarks", "/benchmarks", COMPARERS),
    ("Programmes", "/programmes", PROGRAMME_READERS),
    ("Keys", "/keys", frozenset({"key_holder"})),
    ("People", "/people", frozenset({"administrator"})),
    ("Retention", "/retention", frozenset({"administrator"})),
    ("Record", "/audit", frozenset({"auditor"})),
    ("Your account", "/account", SIGNED_IN),
)
"""The links at the top of every page of signed-in people, and who sees them."""

csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> Flask:
    """The whole site over the database that the settings name."""
    settings = settings or read_settings()
    config.use(settings)
    db.use(db.connect(settings.database_url))
    app = Flask("msf", template_folder=str(data("templates")))
    bare = [door.blueprint for door in DOORS if not door.csrf]
    harden(app, settings, doors=[blueprint.name for blueprint in bare])
    app.config.update(
        SECRET_KEY=settings.secret_key,
        PERMANENT_SESSION_LIFETIME=IDLE,
        WTF_CSRF_TIME_LIMIT=None,
        MSF_SETTINGS=settings,
    )
    watch(app)
    csrf.init_app(app)
    install(app)
    confirm(app, CONFIRMED)
    app.extensions.update(sweeps=SWEEPS, undecided=undecided)
    open_doors(app)
    throttle_codes(app, ["respond.answer", "respond.withdraw"])
    app.config["MSF_STEPS"] = paths_of(app, bare)
    app.session_interface = StaffSessions(["/static", "/healthz", *app.config["MSF_STEPS"]])
    app.add_url_rule("/healthz", "health", health)
    app.context_processor(frame)
    return app


def open_doors(app: Flask) -> None:
    """Register every blueprint behind its guard."""
    guard(app, "security", ANYONE)
    for door in DOORS:
        guard(app, door.blueprint, door.roles)
        if not door.csrf:
            csrf.exempt(door.blueprint)
        app.register_blueprint(door.blueprint)


def paths_of(app: Flask, blueprints: list[Blueprint]) -> list[str]:
    """The first step of every address of these blueprints: `/give` for `/give/withdraw`."""
    names = {blueprint.name for blueprint in blueprints}
    rules = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.rpartition(".")[0] in names]
    return sorted({"/" + rule.split("/")[1] for rule in rules})


def health() -> Response:
    """That the process answers; nothing about what is behind it."""
    return Response("ok", mimetype="text/plain")


def frame() -> dict[str, object]:
    """What the frame of a page shows of the signed-in person; nothing on pages that know no sessions."""
    if request.endpoint is None or request.blueprint in {door.blueprint.name for door in DOORS if not door.csrf}:
        return {}
    person = me_or_none()
    if person is None:
        return {}
    return {
        "organisation_name": person.organisation_name,
        "person_name": person.name,
        "sign_out_url": "/sign-out",
        "navigation": [
            (text, path, request.path == path or request.path.startswith(f"{path}/"))
            for text, path, roles in NAVIGATION
            if not roles.isdisjoint(person.roles)
        ],
    }
