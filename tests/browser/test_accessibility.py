"""Every page keeps the rules of WCAG 2.0-2.2 A and AA, light and dark, wide and narrow, and never scrolls sideways."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from msf.base import config, db
from msf.base.config import settings as read_settings
from msf.base.keys import Keys
from msf.base.mail import caught
from tests.browser.looks import BOTH_WAYS, ELSEWHERE, LOOKS, Look
from tests.browser.scene import Scene, scene
from tests.engines import SqliteEngine
from tests.journeys import staff
from tests.make import Make
from tests.site import Browser, Site, Tab, Tabs

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Desk = Callable[[str], Tab]


@pytest.fixture(scope="module")
def built(_sqlite: SqliteEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The populated site, made once for all the pages that are looked at."""
    home = tmp_path_factory.mktemp("scene")
    database = db.connect(_sqlite.fresh(home))
    chosen = read_settings({"MSF_HOME": str(home), "MSF_SECRET_KEY": "only for tests " * 3})
    db.use(database)
    config.use(chosen)
    now = datetime.now(UTC)
    with Site(chosen) as site:
        yield scene(site, Make(database, now=now, keys=Keys.at(chosen.keys), session=None), now)
    database.engine.dispose()


@pytest.fixture(scope="module")
def desk(built: Scene, browser: Browser) -> Iterator[Desk]:
    """Opens the tab of somebody, signed in once; fails at the end where one left this machine or met an error."""
    tabs = Tabs(browser, built.site.url)
    opened: dict[str, Tab] = {}

    def sit_down(who: str) -> Tab:
        if who not in opened or not who:
            opened[who] = tabs.open()
            if who:
                email = built.practitioners[who[1:]] if who.startswith("@") else built.people[who].email
                staff.sign_in(opened[who], email)
        return opened[who]

    yield sit_down
    tabs.close()


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name.replace(" ", "-"))
def test_the_page_keeps_the_rules(look: Look, built: Scene, desk: Desk, axe: Callable[[Tab], None]) -> None:
    tab = desk(look.who)
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.emulate_media(color_scheme="light")
    answer = tab.goto(look.path.format(**vars(built)))
    assert answer is not None
    assert answer.status == look.status
    if look.act:
        look.act(tab, built)
    axe(tab)
    for width, scheme in ((1280, "dark"), (320, "light"), (320, "dark")):
        if (width, scheme) == (320, "dark") or look.name in BOTH_WAYS:
            tab.set_viewport_size({"width": width, "height": 900})
            tab.emulate_media(color_scheme=scheme)
            axe(tab)
    _fits(tab)


def _fits(tab: Tab) -> None:
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_behind_the_letter_to_somebody_new_keeps_the_rules(
    built: Scene, desk: Desk, axe: Callable[[Tab], None]
) -> None:
    tab = desk("")
    tab.goto("/password")
    tab.get_by_label("Email address").fill(built.people["facilitator"].email)
    staff.press(tab, "Send me the link")
    folder = Path(built.site.settings.mail.removeprefix("folder:"))
    for _ in range(100):
        if letters := [letter for letter in caught(folder) if letter.subject.startswith("Set your password")]:
            break
        tab.wait_for_timeout(100)
    tab.goto(re.search(r"https?://\S+/password/\S+", letters[0].text).group())
    expect(staff.heading(tab)).to_have_text("Choose your password")
    staff.press(tab, "Set the password")
    tab.set_viewport_size({"width": 320, "height": 900})
    axe(tab)
    _fits(tab)


def test_every_page_is_looked_at_or_left_out_for_a_reason(built: Scene) -> None:
    pages = {rule.endpoint for rule in built.site.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    seen = {look.endpoint for look in LOOKS}
    assert pages - seen == set(ELSEWHERE)
