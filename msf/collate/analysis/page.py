"""The figures of a file as one page that needs no other: words, tables and charts, in the sections of a programme."""

from collections.abc import Iterator, Mapping, Sequence

from msf.collate.analysis.writing import Result
from msf.insights.rules import answering, items, people, said, together
from msf.insights.rules.shapes import Block, Picture, Section, Text
from msf.insights.rules.study import Study
from msf.instruments import words
from msf.reports.formats import STYLE, shelf

Sections = Mapping[str, Sequence[Section]]
_NAMES = {"colleagues": "Colleagues", "patients": "Patients"}
_WITHHELD = (
    "Fewer than six practitioners in this file have ratings from {family}. Nothing is shown of them, so that no figure "
    "tells what was said about one person."
)
_NOTES = {
    True: (
        "Every figure here rests on at least six practitioners, none of whom is most of it. The page can be handed on."
    ),
    False: (
        "Nothing was left out because few practitioners are behind it. Such figures can tell what was said about one "
        "person. Treat this page as the file of answers itself."
    ),
}


def sections_of(result: Result, *, charts: bool) -> Sections:
    """The sections of each family; without `charts` the numbers behind each of them."""
    return {family: [*_sections(study, charts)] for family, study in result.families.items()}


def page_of(result: Result, sections: Sections) -> str:
    """The page of these sections."""
    asked = result.questionnaire
    return (
        shelf()
        .get_template("collate/analysis.html")
        .render(
            named=words(asked.title, "en"),
            facts=_facts(result),
            note=_NOTES[result.released],
            families=[(family, _NAMES[family], found) for family, found in sections.items()],
            style=STYLE.read_text("utf-8"),
        )
    )


def pictures_of(sections: Sections) -> dict[str, bytes]:
    """The charts as SVG, by file name."""
    return {
        f"{family}-{section.id}.svg": block.svg
        for family, found in sections.items()
        for section in found
        for block in section.blocks
        if isinstance(block, Picture)
    }


def _facts(result: Result) -> list[tuple[str, str]]:
    asked = result.questionnaire
    source = ("Period", result.period or "")
    if result.rows is not None:
        source = ("Rows of the file", f"{result.rows:,} read, {result.refused or 0:,} refused")
    return [
        ("Questionnaire", f"{words(asked.title, 'en')} ({asked.reference_name})"),
        ("Digest of its file", asked.digest[:16]),
        source,
        ("Fewest answers to an item of one practitioner", str(result.least)),
        ("Shown", "what may be handed on" if result.released else "everything"),
    ]


def _sections(study: Study, charts: bool) -> Iterator[Section]:
    if not study.sums.practitioners:
        yield Section("counted", "Who was counted", (Text(_WITHHELD.format(family=study.asked.family)),))
        return
    yield _counted(study)
    for section in (
        people.section(study),
        together.consistency(study),
        items.section(study),
        together.own_view(study),
        answering.how_people_answered(study),
    ):
        yield section if charts else _plain(section)


def _counted(study: Study) -> Section:
    sums = study.sums
    counted = (
        f"{said.plural(sums.practitioners, 'practitioner has', 'practitioners have')} ratings from "
        f"{said.plural(sums.raters, 'rater', 'raters')}."
    )
    return Section("counted", "Who was counted", (Text(counted),))


def _plain(section: Section) -> Section:
    blocks: tuple[Block, ...] = tuple(block.behind if isinstance(block, Picture) else block for block in section.blocks)
    return Section(section.id, section.title, blocks)
