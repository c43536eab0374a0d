"""What people wrote, by family and question, under words that say who has read it before."""

from collections.abc import Iterator, Sequence

from msf.instruments import Prompt
from msf.instruments import words as in_language
from msf.reports.rules.context import View
from msf.reports.rules.facts import Facts, Said
from msf.reports.rules.shapes import Block, Quotes, Section, Text

OPENINGS = {
    "moderated": "These are people’s own words, read by a moderator before this report was made. A part that could "
    "tell who wrote it, or that names somebody else, was replaced with “[removed]”; some comments were held back "
    "whole. Nothing else was changed. The order is by chance, and nothing here says who wrote what.",
    "unread": "These are people’s own words as they wrote them. No moderator has read them, so a part may tell who "
    "wrote it or name somebody else. Please keep them to yourself, and do not try to find out who wrote what. The "
    "order has nothing to do with who wrote them.",
    "left out": "What people may have written in their own words is left out, because no moderator has read it.",
}


def own_words(views: Sequence[View], comments: Sequence[Said], facts: Facts) -> list[Section]:
    """A section for each family that is shown, and one for what the practitioner wrote."""
    shown = [view for view in views if not view.family.withheld]
    left_out = facts.comments == "left out"
    opening = Text(OPENINGS[facts.comments] if shown or left_out else "No comments can be shown.")
    first = Section("comments", "In people’s own words", 1, (opening,))
    if left_out:
        return [first]
    families = (
        Section(f"comments-{view.name}", f"What {view.name} wrote", 2, tuple(_questions(view, view.name, comments)))
        for view in shown
    )
    return [first, *families, *_practitioner(views, comments)]


def _questions(view: View, family: str, comments: Sequence[Said]) -> Iterator[Block]:
    for prompt in view.questionnaire.prompts:
        question = f"{view.questionnaire.reference_name}:{prompt.id}"
        quotes = tuple(said.text for said in comments if (said.family, said.question) == (family, question))
        title = _asked(prompt, family, view.language)
        yield Quotes(title, quotes) if quotes else Text(f"{title} No comments to show.")


def _asked(prompt: Prompt, family: str, language: str) -> str:
    return in_language(prompt.self_text if family == "self" else prompt.text, language)


def _practitioner(views: Sequence[View], comments: Sequence[Said]) -> Iterator[Section]:
    """The practitioner's own words, once for each questionnaire in which there are any."""
    own = {said.question.rpartition(":")[0] for said in comments if said.family == "self"}
    blocks: list[Block] = []
    for name in dict.fromkeys(view.questionnaire.reference_name for view in views):
        if name in own:
            view = next(view for view in views if view.questionnaire.reference_name == name)
            blocks += [block for block in _questions(view, "self", comments) if isinstance(block, Quotes)]
    if blocks:
        yield Section("comments-self", f"What {views[0].facts.practitioner} wrote", 2, tuple(blocks))
