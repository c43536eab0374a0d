"""The kept figures of a part held against the answers they were made from: none too many, too small or too exact.

What is said of other practitioners is looked at in `peers`.
"""

from collections.abc import Iterator

from msf.instruments import words as in_language
from msf.reports.rules import words
from msf.reports.rules.cells import ALL, PEERS, Cell, Family, Part
from msf.reports.rules.gate.counted import refusals
from msf.reports.rules.gate.given import Given, exposed
from msf.reports.rules.gate.refusal import FAMILY, FEW, FIGURE, GONE, NUMBER, Leak
from msf.reports.rules.tallies import FamilyTally
from msf.scoring.disclosure import DETAIL

SELF = "self"
LIMITS = ("mean", "low", "high")


def kept_leaks(part: Part, given: Given, *, least: int) -> Iterator[Leak]:
    """Why this part may not be published, in the order of its cells."""
    for stranger in sorted({*part.families, *part.non_answers} - {given.family, SELF}):
        yield Leak(FAMILY, stranger.capitalize())
    if (own := part.families.get(SELF)) is not None and own != Family(1, (), False):
        yield Leak(FAMILY, "Own answers")
    cells = [cell for cell in part.cells if cell.family != SELF and cell.statistic not in PEERS]
    family = part.families.get(given.family, Family(None, (), True))
    if len(given.ratings) < least or not given.blocks:
        if cells or part.non_answers or family != Family(None, (), True):
            yield Leak(GONE if not len(given.ratings) else FAMILY, given.family.capitalize())
        return
    yield from _of_shown(part, family, cells, given, least)


def _of_shown(part: Part, family: Family, cells: list[Cell], given: Given, least: int) -> Iterator[Leak]:
    title = given.family.capitalize()
    counted = given.tally()
    if family.withheld or family.n != len(given.ratings):
        yield Leak(NUMBER, title)
    if family.blocks != given.blocks:
        yield Leak(FAMILY, title)
    places = [(cell.block, cell.scope, cell.id, cell.statistic) for cell in cells]
    if len(set(places)) < len(places):
        yield Leak(FIGURE, title)
    known = [cell for cell in cells if _known(cell, given)]
    yield from (Leak(FIGURE, _where(cell, given)) for cell in cells if not _known(cell, given))
    for cell in known:
        yield from (Leak(fact, _where(cell, given)) for fact in _facts(cell, given, counted))
    yield from _non_answers(part, known, given, counted)
    if refusals(given.questionnaire, {given.family: counted}, known, least=least):
        yield Leak(FEW, title)
    elif (what := exposed(given, known, least=least)) is not None:
        yield Leak(FEW, f"{title}, {what} taken together")


def _known(cell: Cell, given: Given) -> bool:
    """Whether there is such a figure of such people about such a thing at all."""
    asked = given.questionnaire
    counts = tuple(f"count_{value}" for value in range(1, asked.scale.size + 1))
    things = {"item": asked.item_ids, "domain": [domain.id for domain in asked.domains]}.get(cell.scope, ())
    people = cell.block == ALL or (cell.block in given.blocks and len(given.blocks) > 1)
    statistics = LIMITS + (counts if cell.scope == "item" else ())
    return cell.family == given.family and people and cell.id in things and cell.statistic in statistics


def _facts(cell: Cell, given: Given, counted: FamilyTally) -> Iterator[str]:
    """What is wrong with one known cell, from the answers of the people it names."""
    scale = given.questionnaire.scale
    by_value = counted.counts if cell.block == ALL else counted.counts[[given.blocks.index(cell.block)]]
    counts = by_value.sum(axis=0)
    columns = [place for place, item in enumerate(given.questionnaire.items) if cell.id in (item.id, item.domain)]
    if cell.n != counts[columns].sum(axis=1).min():
        yield NUMBER
    if cell.statistic in LIMITS:
        exact = cell.value != round(cell.value, 1) or not scale.lowest <= cell.value <= scale.highest
        if exact or (cell.statistic == "mean" and _uncoded(cell, scale.lowest, scale.highest)):
            yield FIGURE
    elif cell.value != counts[columns[0], int(cell.statistic.removeprefix("count_")) - 1]:
        yield NUMBER


def _uncoded(cell: Cell, lowest: int, highest: int) -> bool:
    """Whether a mean of few lies in the last half point of the scale, where it has to be coded as bound."""
    return cell.n < DETAIL and not lowest + 0.5 <= cell.value <= highest - 0.5


def _non_answers(part: Part, cells: list[Cell], given: Given, counted: FamilyTally) -> Iterator[Leak]:
    """Non-answers are counted for the family, and only beside an item that is shown for it."""
    shown = {cell.id for cell in cells if (cell.scope, cell.block) == ("item", ALL)}
    found = part.non_answers.get(given.family, {})
    truth = dict(zip(given.questionnaire.item_ids, map(tuple, counted.non_answers.tolist()), strict=True))
    for item, reasons in found.items():
        if item not in shown or tuple(reasons) != truth.get(item):
            text = next((in_language(each.text, "en") for each in given.questionnaire.items if each.id == item), item)
            yield Leak(NUMBER, f"{given.family.capitalize()}, {words.quoted(text)}")


def _where(cell: Cell, given: Given) -> str:
    """Whom and what a cell is about, in the words of the questionnaire where it has them."""
    asked = given.questionnaire
    told = {item.id: in_language(item.text, "en") for item in asked.items}
    told |= {domain.id: in_language(domain.title, "en") for domain in asked.domains}
    people = words.inside(words.block_name(cell.block, asked, "en"))
    return f"{cell.family.capitalize()}, {people}, {words.quoted(told.get(cell.id, cell.id))}"
