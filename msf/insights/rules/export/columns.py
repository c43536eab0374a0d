"""What an export holds: its tables and their columns, described once for every file format and both codebooks; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from msf.instruments import Questionnaire, words

Kind = Literal["text", "whole", "number"]
Value = str | int | float | None
Row = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Column:
    """One variable. `values` are all it may hold, with what they mean; `empty` says what it means to hold nothing.

    `least` and `most` bound a number.
    """

    name: str
    title: str
    about: str
    kind: Kind = "text"
    values: Mapping[str, str] = field(default_factory=dict)
    empty: str = ""
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One file of rows; `key` names the columns that together tell one row from all others."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


TITLE = "Multi-source feedback of health practitioners: cells of released reports, and figures of programmes"

ABOUT = (
    "Figures of rounds of feedback in which colleagues and patients of health practitioners answered a short "
    "questionnaire in confidence. There is no row of a rater here, and nothing from which one could be made: only "
    "figures that a released report shows already, and sums over more than five practitioners."
)

NOTES: tuple[str, ...] = (
    "A cell is one figure as a released report shows it. It rests on at least as many people as the round said, never "
    "fewer than four, and no subtraction of cells leads below that.",
    "Groups of raters are pooled into blocks when a round closes. A block is all that is kept of the group.",
    "Means under ten answers near an end of the scale are coded: column bound says so.",
    "Limits are of 95 %. Of fewer than ten answers they rest on the spread that the questionnaire declares.",
    "Reports of one profession and the same questionnaires whose rounds closed in one quarter come out together, once "
    "more than five practitioners among them are released to their organisation, by whole quarters of release. So two "
    "exports differ by more than five practitioners or by none, unless a report was made void or deleted in between.",
    "What a report says of other practitioners (its benchmark) is left out: it would tell in which field one works.",
    "The number of a report was drawn for this export alone. Who knows what is in somebody’s report can still find it "
    "here: treat the file as confidential, and give out no two exports of the same quarters.",
    "Figures and counts are of quarters that have ended, or of several together where one had five practitioners or "
    "fewer. Of each period an item counts only where more than five practitioners have answers to it and nobody has "
    "most of them; a period is whole or not there, and periods do not overlap.",
    "In figures and counts, n counts what column unit says. In cells, n is how many people answered the item, or the "
    "fewest answers of any item of a domain; of the practitioner’s own answers it is 1, and in counts of people who "
    "gave no value it is how many of the family answered the questionnaire.",
)

FAMILIES = {"self": "The practitioner", "colleagues": "Colleagues", "patients": "Patients"}
PROFESSIONS = {"doctor": "Doctor", "dentist": "Dentist", "pharmacist": "Pharmacist"}
SCOPES = {
    "item": "One statement of the questionnaire",
    "domain": "One area of work: a heading with its statements",
    "programme": "The whole questionnaire",
    "group": "One group of people who were asked",
    "origin": "People by who proposed them",
}
NON_ANSWERS = {
    "blank": "Left blank",
    "not_applicable": "Answered “does not apply”",
    "cannot_say": "Answered “cannot say”",
}
STATISTICS = {
    "mean": "Mean: of an item over its answers, of a domain over the shown means of its items",
    "low": "Lower limit of the mean, 95 %",
    "high": "Upper limit of the mean, 95 %",
    "value": "The practitioner’s own answer",
    **NON_ANSWERS,
}
BOUNDS = {
    "at least": "The value or higher: coded at the top of the scale",
    "at most": "The value or lower: coded at the bottom of the scale",
    "about": "A mean of means that were coded at both ends",
}
UNITS = {
    "answers": "Answers with a value",
    "raters": "Raters",
    "practitioners": "Practitioners",
    "people": "People who were asked",
}
FIGURES = {
    "practitioners": "Practitioners with a round in the period",
    "raters": "Raters who answered",
    "asked": "People who were asked",
    "share_answered": "Share of the people asked who answered",
    "proposed": "People proposed by whoever id names",
    "share_one_value": "Share of raters with one value throughout",
    "share_all_top": "Share of raters with the highest value throughout",
    "share_half_blank": "Share of raters who left half of the items blank or more",
    "share_identical": "Share of raters whose answers equal another’s about the same practitioner",
    "mean": "Mean",
    "share_top": "Share of answers with the highest value",
    "share_below_satisfactory": "Share of answers below the satisfactory line",
    "share_blank": "Share of raters who left the item blank",
    "share_does_not_apply": "Share of raters to whom the item does not apply",
    "share_cannot_say": "Share of raters who cannot say",
    "item_rest": "Correlation of the item with the rest of its domain",
    "own_less_others": "Practitioners’ own view less that of others, mean difference",
    "own_with_others": "Correlation of own view and that of others",
    "variance_practitioners": "Variance between practitioners",
    "variance_raters": "Variance between raters of one practitioner",
    "variance_practitioners_anova": "Variance between practitioners, by analysis of variance",
    "variance_raters_anova": "Variance between raters of one practitioner, by analysis of variance",
    "reliability_one_rater": "Reliability of one rater, ICC(1)",
    "reliability": "Reliability of a practitioner’s mean, G",
    "reliability_items_fixed": "Reliability with the items as they are, G",
    "component_practitioner": "Component of variance: practitioners",
    "component_rater": "Component of variance: raters within practitioners",
    "component_item": "Component of variance: items",
    "component_interaction": "Component of variance: practitioners by items",
    "component_residual": "Component of variance: residual",
    "alpha": "Cronbach’s alpha: how the items of a domain go together",
    "alpha_within": "Cronbach’s alpha of answers about one practitioner",
    "omega": "McDonald’s omega, one factor",
    **{f"raters_for_{target}": f"Raters needed for a reliability of 0.{target // 10}" for target in (70, 80, 90)},
    **{
        f"share_reaching_{target}": f"Share of practitioners who reach a reliability of 0.{target // 10}"
        for target in (70, 80, 90)
    },
}

ESTIMATORS = {
    "count": "it was counted",
    "mean of answers": "every answer counts alike",
    "Wilson": "limits of a share by Wilson’s score interval",
    "paired t": "limits of a mean difference by Student’s t over practitioners",
    "Pearson": "product-moment correlation",
    "REML": "restricted maximum likelihood of raters within practitioners",
    "ANOVA with n0": "analysis of variance of unequal numbers of raters",
    "F with n0": "limits of ICC(1) by F",
    "harmonic mean of raters": "of a practitioner with that many raters",
    "D-study": "projected from the REML components",
    "Henderson 1": "Henderson’s first method for items crossed with raters within practitioners",
    "Cronbach": "coefficient alpha, of the pairs of items (pairwise) or of complete answers alone (listwise)",
    "Feldt": "limits of alpha by F",
    "maximum likelihood, one factor": "omega of a model of one factor",
}
"""What the parts of an estimator's name mean."""

QUARTER = "A quarter of a year, such as 2027-Q1."
REPORT = Column("report", "Report number", "A number drawn by chance for this export; one a report.", "whole")


def tables_of(shelf: Sequence[Questionnaire]) -> tuple[Table, ...]:
    """The tables of an export over the questionnaires on the `shelf`."""
    named = {each.reference_name: words(each.title, "en") for each in shelf}
    questionnaire = Column("questionnaire", "Questionnaire", "Its key and version.", values=named)
    return (
        _cells(questionnaire, max(each.scale.size for each in shelf)),
        _figures(questionnaire),
        _counts(questionnaire, shelf),
        _questions(questionnaire),
        _answers(questionnaire, shelf),
    )


def _cells(questionnaire: Column, points: int) -> Table:
    labels = STATISTICS | {f"count_{n}": f"How many gave the value {n}" for n in range(1, points + 1)}
    columns = (
        REPORT,
        questionnaire,
        Column("quarter", "Quarter of the close", f"In which the round closed. {QUARTER}"),
        Column("profession", "Profession", "Of the practitioner.", values=PROFESSIONS, empty="It was not said."),
        Column("family", "Family", "Who answered; families are never added up.", values=FAMILIES),
        Column(
            "block", "Block", "The groups that were counted together, with “ + ” between them, or all of the family."
        ),
        Column("scope", "Scope", "What the figure is about.", values={k: SCOPES[k] for k in ("item", "domain")}),
        Column("id", "Item or domain", "As in the table of questions, which has its words."),
        Column("statistic", "Statistic", "Which figure it is.", values=labels),
        Column("value", "Value", "On the scale of the questionnaire, or a number of people.", "number", least=0),
        Column("n", "n", "How many people the figure rests on.", "whole", least=0),
        Column("bound", "Bound", "Whether the mean was coded.", values=BOUNDS, empty="The value is as worked out."),
    )
    key = ("report", "questionnaire", "family", "block", "scope", "id", "statistic")
    return Table("cells", "Cells of released reports", "One row a figure of a released report.", columns, key)


def _period(questionnaire: Column) -> tuple[Column, ...]:
    return (
        questionnaire,
        Column("since", "First quarter", f"Of the period. {QUARTER}"),
        Column("until", "Last quarter", f"Of the period. {QUARTER}"),
        Column("family", "Family", "Who answered.", values={k: FAMILIES[k] for k in ("colleagues", "patients")}),
    )


def _figures(questionnaire: Column) -> Table:
    no_limits = "There are no limits for it."
    columns = (
        *_period(questionnaire),
        Column("scope", "Scope", "What the figure is about.", values=SCOPES),
        Column("id", "Id", "The item, domain, group or origin; “all” for the whole questionnaire."),
        Column("figure", "Figure", "Which figure it is.", values=FIGURES),
        Column("value", "Value", "Shares lie between 0 and 1.", "number", empty="No number of raters reaches it."),
        Column("low", "Lower limit", "Of 95 %.", "number", empty=no_limits),
        Column("high", "Upper limit", "Of 95 %.", "number", empty=no_limits),
        Column("n", "n", "How many of what unit names the figure rests on.", "whole", least=0),
        Column("unit", "Unit of n", "What n counts.", values=UNITS),
        Column("estimator", "Estimator", f"How the figure was worked out. {estimators()}."),
        Column("remark", "Remark", "What has to be known beside it.", empty="There is none."),
    )
    key = ("questionnaire", "since", "until", "scope", "id", "figure")
    about = "One row a figure of a period, and of all periods together where there are several."
    return Table("figures", "Figures of programmes", about, columns, key)


def estimators() -> str:
    """What the names of estimators mean, in one sentence."""
    return "; ".join(f"{name}: {meaning}" for name, meaning in ESTIMATORS.items())


def _counts(questionnaire: Column, shelf: Sequence[Questionnaire]) -> Table:
    points = {str(n): f"The value {n}" for n in range(1, max(each.scale.size for each in shelf) + 1)}
    columns = (
        *_period(questionnaire),
        Column("item", "Item", "As in the table of questions, which has its words."),
        Column("answer", "Answer", "A value of the scale, or why there is none.", values=points | NON_ANSWERS),
        Column("people", "Practitioners", "How many practitioners’ reports show the item.", "whole", least=0),
        Column("raters", "Raters", "How many raters gave this answer.", "whole", least=0),
    )
    about = "One row an answer to an item in a period; these add up over periods. Items not shown have no row."
    key = ("questionnaire", "since", "until", "item", "answer")
    return Table("counts", "Counts of answers", about, columns, key)


def _questions(questionnaire: Column) -> Table:
    columns = (
        questionnaire,
        Column("scope", "Scope", "What it is.", values={k: SCOPES[k] for k in ("item", "domain")}),
        Column("id", "Id", "As other tables name it."),
        Column("domain", "Domain", "To which it belongs; of a domain, itself."),
        Column("text", "Words", "As raters read them."),
        Column("self_text", "Words for oneself", "As the practitioner reads them.", empty="A domain has one title."),
    )
    about = "The words of every item and domain, and which items make a domain."
    return Table("questions", "Items and domains", about, columns, ("questionnaire", "scope", "id"))


def _answers(questionnaire: Column, shelf: Sequence[Questionnaire]) -> Table:
    columns = (
        questionnaire,
        Column("answer", "Answer", "As the table of counts names it."),
        Column("label", "Words", "As raters read them.", empty="A blank has no words."),
        Column("satisfactory", "Satisfactory", "Whether it is.", values={"yes": "Yes", "no": "No"}, empty="No value."),
    )
    about = "The words of every answer of each questionnaire’s scale."
    return Table("answers", "Answers of the scales", about, columns, ("questionnaire", "answer"))


def questions(shelf: Sequence[Questionnaire]) -> Iterable[Row]:
    """The rows of the table of questions."""
    for each in shelf:
        for domain in each.domains:
            yield each.reference_name, "domain", domain.id, domain.id, words(domain.title, "en"), None
        for item in each.items:
            told = words(item.text, "en"), words(item.self_text, "en")
            yield each.reference_name, "item", item.id, item.domain, *told


def answers(shelf: Sequence[Questionnaire]) -> Iterable[Row]:
    """The rows of the table of answers."""
    for each in shelf:
        name, scale = each.reference_name, each.scale
        for point in scale.points:
            good = "yes" if point.value >= scale.satisfactory_from else "no"
            yield name, str(point.value), words(point.label, "en"), good
        yield name, "blank", None, None
        yield name, "not_applicable", words(scale.does_not_apply, "en"), None
        yield name, "cannot_say", words(scale.cannot_say, "en"), None
