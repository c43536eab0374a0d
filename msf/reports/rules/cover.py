"""The first page in plain words: about whom, who asked, who answered, how far to trust it, and how to read it."""

from collections.abc import Iterator, Sequence

from msf.reports.rules import words
from msf.reports.rules.context import View
from msf.reports.rules.facts import Facts
from msf.reports.rules.shapes import Block, Head, Note, Section, Table, Text


def facts_of(views: Sequence[View], facts: Facts) -> tuple[tuple[str, str], ...]:
    """The short list on the cover; what is not known has no line."""
    lines = [
        ("About", facts.practitioner),
        ("Profession", (facts.profession or "").capitalize()),
        ("Asked for by", facts.asked_by or ""),
        ("Run by", facts.run_by or ""),
        ("Answers collected", _period(facts)),
        *((f"{view.title} who answered", _answered(view)) for view in views),
        ("Named to talk it through", facts.facilitator or ""),
        ("Report made on", words.day(facts.written_on) if facts.written_on else ""),
        ("Reference", facts.reference),
    ]
    return tuple((label, value) for label, value in lines if value)


def _period(facts: Facts) -> str:
    if facts.opened_on is None or facts.closed_on is None:
        return ""
    return f"{words.day(facts.opened_on)} to {words.day(facts.closed_on)}"


def _answered(view: View) -> str:
    asked = view.facts.invited.get(view.name)
    number = f"fewer than {view.facts.least}" if view.family.n is None else str(view.family.n)
    return f"{number} of {asked} asked" if asked else number


def about(views: Sequence[View], facts: Facts) -> Section:
    """What this is, who answered, and how far it can be trusted."""
    blocks: list[Block] = [
        Text(_what(views, facts)),
        Text(
            f"It is a view from several sides, given to help {facts.practitioner} see what goes well and what could be "
            "better. It is not a test, and it is not an inquiry into anything that happened."
        ),
        *_facilitator(facts),
        _who_answered(views, facts),
        *_trust(views),
    ]
    return Section("about", "About this report", 1, tuple(blocks))


def _what(views: Sequence[View], facts: Facts) -> str:
    sides = words.listing([view.name for view in views])
    said = f"This report brings together what {sides} of {facts.practitioner} said in confidence"
    own = any(view.has_self for view in views)
    return f"{said}, beside {words.owner(facts.practitioner)} own answers to the same questions." if own else f"{said}."


def _facilitator(facts: Facts) -> list[Text]:
    if not facts.facilitator:
        return []
    return [Text(f"{facts.facilitator} has been named to read it together and talk it through.")]


def _who_answered(views: Sequence[View], facts: Facts) -> Table:
    asked = any(facts.invited.get(view.name) for view in views)
    head = [Head("Who"), *([Head("Asked", numeric=True)] * asked), Head("Answered", numeric=True), Head("Shown as")]
    rows = [_row(view, asked) for view in views]
    if any(view.has_self for view in views):
        rows.append((facts.practitioner, *([words.NOTHING] * asked), "1", "Own view (self)"))
    return Table("Who was asked and who answered", tuple(head), tuple(rows))


def _row(view: View, asked: bool) -> tuple[str, ...]:
    invited = view.facts.invited.get(view.name)
    number = f"fewer than {view.facts.least}" if view.family.n is None else str(view.family.n)
    return (view.title, *([str(invited) if invited else words.NOTHING] * asked), number, _shown_as(view))


def _shown_as(view: View) -> str:
    if view.family.withheld:
        return words.NOT_SHOWN.capitalize()
    if len(view.family.blocks) < 2:
        return f"{view.title} all together"
    named = words.blocks_named(view.family.blocks, view.questionnaire, view.language)
    return f"All together, and as: {words.inside(named)}"


def _trust(views: Sequence[View]) -> Iterator[Block]:
    for view in views:
        yield trust(view)


def trust(view: View) -> Text | Note:
    """How far one family's figures can be trusted, from how many answered."""
    n = view.family.n
    if n is None:
        return Note(words.withheld(view.name, view.facts.least))
    answered = f"{words.people(view.name, n)} answered."
    floor, target = view.facts.floors.get(view.name, 0), view.facts.targets.get(view.name, 0)
    if n < floor:
        return Note(
            f"Caution: only {answered} With fewer than {floor}, one person’s view can move a figure a lot. "
            "Take what they said as points to talk about, not as findings."
        )
    if n < target:
        return Text(
            f"{answered} Questionnaires of this kind usually aim for {target} or more, so look at the overall picture "
            "rather than at single figures."
        )
    return Text(
        f"{answered} Questionnaires of this kind usually aim for {target} or more, so the overall picture can be "
        "relied on. Single figures still carry the range printed beside them."
    )
