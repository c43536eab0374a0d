"""What stands out, chosen by rules that ask for size and for evidence, and printed with those rules; never a rank."""

from collections.abc import Iterator, Sequence

from msf.instruments import Item
from msf.reports.rules import words
from msf.reports.rules.context import View
from msf.reports.rules.domains import domain_profile
from msf.reports.rules.figures import Figure
from msf.reports.rules.shapes import Block, Bullets, Section, Text

MOST = 3
GAP = 0.5


def summary(views: Sequence[View]) -> list[Section]:
    """One section for each family that is shown, after one that says how things were chosen."""
    shown = [view for view in views if not view.family.withheld]
    if not shown:
        nothing = "Too few people answered to show anything. What was asked, and of whom, is on the first page."
        return [Section("summary", "Summary", 1, (Text(nothing),))]
    opening = Section("summary", "Summary", 1, tuple(_opening(shown)))
    return [opening, *(_of_family(view) for view in shown), *_own_view(shown), _chosen(shown)]


def _opening(views: Sequence[View]) -> Iterator[Block]:
    for view in views:
        few = (view.family.n or 0) < view.facts.floors.get(view.name, 0)
        caution = " Few answered, so these are points to talk about, not findings." * few
        yield Text(_overall(view) + caution)


def _overall(view: View) -> str:
    """How many of the domains lie where, counted in words rather than averaged."""
    domains = [(domain, view.shown("domain", domain.id)) for domain in view.questionnaire.domains]
    shown = [(domain, figure) for domain, figure in domains if figure]
    if not shown:
        return f"{view.title}: no area had enough answers to every question for a figure of its own."
    best = [view.domain(domain) for domain, figure in shown if figure.low >= _good(view)]
    low = [view.domain(domain) for domain, figure in shown if figure.high < view.questionnaire.scale.satisfactory_from]
    good = words.answer(view.questionnaire.scale, _good(view), view.language)
    enough = words.answer(view.questionnaire.scale, view.questionnaire.scale.satisfactory_from, view.language)
    said = []
    if best:
        said.append(f"{view.title} put {_areas(best, len(shown))} at {good} or better.")
    if low:
        said.append(f"{view.title} put {_areas(low, len(shown))} below {enough}.")
    return " ".join(said) or f"{view.title} gave mixed or middling answers; no area stands out by the rules below."


def _areas(names: Sequence[str], of: int) -> str:
    if len(names) == of > 1:
        return f"every area ({words.listing([words.inside(name) for name in names])})"
    return words.listing([words.quoted(words.inside(name)) for name in names])


def _chosen(views: Sequence[View]) -> Section:
    """The rules by which things were named, in words."""
    first, scale = views[0], views[0].questionnaire.scale
    good = words.answer(scale, _good(first), first.language)
    enough = words.answer(scale, scale.satisfactory_from, first.language)
    rules = [
        f"Strengths: items whose whole range lies at {good} or better, at most {words.spelt(MOST)}.",
        f"To work on: items whose whole range lies below {enough}, at most {words.spelt(MOST)} of them named and the "
        f"others counted; where these are fewer than {words.spelt(MOST)}, the "
        f"lowest of those whose mean is under {good}.",
    ]
    if any(view.has_self for view in views):
        rules.append(
            "Own view: items where the own answer is at least half a point away from the others’ mean and outside the "
            f"range of their true value, at most {words.spelt(MOST)} each way, those furthest apart first."
        )
    return Section("summary-rules", "How these were chosen", 2, (Bullets(tuple(rules)),))


def _good(view: View) -> int:
    """The answer one step above satisfactory."""
    scale = view.questionnaire.scale
    return min(scale.satisfactory_from + 1, scale.highest)


def _of_family(view: View) -> Section:
    strong, work = strengths(view), to_work_on(view)
    blocks: list[Block] = [*domain_profile(view), Text("Strengths:" if strong else _no_strength(view))]
    if strong:
        blocks.append(Bullets(_said(view, strong)))
    if work:
        blocks += [Text("To work on:"), Bullets(_said(view, work[:MOST])), *_more(view, len(work) - MOST)]
    else:
        blocks.append(Text("To work on: no item stands out. " + _lowest(view)))
    return Section(f"summary-{view.name}", f"What {view.name} said, in short", 2, tuple(blocks))


def _more(view: View, count: int) -> list[Text]:
    """That there are more, without a wall of them before their context."""
    if count < 1:
        return []
    enough = words.answer(view.questionnaire.scale, view.questionnaire.scale.satisfactory_from, view.language)
    items = "1 other item lies" if count == 1 else f"{count} other items lie"
    return [Text(f"{items} below {enough} too; each is shown with its area further on.")]


def _said(view: View, items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(said for item in items if (said := view.says(item)))


def _no_strength(view: View) -> str:
    good = words.answer(view.questionnaire.scale, _good(view), view.language)
    return f"Strengths: no item has its whole range at {good} or better."


def _figures(view: View) -> list[tuple[Item, Figure]]:
    found = ((item, view.shown("item", item.id)) for item in view.questionnaire.items)
    return [(item, figure) for item, figure in found if figure]


def strengths(view: View) -> list[Item]:
    """Items whose interval lies wholly at one step above satisfactory or better, those with the best evidence first."""
    sure = [(item, figure) for item, figure in _figures(view) if figure.low >= _good(view)]
    sure.sort(key=lambda pair: (-pair[1].low, -pair[1].mean))
    return [item for item, _ in sure[:MOST]]


def to_work_on(view: View) -> list[Item]:
    """Every item wholly below satisfactory; where these are fewer than three, the lowest under one step above, too."""
    line = view.questionnaire.scale.satisfactory_from
    lower = [(item, figure) for item, figure in _figures(view) if figure.mean < _good(view)]
    lower.sort(key=lambda pair: (pair[1].high, pair[1].mean))
    below = [item for item, figure in lower if figure.high < line]
    return [item for item, _ in lower[: max(MOST, len(below))]]


def _lowest(view: View) -> str:
    """The item with the lowest mean, where the evidence sets it apart from the highest one."""
    figures = _figures(view)
    if not figures:
        return "Too few people answered the single items."
    low, high = min(figures, key=lambda pair: pair[1].high), max(figures, key=lambda pair: pair[1].low)
    if low[1].high >= high[1].low:
        return "The items lie close together, so none is set apart from the others."
    return f"The lowest, still worth a look: {view.says(low[0])}"


def _own_view(views: Sequence[View]) -> Iterator[Section]:
    for view in views:
        if view.has_self:
            yield Section(f"own-view-{view.name}", f"Own view beside {view.name}", 2, tuple(_differences(view)))


def _differences(view: View) -> Iterator[Block]:
    name = view.facts.practitioner
    higher, lower = _furthest(view, 1), _furthest(view, -1)
    if lower:
        yield Text(f"{view.title} gave a higher rating than {name} did on:")
        yield Bullets(tuple(_pair(view, item) for item in lower))
    if higher:
        yield Text(f"{name} gave a higher rating than {view.name} did on:")
        yield Bullets(tuple(_pair(view, item) for item in higher))
    if not lower and not higher:
        yield Text(f"{view.title} and {name} see things much alike: no item differs clearly.")


def _furthest(view: View, side: int) -> list[Item]:
    """The items that differ to one side, those furthest apart first."""
    found = [item for item in view.questionnaire.items if differs(view, item) == side]
    return sorted(found, key=lambda item: -_gap(view, item))[:MOST]


def _gap(view: View, item: Item) -> float:
    figure, own = view.shown("item", item.id), view.figures.own("item", item.id)
    return abs(own - figure.mean) if figure and own is not None else 0


def _pair(view: View, item: Item) -> str:
    figure, own = view.shown("item", item.id), view.figures.own("item", item.id)
    if figure is None or own is None:
        return ""
    return (
        f"{words.quoted(view.text(item))}: own answer {words.plain(own)}, {view.name} {words.mean_of(figure)} "
        f"(from {view.who(figure)}; probably {words.between(figure)})."
    )


def differs(view: View, item: Item) -> int:
    """1 where the practitioner's own answer is clearly higher than the others' mean, -1 where clearly lower, else 0.

    A mean coded as "or higher" says nothing about an own answer above it, nor "or lower" about one below.
    """
    figure, own = view.shown("item", item.id), view.figures.own("item", item.id)
    if figure is None or own is None or abs(own - figure.mean) < GAP or figure.low <= own <= figure.high:
        return 0
    side = 1 if own > figure.mean else -1
    return 0 if figure.bound == {1: "at least", -1: "at most"}[side] else side
