"""From a new round to the letters that go out: coordinator, practitioner and case manager, each at their own desk."""

from datetime import timedelta

from playwright.sync_api import expect

from msf.base.clock import today
from msf.base.db import transaction
from msf.invitations import operations as invitation_book
from tests.journeys import staff
from tests.journeys.letters import codes, link, printed
from tests.journeys.people import ADDED, INVITED, NOMINATED, PATIENTS, REJECTED
from tests.journeys.story import OWN, Story
from tests.site import Tab


def prepare(story: Story, tab: Tab) -> None:
    """The coordinator makes the round and asks the practitioner."""
    opens = today(story.now, "Europe/London") + timedelta(days=1)
    staff.make_round(tab, opens=opens, closes=opens + timedelta(weeks=4))
    story.round_id = tab.url.rpartition("/")[2]
    staff.go(tab, "Ask the practitioner to choose people")
    staff.press(tab, "Yes, write now")
    staff.done(tab, "A letter is on its way")


def choose(story: Story) -> None:
    """The practitioner follows the letter, proposes colleagues and answers both own forms."""
    story.server.settle()
    (letter,) = story.letters.fresh()
    assert letter.to == story.people.practitioner.email
    tab = story.desk(story.people.practitioner.email, at=link(letter))
    expect(staff.heading(tab)).to_have_text("Feedback about your work")
    staff.go(tab, "Choose the colleagues to ask")
    for person in NOMINATED[:2]:
        staff.propose(tab, person.name, person.address, person.role)
    expect(tab.locator("main")).to_contain_text("2 colleagues are chosen so far")
    _propose_the_rest(story)
    staff.back(tab, "Back to the round")
    staff.go(tab, "Answer about your own work")
    staff.assess_oneself(tab, "colleagues", OWN)
    staff.assess_oneself(tab, "patients", "I explain well, I hope.")


def _propose_the_rest(story: Story) -> None:
    with transaction() as session:
        for person in NOMINATED[2:]:
            invitation_book.nominate(
                session,
                story.round_id,
                family="colleagues",
                group=person.group,
                name=person.name,
                address=person.address,
                origin="practitioner",
                by=story.people.practitioner.id,
                now=story.now,
            )


def approve(story: Story) -> None:
    """The case manager adds people, rejects one, and approves the list with the guidance in view."""
    tab = story.desk(story.people.case_manager.email)
    staff.go(tab, "Dr Robin Sample", "See, add and decide on colleagues")
    for person in ADDED:
        staff.propose(tab, person.name, person.address, person.role)
    staff.reject(tab, REJECTED.name, "Has left the ward.")
    staff.back(tab, "Back to the round")
    staff.go(tab, "Add patients")
    _paste(tab, [*PATIENTS, "not an address"])
    expect(tab.get_by_role("alert")).to_contain_text("Line 46")
    _paste(tab, PATIENTS)
    staff.done(tab, "45 patients were added")
    staff.back(tab, "Back to the round")
    staff.go(tab, "Approve the list of people")
    expect(tab.locator("main")).to_contain_text("“Managers and office staff” cannot reach five answers yet")
    staff.press(tab, "Approve everybody and the list")
    staff.done(tab, "The list is approved")


def _paste(tab: Tab, lines: list[str]) -> None:
    tab.get_by_label("Email addresses of patients").fill("\n".join(lines))
    staff.press(tab, "Add these patients")


def begin(story: Story, tab: Tab) -> None:
    """The coordinator opens the round a day early; everybody who was approved gets one letter with one code."""
    staff.desk(tab)
    staff.go_button(tab, "Open now")
    staff.press(tab, "Open and send the invitations")
    staff.done(tab, "The round is open")
    story.server.settle(seconds=60)
    sent = story.letters.fresh()
    assert sorted(letter.to for letter in sent) == sorted(INVITED)
    story.codes = codes(sent)
    story.printed = {letter.to: printed(letter) for letter in sent}
    assert len(set(story.codes.values())) == len(sent)
