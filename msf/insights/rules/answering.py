"""Who was asked and how people answered, counted over everybody; pure."""

from msf.insights.rules import said
from msf.insights.rules.shapes import Block, Bullets, Section, Table, Text, table
from msf.insights.rules.study import Study
from msf.scoring.programme import Figure
from msf.scoring.programme.shapes import Scope

_ORIGINS = {"practitioner": "The practitioner", "organisation": "The organisation", "agreed": "Both sides"}
_QUALITY = {
    "share_one_value": "One and the same answer throughout",
    "share_all_top": "The top answer throughout",
    "share_half_blank": "Half of the items or more left blank",
    "share_identical": "The same sheet as another of the same practitioner",
}


def who_was_asked(study: Study) -> Section:
    """By group and by who proposed them, and for colleagues how many answered."""
    blocks: list[Block] = [_answered(study)]
    groups = {group.id: study.said(group.label) for group in study.asked.groups}
    if asked := _counted(study, "group", "asked", groups):
        blocks.append(table("People who were asked, by group", "Group|Asked|Share of all", asked))
    if proposed := _counted(study, "origin", "proposed", _ORIGINS):
        blocks.append(table("People who were asked, by who proposed them", "Proposed by|Asked|Share of all", proposed))
    blocks.append(
        Text(
            "Who answered is not counted by group or by who proposed them: groups of few people are pooled in every "
            "report, and who proposed somebody is not kept with answers."
        )
    )
    return Section("asked", "Who was asked", tuple(blocks))


def _answered(study: Study) -> Text:
    asked, found = (study.figure("programme", "all", name) for name in ("asked", "share_answered"))
    raters = study.sums.raters
    if not study.counted:
        return Text(
            f"{said.plural(raters, 'patient', 'patients')} answered. There is no rate: patients may be handed a card, "
            "and nobody knows how many cards reached a patient."
        )
    if asked is None or found is None:
        return Text(f"{said.plural(raters, 'colleague', 'colleagues')} answered. How many were asked is not known.")
    return Text(
        f"{raters:,} of {said.plural(asked.n, 'colleague', 'colleagues')} who were asked answered: "
        f"{said.percent(found.value)}, with 95% limits of {said.percent(found.low)} to {said.percent(found.high)}."
    )


def _counted(study: Study, scope: Scope, name: str, labels: dict[str, str]) -> list[tuple[str, ...]]:
    """A row for each group or origin in the order of `labels`; those without a label keep their own name."""
    found = {each.id: each for each in study.figures if each.scope == scope and each.name == name}
    order = [*(id for id in labels if id in found), *(id for id in found if id not in labels)]
    return [(labels.get(id, id), said.count(found[id].value), _part(found[id])) for id in order]


def _part(figure: Figure) -> str:
    return said.percent((figure.value or 0) / figure.n) if figure.n else said.NOTHING


def how_people_answered(study: Study) -> Section:
    """Signs of care, as counts."""
    return Section(
        "quality",
        "How people answered",
        (
            _quality(study),
            *([] if study.figure("programme", "all", "share_half_blank") else [Text(said.WHY)]),
            Text(
                "These are counted only. Nobody is picked out and no answer is left out of any figure because of them."
            ),
            Bullets(
                (
                    "The top answer throughout is common and mostly honest: people who work well are rated well.",
                    "A large share with one answer throughout may mean that the items do not tell things apart, or "
                    "that people were in a hurry. The figures cannot say which.",
                    "Many blanks point to items that people could not answer, or to a form that is too long.",
                    "The same sheet twice can be chance, above all where most answers are the top one; sheets with one "
                    "answer throughout are not counted here. Many of them are a reason to look at how people are "
                    "asked, and no proof of anything.",
                )
            ),
        ),
    )


def _quality(study: Study) -> Table:
    rows: list[tuple[str, ...]] = []
    for name, words in _QUALITY.items():
        found = study.figure("programme", "all", name)
        cells = (said.percent(found.value), _ends(found), said.counted(found)) if found else (said.NOT_SHOWN,) * 3
        rows.append((words, *cells))
    return table("How sheets were filled in", "Sheets with|Share|95% limits|Raters", rows)


def _ends(figure: Figure) -> str:
    return f"{said.percent(figure.low)} to {said.percent(figure.high)}"
