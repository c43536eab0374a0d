"""Every page of the site, as somebody sees it with something on it: its address, who looks, and what they did there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator

from tests.browser.scene import Scene
from tests.site import Tab

Act = Callable[[Tab, Scene], None]


@dataclass(frozen=True)
class Look:
    """One page to look at; `who` is a role, the practitioner of a round, or nobody."""

    name: str
    endpoint: str
    who: str
    path: str
    act: Act | None = None
    status: int = 200


def _main(tab: Tab) -> Locator:
    return tab.locator("main")


def press(words: str) -> Act:
    """Press a button and stay to see what is said."""

    def act(tab: Tab, _scene: Scene) -> None:
        _main(tab).get_by_role("button", name=words, exact=True).click()
        tab.wait_for_load_state()

    return act


def fill(words: str, **fields: str) -> Act:
    """Fill boxes by their ids, then press a button."""

    def act(tab: Tab, scene: Scene) -> None:
        for name, value in fields.items():
            tab.locator(f"[id='{name}']").fill(value)
        press(words)(tab, scene)

    return act


def unfold(tab: Tab, _scene: Scene) -> None:
    """Open whatever is folded away."""
    for summary in tab.locator("summary").all():
        summary.click()


def enter_code(place: int) -> Act:
    """Come in with a code that is not used yet."""

    def act(tab: Tab, scene: Scene) -> None:
        fill("Continue", code=scene.codes[place])(tab, scene)

    return act


def _form_open(tab: Tab, scene: Scene) -> None:
    enter_code(0)(tab, scene)
    unfold(tab, scene)


def _form_wrong(tab: Tab, scene: Scene) -> None:
    enter_code(0)(tab, scene)
    tab.locator("textarea").first.fill("ŵ" * 4500)
    press("Send my answers")(tab, scene)


def _sent(tab: Tab, scene: Scene) -> None:
    enter_code(1)(tab, scene)
    tab.locator("fieldset.msf-rating input").first.check()
    press("Send my answers")(tab, scene)


def _asked_back(tab: Tab, scene: Scene) -> None:
    fill("Continue", code=scene.codes[2], receipt="abcdefgh0011")(tab, scene)


def _taken_back(tab: Tab, scene: Scene) -> None:
    enter_code(3)(tab, scene)
    tab.locator("fieldset.msf-rating input").first.check()
    press("Send my answers")(tab, scene)
    receipt = tab.locator(".msf-receipt").inner_text()
    tab.goto("/give/withdraw")
    fill("Continue", code=scene.codes[3], receipt=receipt)(tab, scene)
    press("Yes, destroy my answers")(tab, scene)


DOOR = (
    Look("code", "respond.give", "", "/give"),
    Look("code that is none", "respond.answer", "", "/give", fill("Continue", code="nonsense")),
    Look("form", "respond.answer", "", "/give", _form_open),
    Look("form with errors", "respond.answer", "", "/give", _form_wrong),
    Look("form with nothing", "respond.answer", "", "/give", lambda tab, scene: (
        enter_code(0)(tab, scene), press("Send my answers")(tab, scene))[0]),
    Look("thanks", "respond.answer", "", "/give", _sent),
    Look("code that is spent", "respond.answer", "", "/give", fill("Continue", code="0" * 24 + "11")),
    Look("withdraw", "respond.withdraw_form", "", "/give/withdraw"),
    Look("withdraw with errors", "respond.withdraw", "", "/give/withdraw", fill("Continue", code="x", receipt="y")),
    Look("withdraw, asked", "respond.withdraw", "", "/give/withdraw", _asked_back),
    Look("withdrawn", "respond.withdraw", "", "/give", _taken_back),
    Look("no such page", "", "", "/give/nowhere", status=404),
)  # fmt: skip
ACCOUNTS = (
    Look("sign in", "security.login", "", "/sign-in"),
    Look("sign in refused", "security.login", "", "/sign-in", fill("Sign in", email="a@b.example", password="no")),
    Look("forgotten", "security.forgot_password", "", "/password"),
    Look("forgotten, wrong", "security.forgot_password", "", "/password", fill("Send me the link", email="no")),
    Look("start", "accounts.start", "facilitator", "/"),
    Look("account", "accounts.account", "coordinator", "/account"),
    Look("new password, wrong", "security.change_password", "moderator", "/account/password",
         press("Change the password")),
    Look("password again", "security.verify", "moderator", "/account/confirm"),
    Look("people", "people.index", "administrator", "/people"),
    Look("new person", "people.new", "administrator", "/people/new"),
    Look("new person, wrong", "people.new", "administrator", "/people/new", press("Add this person")),
    Look("switch off", "people.ask", "administrator", "/people/{people[moderator].id}/deactivate"),
    Look("retention", "retention.index", "administrator", "/retention"),
    Look("shorter times, wrong", "retention.change", "administrator",
         "/retention/{people[coordinator].organisation_id}", fill("Continue", addresses="31")),
    Look("shorter times, asked", "retention.change", "administrator",
         "/retention/{people[coordinator].organisation_id}", fill("Continue", addresses="7")),
    Look("record", "audit.index", "auditor", "/audit"),
    Look("record, wrong", "audit.index", "auditor", "/audit?until-day=31", status=422),
    Look("keys, none", "holders.index", "new_holder", "/keys"),
    Look("keys", "holders.index", "key_holder", "/keys"),
    Look("make a key, wrong", "holders.make", "new_holder", "/keys/make", press("Make the key")),
    Look("passphrase, wrong", "holders.change", "key_holder", "/keys/passphrase", press("Change the passphrase")),
    Look("forget a key", "holders.ask_forget", "new_holder", "/keys/forget"),
    Look("open a round, wrong", "holders.unlock", "key_holder", "/keys/{rounds[waiting]}",
         fill("Give your share", passphrase="no")),
    Look("desk, waiting", "desk.show", "coordinator", "/rounds/{rounds[waiting]}/desk"),
    Look("not for you", "", "moderator", "/people", status=403),
    Look("nothing there", "", "coordinator", "/rounds/" + "0" * 32, status=404),
    Look("wrong way", "", "coordinator", "/rounds/{rounds[reviewed]}/release/organisation", status=405),
)  # fmt: skip
ROUNDS = (
    Look("rounds", "rounds.index", "coordinator", "/rounds"),
    Look("rounds of a practitioner", "rounds.index", "@open", "/rounds"),
    Look("no rounds in a state", "rounds.index", "coordinator", "/rounds?state=archived"),
    Look("new round", "rounds.new", "coordinator", "/rounds/new", unfold),
    Look("new round, wrong", "rounds.new", "coordinator", "/rounds/new", press("Make the round")),
    *(
        Look(f"round, {state}", "rounds.show", "coordinator", f"/rounds/{{rounds[{state}]}}")
        for state in ("draft", "nominating", "approved", "open", "closed", "reviewed", "released", "void", "cancelled")
    ),
    Look("own round, nominating", "rounds.show", "@nominating", "/rounds/{rounds[nominating]}"),
    Look("own round, released", "rounds.show", "@released", "/rounds/{rounds[released]}"),
    Look("round of a moderator", "rounds.show", "moderator", "/rounds/{rounds[closed]}"),
    Look("start", "rounds.start", "coordinator", "/rounds/{rounds[draft]}/start"),
    Look("start, too late", "rounds.start", "coordinator", "/rounds/{rounds[open]}/start", status=409),
    Look("own answers", "rounds.own_answers", "@nominating", "/rounds/{rounds[nominating]}/self"),
    Look("own form", "rounds.own_form", "@nominating", "/rounds/{rounds[nominating]}/self/colleagues"),
    Look("own form, wrong", "rounds.own_form", "@nominating", "/rounds/{rounds[nominating]}/self/patients",
         press("Save my answers")),
    Look("nominees", "nominees.index", "case_manager", "/rounds/{rounds[nominating]}/nominees"),
    Look("nominees, wrong", "nominees.index", "case_manager", "/rounds/{rounds[nominating]}/nominees",
         press("Add this person")),
    Look("own nominees", "nominees.index", "@nominating", "/rounds/{rounds[nominating]}/nominees"),
    Look("nominees, closed", "nominees.index", "coordinator", "/rounds/{rounds[closed]}/nominees"),
    Look("decide", "nominees.decide", "case_manager",
         "/rounds/{rounds[nominating]}/nominees/{nominees[proposed]}/decide"),
    Look("decide, wrong", "nominees.decide", "case_manager",
         "/rounds/{rounds[nominating]}/nominees/{nominees[proposed]}/decide", press("Save the decision")),
    Look("remove", "nominees.remove", "@nominating",
         "/rounds/{rounds[nominating]}/nominees/{nominees[proposed]}/remove"),
    Look("approve", "nominees.approve", "case_manager", "/rounds/{rounds[nominating]}/approve"),
    Look("patients", "patients.index", "case_manager", "/rounds/{rounds[nominating]}/patients"),
    Look("patients, wrong", "patients.index", "case_manager", "/rounds/{rounds[nominating]}/patients",
         fill("Add these patients", addresses="nobody\nsomebody@\n" + "x" * 90)),
    Look("cards", "patients.cards", "case_manager", "/rounds/{rounds[open]}/cards"),
    Look("cards, wrong", "patients.cards", "case_manager", "/rounds/{rounds[open]}/cards", press("Make cards")),
    Look("revoke cards", "patients.ask_revoke", "case_manager", "/rounds/{rounds[open]}/cards/revoke"),
    Look("sheet", "patients.sheet", "case_manager", "/rounds/{rounds[open]}/cards/sheet"),
)  # fmt: skip
DESK = (
    Look("desk", "desk.show", "coordinator", "/rounds/{rounds[open]}/desk"),
    Look("open", "desk.ask_open", "coordinator", "/rounds/{rounds[approved]}/desk/open"),
    Look("close", "desk.ask_close", "coordinator", "/rounds/{rounds[open]}/desk/close"),
    Look("extend", "desk.extend", "coordinator", "/rounds/{rounds[open]}/desk/extend"),
    Look("extend, wrong", "desk.extend", "coordinator", "/rounds/{rounds[open]}/desk/extend", press("Give more time")),
    Look("cancel", "desk.cancel", "coordinator", "/rounds/{rounds[open]}/desk/cancel"),
    Look("cancel, wrong", "desk.cancel", "coordinator", "/rounds/{rounds[open]}/desk/cancel",
         press("Cancel the round for good")),
)  # fmt: skip
REPORTS = (
    Look("comments", "moderation.index", "moderator", "/rounds/{rounds[closed]}/comments"),
    Look("comments, finished", "moderation.index", "moderator", "/rounds/{rounds[moderated]}/comments"),
    Look("comment", "moderation.decide", "moderator", "/rounds/{rounds[closed]}/comments/{comment}"),
    Look("comment, wrong", "moderation.decide", "moderator", "/rounds/{rounds[closed]}/comments/{comment}",
         press("Keep this decision")),
    Look("send back", "moderation.send_back", "moderator", "/rounds/{rounds[moderated]}/comments/{comment}/return"),
    Look("send back, reviewer", "review.send_back_as_reviewer", "quality_reviewer",
         "/rounds/{rounds[moderated]}/review/comments/{comment}/return"),
    Look("original", "moderation.original", "moderator", "/rounds/{rounds[released]}/comments/{comment}/original"),
    Look("finish, too early", "moderation.ask_finish", "moderator", "/rounds/{rounds[closed]}/comments/finish"),
    Look("review", "review.check", "quality_reviewer", "/rounds/{rounds[moderated]}/review"),
    Look("review, wrong", "review.check", "quality_reviewer", "/rounds/{rounds[moderated]}/review",
         press("The report is ready")),
    Look("preview", "reports.show", "quality_reviewer", "/reports/{reports[moderated]}"),
    Look("release", "release.give", "coordinator", "/rounds/{rounds[reviewed]}/release"),
    Look("release, wrong", "release.give", "coordinator", "/rounds/{rounds[reviewed]}/release",
         press("Release to the practitioner")),
    Look("release to the organisation", "release.give", "coordinator", "/rounds/{rounds[released]}/release"),
    Look("make void", "release.take_back", "coordinator", "/rounds/{rounds[released]}/release/void"),
    Look("make void, wrong", "release.take_back", "coordinator", "/rounds/{rounds[released]}/release/void",
         press("Make it void for good")),
    Look("reports", "reports.index", "coordinator", "/reports"),
    Look("benchmarks", "benchmarks.index", "coordinator", "/benchmarks"),
    Look("one benchmark", "benchmarks.show", "administrator", "/benchmarks/{benchmark}"),
    Look("own reports", "reports.index", "@released", "/reports"),
    Look("no reports yet", "reports.index", "@open", "/reports"),
    Look("own report", "reports.show", "@released", "/reports/{reports[released]}"),
    Look("readers", "reports.readers", "@released", "/reports/{reports[released]}/readers"),
    Look("report of the organisation", "reports.show", "case_manager", "/reports/{reports[organisation]}"),
    Look("void report", "", "@void", "/reports/{reports[void]}", status=410),
)  # fmt: skip
PROGRAMMES = (
    Look("programmes", "programmes.index", "coordinator", "/programmes"),
    Look("programme", "programmes.show", "quality_reviewer", "/programmes/doctor-colleagues/1", unfold),
    Look("programme with things hidden", "programmes.show", "administrator",
         "/programmes/patients-in-person/1?period=2025-Q1", unfold),
    Look("export", "exports.ask", "administrator", "/programmes/export"),
    Look("no such period", "", "coordinator", "/programmes/doctor-colleagues/1?period=2001-Q1", status=404),
)  # fmt: skip
LOOKS = (*DOOR, *ACCOUNTS, *ROUNDS, *DESK, *REPORTS, *PROGRAMMES)
BOTH_WAYS = {"programme", "form", "form with errors", "new round, wrong", "nominees", "comments", "sign in"}
"""Pages that are also looked at dark and wide, and light and narrow."""

ELSEWHERE = {
    "static": "files, no pages",
    "health": "one word of plain text",
    "reports.download": "files, no pages",
    "programmes.download": "files, no pages",
    "audit.sheet": "a file, no page",
    "reports.chart": "pictures; their words stand beside them on the page",
    "reports.of_round": "leads to the report and shows nothing itself",
    "security.reset_password": "needs the link of a letter; looked at in its own test here",
}
"""Addresses that answer GET and are not in the list of looks, with the reason."""
