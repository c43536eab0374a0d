"""The full tables: every cell of the report once, in order, and nothing that is not a cell."""

from collections.abc import Iterator, Sequence

from msf.instruments import words as in_language
from msf.reports.rules import words
from msf.reports.rules.cells import ALL, Block
from msf.reports.rules.context import View
from msf.reports.rules.figures import Figure
from msf.reports.rules.shapes import Head, Section, Table, Text

REASONS = ("Left blank", "Does not apply", "Cannot say")


def full_tables(views: Sequence[View]) -> list[Section]:
    """One section for each family that is shown, and one for each set of own answers."""
    opening = Text("Every figure of this report, for reference. The same figures can be had as a data file.")
    first = Section("tables", "Full tables", 1, (opening,))
    families = (_family(view) for view in views if not view.family.withheld)
    own = {view.questionnaire.reference_name: view for view in views if view.has_self}
    return [first, *families, *(_own(view, numbered=len(own) > 1) for view in own.values())]


def _family(view: View) -> Section:
    tables = [table for table in (*_by_block(view), _peers(view), _unrated(view)) if table.rows]
    blocks = tuple(tables) or (Text("No item had enough answers to be shown."),)
    return Section(f"tables-{view.name}", f"{view.title}: every figure", 2, blocks)


def _by_block(view: View) -> Iterator[Table]:
    """Items and areas of everybody, then of each block."""
    blocks: tuple[Block, ...] = (ALL, *view.family.blocks)
    for block in blocks:
        yield _items(view, block)
        yield _areas(view, block)


def _named(what: str, view: View, block: Block) -> str:
    if len(view.family.blocks) < 2:
        return what
    return f"{what}: {words.inside(words.block_name(block, view.questionnaire, view.language))}"


def _numbers(figure: Figure) -> tuple[str, ...]:
    return (words.mean_of(figure), f"{figure.low:.1f}", f"{figure.high:.1f}", str(figure.n))


def _head(first: str) -> tuple[Head, ...]:
    return (Head(first), *(Head(text, numeric=True) for text in ("Mean", "Low", "High", "Answers")))


def _items(view: View, block: Block) -> Table:
    """With how many chose each answer, where that is shown for any of the items."""
    found = [
        (view.text(item), figure)
        for item in view.questionnaire.items
        if (figure := view.figures.of(view.name, "item", item.id, block))
    ]
    caption = _named("Items", view, block)
    if not any(figure.counts for _, figure in found):
        return Table(caption, _head("Item"), tuple((text, *_numbers(figure)) for text, figure in found))
    points = view.questionnaire.scale.points
    key = ", ".join(f"{place} {words.inside(label)}" for place, label in enumerate(view.scale().labels, 1))
    head = (*_head("Item"), *(Head(str(point.value), numeric=True) for point in points))
    nothing = (words.NOTHING,) * len(points)
    rows = ((text, *_numbers(figure), *(map(str, figure.counts or nothing))) for text, figure in found)
    return Table(f"{caption}, with how many chose each answer ({key})", head, tuple(rows))


def _areas(view: View, block: Block) -> Table:
    rows = (
        (view.domain(domain), *_numbers(figure))
        for domain in view.questionnaire.domains
        if (figure := view.figures.of(view.name, "domain", domain.id, block))
    )
    return Table(_named("Areas", view, block), _head("Area"), tuple(rows))


def _peers(view: View) -> Table:
    """The middle half of other practitioners, with the number of reports it is taken from."""
    rows = (
        (view.domain(domain), f"{found.low:.1f}", f"{found.high:.1f}", str(found.n))
        for domain in view.questionnaire.domains
        if (found := view.figures.peer(view.name, domain.id))
    )
    head = (Head("Area"), *(Head(text, numeric=True) for text in ("Lower end", "Upper end", "Reports")))
    return Table("Areas: middle half of comparable practitioners", head, tuple(rows))


def _unrated(view: View) -> Table:
    found = view.part.non_answers.get(view.name, {})
    rows = ((view.text(item), *map(str, found[item.id])) for item in view.questionnaire.items if item.id in found)
    head = (Head("Item"), *(Head(reason, numeric=True) for reason in REASONS))
    return Table("Answers that are not a rating", head, tuple(rows))


def _own(view: View, *, numbered: bool) -> Section:
    of = f" to the questions for {view.questionnaire.family}" * numbered
    domains, items = view.questionnaire.domains, view.questionnaire.items
    given = [(in_language(each.self_text, view.language), view.figures.own("item", each.id)) for each in items]
    means = [(view.domain(each), view.figures.own("domain", each.id)) for each in domains]
    tables = (
        Table("Own answers", (Head("Item"), Head("Self", numeric=True)), _shown(given)),
        Table("Means of own answers by area", (Head("Area"), Head("Self", numeric=True)), _shown(means)),
    )
    title = f"{words.owner(view.facts.practitioner)} own answers{of}"
    return Section(f"tables-self-{view.questionnaire.family}", title, 2, tuple(table for table in tables if table.rows))


def _shown(values: list[tuple[str, float | None]]) -> tuple[tuple[str, ...], ...]:
    return tuple((label, words.plain(value)) for label, value in values if value is not None)
