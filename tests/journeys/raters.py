"""People who answer in a real browser: by link, by typed code without script, by keyboard alone."""

import contextlib
from collections.abc import Callable, Mapping

from playwright.sync_api import Error, expect

from tests.site import Tab

Opens = Callable[..., Tab]


def follow(open_tab: Opens, link: str) -> Tab:
    """Follow the link of a letter: the form appears, and no address sent or shown holds the code."""
    tab, code = open_tab(), link.partition("#")[2]
    seen: list[str] = []
    tab.on("request", lambda request: seen.append(request.url))
    tab.goto(link)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Feedback about Dr Robin Sample")
    assert code not in tab.url
    assert len(seen) >= 2
    assert not [url for url in seen if code in url.partition("#")[0]]
    return tab


def rate(tab: Tab, answers: Mapping[int, str] | None = None, *, usual: str = "Good") -> None:
    """Choose an answer to every question by its words: `answers` by place, the others `usual`."""
    for place, question in enumerate(tab.locator("fieldset.msf-rating").all()):
        question.get_by_label((answers or {}).get(place, usual), exact=True).check()


def send(tab: Tab) -> str:
    """Send the answers; the receipt."""
    tab.get_by_role("button", name="Send my answers").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Thank you")
    return tab.locator(".msf-receipt").inner_text()


def left_nothing(tab: Tab, *words: str) -> None:
    """Nothing of a rater's visit stays in the browser: no cookie, no storage, no code or word on the way back."""
    assert tab.context.cookies() == []
    assert tab.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert tab.evaluate("indexedDB.databases().then(all => all.length)") == 0
    receipt = tab.locator(".msf-receipt").inner_text()
    tab.reload()
    expect(tab.get_by_label("Code")).to_be_visible()  # a page that asks for a code, as anybody finds it
    assert not [word for word in (*words, receipt) if word in _shown(tab)]
    for _ in range(2):
        with contextlib.suppress(Error):  # what was posted is not kept, so the browser has nothing to go back to
            tab.go_back(wait_until="commit", timeout=2000)
        assert not [word for word in words if word in _shown(tab)]
        assert tab.locator("input:checked").count() == 0


def _shown(tab: Tab) -> str:
    """Address, page and what is typed in it; the browser's own page about a lost answer may still be on its way."""
    for _ in range(50):
        try:
            typed = tab.locator("textarea, input").evaluate_all("all => all.map(each => each.value)")
            return " ".join([tab.url, tab.content(), *typed])
        except Error:
            tab.wait_for_timeout(100)
    raise AssertionError(f"Nothing to see at {tab.url}.")


def keyboard_only(tab: Tab, *, words: str) -> None:
    """Answer every question with Tab and Space, write a remark, and send with Enter."""
    here = "document.activeElement.type || document.activeElement.tagName"
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to main content")).to_be_focused()
    tab.keyboard.press("Enter")
    for _ in range(60):
        tab.keyboard.press("Tab")
        match tab.evaluate(here):
            case "radio":
                tab.keyboard.press("Space")
            case "textarea":
                break
    tab.keyboard.type(words)
    for _ in range(10):
        tab.keyboard.press("Tab")
        if tab.evaluate(here) == "submit":
            break
    assert tab.locator("input:checked").count() == tab.locator("fieldset.msf-rating").count()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Thank you")
