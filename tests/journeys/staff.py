"""What people with an account do in a real browser, one function for each page of the story."""

from datetime import date

from playwright.sync_api import Locator, expect

from tests.make import PASSWORD
from tests.site import Tab


def sign_in(tab: Tab, email: str, *, at: str = "/") -> None:
    """Sign in from wherever `at` leads to somebody who is not."""
    tab.goto(at)
    expect(heading(tab)).to_have_text("Sign in")
    tab.get_by_label("Email address").fill(email)
    tab.get_by_label("Password").fill(PASSWORD)
    press(tab, "Sign in")


def heading(tab: Tab) -> Locator:
    """The main heading."""
    return tab.get_by_role("heading", level=1)


def press(tab: Tab, words: str) -> None:
    """Press a button of the page's own part."""
    tab.locator("main").get_by_role("button", name=words, exact=True).click()


def go(tab: Tab, *words: str) -> None:
    """Follow links by their words, one after another."""
    for each in words:
        tab.locator("main").get_by_role("link", name=each).first.click()


def back(tab: Tab, words: str) -> None:
    """Follow the link above the page that leads back."""
    tab.get_by_role("navigation", name="Back").get_by_role("link", name=words).click()


def desk(tab: Tab) -> None:
    """From wherever a coordinator is to the desk of the one round there is."""
    tab.get_by_role("navigation", name="Main").get_by_role("link", name="Rounds").click()
    go(tab, "Dr Robin Sample", "Open, close, extend or cancel the round")


def round_of(tab: Tab) -> None:
    """From wherever somebody is to the one round there is."""
    tab.get_by_role("navigation", name="Main").get_by_role("link", name="Rounds").click()
    go(tab, "Dr Robin Sample")


def go_button(tab: Tab, words: str) -> None:
    """Follow a link that looks like a button."""
    tab.locator("main a.govuk-button", has_text=words).click()


def done(tab: Tab, words: str) -> None:
    """The page says that something is done."""
    expect(tab.get_by_role("status")).to_contain_text(words)


def day(tab: Tab, label: str, value: date) -> None:
    """Fill in a date."""
    box = tab.get_by_role("group", name=label)
    for part, number in (("Day", value.day), ("Month", value.month), ("Year", value.year)):
        box.get_by_label(part).fill(str(number))


def make_round(tab: Tab, *, opens: date, closes: date) -> None:
    """Make a round; the first try lacks the days and says so."""
    go(tab, "Make a round")
    chosen = tab.get_by_label("Whose feedback is it?")
    chosen.select_option(label="Dr Robin Sample, doctor, Northvale Hospital")
    tab.get_by_label("What colleagues are asked").select_option(value="doctor-colleagues/1")
    tab.get_by_label("What patients are asked").select_option(value="patients-in-person/1")
    press(tab, "Make the round")
    expect(tab.get_by_role("alert")).to_contain_text("Enter the opening day")
    expect(chosen.locator("option:checked")).to_contain_text("Dr Robin Sample")
    day(tab, "Opening day", opens)
    day(tab, "Last day for answers", closes)
    press(tab, "Make the round")
    done(tab, "is made")


def propose(tab: Tab, name: str, address: str, role: str) -> None:
    """Add one colleague to the list."""
    tab.get_by_label("Name", exact=True).fill(name)
    tab.get_by_label("Email address").fill(address)
    tab.get_by_label(role).check()
    press(tab, "Add this person")
    done(tab, f"{name} is on the list")


def assess_oneself(tab: Tab, family: str, words: str) -> None:
    """Answer one of the practitioner's own forms."""
    go(tab, f"Answer the questions {family} are asked")
    for question in tab.locator("fieldset.msf-rating").all():
        question.get_by_label("Good", exact=True).check()
    tab.locator("textarea").first.fill(words)
    press(tab, "Save my answers")
    done(tab, "Your answers are saved")


def reject(tab: Tab, name: str, reason: str) -> None:
    """Reject one person; without a reason it does not go."""
    go(tab, f"Decide about {name}")
    tab.get_by_label("No, reject").check()
    press(tab, "Save the decision")
    expect(tab.get_by_role("alert")).to_contain_text("Give a reason")
    tab.get_by_label("Reason, if you reject").fill(reason)
    press(tab, "Save the decision")
    done(tab, "the decision is saved")


def comment(tab: Tab, words: str) -> Locator:
    """The panel of one comment on the moderator's page."""
    return tab.locator("section.msf-panel").filter(has_text=words)


def redact(tab: Tab, comment_words: str, span: str) -> None:
    """Take words out of a comment; what is not in it cannot be taken out."""
    comment(tab, comment_words).get_by_role("link", name="Remove words or withhold").click()
    tab.get_by_label("Release it with words removed").check()
    tab.get_by_label("Words to remove").fill("Somebody Else")
    press(tab, "Keep this decision")
    expect(tab.get_by_role("alert")).to_contain_text("not in the comment")
    tab.get_by_label("Words to remove").fill(span)
    press(tab, "Keep this decision")
    expect(heading(tab)).to_have_text("Comments")


def withhold(tab: Tab, comment_words: str, reason: str) -> None:
    """Withhold a comment with a reason."""
    comment(tab, comment_words).get_by_role("link", name="Remove words or withhold").click()
    tab.get_by_label("Withhold all of it").check()
    tab.get_by_label("Reason for withholding").fill(reason)
    press(tab, "Keep this decision")
    expect(heading(tab)).to_have_text("Comments")
