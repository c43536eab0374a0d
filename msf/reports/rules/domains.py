"""The domains of one family: for each a title in words, a sentence, a chart, and a table of every figure in it."""

from collections.abc import Iterator

from msf import charts
from msf.instruments import Domain, Item
from msf.reports.rules import words
from msf.reports.rules.context import View
from msf.reports.rules.cover import trust
from msf.reports.rules.figures import Figure
from msf.reports.rules.shapes import Block, Chart, Drawing, Head, Section, Table, Text


def family_sections(view: View) -> list[Section]:
    """What one family said, domain by domain; a family that is withheld has one section that says so."""
    opening = Section(view.name, f"What {view.name} said", 1, tuple(_opening(view)))
    if view.family.withheld:
        return [opening]
    return [opening, *(_domain_section(view, domain) for domain in view.questionnaire.domains)]


def _opening(view: View) -> Iterator[Block]:
    scale = view.questionnaire.scale
    ends = " to ".join(
        f"{point} ({words.answer(scale, point, view.language)})" for point in (scale.lowest, scale.highest)
    )
    line = words.answer(scale, scale.satisfactory_from, view.language)
    yield trust(view)
    if not view.family.withheld:
        yield Text(
            f"Each item was answered on a scale from {ends}; from {line} upwards an answer counts as satisfactory. "
            "The range beside each figure shows where the true value probably lies."
        )
    elif view.has_self:
        yield Text(f"{words.owner(view.facts.practitioner)} own answers to these questions stand in the full tables.")


def domain_profile(view: View) -> Iterator[Block]:
    """All domains of a family in one chart with its table."""
    domains = view.questionnaire.domains
    rows = tuple(
        view.row(view.domain(each), view.shown("domain", each.id), view.figures.own("domain", each.id))
        for each in domains
    )
    exact = not any(view.who_of_domain(each).startswith("at least") for each in domains)
    drawing = Drawing(
        "domain_profile",
        rows,
        view.scale(),
        view.name,
        view.chart_words(people="{n} people" if exact else "{n} or more"),
    )
    sentence = _profile_sentence(view)
    title = _profile_title(view)
    yield Chart(f"{view.name}-domains", title, sentence, f"{title}. {sentence}", drawing)
    yield _domain_table(view)
    if view.peers:
        yield Text(f"{words.compared(view.peers)} It tells where others stand, not where anybody should.")


def _profile_title(view: View) -> str:
    lines = {words.band(figure, view.questionnaire.scale, view.language) for figure in _domain_figures(view)}
    if len(lines) == 1:
        return f"{view.title} rated every area {lines.pop()} on average"
    return f"How {view.name} rated each area"


def _domain_figures(view: View) -> list[Figure]:
    found = (view.shown("domain", domain.id) for domain in view.questionnaire.domains)
    return [figure for figure in found if figure]


def _profile_sentence(view: View) -> str:
    said = [
        f"{view.domain(domain)}: {words.mean_of(figure)}"
        for domain in view.questionnaire.domains
        if (figure := view.shown("domain", domain.id))
    ]
    if not said:
        return "No area had enough answers to every one of its items."
    return f"Out of {view.questionnaire.scale.highest}: {'; '.join(said)}."


def _head(view: View, first: str) -> tuple[Head, ...]:
    own = [Head("Self", numeric=True)] * view.has_self
    numbers = (Head(text, numeric=True) for text in ("Mean", "Likely range", "Answers"))
    return (Head(first), *numbers, *own)


def _line(view: View, label: str, scope: str, id: str) -> tuple[str, ...]:
    figure, own = view.shown(scope, id), view.figures.own(scope, id)
    numbers = (words.NOT_SHOWN, words.NOTHING, words.NOTHING)
    if figure:
        numbers = (words.mean_of(figure), words.between(figure), str(figure.n))
    said = words.plain(own) if own is not None else "no answer"
    return (label, *numbers, *([said] * view.has_self))


def _domain_table(view: View) -> Table:
    peers = view.peers
    head = [Head(words.middle_half(peers), numeric=True)] if peers else []
    rows = (
        (*_line(view, view.domain(each), "domain", each.id), *([_beside(view, each)] if peers else []))
        for each in view.questionnaire.domains
    )
    return Table(f"Areas as {view.name} rated them", (*_head(view, "Area"), *head), tuple(rows))


def _beside(view: View, domain: Domain) -> str:
    found = view.figures.peer(view.name, domain.id)
    return f"{found.low:.1f} to {found.high:.1f}" if found else words.NOTHING


def _domain_section(view: View, domain: Domain) -> Section:
    items = view.questionnaire.items_of(domain.id)
    blocks = [Text(_domain_sentence(view, domain)), *_items(view, domain, items), *_distribution(view, domain, items)]
    blocks += _groups(view, domain, items)
    return Section(f"{view.name}-{domain.id}", _domain_title(view, domain), 2, tuple(blocks))


def _domain_title(view: View, domain: Domain) -> str:
    figure = view.shown("domain", domain.id)
    if figure is None:
        return view.domain(domain)
    return f"{view.domain(domain)}: {words.band(figure, view.questionnaire.scale, view.language)} on average"


def _domain_sentence(view: View, domain: Domain) -> str:
    figure, own = view.shown("domain", domain.id), view.figures.own("domain", domain.id)
    said = []
    if figure:
        said.append(words.meaning(figure, view.questionnaire.scale, view.who_of_domain(domain)) + ".")
    else:
        said.append("Not every item here had enough answers, so there is no figure for the area as a whole.")
    if own is not None:
        said.append(f"{words.owner(view.facts.practitioner)} own answers come to {words.plain(own)}.")
    return " ".join(said)


def _items(view: View, domain: Domain, items: tuple[Item, ...]) -> Iterator[Block]:
    rows = tuple(
        view.row(view.text(item), view.shown("item", item.id), view.figures.own("item", item.id)) for item in items
    )
    if any(row.mean is not None for row in rows):
        drawing = Drawing("item_profile", rows, view.scale(), view.name, view.chart_words())
        title = f"The items of {words.quoted(words.inside(view.domain(domain)))}"
        sentence = _items_sentence(view, items)
        yield Chart(f"{view.name}-{domain.id}-items", title, sentence, f"{title}. {sentence}", drawing)
    lines = (_line(view, view.text(item), "item", item.id) for item in items)
    yield Table(f"{view.domain(domain)}: items as {view.name} rated them", _head(view, "Item"), tuple(lines))


def _items_sentence(view: View, items: tuple[Item, ...]) -> str:
    """The highest and the lowest, where the evidence sets them apart."""
    found = [(item, figure) for item in items if (figure := view.shown("item", item.id))]
    high, low = max(found, key=lambda pair: pair[1].mean), min(found, key=lambda pair: pair[1].mean)
    if len(found) > 1 and low[1].high < high[1].low:
        return (
            f"Highest: {words.quoted(view.text(high[0]))}, {words.mean_of(high[1])}. "
            f"Lowest: {words.quoted(view.text(low[0]))}, {words.mean_of(low[1])}."
        )
    if len(found) == 1:
        return view.says(found[0][0]) or ""
    return "The items lie close together: their ranges overlap."


def _distribution(view: View, domain: Domain, items: tuple[Item, ...]) -> Iterator[Block]:
    """How many chose each answer, for the items where that may be shown."""
    found = [(item, figure.counts) for item in items if (figure := view.shown("item", item.id)) and figure.counts]
    if not found:
        return
    unrated = view.part.non_answers.get(view.name, {})
    rows = (charts.Counts(view.text(item), counts, sum(unrated.get(item.id, ())) or None) for item, counts in found)
    drawing = Drawing("distribution", tuple(rows), view.scale(), view.name, view.chart_words())
    title, sentence = _spread_title(view, found), _spread_sentence(view, found)
    yield Chart(f"{view.name}-{domain.id}-answers", title, sentence, f"{title}. {sentence}", drawing)
    labels = (Head(f"{place} {words.inside(text)}", numeric=True) for place, text in enumerate(view.scale().labels, 1))
    lines = ((view.text(item), *map(str, counts)) for item, counts in found)
    yield Table(f"{view.domain(domain)}: how many chose each answer", (Head("Item"), *labels), tuple(lines))


def _favourite(counts: tuple[int, ...]) -> int | None:
    """The answer that more than half gave."""
    return next((place for place, count in enumerate(counts, 1) if 2 * count > sum(counts)), None)


def _spread_title(view: View, found: list[tuple[Item, tuple[int, ...]]]) -> str:
    favourites = {_favourite(counts) for _, counts in found}
    if len(favourites) == 1 and (value := favourites.pop()):
        each = "each of these" if len(found) > 1 else "this"
        return f"Most {view.name} said {words.answer(view.questionnaire.scale, value, view.language)} to {each}"
    return f"How the answers of {view.name} were spread"


def _spread_sentence(view: View, found: list[tuple[Item, tuple[int, ...]]]) -> str:
    scale = view.questionnaire.scale
    said = []
    for value in range(scale.highest, 0, -1):
        most = [words.quoted(view.text(item)) for item, counts in found if _favourite(counts) == value]
        if most and len(found) > 1:
            said.append(f"Most said {words.answer(scale, value, view.language)} to {words.listing(most)}.")
    below = [words.quoted(view.text(item)) for item, counts in found if any(counts[: scale.satisfactory_from - 1])]
    enough = words.answer(scale, scale.satisfactory_from, view.language)
    some = f"Some answers were below {enough}: {words.listing(below)}."
    return " ".join([*said, some if below else f"No answer was below {enough}."])


def _groups(view: View, domain: Domain, items: tuple[Item, ...]) -> Iterator[Block]:
    """Means by group with their numbers of answers, where every group may be shown."""
    blocks = view.family.blocks
    shown = [item for item in items if any(view.figures.of(view.name, "item", item.id, block) for block in blocks)]
    if len(blocks) < 2 or not shown:
        return
    head = (Head("Item"), *(Head(words.block_name(each, view.questionnaire, view.language)) for each in blocks))
    rows = [(view.text(item), *_by_block(view, "item", item.id)) for item in shown]
    if any(view.figures.of(view.name, "domain", domain.id, block) for block in blocks):
        rows.append(("The area as a whole", *_by_block(view, "domain", domain.id)))
    yield Table(f"{view.domain(domain)}: means by group, with the number of answers in brackets", head, tuple(rows))


def _by_block(view: View, scope: str, id: str) -> Iterator[str]:
    for block in view.family.blocks:
        figure = view.figures.of(view.name, scope, id, block)
        yield f"{words.mean_of(figure)} ({figure.n})" if figure else words.NOT_SHOWN
