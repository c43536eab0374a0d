"""What a report says of other practitioners leaves only as it was frozen, and nothing else leaves in its name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from sqlmodel import Session

from msf.instruments import find
from msf.reports.rules import ALL, Cell, DisclosureRefused, Given, Part, part_of
from msf.reports.rules.benchmarks import beside, peer_cells, told
from msf.reports.rules.cells import PEERS
from msf.reports.rules.document import document_of
from msf.reports.rules.facts import Facts
from msf.reports.rules.gate import Release, leaks
from msf.reports.rules.gate.refusal import COMPARED, FAMILY, PAPER
from msf.reports.rules.shapes import Head, Section, Table, Text
from tests.reports.peers import drafted, let_go, peers, practitioner, stored_in, town
from tests.reports.samples import COLLEAGUES, COMMENTS, comparable, facts, ratings

ASKED = find(COLLEAGUES)
SET = comparable(24)
SIDE = Given(ASKED, "colleagues", ratings(ASKED, 17, seed=3), np.repeat([0, 1], [10, 7]), (("doctor",), ("nurse",)))
PART = beside(part_of(ASKED, [SIDE.tally()], None, least=5), SET)
TOLD = facts(peers={"colleagues": told(SET)})
DECIDED = [said for said in COMMENTS if said.family == "colleagues"]
Q3 = date(2026, 8, 10)


def wrong(part: Part = PART, about: Facts = TOLD, **more: object) -> set[str]:
    """What is wrong with a release of this part, without where."""
    document = document_of([PART], [ASKED], DECIDED, TOLD)
    release = Release([part], about, document, {}, DECIDED, {COLLEAGUES: SET})
    return {leak.fact for leak in leaks(replace(release, **more), {COLLEAGUES: SIDE}, least=5)}  # type: ignore[arg-type]


def test_what_was_frozen_may_leave():
    assert wrong() == set()
    shown = {domain.id for domain in ASKED.domains if any(cell.id == domain.id for cell in PART.cells)}
    told_of = [(cell.id, cell.statistic) for cell in PART.cells if cell.statistic in PEERS]
    assert sorted(told_of) == sorted((name, each) for name in shown & set(SET.means) for each in PEERS)
    assert len(told_of) == 3 * (len(ASKED.domains) - 1), "too few show the last area, so it has nothing beside it"


def changed(**cell: object) -> Callable[[Part], Part]:
    """The part with its first figure of others altered."""

    def change(part: Part) -> Part:
        place = next(n for n, each in enumerate(part.cells) if each.statistic in PEERS)
        altered = replace(part.cells[place], **cell)  # type: ignore[arg-type]
        return replace(part, cells=(*part.cells[:place], altered, *part.cells[place + 1 :]))

    return change


def more(cell: Cell) -> Callable[[Part], Part]:
    """The part with one figure more."""
    return lambda part: replace(part, cells=(*part.cells, cell))


ITEM, DOMAIN, LAST = ASKED.item_ids[0], ASKED.domains[0].id, ASKED.domains[-1].id


@pytest.mark.parametrize(
    "change",
    [
        changed(value=3.9),
        changed(n=23),
        changed(id=LAST),
        changed(statistic="benchmark_middle"),
        lambda part: replace(part, cells=part.cells[:-1]),
        lambda part: replace(part, cells=tuple(cell for cell in part.cells if cell.statistic not in PEERS)),
        more(PART.cells[-1]),
        more(Cell("colleagues", ALL, "domain", LAST, "benchmark_low", 4.0, 24)),
        more(Cell("colleagues", ("nurse",), "item", ITEM, "benchmark_low", 4.0, 2)),
        more(Cell("patients", ALL, "domain", DOMAIN, "benchmark_high", 4.0, 24)),
    ],
)
def test_figures_of_others_that_are_not_the_frozen_ones_do_not_leave(change: Callable[[Part], Part]):
    assert COMPARED in wrong(change(PART))


def test_words_about_others_that_are_not_of_the_frozen_set_do_not_leave():
    found = told(SET)
    assert found is not None
    for peers_told in (
        {"colleagues": found._replace(practitioners=99)},
        {"colleagues": found._replace(stratum="doctor")},
        {"colleagues": found._replace(first=date(2020, 1, 1))},
        {"colleagues": None},
        {"colleagues": found, "patients": found},
    ):
        assert wrong(about=replace(TOLD, peers=peers_told)) == {COMPARED}


def test_without_its_set_or_with_another_nothing_of_it_leaves():
    assert wrong(frozen={}) == {COMPARED}
    assert wrong(frozen={COLLEAGUES: comparable(25)}) == {COMPARED}
    assert wrong(frozen=None) == {COMPARED}
    assert wrong(frozen={COLLEAGUES: SET, "patients-in-person/1": SET}) == {COMPARED}


def test_a_withheld_family_is_set_beside_nobody():
    few = replace(SIDE, ratings=SIDE.ratings[:3], index=SIDE.index[:3], blocks=())
    part = part_of(ASKED, [few.tally()], None, least=5)
    assert peer_cells(part, SET) == () and beside(part, SET) == part
    slipped = replace(part, cells=tuple(cell for cell in PART.cells if cell.statistic in PEERS))
    release = Release([slipped], TOLD, document_of([part], [ASKED], [], facts()), {}, [], {COLLEAGUES: SET})
    found = {leak.fact for leak in leaks(release, {COLLEAGUES: few}, least=5)}
    assert COMPARED in found
    assert FAMILY not in found, "the family itself says nothing"


def test_a_document_may_give_no_other_figure_of_the_set():
    kept = {f"{cell.value:.1f}" for cell in PART.cells if cell.statistic != PEERS[-1]}
    odd = next(f"{tenths / 10:.1f}" for tenths in range(11, 50) if f"{tenths / 10:.1f}" not in kept | {"1.5", "4.5"})
    for block in (
        Text(f"Their median was {odd}."),
        Text("It was 24.0."),
        Table("t", (Head("Reports", numeric=True),), (("23",),)),
    ):
        document = document_of([PART], [ASKED], DECIDED, TOLD)
        extra = Section("colleagues", "x", 2, (block,))
        assert wrong(document=replace(document, sections=(*document.sections, extra))) == {PAPER}


def test_a_set_that_was_changed_in_the_database_stops_the_release(session: Session):
    here = town(session)
    peers(session, here, 20)
    round_id = drafted(session, here, practitioner(session, here, "New Comer"), Q3)
    kept = stored_in(session, round_id)
    assert kept is not None
    before = kept.content
    for there, instead in (('"practitioners":20', '"practitioners":21'), ('"version":"1"', '"version":"2"')):
        kept.content = before.replace(there, instead)
        assert kept.content != before
        with pytest.raises(DisclosureRefused, match="other practitioners"):
            let_go(session, here, round_id, Q3)
    kept.content = before
    let_go(session, here, round_id, Q3)
