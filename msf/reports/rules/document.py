"""Writes a report from its cells: every word, table and chart in reading order, for any format to lay out."""

from collections.abc import Iterable, Sequence

from msf.instruments import Questionnaire
from msf.reports.rules.cells import Part
from msf.reports.rules.context import View, views
from msf.reports.rules.cover import about, facts_of
from msf.reports.rules.domains import family_sections
from msf.reports.rules.facts import Facts, Said
from msf.reports.rules.method import how_to_read, next_steps
from msf.reports.rules.own_words import own_words
from msf.reports.rules.shapes import Document, Section
from msf.reports.rules.summary import summary
from msf.reports.rules.tables import full_tables


def document_of(
    parts: Iterable[Part],
    questionnaires: Sequence[Questionnaire],
    comments: Sequence[Said],
    facts: Facts,
    *,
    language: str = "en",
) -> Document:
    """The whole report of one practitioner; `comments` are only those that may be printed, in the order to print them.

    Every figure comes from the cells of `parts`; the same arguments give an equal document.
    """
    seen = list(views(parts, questionnaires, facts, language))
    return Document(
        title=f"Feedback for {facts.practitioner}",
        subtitle=_subtitle(seen),
        language=language,
        reference=facts.reference,
        version=facts.version,
        facts=facts_of(seen, facts),
        sections=tuple(_sections(seen, comments, facts)),
    )


def _subtitle(seen: Sequence[View]) -> str:
    sides = [view.name for view in seen]
    return f"From {' and '.join(sides)}, in confidence" if sides else "In confidence"


def _sections(seen: Sequence[View], comments: Sequence[Said], facts: Facts) -> list[Section]:
    families = [section for view in seen for section in family_sections(view)]
    return [
        about(seen, facts),
        *summary(seen),
        *families,
        *own_words(seen, comments, facts),
        next_steps(facts),
        how_to_read(seen, facts),
        *full_tables(seen),
    ]
