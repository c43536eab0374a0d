"""While the round is open: people answer, decline and take back; a week later only the silent are reminded."""

from collections.abc import Iterable
from datetime import timedelta

from playwright.sync_api import expect
from sqlmodel import select

from msf.app import HANDLERS
from msf.base import queue
from msf.base.db import reading
from msf.demo.bots import Mind, answer_all
from msf.respond import jobs as door_jobs
from tests.journeys import raters
from tests.journeys.letters import link
from tests.journeys.people import ADDED, INVITED, NOMINATED, PATIENTS
from tests.journeys.story import CALM, HARSH, HEARD, KIND, NAMING, NEVER, Story

BOT = Mind(level=4.1, remarks=0.0)
COLLEAGUES = [person.address for person in NOMINATED[:-1]]
UNSURE = NOMINATED[9].address
"""Takes the answers back, is reminded, and answers again."""


def answer(story: Story) -> None:
    """Some answer in a browser, more by the bots; one declines, one takes the answers back."""
    _by_link(story, NOMINATED[0].address, KIND)
    _by_link(story, ADDED[0].address, NAMING)
    _by_keyboard(story, NOMINATED[8].address)
    _without_script(story, PATIENTS[0])
    _declines(story, NOMINATED[1].address)
    _takes_back(story, UNSURE)
    _bots(story, COLLEAGUES, 12)
    _bots(story, PATIENTS, 34)


def _by_link(story: Story, address: str, words: str) -> None:
    tab = raters.follow(story.open_tab, story.link(address))
    tab.get_by_role("button", name="Send my answers").click()
    expect(tab.get_by_role("alert")).to_contain_text("You have not answered anything yet")
    raters.rate(tab, {0: "Very good", 1: "Cannot say"})
    tab.locator("textarea").first.fill(words)
    raters.send(tab)
    story.answered.add(address)
    raters.left_nothing(tab, story.codes[address], words)


def _by_keyboard(story: Story, address: str) -> None:
    raters.keyboard_only(raters.follow(story.open_tab, story.link(address)), words=CALM)
    story.answered.add(address)


def _without_script(story: Story, address: str) -> None:
    tab = story.open_tab(java_script_enabled=False, width=320)
    tab.goto(f"{story.server.url}/give")
    tab.get_by_label("Your code").fill(story.printed[address].upper())
    tab.get_by_role("button", name="Continue").click()
    raters.rate(tab, {2: "Does not apply"})
    tab.locator("textarea").first.fill(HEARD)
    raters.send(tab)
    assert tab.context.cookies() == []
    story.answered.add(address)


def _declines(story: Story, address: str) -> None:
    tab = raters.follow(story.open_tab, story.link(address))
    tab.get_by_text("I would rather not answer").click()
    tab.get_by_role("button", name="Do not take part").click()
    expect(tab.locator("main")).to_contain_text("You have chosen not to take part")
    story.answered.add(address)


def _takes_back(story: Story, address: str) -> None:
    tab = raters.follow(story.open_tab, story.link(address))
    raters.rate(tab)
    tab.locator("textarea").first.fill(NEVER)
    receipt = raters.send(tab)
    tab.get_by_role("link", name="take this back").click()
    tab.get_by_label("The code from your letter").fill(story.printed[address])
    tab.get_by_label("The receipt").fill(receipt)
    tab.get_by_role("button", name="Continue").click()
    tab.get_by_role("button", name="Yes, destroy my answers").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your answers are destroyed")


def _bots(story: Story, addresses: Iterable[str], most: int) -> None:
    chosen = [each for each in story.silent(addresses) if each != UNSURE][:most]
    taken = answer_all(story.server.url, [story.codes[each] for each in chosen], most=most, mind=BOT, seed=7)
    assert sum(taken) == len(chosen) == most
    story.answered |= set(chosen)


def _reminders() -> int:
    """How many reminders wait to be sent; other work, such as that of the night, may wait beside them."""
    with reading() as session:
        kinds = session.exec(select(queue.Job.kind)).all()
    return kinds.count("respond.remind")


def remind(story: Story) -> None:
    """A week later each silent person gets one letter, once; then the last ones answer, one by that letter."""
    week_later = story.now + timedelta(days=7)
    with story.server.without_worker():
        door_jobs.tick(week_later)
        assert _reminders() == len(INVITED)
        queue.run_due(HANDLERS, clock=lambda: week_later)
        assert _reminders() == 0
    reminded = story.letters.fresh()
    assert sorted(letter.to for letter in reminded) == sorted(story.silent(INVITED))
    assert all(letter.subject.startswith("Reminder") for letter in reminded)
    door_jobs.tick(week_later)
    assert _reminders() == 0
    (again,) = (link(letter) for letter in reminded if letter.to == UNSURE)
    tab = raters.follow(story.open_tab, again)
    raters.rate(tab)
    tab.locator("textarea").nth(1).fill(HARSH)
    raters.send(tab)
    story.answered.add(UNSURE)
    _bots(story, COLLEAGUES, 4)
    _bots(story, PATIENTS, 5)
