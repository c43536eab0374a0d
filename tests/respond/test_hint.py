"""The hint under a box for words: says when something may tell who writes, keeps quiet otherwise, and sends nothing."""

import pytest
from playwright.sync_api import expect

from msf.base.clock import utcnow
from msf.base.config import Settings
from tests.respond.rounds import open_round
from tests.site import Site, Tab

TELLING = {
    "As her registrar I saw it on 3 May.": "“3 May”, “As her registrar”",
    "Ask me: ann.lee@northvale.example": "“ann.lee@northvale.example”",
    "My number is 07700 900123.": "“07700 900123”",
    "We live near LS2 9JT.": "“LS2 9JT”",
    "It was on ward 7B last week.": "“ward 7B”",
}
QUIET = "Listens, explains things twice, and may be a little late. I was heard. 10 out of 10."


@pytest.mark.sqlite
def test_the_hint_at_the_door_names_what_may_tell_and_sends_nothing(server: Site, settings: Settings, tab: Tab) -> None:
    opened = open_round(settings, now=utcnow())
    tab.goto(f"/give#{opened.of('colleagues')[0]}")
    box = tab.locator("textarea").first
    box.wait_for()
    hint = tab.locator(f"[id='{box.get_attribute('id')}-found']")
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    expect(hint).to_have_attribute("aria-live", "polite")
    expect(hint).to_be_empty()
    for words, telling in TELLING.items():
        box.fill(words)
        box.blur()
        expect(hint).to_contain_text(f"This may show who you are or who a patient is: {telling}.")
        assert box.input_value() == words
    box.fill(QUIET)
    expect(hint).to_be_empty()
    assert asked == []
    names = [f"Doctor {number}" for number in range(8)] + ["doctor1@", "Kit Coordinator"]
    assert not [name for name in names if name in tab.content()]
    box.fill("As her registrar.")
    tab.get_by_role("button", name="Send my answers").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Thank you")
