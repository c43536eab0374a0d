"""After the close: comments are read, the report is checked, released, and read by whom it is meant for, no earlier."""

import csv
import io
import json
from typing import Any

import pikepdf
from playwright.sync_api import expect
from pypdf import PdfReader

from msf.instruments import find
from tests.journeys import staff
from tests.journeys.letters import link
from tests.journeys.story import CALM, HARSH, HEARD, KIND, NEVER, OWN, Story
from tests.site import Tab


def close(story: Story, tab: Tab) -> None:
    """The coordinator closes the round, asked first; both its keys are gone afterwards."""
    staff.desk(tab)
    staff.go_button(tab, "Close now")
    expect(tab.locator("main")).to_contain_text("the round cannot be opened again")
    keys = list(story.server.settings.keys.rglob(f"*{story.round_id}*"))
    assert len(keys) == 2
    staff.press(tab, "Close the round for good")
    staff.done(tab, "The round is closed")
    story.server.settle(seconds=60)
    assert not any(key.exists() for key in keys)


def read_comments(story: Story) -> None:
    """The moderator decides on every comment and finishes."""
    tab = story.desk(story.people.moderator.email)
    staff.go(tab, "Dr Robin Sample", "Read the comments")
    expect(tab.locator("main")).to_contain_text("5 comments left to decide")
    for words in (KIND, CALM, HEARD):
        staff.comment(tab, words).get_by_role("button", name="Release").click()
    staff.redact(tab, "how kind this doctor is", "Ann Lee on Ward 9")
    staff.withhold(tab, "them & be done", "Abuse without anything that helps.")
    expect(tab.locator("main")).to_contain_text("Every comment is decided")
    assert NEVER not in tab.content()
    staff.go_button(tab, "Finish the comments")
    staff.press(tab, "Yes, finish")
    staff.done(tab, "The comments are finished")


def check(story: Story) -> None:
    """The quality reviewer reads the preview and ticks the list."""
    tab = story.desk(story.people.reviewer.email)
    staff.go(tab, "Dr Robin Sample", "Check the report", "Read the preview")
    expect(tab.locator("main")).to_contain_text("This report is not released")
    tab.go_back()
    expect(staff.comment(tab, "them & be done")).to_contain_text("Reason: Abuse without anything that helps.")
    staff.comment(tab, "them & be done").get_by_role("button", name="Agree").click()
    staff.done(tab, "You agreed that the comment is withheld")
    staff.press(tab, "The report is ready")
    expect(tab.get_by_role("alert")).to_contain_text("Tick")
    for box in tab.get_by_role("checkbox").all():
        box.check()
    staff.press(tab, "The report is ready")
    staff.done(tab, "The report is checked")


def release(story: Story, tab: Tab) -> None:
    """The coordinator releases the report with a facilitator; a letter tells the practitioner."""
    assert story.letters.fresh() == []
    staff.round_of(tab)
    staff.go(tab, "Release the report")
    tab.get_by_label("Facilitator").select_option(label="Fran Facilitator")
    staff.press(tab, "Release to the practitioner")
    staff.done(tab, "The report is released")
    story.server.settle()
    (letter,) = story.letters.fresh()
    assert letter.to == story.people.practitioner.email
    story.report = link(letter)


def read(story: Story) -> None:
    """The practitioner follows the letter and reads page, PDF, CSV and JSON: the same figures everywhere."""
    tab = story.desk(story.people.practitioner.email, at=story.report)
    article = tab.locator("article.report")
    expect(article.get_by_role("heading", level=1)).to_be_visible()
    _charts(tab)
    said = article.inner_text()
    assert "Ask [removed] how kind this doctor is." in said
    assert all(words in said for words in (KIND, CALM, HEARD, OWN))
    cells = json.loads(_file(tab, story, "json"))
    _families(cells)
    pdf = _file(tab, story, "pdf")
    _marked(pdf)
    printed = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    rows = _rows(tab)
    assert not [row for row in rows if _bare("".join(row)) not in _bare(printed)]
    for cell in _means(cells):
        if cell["scope"] == "item" and cell["block"] == "all":
            assert [row for row in rows if row[0] == _text(cell["id"]) and f"{cell['value']:.1f}" in row[1]], cell
    for words in (HARSH, "Sack", "Ann Lee", NEVER):
        assert words not in said + printed + str(cells)
    sheet = list(csv.DictReader(io.StringIO(_file(tab, story, "csv").decode("utf-8-sig"))))
    given = [float(row["value"]) for row in sheet if row["statistic"] == "mean"]
    assert given == [cell["value"] for cell in _means(cells)]


def _file(tab: Tab, story: Story, ending: str) -> bytes:
    name = {"pdf": "(PDF)", "csv": "(CSV)", "json": "(JSON)"}[ending]
    with tab.expect_download() as started:
        tab.get_by_role("link", name=name).click()
    assert started.value.suggested_filename.endswith(f".{ending}")
    return started.value.path().read_bytes()


def _charts(tab: Tab) -> None:
    pictures = tab.locator("article.report img")
    assert pictures.count() >= 2
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        assert picture.get_attribute("alt")
        assert picture.evaluate("each => each.decode().then(() => each.naturalWidth)") > 100
    assert tab.locator("article.report table").count() >= 2


def _families(cells: dict[str, Any]) -> None:
    told = {name: family["n"] for part in cells["parts"] for name, family in part["families"].items() if name != "self"}
    assert told == {"colleagues": 20, "patients": 40}


def _marked(pdf: bytes) -> None:
    assert pdf.startswith(b"%PDF-")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert b"pdfuaid:part" in bytes(opened.Root.Metadata.read_bytes())
        assert str(opened.Root.Lang).startswith("en")


def _means(cells: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for part in cells["parts"] for cell in part["cells"] if cell["statistic"] == "mean"]


def _rows(tab: Tab) -> list[list[str]]:
    every = "all => all.map(row => [...row.cells].map(cell => cell.textContent.trim()))"
    return tab.locator("article.report tbody tr").evaluate_all(every)


def _bare(text: str) -> str:
    return "".join(text.split()).replace("-", "")


def _text(item_id: str) -> str:
    """The words of one question, by which its rows begin."""
    asked = [*find("doctor-colleagues").items, *find("patients-in-person").items]
    return next(item.text["en"] for item in asked if item.id == item_id)


def read_as_organisation(story: Story, coordinator: Tab, manager: Tab) -> None:
    """The case manager finds nothing until the coordinator releases the report to the organisation too."""
    address = f"/rounds/{story.round_id}/report"
    assert manager.goto(address).status == 404
    staff.round_of(coordinator)
    staff.go(coordinator, "Release the report")
    staff.press(coordinator, "Release to the organisation")
    staff.done(coordinator, "The organisation can read the report now")
    staff.round_of(manager)
    staff.go(manager, "Read the report")
    expect(manager.locator("article.report")).to_contain_text(CALM)
