"""How many people it takes: reliability by area, the raters for each target, and who reaches it; pure."""

from collections.abc import Iterator, Sequence
from math import inf

from msf.charts.programme import Curve, reliability_curve
from msf.insights.rules import said
from msf.insights.rules.shapes import Block, Bullets, Folded, Note, Picture, Section, Table, Text, table
from msf.insights.rules.study import Study
from msf.scoring.generalisability import INDICATIVE, PUBLISHABLE, TARGETS, Components, curve, standing

MOST = 60
SOME = (1, 5, 10, 15, 20, 30, 40, 50, 60)
_STANDING = {
    "too few": f"under {INDICATIVE} practitioners, nothing is said",
    "indicative": f"{INDICATIVE} to {PUBLISHABLE - 1}, a first idea that may change",
    "publishable": f"{PUBLISHABLE} or more, numbers of people may be published",
}


def section(study: Study) -> Section:
    """Everything about numbers of people."""
    blocks: list[Block] = [
        Text(
            "Reliability says how much of the differences between practitioners’ means is the practitioners’ own, and "
            "how much comes from who happened to answer. At 0.7, 7 parts of 10 are their own. It does not say whether "
            "what was answered is right, and it says nothing about one practitioner."
        ),
        _by_area(study),
        Bullets(tuple(f"{name.capitalize()}: {words}." for name, words in _STANDING.items())),
        *_hidden(study),
        *(Note(f"{study.domain(each)}: {remark}.") for each, remark in _remarks(study)),
    ]
    if known := estimated(study):
        blocks += [_picture(study, known), _reaching(study, known), _parts(study, known)]
    return Section("people", "How many people it takes", tuple(blocks))


def estimated(study: Study) -> list[str]:
    """The ids of the areas that have an estimate."""
    return [each.id for each in study.asked.domains if study.figure("domain", each.id, "reliability_one_rater")]


def needed(study: Study, domain: str, target: float) -> float:
    """How many people an area takes to reach a target; infinity where no number does."""
    found = study.figure("domain", domain, f"raters_for_{round(100 * target)}")
    return inf if found is None or found.value is None else found.value


def most_needed(study: Study, target: float) -> tuple[str, float]:
    """The area that takes most people to reach a target, and how many; one with an estimate must be there.

    It is the one that people agree least about, so it is the same for every target, also where whole numbers tie.
    """
    least = min(estimated(study), key=lambda each: (-needed(study, each, target), _of_one(study, each)))
    return least, needed(study, least, target)


def _of_one(study: Study, domain: str) -> float:
    found = study.figure("domain", domain, "reliability_one_rater")
    return 0.0 if found is None or found.value is None else found.value


def people(number: float) -> str:
    """How many people, or that there is no such number."""
    return "not reachable" if number == inf else said.count(number)


def _by_area(study: Study) -> Table:
    rows = [_row(study, at, each.id) for at, each in enumerate(study.asked.domains)]
    return table(
        "Reliability by area, and how many people it takes",
        "Area|One person|95% limits|As it is now|People for 0.7|People for 0.8|People for 0.9|Practitioners|Standing",
        rows,
        words=(8,),
    )


def _row(study: Study, at: int, domain: str) -> tuple[str, ...]:
    people_there = int(study.sums.facets[at].practitioners.sum())
    name = study.domain(domain)
    if not people_there:
        return (name, *[said.NOT_SHOWN] * 8)
    one = study.figure("domain", domain, "reliability_one_rater")
    if one is None:
        return (name, *[said.NOTHING] * 6, said.count(people_there), "too few")
    return (
        name,
        said.valued(one),
        said.limits(one),
        said.valued(study.figure("domain", domain, "reliability")),
        *(people(needed(study, domain, target)) for target in TARGETS),
        said.counted(one),
        standing(one.n),
    )


def _hidden(study: Study) -> Iterator[Text]:
    if any(scope == "domain" for scope, _ in study.hidden()):
        yield Text(said.WHY)


def _remarks(study: Study) -> Iterator[tuple[str, str]]:
    """What has to be known beside an area's estimate, except its standing, which the table says."""
    for domain in estimated(study):
        found = study.figure("domain", domain, "variance_practitioners")
        for part in found.remark.split("; ") if found else ():
            if part and not part.startswith("indicative"):
                yield domain, part


def _picture(study: Study, known: Sequence[str]) -> Picture:
    values = {each: _curve(study, each) for each in known}
    worst, number = most_needed(study, 0.8)
    name = study.domain(worst)
    title = (
        f"{name}: no number of people reaches 0.8"
        if number == inf
        else f"{name} takes most people: {said.count(number)} for a reliability of 0.8"
        if len(known) > 1
        else f"{name} takes {said.plural(int(number), 'person', 'people')} for a reliability of 0.8"
    )
    rows = [(study.domain(each), *(said.number(curve[n - 1]) for n in SOME)) for each, curve in values.items()]
    return Picture(
        title,
        " ".join(_with(study, values, n) for n in (10, 20)),
        reliability_curve([Curve(study.domain(each), curve) for each, curve in values.items()],
                          family=study.asked.family),
        table("Reliability with so many people", "Area|" + "|".join(map(str, SOME)), rows),
    )  # fmt: skip


def _curve(study: Study, domain: str) -> list[float]:
    between, within = (study.figure("domain", domain, f"variance_{part}") for part in ("practitioners", "raters"))
    assert between is not None and within is not None
    return [float(each) for each in curve(Components(0.0, float(between.value or 0), float(within.value or 0)), MOST)]


def _with(study: Study, values: dict[str, list[float]], n: int) -> str:
    """What so many people give, from the lowest to the highest area."""
    low, high = (pick(values, key=lambda each: values[each][n - 1]) for pick in (min, max))
    least, best = (said.number(values[each][n - 1]) for each in (low, high))
    if len(values) == 1 or least == best:
        return f"With {n} people, reliability is {best}."
    return f"With {n} people, reliability lies between {least} ({study.domain(low)}) and {best} ({study.domain(high)})."


def _reaching(study: Study, known: Sequence[str]) -> Table:
    rows = []
    for each in known:
        shares = [study.figure("domain", each, f"share_reaching_{round(100 * target)}") for target in TARGETS]
        n = shares[0].n if shares[0] else None
        rows.append((study.domain(each), *(said.percent(found.value if found else None) for found in shares),
                     said.count(n)))  # fmt: skip
    return table("Practitioners who had that many people", "Area|For 0.7|For 0.8|For 0.9|Practitioners", rows)


def _parts(study: Study, known: Sequence[str]) -> Folded:
    names = ("variance_practitioners", "variance_raters", "variance_practitioners_anova", "variance_raters_anova")
    rows = []
    for each in known:
        mean = study.figure("domain", each, "mean")
        found = [said.valued(study.figure("domain", each, name), 3) for name in names]
        rows.append((study.domain(each), said.valued(mean), said.limits(mean), *found, said.counted(mean)))
    head = "Area|Mean|95% limits|Variance of practitioners|Variance of raters|The first by ANOVA|The second by ANOVA|"
    return Folded(
        "The variances behind this",
        table("Components by REML, with analysis of variance as a check", f"{head}Practitioners", rows),
    )
