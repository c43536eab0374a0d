"""The last look at cells before they are frozen: whatever could expose anyone is named, and nothing is repaired."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from msf.instruments import Questionnaire
from msf.reports.rules.cells import ALL, Cell
from msf.reports.rules.tallies import FamilyTally
from msf.scoring.disclosure import gate


def refusals(
    questionnaire: Questionnaire, tallies: Mapping[str, FamilyTally], cells: Iterable[Cell], *, least: int
) -> list[str]:
    """Why these cells may not be published, or nothing; `tallies` by family, the cells of "self" are not looked at.

    Reads only which cells there are and how many answered, never a value.
    """
    by_family: dict[str, list[Cell]] = {family: [] for family in tallies}
    for cell in cells:
        if cell.family != "self":
            by_family.setdefault(cell.family, []).append(cell)
    found: list[str] = []
    for family, own in by_family.items():
        if family not in tallies:
            found.append(f"{family}: figures without answers")
        else:
            found += (f"{family}: {reason}" for reason in _of_family(questionnaire, tallies[family], own, least))
    return found


def _of_family(questionnaire: Questionnaire, tally: FamilyTally, cells: list[Cell], least: int) -> Iterator[str]:
    row = {block: place for place, block in enumerate(tally.blocks)}
    column = {item: place for place, item in enumerate(questionnaire.item_ids)}
    counts = tally.counts.sum(axis=2)
    per_block, family = np.zeros(counts.shape, bool), np.zeros(len(column), bool)
    detail = np.zeros(len(column), bool)
    for cell in cells:
        if cell.scope != "item":
            continue
        place = column[cell.id]
        if cell.block == ALL:
            family[place] = True
        elif cell.block in row:
            per_block[row[cell.block], place] = True
        else:
            yield f"{cell.id}: a figure of {' + '.join(cell.block)}, which is not a block"
        detail[place] |= cell.statistic.startswith("count_")
    yield from (f"a block of {people} people" for people in tally.members if 0 < people < least and cells)
    for exposed in gate(counts, per_block, family, detail, least=least):
        yield f"{questionnaire.item_ids[exposed.item]}: {exposed.fact} ({exposed.people})"
    yield from _of_domains(questionnaire, cells)


def _of_domains(questionnaire: Questionnaire, cells: list[Cell]) -> Iterator[str]:
    """A domain's figure has to be a function of shown item figures, or it would tell more than they do."""
    items = {domain.id: {item.id for item in questionnaire.items_of(domain.id)} for domain in questionnaire.domains}
    means = {(cell.block, cell.id) for cell in cells if cell.scope == "item" and cell.statistic == "mean"}
    for cell in cells:
        if cell.scope == "domain" and any((cell.block, item) not in means for item in items[cell.id]):
            yield f"{cell.id}: a domain's {cell.statistic} beside items that are not all shown"
