"""What was tampered with after it was kept does not leave: figures, files, sentences and comments are read again."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sqlmodel import select

from msf.base.audit import AuditEvent
from msf.base.db import reading, transaction
from msf.instruments import find
from msf.reports import operations
from msf.reports.formats import data_files
from msf.reports.models import CommentReview, Report, ReportFile
from msf.reports.queries import opened_of, report_of
from msf.reports.rules import ALL, Cell, DisclosureRefused, Given, NonAnswers, Part, part_of
from msf.reports.rules.document import document_of
from msf.reports.rules.facts import Said
from msf.reports.rules.gate import Release, leaks, only_removed, readable
from msf.reports.rules.gate.refusal import FAMILY, FEW, FIGURE, FILE, GONE, NUMBER, PAPER, WORDS
from msf.reports.rules.shapes import Head, Quotes, Section, Table, Text
from msf.rounds.models import Round
from tests.pages import Visitor
from tests.reports.closed import NOW, Closed, closed_round
from tests.reports.samples import COLLEAGUES, COMMENTS, PATIENTS, facts, ratings
from tests.reports.test_journey import at, decide_all, state

BLOCKS = (("doctor",), ("nurse", "allied"))
SIDES = {
    "colleagues": Given(find(COLLEAGUES), "colleagues", ratings(find(COLLEAGUES), 17, seed=3),
                        np.repeat([0, 1], [10, 7]), BLOCKS),
    "patients": Given(find(PATIENTS), "patients", ratings(find(PATIENTS), 3, seed=5), np.zeros(3, int), ()),
}  # fmt: skip
GIVEN = {each.questionnaire.reference_name: each for each in SIDES.values()}
OWN = ratings(find(COLLEAGUES), 1, seed=9)[0]
PARTS = [
    part_of(each.questionnaire, [each.tally()], OWN if name == "colleagues" else None, least=5)
    for name, each in SIDES.items()
]
DECIDED = [said for said in COMMENTS if said.family == "colleagues"]


def release(parts: list[Part] | None = None, decided: list[Said] | None = None, **more: Any) -> Release:
    """All that would be published of these parts, in a document of what they were."""
    parts = PARTS if parts is None else parts
    decided = DECIDED if decided is None else decided
    told = facts(facilitator="Ms Guide")
    made = document_of(PARTS, [find(COLLEAGUES), find(PATIENTS)], [*decided, COMMENTS[-1]], told)
    return replace(Release(parts, told, made, data_files(parts, told), decided), **more)


def facts_of(found: Release, given: dict[str, Given] = GIVEN) -> set[str]:
    """What is wrong with it, without where."""
    return {leak.fact for leak in leaks(found, given, least=5)}


def changed(**cells: Any) -> Callable[[Part], Part]:
    """A part whose first mean of a block reads otherwise."""

    def change(part: Part) -> Part:
        place = next(n for n, cell in enumerate(part.cells) if cell.block != ALL and cell.statistic == "mean")
        return replace(part, cells=(*part.cells[:place], replace(part.cells[place], **cells), *part.cells[place + 1 :]))

    return change


def with_cell(cell: Cell) -> Callable[[Part], Part]:
    """A part with one figure more."""
    return lambda part: replace(part, cells=(*part.cells, cell))


def of_three(part: Part) -> Part:
    """A part whose second block is split, so that a figure of three people stands in it."""
    split = replace(part.families["colleagues"], blocks=(("doctor",), ("nurse",), ("allied",)))
    item = find(COLLEAGUES).item_ids[0]
    cell = Cell("colleagues", ("allied",), "item", item, "mean", 4.0, 3)
    return replace(part, families={**part.families, "colleagues": split}, cells=(*part.cells, cell))


def miscounted(part: Part) -> Part:
    """A part with one more blank than there were."""
    found = dict(part.non_answers["colleagues"])
    item, reasons = next(iter(found.items()))
    found[item] = NonAnswers(reasons.blank + 1, reasons.not_applicable, reasons.cannot_say)
    return replace(part, non_answers={"colleagues": found})


def about(name: str, **family: Any) -> Callable[[Part], Part]:
    """A part that says something else about a family."""
    return lambda part: replace(part, families={**part.families, name: replace(part.families["colleagues"], **family)})


ITEM = find(COLLEAGUES).item_ids[0]
DOMAIN = find(COLLEAGUES).domains[0].id


def test_what_the_rules_built_may_leave():
    assert leaks(release(), GIVEN, least=5) == ()
    assert readable(PARTS, least=5) == {("colleagues", f"{COLLEAGUES}:{p.id}") for p in find(COLLEAGUES).prompts}


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        (of_three, FIGURE),
        (changed(n=8), NUMBER),
        (changed(value=4.1234), FIGURE),
        (changed(value=5.0, n=7), FIGURE),
        (changed(block=("nurse",)), FIGURE),
        (changed(statistic="median"), FIGURE),
        (with_cell(PARTS[0].cells[-1]), FIGURE),
        (with_cell(Cell("colleagues", BLOCKS[1], "item", ITEM, "count_5", 3, 7)), FEW),
        (with_cell(Cell("colleagues", ALL, "domain", DOMAIN, "count_5", 3, 7)), FIGURE),
        (with_cell(Cell("patients", ALL, "item", ITEM, "mean", 4.0, 3)), FIGURE),
        (about("patients", n=3), FAMILY),
        (about("colleagues", n=16), NUMBER),
        (about("colleagues", withheld=True), NUMBER),
        (about("colleagues", blocks=()), FAMILY),
        (about("self", n=2), FAMILY),
        (miscounted, NUMBER),
    ],
)
def test_kept_figures_that_were_tampered_with_do_not_leave(change: Callable[[Part], Part], fact: str):
    assert fact in facts_of(release([change(PARTS[0]), PARTS[1]], []))


def test_figures_of_a_family_with_too_few_or_without_answers_do_not_leave():
    fewer = {COLLEAGUES: replace(SIDES["colleagues"], ratings=SIDES["colleagues"].ratings[:4], index=np.zeros(4, int))}
    assert facts_of(release(), {**GIVEN, **fewer}) == {FAMILY}
    gone = {COLLEAGUES: replace(SIDES["colleagues"], ratings=SIDES["colleagues"].ratings[:0], index=np.zeros(0, int))}
    assert facts_of(release(), {**GIVEN, **gone}) == {GONE}
    assert FAMILY in facts_of(release(), {PATIENTS: GIVEN[PATIENTS]})


@pytest.mark.parametrize(
    "files",
    [
        {"json": b"{}"},
        {"json": b"\xff"},
        {"json": data_files(PARTS, facts())["json"].replace(b'"n": 17', b'"n": 16', 1)},
        {"json": data_files(PARTS, facts())["json"].replace(b'"value": 4', b'"value": 4.0001', 1)},
        {"json": data_files(PARTS, facts())["json"].replace(b"{", b'{"raters": 17,', 1)},
        {"csv": b""},
        {"csv": data_files(PARTS, facts())["csv"] + b"doctor-colleagues/1,colleagues,allied,item,x,mean,4.0,3,\r\n"},
        {"csv": data_files(PARTS, facts())["csv"].replace(b",mean,4", b",mean,4.0001", 1)},
    ],
)
def test_files_that_hold_anything_else_do_not_leave(files: dict[str, bytes]):
    assert facts_of(release(files=files)) == {FILE}


@pytest.mark.parametrize(
    ("extra", "fact"),
    [
        (Section("colleagues", "x", 2, (Text("Nurses alone came to 3.14159."),)), PAPER),
        (Section("tables", "x", 2, (Table("t", (Head("Answers", numeric=True),), (("123",),)),)), PAPER),
        (Section("patients", "x", 2, (Table("t", (), ()),)), FAMILY),
        (Section("comments-colleagues", "x", 2, (Quotes("q", ("Nobody decided on this.",)),)), WORDS),
        (Section("comments-colleagues", "x", 2, (Quotes("q", (DECIDED[0].text,)),)), WORDS),
    ],
)  # fmt: skip
def test_a_document_that_says_anything_else_does_not_leave(extra: Section, fact: str):
    document = release().document
    tampered = replace(document, sections=(*document.sections, extra))
    assert facts_of(release(document=tampered)) == {fact}
    chart = next(document.charts())
    drawn = replace(chart.drawing, rows=(replace(chart.drawing.rows[0], mean=4.44), *chart.drawing.rows[1:]))
    section = Section("colleagues", "x", 2, (replace(chart, drawing=drawn),))
    assert facts_of(release(document=replace(document, sections=(section,)))) == {PAPER}


def test_comments_of_a_withheld_family_or_to_a_question_not_asked_do_not_leave():
    for said in (Said("patients", f"{PATIENTS}:did_well", "Kind."), Said("colleagues", f"{COLLEAGUES}:other", "Kind.")):
        assert WORDS in facts_of(release(decided=[*DECIDED, said]))


def reviewed(closed: Closed) -> None:
    """Take the report to its release."""
    decide_all(closed)
    with transaction() as session:
        operations.review_report(session, closed.round_id, by=closed.people["quality_reviewer"], now=NOW)


def tampered(closed: Closed, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Change the kept results behind the product's back; gives them as they were."""
    with transaction() as session:
        report = session.get_one(Report, closed.report_id)
        before = report.results
        report.results = copy.deepcopy(before)
        change(report.results)
        session.add(report)
        return before


def add_cell(results: dict[str, Any]) -> None:
    """A figure of the two administrators, who were counted with the nurses."""
    part = next(part for part in results["parts"] if part["questionnaire"] == COLLEAGUES)
    place = next(place for place, cell in enumerate(part["cells"]) if cell["block"] != "all")
    part["cells"] += [cell | {"block": ["admin"], "n": 2} for cell in part["cells"][place : place + 3]]


def change_n(results: dict[str, Any]) -> None:
    results["parts"][0]["families"]["colleagues"]["n"] -= 1


def add_family(results: dict[str, Any]) -> None:
    results["parts"][1]["families"]["managers"] = {"n": 9, "blocks": [], "withheld": False}


def let_go(closed: Closed, **files: bytes) -> None:
    """The release itself, with the data files of what is kept and a stand-in for the PDF, unless told otherwise."""
    people = {"facilitator_id": closed.people["facilitator"], "by": closed.people["coordinator"]}
    with transaction() as session:
        seen = opened_of(session, report_of(session, closed.round_id), session.get_one(Round, closed.round_id))
        made = {"pdf": b"%PDF", **data_files(seen.parts, seen.facts), **files}
        operations.release_to_practitioner(session, closed.round_id, files=made, now=NOW, **people)


def nothing_left(closed: Closed) -> bool:
    """Whether nothing of a release is stored."""
    with reading() as session:
        unread = session.get_one(Report, closed.report_id).released_at is None
        return unread and not session.exec(select(ReportFile)).all() and state(closed) == "reviewed"


@pytest.mark.usefixtures("app")
def test_a_release_of_tampered_results_is_refused_with_reasons_and_stores_nothing(visitor: Callable[[], Visitor]):
    closed = closed_round()
    reviewed(closed)
    before = tampered(closed, change_n)
    coordinator = at(visitor, "coordinator")
    coordinator.get(f"/rounds/{closed.round_id}/release")
    page = coordinator.submit({"facilitator_id": closed.people["facilitator"]}, status=409)
    assert page.heading == "This report cannot be released" and "not what was given" in page.text
    assert nothing_left(closed)
    with reading() as session:
        (noted,) = [each for each in session.exec(select(AuditEvent)) if each.action == "release.refused"]
    assert noted.actor == closed.people["coordinator"] and noted.details["reasons"] == {NUMBER: 1}

    for change, fact in ((add_cell, FIGURE), (add_family, FAMILY)):
        tampered(closed, lambda results: results.update(before))
        tampered(closed, change)
        with pytest.raises(DisclosureRefused, match=fact):
            let_go(closed)
    tampered(closed, lambda results: results.update(before))
    with pytest.raises(DisclosureRefused, match="CSV"):
        let_go(closed, csv=b"a,b")
    with transaction() as session:
        review = session.exec(select(CommentReview)).all()[0]
        review.text = "Words put into somebody’s mouth."
    with pytest.raises(DisclosureRefused, match=WORDS):
        let_go(closed)
    assert nothing_left(closed)
    with transaction() as session:
        session.get_one(CommentReview, review.comment_id).text = None
    let_go(closed)
    assert state(closed) == "released_practitioner"


@pytest.mark.parametrize(
    ("shown", "fair"),
    [
        ("Ann Lee was calm on Ward 3.", True),
        ("[removed] was calm on [removed].", True),
        ("[removed]", True),
        ("Ann Lee was [removed]", True),
        ("Ann Lee was calm.", False),
        ("[removed] was rude on [removed].", False),
        ("Ann Lee [removed] Lee was calm on Ward 3.", False),
        ("[removed]calm[removed]Ann[removed]", False),
    ],
)
def test_a_decision_may_take_words_out_and_put_none_in(shown: str, fair: bool):
    assert only_removed("Ann Lee was calm on Ward 3.", shown) == fair
