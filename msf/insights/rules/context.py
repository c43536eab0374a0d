"""What research says moves scores, and how the figures are worked out: the same words on every page of a programme."""

from collections.abc import Mapping

from msf.insights.rules.shapes import Bullets, Section, Text

CAMPBELL = "Campbell and others, BMJ 2011;343:d6212"
PILOT = "Campbell and others, Quality and Safety in Health Care 2008"
WRIGHT = "Wright and others, Academic Medicine 2012"
APPRAISERS = "British Journal of General Practice 2016, PMC4809712"

_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "colleagues": (
        "Doctors whose first degree was from outside the United Kingdom and South Asia, locums, general "
        "practitioners, psychiatrists, and staff grade and associate specialist doctors were rated lower by "
        f"colleagues ({CAMPBELL}).",
        f"So were doctors whose raters met them less often than every day or every week ({CAMPBELL}).",
        "Who answers matters: consultants rate lower, more junior staff higher. Whether people chosen by the "
        "practitioner rate higher is disputed, so this page counts who proposed them.",
    ),
    "patients": (
        "Doctors whose first degree was from outside Europe, and psychiatrists, were rated lower by patients "
        f"({CAMPBELL}).",
        "So were doctors of whose patients fewer were white, fewer called the visit very important, or fewer saw "
        f"their usual doctor ({CAMPBELL}).",
    ),
}
_EVERYBODY = (
    "Once these were taken into account, the doctor’s own age, sex and ethnic group, and the age and sex of raters, "
    f"no longer mattered by themselves ({CAMPBELL}). In an earlier pilot older doctors were rated lower ({PILOT}).",
    "Ratings lie close together near the top, so a small difference in a mean moves somebody past many others. "
    f"Appraisers who were shown the same reports disagreed about what they mean ({APPRAISERS}).",
    f"Such scores are not made to judge fitness to practise by themselves ({WRIGHT}).",
)


def known_bias(family: str) -> Section:
    """What is known to move scores, beside the figures and never taken out of them."""
    return Section(
        "bias",
        "What is known to move scores",
        (
            Text(
                "Scores move with things that are not how well somebody works. What large studies of doctors in the "
                "United Kingdom found is listed here, to be read beside every figure on this page. It may not hold for "
                "dentists and pharmacists, who were not in them."
            ),
            Bullets((*_FAMILIES.get(family, ()), *_EVERYBODY)),
            Text(
                "Scores are never adjusted for what a practitioner is: that would hide unfair treatment where there is "
                "some. Whether groups of practitioners are rated differently is a question for an equity analysis. It "
                "needs data on practitioners that this service does not hold."
            ),
        ),
    )


def method() -> Section:
    """How the figures come about, and where more is written."""
    return Section(
        "method",
        "How this is worked out",
        (
            Bullets(
                (
                    "When a round closes, sums of its answers are added to the book of its quarter. Nothing is "
                    "calculated from single answers later, and figures of a quarter that is over do not change. A "
                    "round that is made void later stays in.",
                    "A quarter is shown once it is over. Quarters do not overlap. One with fewer than six "
                    "practitioners is not shown by itself; it is carried into the next quarter in which a round "
                    "closes.",
                    "An item counts where the practitioner’s own report shows it. It is left out of a period where "
                    "fewer than six practitioners, or fewer than five answers beside any one of them, would be behind "
                    "it, or where one practitioner would be more than half of what is left. An area is left out with "
                    "any of its items.",
                    "A practitioner counts once in a quarter. Somebody with rounds in two quarters counts in both.",
                    "Reliability: variances of practitioners and of raters within them by restricted maximum "
                    "likelihood (REML), raters nested in practitioners; limits by F. Number of people: D-study.",
                    "Shares: Wilson limits. Alpha: Cronbach, limits by Feldt. Omega: one factor, maximum likelihood. "
                    "Five components: Henderson’s first method. Own and others: paired t. All limits are of 95%.",
                )
            ),
            Text(
                "More is in the papers that come with the software: docs/method.md explains every statistic, "
                "docs/analyse.md every name in the files, docs/anonymity.md what may be shown."
            ),
        ),
    )
