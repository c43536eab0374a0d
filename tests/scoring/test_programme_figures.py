"""Every figure of a programme is what somebody else's program, or plain counting, makes of the same answers."""

import math
import warnings
from functools import cache

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats  # noqa: TID253  a test may take long to load
from statsmodels.multivariate.factor import Factor
from statsmodels.regression.mixed_linear_model import MixedLM
from statsmodels.stats.proportion import proportion_confint

from msf.scoring.programme import added, figures_of, nothing, released, settled
from tests.scoring.programmes import NONANSWERS, numbers, odd, realistic

ITEMS, DOMAINS = tuple("abcdefghi"), ("wide", "gaps", "two")
ANSWERS = realistic()
PRACTITIONERS = len(ANSWERS.own)


def listed(answers, sums=None, whole=True):
    items, domains = answers.shape.items, len(answers.shape.domains)
    sums = answers.sums() if sums is None else sums
    names = {"items": ITEMS[:items], "domains": DOMAINS[:domains]}
    return figures_of(sums, answers.shape, **names, satisfactory=3, whole=whole)


@cache
def found():
    figures = listed(ANSWERS)
    by_place = {(figure.scope, figure.id, figure.name): figure for figure in figures}
    assert len(by_place) == len(figures)
    return by_place


@cache
def table():
    """The answers that count, a column an item, and whose they are."""
    return pd.DataFrame(ANSWERS.counted(), columns=[*ITEMS]).assign(who=ANSWERS.index)


@cache
def scores(domain):
    """Rater scores of one domain: half of its items, and all of them shown."""
    places = list(ANSWERS.shape.domains[DOMAINS.index(domain)])
    own = table()[[ITEMS[at] for at in places]]
    whole = ANSWERS.shown[:, places].all(axis=1)[ANSWERS.index]
    score = own.mean(axis=1).where(whole & (own.notna().sum(axis=1) >= math.ceil(len(places) / 2)))
    return pd.DataFrame({"score": score, "who": ANSWERS.index}).dropna()


def value(scope, id, name):
    return found()[scope, id, name].value


def test_counts_of_people_are_plain_counts():
    raters = len(ANSWERS.ratings)
    expected = {
        ("programme", "all", "practitioners"): PRACTITIONERS,
        ("programme", "all", "raters"): raters,
        ("programme", "all", "asked"): raters + 3,
        ("programme", "all", "share_answered"): raters / (raters + 3),
        ("group", "nurse", "asked"): raters + 3,
        ("origin", "practitioner", "proposed"): raters + 1,
    }
    assert {key: found()[key].value for key in expected} == expected
    assert ("programme", "all", "share_answered") not in {figure[:3] for figure in listed(ANSWERS, whole=False)}


@pytest.mark.parametrize("item", ITEMS)
def test_item_figures_are_those_of_pandas_and_statsmodels(item):
    answers = table()[item].dropna()
    raw = ANSWERS.ratings[:, ITEMS.index(item)][ANSWERS.shown[ANSWERS.index, ITEMS.index(item)]]
    mean = found()["item", item, "mean"]
    assert (mean.value, mean.n) == (pytest.approx(answers.mean()), len(answers))
    counted = {
        "share_top": ((answers == 5).sum(), len(answers)),
        "share_below_satisfactory": ((answers < 3).sum(), len(answers)),
        **{
            name: ((raw == code).sum(), len(raw))
            for name, code in zip(("share_blank", "share_does_not_apply", "share_cannot_say"), NONANSWERS, strict=True)
        },
    }
    for name, (some, n) in counted.items():
        figure = found()["item", item, name]
        limits = proportion_confint(some, n, method="wilson")
        assert (figure.value, figure.n) == (pytest.approx(some / n), n)
        assert (figure.low, figure.high) == pytest.approx(limits, abs=1e-12)


def test_how_carefully_raters_answered_is_counted_one_by_one():
    rows = [
        [int(v) if shown else None for v, shown in zip(row, ANSWERS.shown[who], strict=True)]
        for row, who in zip(ANSWERS.ratings, ANSWERS.index, strict=True)
    ]
    values = [[v for v in row if v is not None and 1 <= v <= 5] for row in rows]
    rated = [row for row in values if row]
    sheets = [(who, *row) for who, row in zip(ANSWERS.index, rows, strict=True)]
    expected = {
        "share_one_value": sum(len(set(row)) == 1 for row in rated) / len(rated),
        "share_all_top": sum(set(row) == {5} for row in rated) / len(rated),
        "share_half_blank": sum(2 * row.count(0) >= len(row) for row in rows) / len(rows),
        "share_identical": sum(
            sheets.count(sheet) > 1 and len(set(row)) > 1 for sheet, row in zip(sheets, values, strict=True)
        )
        / len(rows),
    }
    assert {name: value("programme", "all", name) for name in expected} == pytest.approx(expected)


@pytest.mark.parametrize("domain", DOMAINS)
def test_components_are_those_of_the_mixed_model_of_statsmodels(domain):
    own = scores(domain)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its optimiser, and of pandas
        fitted = MixedLM(own["score"], np.ones(len(own)), own["who"]).fit(reml=True)
    between, within = float(np.asarray(fitted.cov_re)[0, 0]), float(fitted.scale)
    assert value("domain", domain, "variance_practitioners") == pytest.approx(between, rel=2e-3)
    assert value("domain", domain, "variance_raters") == pytest.approx(within, rel=2e-3)
    assert value("domain", domain, "reliability_one_rater") == pytest.approx(between / (between + within), rel=2e-3)
    mean = found()["domain", domain, "mean"]
    error = float(fitted.bse_fe.iloc[0])
    assert mean.value == pytest.approx(float(fitted.fe_params.iloc[0]), abs=1e-3)
    assert [mean.low, mean.high] == pytest.approx([mean.value - 1.96 * error, mean.value + 1.96 * error], abs=1e-3)
    assert mean.n == own["who"].nunique()


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_cross_check_and_the_limits_are_the_analysis_of_variance_by_hand(domain):
    groups = [group.to_numpy() for _, group in scores(domain).groupby("who")["score"]]
    n, a = np.array([len(group) for group in groups]), len(groups)
    everything = np.concatenate(groups)
    inside = sum(((group - group.mean()) ** 2).sum() for group in groups) / (n.sum() - a)
    across = sum(len(group) * (group.mean() - everything.mean()) ** 2 for group in groups) / (a - 1)
    n0 = (n.sum() - (n**2).sum() / n.sum()) / (a - 1)
    assert stats.f_oneway(*groups).statistic == pytest.approx(across / inside)
    assert value("domain", domain, "variance_raters_anova") == pytest.approx(inside)
    assert value("domain", domain, "variance_practitioners_anova") == pytest.approx((across - inside) / n0)
    ratio, degrees = across / inside, (a - 1, n.sum() - a)
    ends = ratio / stats.f.ppf(0.975, *degrees), ratio * stats.f.ppf(0.975, *degrees[::-1])
    figure = found()["domain", domain, "reliability_one_rater"]
    assert (figure.low, figure.high) == pytest.approx([(end - 1) / (end + n0 - 1) for end in ends])


@pytest.mark.parametrize("domain", DOMAINS)
def test_reliability_and_the_raters_it_takes_follow_from_the_components_and_the_counts(domain):
    between, within = (value("domain", domain, f"variance_{part}") for part in ("practitioners", "raters"))
    n = scores(domain)["who"].value_counts().to_numpy()
    usual = stats.hmean(n)
    assert value("domain", domain, "reliability") == pytest.approx(between / (between + within / usual))
    for target in (70, 80, 90):
        fewest = next(k for k in range(1, 10_000) if between / (between + within / k) >= target / 100)
        assert value("domain", domain, f"raters_for_{target}") == fewest
        assert value("domain", domain, f"share_reaching_{target}") == pytest.approx((n >= fewest).mean())


def five(domain):
    """Henderson's method 1 on sparse matrices of who answered what, one row an answer."""
    places = list(ANSWERS.shape.domains[DOMAINS.index(domain)])
    whole = ANSWERS.shown[:, places].all(axis=1)[ANSWERS.index]
    raters, items = np.nonzero(~np.isnan(ANSWERS.counted()[:, places]) & whole[:, None])
    y = ANSWERS.ratings[raters, np.array(places)[items]].astype(float)
    who = ANSWERS.index[raters]
    levels = [np.zeros(len(y), int), who, raters, items, who * len(places) + items, np.arange(len(y))]
    design = [sparse.csr_matrix((np.ones(len(y)), (np.arange(len(y)), np.unique(of, return_inverse=True)[1])))
              for of in levels]  # fmt: skip
    left = [sparse.diags(1 / np.sqrt(np.asarray(z.sum(axis=0)).ravel())) @ z.T for z in design]
    observed = [float(((each @ y) ** 2).sum()) for each in left]
    expected = [[float((each @ z).power(2).sum()) for z in design] for each in left]
    return np.linalg.solve(np.array(expected), np.array(observed))[1:], stats.hmean(
        scores(domain)["who"].value_counts().to_numpy()
    )


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_five_components_are_those_of_sparse_matrices(domain):
    solved, usual = five(domain)
    practitioner, rater, item, interaction, residual = np.maximum(solved, 0)
    names = ("practitioner", "rater", "item", "interaction", "residual")
    ours = [value("domain", domain, f"component_{name}") for name in names]
    assert ours == pytest.approx([practitioner, rater, item, interaction, residual], rel=1e-6, abs=1e-9)
    k = len(ANSWERS.shape.domains[DOMAINS.index(domain)])
    universe, error = practitioner + interaction / k, (rater + residual / k) / usual
    assert value("domain", domain, "reliability_items_fixed") == pytest.approx(universe / (universe + error))
    remark = found()["domain", domain, "component_item"].remark
    assert remark == ", ".join(name for name, part in zip(names, solved, strict=True) if part < -1e-12).join(
        ["set to 0: ", ""]
    ) * bool((solved < -1e-12).any())


@pytest.mark.parametrize("domain", DOMAINS)
def test_own_against_others_is_the_paired_t_and_pearson_of_scipy(domain):
    places = list(ANSWERS.shape.domains[DOMAINS.index(domain)])
    others = scores(domain).groupby("who")["score"].mean()
    mine = pd.DataFrame(ANSWERS.own[:, places])
    own = mine.where((mine >= 1) & (mine <= 5)).mean(axis=1, skipna=False)
    both = pd.DataFrame({"own": own, "others": others}).dropna()
    tested = stats.ttest_rel(both["own"], both["others"])
    figure, limits = found()["domain", domain, "own_less_others"], tested.confidence_interval()
    assert figure.n == len(both)
    assert figure[3:6] == pytest.approx(((both["own"] - both["others"]).mean(), limits.low, limits.high))
    together = stats.pearsonr(both["own"], both["others"]).statistic
    assert value("domain", domain, "own_with_others") == pytest.approx(together)


def columns(domain):
    return table()[[ITEMS[at] for at in ANSWERS.shape.domains[DOMAINS.index(domain)]]]


@pytest.mark.parametrize(("domain", "method"), [("wide", "pairwise"), ("gaps", "listwise"), ("two", "pairwise")])
def test_alpha_is_that_of_pingouin_and_of_pandas(domain, method):
    figure, own = found()["domain", domain, "alpha"], columns(domain)
    assert figure.estimator == f"Cronbach, {method}; limits Feldt"
    complete = own.dropna()
    theirs = pingouin.cronbach_alpha(own if method == "pairwise" else complete, nan_policy=method)[0]
    assert figure.value == pytest.approx(theirs, abs=1e-9)
    there = own.notna().to_numpy(float)
    n = int((there.T @ there).min()) if method == "pairwise" else len(complete)
    quantiles = stats.f.ppf([0.975, 0.025], n - 1, (n - 1) * (own.shape[1] - 1))
    assert [figure.low, figure.high] == pytest.approx(list(1 - (1 - theirs) * quantiles))
    assert figure.n == n


@pytest.mark.parametrize("domain", ["wide", "two"])
def test_alpha_within_practitioners_is_that_of_answers_less_the_practitioners_means(domain):
    own = columns(domain)
    about = (own - own.groupby(ANSWERS.index).transform("mean")).to_numpy()
    there = ~np.isnan(about)
    k = about.shape[1]
    matrix = np.empty((k, k))
    for i in range(k):
        for j in range(k):
            rows = there[:, i] & there[:, j]
            freedom = rows.sum() - len(np.unique(ANSWERS.index[rows]))
            matrix[i, j] = (about[rows, i] * about[rows, j]).sum() / freedom
    expected = k / (k - 1) * (1 - np.trace(matrix) / matrix.sum())
    assert value("domain", domain, "alpha_within") == pytest.approx(expected)


@pytest.mark.parametrize("domain", ["wide", "gaps"])
def test_omega_is_that_of_one_factor_by_maximum_likelihood_in_statsmodels(domain):
    own = columns(domain)
    matrix = (own if domain == "wide" else own.dropna()).cov().to_numpy()
    deviation = np.sqrt(np.diag(matrix))
    fitted = Factor(corr=matrix / np.outer(deviation, deviation), n_factor=1, method="ml", nobs=len(own)).fit()
    loadings = np.abs(fitted.loadings[:, 0]) * deviation
    common, unique = loadings.sum() ** 2, float(fitted.uniqueness @ deviation**2)
    assert value("domain", domain, "omega") == pytest.approx(common / (common + unique), rel=1e-4)


def test_two_items_have_no_omega_and_one_has_no_consistency():
    assert ("domain", "two", "omega") not in found()
    alone = ANSWERS._replace(shape=ANSWERS.shape._replace(domains=((0,), (1, 3, 5), (7, 8))))
    names = {figure.name for figure in listed(alone) if figure.id == "wide"}
    assert {"mean", "reliability"} <= names
    assert not names & {"alpha", "alpha_within", "omega", "component_rater", "reliability_items_fixed"}


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_with_the_rest_is_the_correlation_of_pandas(item):
    place = ITEMS.index(item)
    others = [ITEMS[at] for places in ANSWERS.shape.domains if place in places for at in places if at != place]
    rest = table()[others].mean(axis=1).where(2 * table()[others].notna().sum(axis=1) >= len(others))
    figure = found()["item", item, "item_rest"]
    assert figure.value == pytest.approx(table()[item].corr(rest))
    assert figure.n == (table()[item].notna() & rest.notna()).sum()


def test_the_figures_of_parts_put_together_are_those_of_the_whole():
    total = nothing(ANSWERS.shape)
    for start in range(0, PRACTITIONERS, 9):
        total = added(total, ANSWERS.of(range(start, min(start + 9, PRACTITIONERS))).sums())
    parts = {figure[:3]: figure for figure in listed(ANSWERS, total)}
    assert parts.keys() == found().keys()
    asked = {"asked", "share_answered", "proposed"}
    for key in parts.keys() - {key for key in parts if key[2] in asked}:
        assert parts[key][6:] == found()[key][6:]
        assert numbers(list(parts[key][3:6])) == pytest.approx(numbers(list(found()[key][3:6])), nan_ok=True, rel=1e-6)


def test_a_study_of_under_twenty_practitioners_is_not_mentioned_and_under_fifty_is_indicative():
    names = {figure.name for figure in listed(realistic(practitioners=19)) if figure.scope == "domain"}
    assert not names & {"reliability", "mean", "raters_for_70", "component_rater"}
    indicative = [figure for figure in listed(realistic(practitioners=49)) if figure.name == "reliability"]
    assert indicative and all("indicative: under 50" in figure.remark for figure in indicative)
    assert not found()["domain", "wide", "reliability"].remark


def test_where_practitioners_do_not_differ_no_number_of_raters_is_enough():
    rng = np.random.default_rng(5)
    index = np.repeat(np.arange(60), 4)
    ratings = np.stack([rng.permutation([2, 3, 4, 5]) for _ in range(60)]).ravel().astype(np.int8)
    answers = ANSWERS._replace(
        shape=ANSWERS.shape._replace(items=1, domains=((0,),)), ratings=ratings[:, None], index=index,
        shown=np.ones((60, 1), bool), own=np.zeros((60, 1), np.int8),
    )  # fmt: skip
    figures = {figure.name: figure for figure in listed(answers) if figure.scope == "domain"}
    assert figures["reliability"].value == 0
    assert "given as 0" in figures["reliability"].remark
    assert (figures["raters_for_70"].value, figures["share_reaching_70"].value) == (None, 0)


def _settled(answers, sums):
    items, domains = answers.shape.items, len(answers.shape.domains)
    return settled(sums, answers.shape, items=ITEMS[:items], domains=DOMAINS[:domains])


@settings(deadline=None, max_examples=150, derandomize=True)
@given(odd(), st.sampled_from(["all", "released", "settled"]))
def test_no_figure_is_ever_nan_or_outside_what_it_can_be(answers, which):
    sums = answers.sums()
    sums = {"all": sums, "released": released(answers.shape, [sums]), "settled": _settled(answers, sums)}[which]
    for figure in listed(answers, sums):
        given = [part for part in figure[3:6] if part is not None]
        assert all(math.isfinite(part) for part in given), figure
        assert type(figure.value) in (int, float, type(None))
        assert (figure.low is None) == (figure.high is None)
        assert figure.n > 0
        if figure.name.startswith(("share_", "reliability")):
            assert all(0 <= part <= 1 for part in given), figure
        if figure.value is None:
            assert figure.name.startswith("raters_for")


def test_raters_who_agree_on_every_item_but_leave_out_different_ones_have_no_reliability_by_items():
    """Their scores differ, so there is one of scores; single answers leave nothing to be unreliable about."""
    index = np.repeat(np.arange(30), 4)
    ratings = np.random.default_rng(8).integers(1, 6, (30, 2)).astype(np.int8)[index]
    for item in (0, 1):
        ratings[np.arange(120) % 3 == item, item] = 0
    answers = ANSWERS._replace(
        shape=ANSWERS.shape._replace(items=2, domains=((0, 1),)), ratings=ratings, index=index,
        shown=np.ones((30, 2), bool), own=np.zeros((30, 2), np.int8),
    )  # fmt: skip
    figures = {figure.name: figure.value for figure in listed(answers) if figure.scope == "domain"}
    assert (figures["component_rater"], figures["component_residual"]) == (0, 0)
    assert figures["reliability"] > 0
    assert "reliability_items_fixed" not in figures


def test_items_that_all_say_the_same_have_an_alpha_of_one():
    for items in range(2, 10):
        rng = np.random.default_rng(items)
        column = rng.integers(1, 6, (400, 1)).astype(np.int8)
        answers = ANSWERS._replace(
            shape=ANSWERS.shape._replace(items=items, domains=(tuple(range(items)),)),
            ratings=np.repeat(column, items, axis=1), index=np.repeat(np.arange(40), 10),
            shown=np.ones((40, items), bool), own=np.zeros((40, items), np.int8),
        )  # fmt: skip
        figures = {figure.name: figure.value for figure in listed(answers) if figure.scope == "domain"}
        assert figures["alpha"] == pytest.approx(1)
        assert figures["alpha_within"] == pytest.approx(1)
