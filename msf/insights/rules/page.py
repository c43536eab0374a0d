"""The whole page of a programme in reading order, the plain sentences first; pure."""

from collections.abc import Iterator
from math import inf

from msf.insights.rules import answering, context, items, people, said, together
from msf.insights.rules.shapes import Bullets, Section
from msf.insights.rules.study import Study
from msf.scoring.generalisability import INDICATIVE, PUBLISHABLE


def sections_of(study: Study, months: str) -> tuple[Section, ...]:
    """Every section; `months` says when the rounds closed."""
    return (
        Section("short", "In short", (Bullets(tuple(summary(study, months))),)),
        people.section(study),
        together.consistency(study),
        items.section(study),
        together.own_view(study),
        answering.who_was_asked(study),
        answering.how_people_answered(study),
        context.known_bias(study.asked.family),
        context.method(),
    )


def summary(study: Study, months: str) -> Iterator[str]:
    """What the page says, in a few sentences."""
    sums = study.sums
    practitioners = said.plural(sums.practitioners, "practitioner", "practitioners")
    one, many = ("colleague", "colleagues") if study.counted else ("patient", "patients")
    yield f"{practitioners}, rated by {said.plural(sums.raters, one, many)}, in rounds that closed from {months}."
    yield from _reliability(study)
    yield from _answered(study)
    if flagged := len(items.flagged(study)):
        stand = "stands" if flagged == 1 else "stand"
        yield f"{flagged} of {said.plural(len(study.asked.items), 'item', 'items')} {stand} out, see “Items”."
    if any(study.hidden()):
        yield f"Some items or areas are left out: {said.REASON}."


def _reliability(study: Study) -> Iterator[str]:
    if not people.estimated(study):
        yield (
            f"No area has {INDICATIVE} practitioners or more, so nothing is said yet about how many people it takes."
        )
        return
    yield _takes(study)
    yield from _reached(study)
    if study.sums.practitioners < PUBLISHABLE:
        yield f"With fewer than {PUBLISHABLE} practitioners, what is said about numbers of people is indicative only."


def _takes(study: Study) -> str:
    domain, enough = people.most_needed(study, 0.7)
    name = said.quoted(study.domain(domain))
    if enough == inf:
        return (
            f"In {name}, practitioners’ means differ no more than chance makes them. No number of people would be "
            "enough to tell practitioners apart there."
        )
    where = "the area that takes most people" if len(people.estimated(study)) > 1 else "the one area with an estimate"
    eight = people.needed(study, domain, 0.8)
    return (
        f"With {said.plural(int(enough), 'person', 'people')}, 7 of 10 parts of the differences between practitioners "
        f"in {name} are the practitioners’ own, and the rest is who happened to answer. With {eight:,.0f}, it is 8 of "
        f"10. This is {where}."
    )


def _reached(study: Study) -> Iterator[str]:
    domain, enough = people.most_needed(study, 0.7)
    reached = study.figure("domain", domain, "share_reaching_70")
    if enough != inf and reached is not None and reached.value is not None:
        yield (
            f"{said.percent(reached.value)} of {said.plural(reached.n, 'practitioner', 'practitioners')} had "
            f"{said.plural(int(enough), 'person', 'people')} or more in this area."
        )


def _answered(study: Study) -> Iterator[str]:
    asked, found = (study.figure("programme", "all", name) for name in ("asked", "share_answered"))
    if asked is not None and found is not None and found.value is not None:
        yield (
            f"{said.percent(found.value)} of the {said.plural(asked.n, 'colleague', 'colleagues')} who were asked "
            "answered."
        )
