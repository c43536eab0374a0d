"""How the answers go together: consistency, components with items, and the practitioner's own view; pure."""

from msf.insights.rules import said
from msf.insights.rules.shapes import Note, Section, Table, Text, table
from msf.insights.rules.study import Study
from msf.scoring.generalisability import INDICATIVE

_PARTS = ("practitioner", "rater", "item", "interaction", "residual")


def consistency(study: Study) -> Section:
    """Alpha, alpha within practitioners, omega and the five components."""
    return Section(
        "together",
        "How the answers go together",
        (
            Note(
                "None of this is the reliability of raters. It says how alike one person’s answers to the items of an "
                "area are. For how far different people agree about a practitioner, see how many people it takes."
            ),
            _alphas(study),
            _components(study),
            Text(
                "Alpha over all raters mixes differences between practitioners with differences between raters of the "
                "same one; alpha within practitioners leaves the first out. Omega supposes one factor. Where one "
                "is missing, there are too few raters or items, too many are not rated, or they do not differ. "
                "What they rest on is deleted with the first rating sheets of a period; its figures then stay for this "
                "period by itself, and are in none of several together. "
                f"The five parts need two items and {INDICATIVE} practitioners."
            ),
            *([Text(said.WHY)] if _hidden(study) else []),
        ),
    )


def _hidden(study: Study) -> bool:
    return any(not facet.practitioners.sum() or not _sheets(study, at) for at, facet in enumerate(study.sums.facets))


def _row(study: Study, at: int, cells: tuple[str, ...]) -> tuple[str, ...]:
    """The cells of an area, or that it is not shown."""
    name = study.said(study.asked.domains[at].title)
    there = study.sums.facets[at].practitioners.sum()
    return (name, *(cells if there else [said.NOT_SHOWN] * len(cells)))


def _alphas(study: Study) -> Table:
    rows = []
    for at, each in enumerate(study.asked.domains):
        total, inside, one = (study.figure("domain", each.id, name) for name in ("alpha", "alpha_within", "omega"))
        cells = [cell for found in (total, inside) for cell in (said.valued(found), said.limits(found),
                                                                said.counted(found))]  # fmt: skip
        cells += [said.valued(one), said.counted(one)]
        rows.append(_row(study, at, tuple(cells) if _sheets(study, at) else (said.NOT_SHOWN,) * len(cells)))
    return table(
        "Consistency by area",
        "Area|Alpha|95% limits|Raters|Alpha within|95% limits|Raters|Omega|Raters",
        rows,
    )


def _sheets(study: Study, at: int) -> bool:
    """Whether enough practitioners are behind the whole sheets of an area; yes where none are kept any more."""
    found = study.sums.matrices
    return found is None or bool(found.people[at])


def _components(study: Study) -> Table:
    rows = []
    for at, each in enumerate(study.asked.domains):
        found = [study.figure("domain", each.id, f"component_{name}") for name in _PARTS]
        fixed = study.figure("domain", each.id, "reliability_items_fixed")
        cells = (*(said.valued(part, 3) for part in found), said.valued(fixed), said.counted(found[0]))
        rows.append(_row(study, at, cells))
    return table(
        "Variance of single answers in five parts, and reliability with these items",
        "Area|Practitioner|Rater|Item|Practitioner by item|The rest|Reliability with these items|Practitioners",
        rows,
    )


def own_view(study: Study) -> Section:
    """How practitioners saw themselves beside what others said."""
    rows = []
    for at, each in enumerate(study.asked.domains):
        gap, both = (study.figure("domain", each.id, name) for name in ("own_less_others", "own_with_others"))
        there = int(study.sums.own.n[at])
        cells = (said.valued(gap), said.limits(gap), said.valued(both), said.count(there))
        name = study.said(each.title)
        rows.append((name, *(cells if there else [said.NOT_SHOWN] * 4)))
    hidden = any(not n for n in study.sums.own.n)
    return Section(
        "own",
        "Own view and others",
        (
            Text(
                "The practitioner’s own mean less the mean of the others, over practitioners who answered every item "
                "of an area themselves. Above 0 they rate themselves higher. People are poor judges of themselves in "
                "either direction: a difference is something to talk about, and no fault."
            ),
            table("Own less others, by area", "Area|Difference|95% limits|Correlation|Practitioners", rows),
            *([Text(said.WHY)] if hidden else []),
        ),
    )
