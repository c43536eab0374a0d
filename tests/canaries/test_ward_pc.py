"""What the next user of a ward’s computer finds where somebody answered: the way back, and the profile on the disk."""

import contextlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, expect

from msf.base.clock import utcnow
from tests.canaries.planted import COMMENT
from tests.canaries.search import Canaries, Search
from tests.journeys import raters
from tests.respond.rounds import OpenRound, open_round
from tests.site import FLAGS, NAMES, Browser, Site, Tab, shutil

pytestmark = pytest.mark.sqlite  # what a browser keeps has nothing to do with the database
VISITED = r"profile/(Default/(History|Favicons|Top Sites|Shortcuts)(-journal)?|segmentation_platform/.*)"
"""A residual: Chromium's lists of visited addresses hold the link as it was followed, code and all."""
TABS = r"profile/Default/Sessions/.*"
"""A residual: to bring tabs back after a crash, Chromium writes down what was posted from them, until it tidies up."""
RESIDUALS = {"code": (VISITED, TABS), "unused code": (VISITED, TABS), "comment": (TABS,), "receipt": (TABS,)}


@pytest.fixture
def opened(server: Site) -> OpenRound:
    """An open round on the server."""
    return open_round(server.settings, now=utcnow(), groups={"doctor": 8})


def profile(browser: Browser, folder: Path) -> BrowserContext:
    """A browser that keeps its profile in `folder`, as a ward's computer does."""
    path = next(filter(None, map(shutil.which, NAMES)))
    return browser.browser_type.launch_persistent_context(str(folder), executable_path=path, args=list(FLAGS))


def test_a_shared_profile_keeps_an_answer_in_no_cache_storage_or_form_memory_and_its_link_is_spent(
    browser: Browser, server: Site, opened: OpenRound, tmp_path: Path
) -> None:
    folder, (code, unused) = tmp_path / "profile", list(opened.codes)[:2]
    context = profile(browser, folder)
    raters.follow(context.new_page, f"{server.url}/give#{unused}").close()
    tab = raters.follow(context.new_page, f"{server.url}/give#{code}")
    raters.rate(tab)
    tab.locator("textarea").first.fill(COMMENT)
    receipt = raters.send(tab)
    raters.left_nothing(tab, code, COMMENT)
    assert context.cookies() == []
    context.close()
    context = profile(browser, folder)
    _next_user_reads_history(context.new_page(), server, code)
    assert context.cookies() == []
    context.close()
    words = {
        "code": [code],
        "unused code": [unused],
        "receipt": [receipt, receipt.replace(" ", "")],
        "comment": [COMMENT],
    }
    found = Search(Canaries(words))
    found.look_below(folder, called="profile/")
    assert found.places > 20 and found.size > 100_000
    elsewhere = found.beyond(RESIDUALS)
    assert not elsewhere, "\n".join(elsewhere)


def _next_user_reads_history(tab: Tab, server: Site, code: str) -> None:
    """The visited link opens the page that every code gets that opens nothing."""
    with contextlib.suppress(Error):
        tab.goto(f"{server.url}/give#{code}")
    expect(tab.get_by_role("heading", level=1)).to_have_text(re.compile("already been used, or is not valid"))
    assert COMMENT not in tab.content()
    assert tab.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
