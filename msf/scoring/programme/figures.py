"""The figures of a programme, one flat list: each with its estimator's name, its limits and what it rests on."""

from collections.abc import Iterator, Sequence
from math import sqrt

import numpy as np

from msf.scoring.comparisons import paired
from msf.scoring.consistency import alpha, covariance, item_rest, omega, within_covariance
from msf.scoring.consistency.practitioners import Within
from msf.scoring.generalisability import (
    NORMAL_95,
    TARGETS,
    Estimate,
    OneFacet,
    anova,
    henderson,
    icc_limits,
    programme_coefficient,
    raters_needed,
    reml,
    share_reaching,
    with_fixed_items,
)
from msf.scoring.items import bottom, item_figures, share, top
from msf.scoring.moments import Moments, of_items
from msf.scoring.programme.released import released
from msf.scoring.programme.shapes import Figure, Scope, Unit
from msf.scoring.programme.sums import Matrices, Programme, Shape
from msf.scoring.proportions import wilson

Limits = tuple[float, float] | None
NESTED = "limits as if all answers were independent, so too narrow"
NESTED_RATERS = "limits as if all raters were independent, so too narrow"


def _figure(
    scope: Scope,
    id: str,
    name: str,
    value: float | int | None,
    n: int,
    unit: Unit,
    estimator: str,
    *,
    limits: Limits = None,
    remark: str = "",
) -> Figure:
    low, high = limits or (None, None)
    return Figure(scope, id, name, value, low, high, n, unit, estimator, remark)


def figures_of(
    sums: Programme, shape: Shape, *, items: Sequence[str], domains: Sequence[str], satisfactory: int, whole: bool
) -> list[Figure]:
    """Every figure of `sums` that can be estimated, named by the ids of `items` and `domains`.

    `satisfactory` is the lowest satisfactory value; `whole` says that everybody who was asked is counted in `asked`,
    so that there is a rate of answers (not where cards are handed out). Pass what `released` left, where people other
    than the analyst of a file will read them.
    """
    if not sums.practitioners:
        return []
    found = [
        *_counts(sums, whole),
        *_items(sums, items, satisfactory),
        *_domains(sums, shape, domains),
    ]
    return found + _of_matrices(sums, shape, items, domains)


def _of_matrices(sums: Programme, shape: Shape, items: Sequence[str], domains: Sequence[str]) -> list[Figure]:
    """What the matrices say, or once said where they are gone; those of nobody say nothing."""
    if sums.matrices and sums.matrices.practitioners:
        return _together(sums.matrices, shape, items, domains)
    return list(sums.together)


def settled(sums: Programme, shape: Shape, *, items: Sequence[str], domains: Sequence[str]) -> Programme:
    """The sums without their matrices, in whose place stands what may be shown of how items go together.

    For when single ratings of a round in them are deleted: whoever has the matrices of a book and of all its other
    rounds has those of that round, out of which its sheets could be worked out. Figures of one book do not add, so they
    are of no use for several books together.
    """
    kept = _of_matrices(released(shape, [sums]), shape, items, domains)
    return sums._replace(matrices=None, together=tuple(kept))


def reliability(sums: OneFacet) -> Estimate | None:
    """The REML estimate of one domain, or None where too few practitioners or raters allow none to be mentioned."""
    found = reml(sums)
    return None if found is None or found.standing == "too few" else found


def _counts(sums: Programme, whole: bool) -> Iterator[Figure]:
    people, raters = sums.practitioners, sums.raters
    asked = sum(sums.asked.values())
    yield _figure("programme", "all", "practitioners", people, people, "practitioners", "count")
    yield _figure("programme", "all", "raters", raters, raters, "raters", "count")
    if asked:
        yield _figure("programme", "all", "asked", asked, asked, "people", "count")
    if asked and whole:
        yield _share("programme", "all", "share_answered", raters, asked, "people")
    for group, count in sums.asked.items():
        yield _figure("group", group, "asked", count, asked, "people", "count")
    for origin, count in sums.origins.items():
        total = sum(sums.origins.values())
        yield _figure("origin", origin, "proposed", count, total, "people", "count")
    yield from _quality(sums)


def _quality(sums: Programme) -> Iterator[Figure]:
    found, raters = sums.quality, int(sums.quality.raters)
    rated = int(found.distinct.sum())
    counted = {
        "share_one_value": (int(found.distinct[1]), rated),
        "share_all_top": (int(found.top[-1]), rated),
        "share_half_blank": (int(found.blank[5:].sum()), raters),
        "share_identical": (int(found.identical), raters),
    }
    for name, (count, n) in counted.items():
        if n:
            yield _share("programme", "all", name, count, n, "raters")


def _items(sums: Programme, items: Sequence[str], satisfactory: int) -> Iterator[Figure]:
    found, answered = item_figures(sums.values), sums.values.sum(axis=1)
    said = answered + sums.nonanswers.sum(axis=1)
    for at, item in enumerate(items):
        n, all_said = int(answered[at]), int(said[at])
        if n:
            mean = float(found.mean[at])
            yield _figure("item", item, "mean", mean, n, "answers", "mean of answers")
            yield _share("item", item, "share_top", int(top(sums.values[at])), n, "answers", NESTED)
            low = int(bottom(sums.values[at], satisfactory))
            yield _share("item", item, "share_below_satisfactory", low, n, "answers", NESTED)
        for name, column in (("share_blank", 0), ("share_does_not_apply", 1), ("share_cannot_say", 2)):
            if all_said:
                yield _share("item", item, name, int(sums.nonanswers[at, column]), all_said, "raters", NESTED)


def _domains(sums: Programme, shape: Shape, domains: Sequence[str]) -> Iterator[Figure]:
    pairs = paired(sums.own)
    for at, domain in enumerate(domains):
        facet = sums.facets[at]
        found = reliability(facet)
        if found is not None:
            yield from _study(domain, facet, found)
            yield from _with_items(sums, domain, at, len(shape.domains[at]), facet)
        n = int(pairs.n[at])
        if n and not np.isnan(pairs.low[at]):
            limits = float(pairs.low[at]), float(pairs.high[at])
            gap = float(pairs.difference[at])
            yield _figure("domain", domain, "own_less_others", gap, n, "practitioners", "paired t", limits=limits)
        if n and not np.isnan(pairs.correlation[at]):
            value = float(pairs.correlation[at])
            yield _figure("domain", domain, "own_with_others", value, n, "practitioners", "Pearson")


def _study(domain: str, facet: OneFacet, found: Estimate) -> Iterator[Figure]:
    """The one-facet study: components, ICC(1), G, and how many raters it takes."""
    parts, n = found.components, found.practitioners
    remark = "" if found.standing == "publishable" else "indicative: under 50 practitioners"
    if found.negative:
        remark = "; ".join(filter(None, (remark, "the estimate lies below 0 and is given as 0")))

    def figure(name: str, value: float | int | None, estimator: str, limits: Limits = None) -> Figure:
        return _figure("domain", domain, name, value, n, "practitioners", estimator, limits=limits, remark=remark)

    reach = NORMAL_95 * _error_of_mean(facet, found)
    yield figure("mean", parts.mean, "REML", (parts.mean - reach, parts.mean + reach))
    yield figure("variance_practitioners", parts.between, "REML")
    yield figure("variance_raters", parts.within, "REML")
    if (check := anova(facet)) is not None:
        yield figure("variance_practitioners_anova", check.components.between, "ANOVA with n0")
        yield figure("variance_raters_anova", check.components.within, "ANOVA with n0")
    limits = icc_limits(facet)
    yield figure("reliability_one_rater", parts.single, "REML; limits F with n0", limits)
    yield figure("reliability", programme_coefficient(parts, facet), "REML, harmonic mean of raters")
    for target in TARGETS:
        name = f"{round(100 * target)}"
        yield figure(f"raters_for_{name}", raters_needed(parts, target), "D-study")
        yield figure(f"share_reaching_{name}", share_reaching(parts, facet, target), "D-study")


def _error_of_mean(facet: OneFacet, found: Estimate) -> float:
    """The standard error of the REML mean, sqrt(s2r / sum w)."""
    n = np.arange(1, len(facet.practitioners))
    parts = found.components
    weight = n / (1 + n * parts.between / parts.within)
    return sqrt(parts.within / float(facet.practitioners[1:] @ weight))


def _with_items(sums: Programme, domain: str, at: int, items: int, facet: OneFacet) -> Iterator[Figure]:
    """Five components of single answers, and G with the items as they are."""
    found = henderson(sums.five[at]) if items > 1 else None
    if found is None:
        return
    n = sums.five[at].practitioners
    remark = f"set to 0: {', '.join(found.negative)}" if found.negative else ""
    for name in ("practitioner", "rater", "item", "interaction", "residual"):
        part = float(getattr(found, name))
        shown = f"component_{name}"
        yield _figure("domain", domain, shown, part, n, "practitioners", "Henderson 1", remark=remark)
    ratio = facet.practitioners[1:] / np.arange(1, len(facet.practitioners))
    mean_raters = float(facet.practitioners.sum() / ratio.sum())
    if found.rater + found.residual > 0:
        value = float(with_fixed_items(found, mean_raters, items=items).coefficient)
        name, estimator = "reliability_items_fixed", "Henderson 1, harmonic mean of raters"
        yield _figure("domain", domain, name, value, n, "practitioners", estimator, remark=remark)


def _together(found: Matrices, shape: Shape, items: Sequence[str], domains: Sequence[str]) -> list[Figure]:
    figures: list[Figure] = []
    rest = iter(found.rest)
    for at, domain in enumerate(domains):
        places = list(shape.domains[at])
        if len(places) < 2:
            continue
        figures += _consistency(found, at, domain, places)
        sums = next(rest)
        for place, value in zip(places, item_rest(sums), strict=True):
            if not np.isnan(value):
                n = int(sums.n[places.index(place)])
                figures.append(_figure("item", items[place], "item_rest", float(value), n, "raters", "Pearson"))
    return figures


def _consistency(found: Matrices, at: int, domain: str, places: list[int]) -> Iterator[Figure]:
    own = of_items(found.moments, places)
    pairwise, listwise = covariance(own), covariance(found.whole[at])
    if (total := alpha(pairwise, listwise)) is not None:
        estimator, limits = f"Cronbach, {total.method}; limits Feldt", (total.low, total.high)
        yield _figure(
            "domain", domain, "alpha", total.value, total.n, "raters", estimator, limits=limits, remark=NESTED_RATERS
        )
    inside = alpha(within_covariance(_within_of(found.within, own, places)))
    if inside is not None:
        estimator = f"Cronbach, within practitioners, {inside.method}; limits Feldt"
        limits = inside.low, inside.high
        yield _figure("domain", domain, "alpha_within", inside.value, inside.n, "raters", estimator, limits=limits)
    one = omega(pairwise) if _complete(own) else omega(listwise)
    if one is not None:
        estimator = "maximum likelihood, one factor"
        yield _figure("domain", domain, "omega", one.value, one.n, "raters", estimator)


def _complete(found: Moments) -> bool:
    return covariance(found).missing < 0.1


def _within_of(found: Within, own: Moments, places: list[int]) -> Within:
    """Of raters whose answers are counted alone: who is left out is not missing."""
    at, raters = np.ix_(places, places), own.values.sum(axis=1) + own.nonanswers.sum(axis=1)
    return Within(int(raters.max()), found.pairs[at], found.freedom[at], found.products[at])


def _share(scope: Scope, id: str, name: str, count: int, n: int, unit: Unit, remark: str = "") -> Figure:
    limits = wilson(count, n)
    value = float(share(np.asarray(count), np.asarray(n)))
    return Figure(scope, id, name, value, float(limits.low), float(limits.high), n, unit, "Wilson", remark)
