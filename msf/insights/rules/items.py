"""How items were answered: means, shares with limits, what was not rated, and flags in words; pure."""

from collections.abc import Iterator

from msf.charts.programme import Shares, item_shares
from msf.insights.rules import said
from msf.insights.rules.shapes import Block, Bullets, Picture, Section, Table, Text, table
from msf.insights.rules.study import Study
from msf.scoring.items import bottom, top

CANNOT_SAY_MOST = 0.25
TOP_MOST = 0.9
REST_LEAST = 0.3


def section(study: Study) -> Section:
    """Everything about single items."""
    found = [flag for item in study.asked.items for flag in flags(study, item.id)]
    blocks: list[Block] = [_picture(study)]
    if any(scope == "item" for scope, _ in study.hidden()):
        blocks.append(Text(said.WHY))
    blocks += [
        Bullets(tuple(found)) if found else Text("No item stands out."),
        Text(
            f"An item stands out when more than {said.percent(CANNOT_SAY_MOST)} cannot say, when more than "
            f"{said.percent(TOP_MOST)} of ratings are the top answer, or when its correlation with the rest of its "
            f"area is under {REST_LEAST}."
        ),
        _ratings(study),
        _not_rated(study),
        Text(
            "Limits of shares are worked out as if all answers were independent. Those of one practitioner are not, so "
            "the limits are too narrow. “With the rest” is the correlation of an item with the mean of the other "
            "items of its area; a dash stands where one of these is not shown or they do not differ."
        ),
    ]
    return Section("items", "Items", tuple(blocks))


def flagged(study: Study) -> list[str]:
    """The ids of items that should be looked at."""
    return [item.id for item in study.asked.items if any(flags(study, item.id))]


def flags(study: Study, item: str) -> Iterator[str]:
    """What should be looked at in an item, one sentence each."""
    cannot, best, rest = (study.figure("item", item, name) for name in ("share_cannot_say", "share_top", "item_rest"))
    name = said.quoted(study.item(item))
    if cannot and cannot.value is not None and cannot.value > CANNOT_SAY_MOST:
        yield (
            f"{name}: {said.percent(cannot.value)} cannot say. Many people cannot see this: an item finding, not a "
            "finding about practitioners."
        )
    if best and best.value is not None and best.value > TOP_MOST:
        yield (
            f"{name}: {said.percent(best.value)} of ratings are the top answer, a ceiling. The item hardly tells "
            "practitioners apart."
        )
    if rest and rest.value is not None and rest.value < REST_LEAST:
        yield (
            f"{name}: its correlation with the rest of its area is {said.number(rest.value)}. It may ask for something "
            "else, or be read in more than one way."
        )


def _picture(study: Study) -> Picture:
    highest = study.said(study.asked.scale.points[-1].label)
    rows = [_shares(study, at) for at in range(len(study.asked.items))]
    known = [row for row in rows if row.counts and sum(row.counts)]
    behind = [(row.label, *_counts(row)) for row in rows]
    return Picture(
        _title(known, highest),
        _sentence(known, highest),
        item_shares(rows),
        table("How many people gave each kind of answer",
              "Item|Below satisfactory|Satisfactory, not the top answer|The top answer|Not rated", behind),
    )  # fmt: skip


def _shares(study: Study, at: int) -> Shares:
    item, sums = study.asked.items[at], study.sums
    label = study.said(item.text)
    if not sums.people[at]:
        return Shares(label, None)
    low = int(bottom(sums.values[at], study.asked.scale.satisfactory_from))
    best, every = int(top(sums.values[at])), int(sums.values[at].sum())
    return Shares(label, (low, every - low - best, best), int(sums.nonanswers[at].sum()))


def _counts(row: Shares) -> tuple[str, ...]:
    if row.counts is None:
        return (said.NOT_SHOWN,) * 4
    return tuple(map(said.count, (*row.counts, row.unrated)))


def _top(row: Shares) -> float:
    assert row.counts is not None
    return row.counts[2] / sum(row.counts)


def _title(known: list[Shares], highest: str) -> str:
    if not known:
        return "No item can be shown"
    most = sum(_top(row) > 0.5 for row in known)
    if most in (0, len(known)):
        return f"{'Every' if most else 'No'} item was mostly rated {said.quoted(highest)}"
    return f"{most} of {len(known)} items {'was' if most == 1 else 'were'} mostly rated {said.quoted(highest)}"


def _sentence(known: list[Shares], highest: str) -> str:
    if not known:
        return said.WHY
    low, high = min(known, key=_top), max(known, key=_top)
    return (
        f"{said.quoted(highest)} was given most often to {said.quoted(high.label)} ({said.percent(_top(high))} of "
        f"ratings) and least often to {said.quoted(low.label)} ({said.percent(_top(low))})."
    )


def _ratings(study: Study) -> Table:
    rows = []
    for at, item in enumerate(study.asked.items):
        name = study.said(item.text)
        if not study.sums.people[at]:
            rows.append((name, *[said.NOT_SHOWN] * 5))
            continue
        mean, best, low, rest = (
            study.figure("item", item.id, figure)
            for figure in ("mean", "share_top", "share_below_satisfactory", "item_rest")
        )
        rows.append((name, said.valued(mean), said.share(best), said.share(low), said.valued(rest), said.counted(mean)))
    return table(
        "What was rated, with 95% limits",
        "Item|Mean|The top answer|Below satisfactory|With the rest|Ratings",
        rows,
    )


def _not_rated(study: Study) -> Table:
    rows = []
    for at, item in enumerate(study.asked.items):
        name = study.said(item.text)
        if not study.sums.people[at]:
            rows.append((name, *[said.NOT_SHOWN] * 4))
            continue
        found = [
            study.figure("item", item.id, figure)
            for figure in ("share_cannot_say", "share_does_not_apply", "share_blank")
        ]
        rows.append((name, *map(said.share, found), said.counted(found[0])))
    return table("What was not rated, with 95% limits", "Item|Cannot say|Does not apply|Left blank|Raters", rows)
