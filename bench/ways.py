"""Ways of calculating the same figures, ours and those of libraries: each gets its arrays ready, and gives the work."""

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from bench.programmes import CENTRE, DOMAINS, ITEMS, NONANSWERS, POINTS, answers, means_of, scores
from msf.scoring.consistency import alpha, covariance, within, within_covariance
from msf.scoring.generalisability import anova, henderson, reml
from msf.scoring.generalisability.one_facet import of_means, of_scores
from msf.scoring.generalisability.with_items import of_ratings as five_sums
from msf.scoring.items import item_figures, share, top
from msf.scoring.moments import moments, of_items
from msf.scoring.programme import Shape, figures_of, of_ratings
from msf.scoring.scores import practitioners, rater_scores, spread_of

Work = Callable[[], Any]
PLACES = [*DOMAINS, range(ITEMS)]
IDS = [f"item {place}" for place in range(ITEMS)]
SHAPE = Shape(ITEMS, tuple(map(tuple, DOMAINS)), POINTS, NONANSWERS)


class Way(NamedTuple):
    """What it is in words, how its work is made for a size, the seconds it may take, and how often it is done."""

    words: str
    made: Callable[[int], Work]
    bar: float | None = None
    times: int | None = None


def floor(raters: int) -> Work:
    ratings, _ = answers(raters)
    return lambda: ratings.sum(dtype=np.int64)


def figures(raters: int) -> Work:
    """Counts, means, spreads and top shares of items, and n, mean and squares of domain scores."""
    ratings, index = answers(raters)

    def run() -> Any:
        found = practitioners(ratings, index, _size(index), DOMAINS, points=POINTS, nonanswers=NONANSWERS)
        items = item_figures(found.items.values)
        return items, share(top(found.items.values), items.n), spread_of(found.domains, centre=CENTRE)

    return run


def item_means(raters: int) -> Work:
    """Item means alone, from the same counts."""
    ratings, index = answers(raters)
    size = _size(index)
    return lambda: (
        item_figures(practitioners(ratings, index, size, [], points=POINTS, nonanswers=NONANSWERS).items.values).mean
    )


def alphas(raters: int) -> Work:
    ratings, index = answers(raters)
    return lambda: _alphas(ratings, index)


def alpha_alone(raters: int) -> Work:
    ratings, _ = answers(raters)
    return lambda: alpha(covariance(moments(ratings, points=POINTS, nonanswers=NONANSWERS)))


def facets(raters: int) -> Work:
    """REML of each domain from the scores of its raters, which are there."""
    ratings, index = answers(raters)
    found = rater_scores(ratings, DOMAINS, points=POINTS)
    return lambda: _facets(found, index)


def five(raters: int) -> Work:
    ratings, index = answers(raters)
    return lambda: henderson(five_sums(ratings, index, _size(index), points=POINTS))


def together(raters: int) -> Work:
    """Everything about reliability, scores of raters included."""
    ratings, index = answers(raters)

    def run() -> Any:
        found = rater_scores(ratings, DOMAINS, points=POINTS)
        whole = henderson(five_sums(ratings, index, _size(index), points=POINTS))
        return _alphas(ratings, index), _facets(found, index), whole

    return run


def programme(raters: int) -> Work:
    """All sums that closed rounds leave for a programme."""
    ratings, index = answers(raters)
    shown, own = np.ones((_size(index), ITEMS), np.bool_), np.full((_size(index), ITEMS), 4, np.int8)
    return lambda: of_ratings(SHAPE, ratings, index, _size(index), shown=shown, own=own)


def programme_figures(raters: int) -> Work:
    """All figures of a programme, from the sums that were kept."""
    sums = programme(raters)()
    names = [f"domain {place}" for place in range(len(DOMAINS))]
    return lambda: figures_of(sums, SHAPE, items=IDS, domains=names, satisfactory=3, whole=False)


def pandas_items(raters: int) -> Work:
    """Item means of a table of raters by items."""
    table, index = _wide(raters)
    return lambda: table.groupby(index).mean()


def pandas_all(raters: int) -> Work:
    """Item counts, means, variances and top shares, and domain scores with theirs."""
    table, index = _wide(raters)

    def run() -> Any:
        items = table.groupby(index).agg(["count", "mean", "var"])
        tops = table.eq(POINTS).groupby(index).sum()
        found = {}
        for number, places in enumerate(DOMAINS):
            own = table[list(places)]
            found[number] = own.mean(axis=1).where(own.count(axis=1) * 2 >= len(places))
        return items, tops, type(table)(found).groupby(index).agg(["count", "mean", "var"])

    return run


def pandas_long(raters: int) -> Work:
    """Item means of a table with a row for each answer."""
    wide, index = _wide(raters)
    table = wide.melt(var_name="item", value_name="answer")
    table["practitioner"] = np.tile(index, ITEMS)
    return lambda: table.groupby(["practitioner", "item"])["answer"].mean()


def pingouin(raters: int) -> Work:
    from pingouin import cronbach_alpha  # noqa: PLC0415  only the row that compares with it needs it

    table, _ = _wide(raters)
    return lambda: cronbach_alpha(table)


def scores_floor(people: int) -> Work:
    found, _ = scores(people)
    return lambda: np.nansum(found)


def reml_of_scores(people: int) -> Work:
    found, index = scores(people)
    return lambda: reml(of_scores(found, index, people, centre=CENTRE))


def reml_of_means(people: int) -> Work:
    given = means_of(*scores(people), people)
    return lambda: reml(of_means(*given, centre=CENTRE))


def anova_of_means(people: int) -> Work:
    given = means_of(*scores(people), people)
    return lambda: anova(of_means(*given, centre=CENTRE))


def mixed_default(people: int) -> Work:
    return _mixed(people)


def mixed_powell(people: int) -> Work:
    return _mixed(people, method="powell")


def components_of(found: Any) -> dict[str, float]:
    """What a mixed model and our estimate are compared by, of what either work gave."""
    if hasattr(found, "components"):
        return {"s2p": found.components.between, "s2r": found.components.within, "likelihood": found.likelihood}
    return {"s2p": found.cov_re.item(), "s2r": found.scale, "likelihood": found.llf}


def _alphas(ratings: Any, index: Any) -> list[Any]:
    """Alpha over all raters (pairwise, since few answers are missing) and within practitioners, each of `PLACES`."""
    found = moments(ratings, points=POINTS, nonanswers=NONANSWERS)
    inside = within(ratings, index, points=POINTS)
    return [
        (alpha(covariance(of_items(found, list(places)))), alpha(within_covariance(_of(inside, places))))
        for places in PLACES
    ]


def _of(inside: Any, places: range) -> Any:
    at = np.ix_(places, places)
    return inside._replace(pairs=inside.pairs[at], freedom=inside.freedom[at], products=inside.products[at])


def _facets(found: Any, index: Any) -> list[Any]:
    return [reml(of_scores(column, index, _size(index), centre=CENTRE)) for column in found.T]


def _mixed(people: int, **search: str) -> Work:
    from statsmodels.regression.mixed_linear_model import MixedLM  # noqa: PLC0415  its memory is not ours

    found, index = scores(people)
    there = ~np.isnan(found)
    model = MixedLM(found[there], np.ones((int(there.sum()), 1)), groups=index[there])

    def run() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its default search warns, tries again, and says that it converged
            return model.fit(reml=True, **search)

    return run


def _size(index: Any) -> int:
    return int(index.max()) + 1


def _wide(raters: int) -> tuple[Any, Any]:
    """A table of raters by items, filled in parts so that making it takes no more memory than having it."""
    import pandas  # noqa: PLC0415  only the rows that compare with it need it

    ratings, index = answers(raters)
    wide = np.empty(ratings.shape, np.float32)
    for start in range(0, raters, 20_000):
        part = ratings[start : start + 20_000]
        wide[start : start + 20_000] = np.where((part >= 1) & (part <= POINTS), part, np.nan)
    return pandas.DataFrame(wide), index


OF_ANSWERS = {
    "floor": Way("one numpy pass (sum) over the answers", floor),
    "figures": Way("msf: all item and domain figures", figures, 0.5),
    "item_means": Way("msf: item means alone", item_means),
    "pandas": Way("pandas: all of these but non-answers, wide", pandas_all),
    "pandas_items": Way("pandas: item means alone, groupby, wide", pandas_items),
    "pandas_long": Way("pandas: item means alone, groupby, long", pandas_long),
    "alpha": Way("msf: alpha of all items", alpha_alone),
    "pingouin": Way("pingouin: cronbach_alpha of all items", pingouin),
    "alphas": Way("msf: alpha and alpha within, whole and domains", alphas),
    "facets": Way("msf: REML of every domain from rater scores", facets),
    "five": Way("msf: five components of single answers", five, 0.5),
    "together": Way("msf: alpha and components, all of the last three", together, 1.0),
    "programme": Way("msf: all sums of a programme", programme),
    "programme_figures": Way("msf: all figures of a programme from its sums", programme_figures),
}
OF_SCORES = {
    "scores_floor": Way("one numpy pass (nansum) over the scores", scores_floor),
    "reml_of_means": Way("msf: REML from n, mean and SSW", reml_of_means, 0.05),
    "anova_of_means": Way("msf: analysis of variance from n, mean and SSW", anova_of_means),
    "reml_of_scores": Way("msf: REML from every score", reml_of_scores, 0.05),
}
MIXED = {
    "reml_small": Way("msf: REML from every score", reml_of_scores),
    "mixed_powell": Way("statsmodels: MixedLM, search by Powell", mixed_powell, times=1),
    "mixed_default": Way("statsmodels: MixedLM, its default search", mixed_default, times=1),
}
WAYS = OF_ANSWERS | OF_SCORES | MIXED
