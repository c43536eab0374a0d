"""Which periods may be shown, and what a page says of figures, without a page."""

import json
import re
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msf.insights.formats import figures_csv, figures_json
from msf.insights.rules import items, people, said, together
from msf.insights.rules.page import sections_of, summary
from msf.insights.rules.periods import NoSuchPeriod, chosen, over, shown, spoken
from msf.insights.rules.shapes import Bullets, Folded, Note, Picture, Section, Table, Text
from msf.insights.rules.study import Study, study_of
from msf.instruments import find
from msf.responses.rules.programme import shape_of
from msf.scoring.programme import figures_of, released
from msf.scoring.programme.figures import Figure
from tests.insights.books import COLLEAGUES, PATIENTS, UNSEEN, sums


@dataclass(frozen=True)
class Kept:
    """A book as the rules know it."""

    until: str
    practitioners: int = 10
    since: str = ""
    raters: int = 100


def study(name: str = COLLEAGUES, *practitioners: int, **more: object) -> Study:
    """A study of books of so many practitioners each."""
    blocks = [sums(name, n, seed=seed, **more) for seed, n in enumerate(practitioners or (60,))]  # type: ignore[arg-type]
    return study_of(find(name), blocks)


def words_of(section: Section) -> str:
    """Everything a section says."""
    found: list[str] = [section.title]
    for block in section.blocks:
        match block:
            case Text(text) | Note(text):
                found.append(text)
            case Bullets(items):
                found += items
            case Table() | Folded() | Picture():
                table = {Folded: lambda b: b.table, Picture: lambda b: b.behind}.get(type(block), lambda b: b)(block)
                found += [getattr(block, "title", ""), getattr(block, "sentence", ""), table.caption]
                found += [cell for row in table.rows for cell in row]
    return "\n".join(found)


def tables_of(section: Section) -> dict[str, Table]:
    return {block.caption: block for block in section.blocks if isinstance(block, Table)}


@pytest.mark.parametrize(
    ("day", "is_over"),
    [(date(2027, 3, 31), False), (date(2027, 4, 1), False), (date(2027, 4, 2), True), (date(2028, 1, 1), True)],
)
def test_a_quarter_is_over_a_day_after_its_last_day(day: date, is_over: bool):
    assert over("2027-Q1", day) is is_over


def test_books_of_the_running_quarter_and_of_five_practitioners_are_not_shown():
    books = [Kept("2026-Q3", 6), Kept("2026-Q4", 5), Kept("2027-Q1", 90), Kept("2027-Q2", 90)]
    assert shown(books, date(2027, 5, 1)) == [books[0], books[2]]


def test_only_whole_books_can_be_chosen():
    books = [Kept("2026-Q3"), Kept("2027-Q1", since="2026-Q4")]
    assert chosen(books, "all") == books
    assert chosen(books, "2027-Q1") == books[1:]
    for wrong in ("2026-Q4", "", "ALL", "2027-Q1,2026-Q3", "2027"):
        with pytest.raises(NoSuchPeriod, match="no such period") as refused:
            chosen(books, wrong)
        assert "all, 2027-Q1, 2026-Q3" in refused.value.remedy


@given(st.text())
def test_any_other_text_names_no_period(text: str):
    if text in ("all", "2026-Q3"):
        return
    with pytest.raises(NoSuchPeriod):
        chosen([Kept("2026-Q3")], text)


def test_a_carried_period_is_called_by_all_its_months():
    assert spoken("2026-Q2", "2026-Q4") == "April to December 2026"
    assert spoken("2026-Q4", "2027-Q1") == "October 2026 to March 2027"


def test_the_figures_are_those_of_what_was_released():
    asked = find(COLLEAGUES)
    blocks = [sums(practitioners=n, seed=n) for n in (40, 5, 25)]
    expected = figures_of(
        released(shape_of(asked), blocks),
        shape_of(asked),
        items=[item.id for item in asked.items],
        domains=[domain.id for domain in asked.domains],
        satisfactory=asked.scale.satisfactory_from,
        whole=True,
    )
    found = study_of(asked, blocks)
    assert found.figures == expected
    assert found.figure("programme", "all", "practitioners").value == 65


def test_every_number_of_the_reliability_table_is_a_figure():
    found = study(COLLEAGUES, 60)
    table = tables_of(people.section(found))["Reliability by area, and how many people it takes"]
    for row, domain in zip(table.rows, found.asked.domains, strict=True):
        one = found.figure("domain", domain.id, "reliability_one_rater")
        raters = [found.figure("domain", domain.id, f"raters_for_{target}").value for target in (70, 80, 90)]
        assert row == (
            found.domain(domain.id),
            f"{one.value:.2f}",
            f"{one.low:.2f} to {one.high:.2f}",
            f"{found.figure('domain', domain.id, 'reliability').value:.2f}",
            *map(str, raters),
            "60",
            "publishable",
        )


def test_every_number_of_the_items_tables_is_a_figure():
    found = study(COLLEAGUES, 60)
    tables = tables_of(items.section(found))
    rated, unrated = tables["What was rated, with 95% limits"], tables["What was not rated, with 95% limits"]
    for at, item in enumerate(found.asked.items):
        mean = found.figure("item", item.id, "mean")
        best = found.figure("item", item.id, "share_top")
        assert rated.rows[at][1] == f"{mean.value:.2f}"
        assert rated.rows[at][2] == said.share(best)
        assert said.percent(best.low) in rated.rows[at][2]
        assert rated.rows[at][4] == f"{found.figure('item', item.id, 'item_rest').value:.2f}"
        assert rated.rows[at][5] == f"{mean.n:,}"
        assert unrated.rows[at][1] == said.share(found.figure("item", item.id, "share_cannot_say"))


def test_the_chart_of_curves_has_the_numbers_of_the_estimates():
    found = study(COLLEAGUES, 60)
    [picture] = [block for block in people.section(found).blocks if isinstance(block, Picture)]
    for row, domain in zip(picture.behind.rows, found.asked.domains, strict=True):
        one = found.figure("domain", domain.id, "reliability_one_rater").value
        assert row[1] == f"{one:.2f}"
        assert row[3] == f"{10 * one / (1 + 9 * one):.2f}"


def test_an_item_that_many_cannot_see_is_flagged_as_a_finding_about_the_item():
    found = study()
    assert items.flagged(found) == [found.asked.items[UNSEEN].id]
    [flag] = items.flags(found, found.asked.items[UNSEEN].id)
    assert "an item finding, not a finding about practitioners" in flag
    assert "1 of 18 items stands out" in " ".join(summary(found, ""))


def test_a_ceiling_and_a_low_correlation_with_the_rest_are_flagged():
    top = study(COLLEAGUES, 60, level=6.2)
    assert len(items.flagged(top)) == 18
    assert any("a ceiling" in flag for flag in items.flags(top, "listens"))
    item = top.asked.items[0].id
    weak = Figure("item", item, "item_rest", 0.12, None, None, 900, "raters", "Pearson")
    found = replace(top, _by_name={("item", item, "item_rest"): weak})
    assert ["0.12" in flag for flag in items.flags(found, item)] == [True]


@pytest.mark.parametrize(
    ("practitioners", "standing"), [(7, "too few"), (19, "too few"), (20, "indicative"), (50, "publishable")]
)
def test_the_standing_follows_the_number_of_practitioners(practitioners: int, standing: str):
    found = study(COLLEAGUES, practitioners)
    table = tables_of(people.section(found))["Reliability by area, and how many people it takes"]
    assert {row[-1] for row in table.rows} == {standing}
    line = " ".join(summary(found, ""))
    assert ("indicative only" in line) == (standing == "indicative")
    assert ("nothing is said yet" in line) == (standing == "too few")


def test_what_rests_on_too_few_practitioners_reads_alike_everywhere():
    found = study(COLLEAGUES, 8, hidden={0: 3})
    assert ("item", "sound_choices") in set(found.hidden())
    assert ("domain", "care") in set(found.hidden())
    sections = {section.id: section for section in sections_of(found, "")}
    for id in ("people", "together", "items", "own"):
        rows = [row for block in sections[id].blocks if isinstance(block, Table) for row in block.rows]
        hidden = [row for row in rows if "not shown" in row]
        assert hidden and all(set(row[1:]) == {"not shown"} for row in hidden)
        assert "fewer than six practitioners, or one of them is most of it" in words_of(sections[id])
    assert "left out: fewer than six" in words_of(sections["short"])


def test_a_page_on_which_everything_is_hidden_still_reads():
    found = study(COLLEAGUES, 8, hidden=dict.fromkeys(range(18), 3))
    assert len(set(found.hidden())) == 18 + 5
    sections = sections_of(found, "January to March 2027")
    rows = [row for section in sections for block in section.blocks if isinstance(block, Table) for row in block.rows]
    shown = [row for row in rows if row[1] != "not shown"]
    assert {row[0] for row in shown} <= {"Doctors", "Nurses and midwives", "Other clinical staff",
                                         "Managers and office staff", "The practitioner", "The organisation",
                                         "Both sides"}  # fmt: skip
    assert "No item can be shown" in words_of(sections[3])


def test_consistency_is_hidden_where_whole_sheets_are_of_too_few():
    whole = study(COLLEAGUES, 30)
    assert whole.sums.matrices is not None
    none = whole.sums.matrices._replace(people=whole.sums.matrices.people * 0)
    found = replace(whole, sums=whole.sums._replace(matrices=none))
    section = together.consistency(found)
    assert {row[1:] for row in tables_of(section)["Consistency by area"].rows} == {("not shown",) * 8}
    assert said.WHY in words_of(section) and said.WHY not in words_of(together.consistency(whole))


def test_where_practitioners_do_not_differ_no_number_of_people_is_named():
    found = study(COLLEAGUES, 60, spread=0.0)
    flat = [d for d in people.estimated(found) if found.figure("domain", d, "variance_practitioners").value == 0]
    assert flat, "with this seed an area has no variance of practitioners"
    text = words_of(people.section(found))
    assert "not reachable" in text and "given as 0" in text
    assert "no more than chance" in " ".join(summary(found, ""))


def test_patients_have_no_rate_and_the_page_says_why():
    text = words_of(sections_of(study(PATIENTS, 30), "")[5])
    assert "There is no rate" in text and "card" in text
    assert "of 0 " not in text
    colleagues = words_of(sections_of(study(), "")[5])
    assert "who were asked answered" in colleagues
    assert {"Doctors", "Nurses and midwives", "The practitioner", "Both sides"} <= set(colleagues.split("\n"))


def test_nobody_is_excluded_and_nothing_is_adjusted():
    text = "\n".join(map(words_of, sections_of(study(), "")))
    assert "no answer is left out of any figure" in text
    assert "Scores are never adjusted for what a practitioner is" in text
    assert "data on practitioners that this service does not hold" in text
    assert "None of this is the reliability of raters" in text


@pytest.mark.parametrize(("name", "n"), [(COLLEAGUES, 6), (COLLEAGUES, 60), (PATIENTS, 7), (PATIENTS, 25)])
def test_no_page_says_nan_or_none(name: str, n: int):
    text = "\n".join(map(words_of, sections_of(study(name, n), "January to March 2027")))
    assert re.findall(r"\bnan\b|\binf\b|\bNone\b(?! of this)", text) == []


def test_a_value_that_is_no_number_never_becomes_a_figure():
    found = study()
    assert all(figure.value is None or figure.value == figure.value for figure in found.figures)
    data = json.loads(figures_json(found, [Kept("2027-Q1", since="2027-Q1")]))
    assert len(data["figures"]) == len(found.figures)


def test_the_files_hold_every_figure_and_name_what_is_hidden():
    found = study(COLLEAGUES, 8, hidden={0: 3})
    books = [Kept("2026-Q4", since="2026-Q2"), Kept("2027-Q1", since="2027-Q1")]
    data = json.loads(figures_json(found, books))
    assert data["periods"] == [{"since": "2026-Q2", "until": "2026-Q4"}, {"since": "2027-Q1", "until": "2027-Q1"}]
    assert [tuple(each.values()) for each in data["figures"]] == [tuple(figure) for figure in found.figures]
    assert {(each["scope"], each["id"]) for each in data["not_shown"]} == set(found.hidden())
    lines = figures_csv(found, books).decode("utf-8-sig").splitlines()
    assert lines[0] == "questionnaire,since,until,scope,id,name,value,low,high,n,unit,estimator,remark"
    assert len(lines) == 1 + len(found.figures) + len(data["not_shown"])
    assert all(line.startswith("doctor-colleagues/1,2026-Q2,2027-Q1,") for line in lines[1:])
    assert any("item,sound_choices,not_shown" in line for line in lines)


@given(st.floats(0, 1))
def test_per_cent_are_whole_and_close(share: float):
    text = said.percent(share)
    assert text == "<1%" if 0 < share < 0.005 else abs(int(text[:-1]) - 100 * share) <= 0.5 + 1e-6
