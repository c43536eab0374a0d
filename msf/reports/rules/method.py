"""How to read the report, what to do next and who can help, and how its figures were made and limited."""

from collections.abc import Sequence

from msf.instruments import words as in_language
from msf.reports.rules import words
from msf.reports.rules.context import View
from msf.reports.rules.facts import Facts
from msf.reports.rules.shapes import Block, Bullets, Section, Text
from msf.scoring.benchmarks import LEAST


def next_steps(facts: Facts) -> Section:
    """What can be done with the report, and who can help."""
    talk = f"Talk it through with {facts.facilitator}." if facts.facilitator else "Talk it through with somebody."
    return Section(
        "next",
        "What to do next, and who can help",
        1,
        (
            Text(
                "Feedback can be hard to read, even when most of it is good. Nobody needs to read it alone, or to "
                "answer it at once."
            ),
            Bullets(
                (
                    f"{talk} Start with what went well.",
                    "Choose one or two things to work on, and say what would look different in three months.",
                    "Ask people you work with for an example of what good looks like. Please do not try to find out "
                    "who said what: it would break the promise under which people answered.",
                )
            ),
            Text("Help in confidence is there for every practitioner:"),
            Bullets(
                (
                    "a general practitioner or occupational health service, when sleep, health or mood suffer;",
                    "a defence body, professional association or trade union, for advice on what the report may mean;",
                    "a mentor, an appraiser or a colleague outside the team, to think it over with.",
                )
            ),
        ),
    )


def how_to_read(views: Sequence[View], facts: Facts) -> Section:
    """The words and rules behind the figures."""
    few = f"fewer than {words.spelt(facts.least)}"
    reading = (
        "Mean: the average of the answers that are a rating, to one decimal. “Does not apply”, “cannot say” and blanks "
        "are left out of it and counted apart; none of them is ever a zero.",
        "Likely range: the range in which the true value lies with a probability of about 95 in 100, if others "
        "of the same kind had been asked. Few answers give a wide range.",
        "Answers: how many people gave the item a rating. For an area it is the smallest number among its items.",
        *_self(views),
        *_compared(views),
        "“4.5 or higher”, “1.5 or lower”: fewer than ten people answered and they agreed almost wholly, so the exact "
        "figure is not printed. It can sometimes be worked out from the other figures. “About” means that an area "
        "holds such figures at both ends.",
    )
    limits = (
        f"Nothing is shown that rests on {few} people. A group with {few} answers is counted together with another one "
        "of the same side, and stays so in every copy of this report.",
        "An item is shown by group only where every group has enough answers to it, so that no figure can be found by "
        "taking one from another.",
        "How many chose each answer is shown only where at least ten answered.",
        "An area’s mean is the mean of the item means shown in it. The sides that answered are never added together, "
        "and there is no overall score.",
        "The ranges are 95% intervals by moderated t: the spread of the answers is weighed with a reference spread of "
        "the questionnaire. With fewer than ten answers the reference spread alone is used.",
        _fixed(facts),
        *_burst(facts),
        "People who answer are chosen, are few, and see a part of the work. A difference between two figures whose "
        "ranges overlap may be chance.",
    )
    blocks: list[Block] = [
        Text("What the words mean:"),
        Bullets(reading),
        Text("What limits the figures:"),
        Bullets(limits),
    ]
    blocks += [*_withheld(views), *_questionnaires(views)]
    return Section("method", "How to read this report", 1, tuple(blocks))


def _fixed(facts: Facts) -> str:
    """Since when the figures stand."""
    if facts.from_file:
        return "Figures were made from a file of answers collected elsewhere, as it stood when this report was made."
    return "Figures were fixed when the questionnaires closed. They are not changed afterwards for any reason."


def _burst(facts: Facts) -> list[str]:
    """What a reader should know where many answers came at once; why they did, nobody can say from the figures."""
    said = (
        "An unusual number of answers came within minutes. That can be harmless, such as a meeting in which everybody "
        "answered. It can also mean that somebody answered more than once with codes they were given."
    )
    return [said] if facts.burst else []


def _self(views: Sequence[View]) -> list[str]:
    said = "Self: the practitioner’s own answer. It is set beside the others’ and is never part of their mean."
    return [said] if any(view.has_self for view in views) else []


def _compared(views: Sequence[View]) -> list[str]:
    """Whom the areas are set beside, or why nobody."""
    shown = [view for view in views if view.name in view.facts.peers and not view.family.withheld]
    said = [f"Comparison of what {view.name} said: {words.compared(view.peers)}" for view in shown if view.peers]
    none = [view.name for view in shown if not view.peers]
    if none:
        said.append(
            f"What {words.listing(none)} said is not compared with what other practitioners heard: there are fewer "
            f"than {LEAST} comparable rounds."
        )
    if any(view.peers for view in shown):
        said.append(
            "Only released reports with enough answers to the same questionnaire are compared with: of each "
            "practitioner the latest, never one’s own earlier ones. A mean printed as “4.5 or higher” counts as 4.5. "
            f"An area that fewer than {LEAST} of them show has a dash. Nobody is ranked, and the comparison was fixed "
            "with the other figures."
        )
    return said


def _withheld(views: Sequence[View]) -> list[Text]:
    return [Text(words.withheld(view.name, view.facts.least)) for view in views if view.family.withheld]


def _questionnaires(views: Sequence[View]) -> list[Text]:
    asked = {view.questionnaire.reference_name: view for view in views}
    return [
        Text(
            f"Questionnaire “{in_language(view.questionnaire.title, view.language)}” "
            f"({view.questionnaire.key}, version {view.questionnaire.version}). {view.questionnaire.provenance}"
        )
        for view in asked.values()
    ]
