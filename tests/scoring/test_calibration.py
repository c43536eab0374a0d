"""Intraclass correlations are those of the published table and of an independent program."""

import numpy as np
import pytest

from msf.scoring.calibration import calibration

# Shrout & Fleiss (1979), table 2: six targets, four judges.
TABLE = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])


def test_the_published_table_gives_its_published_figures():
    assert [round(form.value, 2) for form in calibration(TABLE)] == [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]


def independently(ratings):
    """The figures and limits (to two decimals) of pingouin, in the order of `Calibration`."""
    import pandas as pd
    import pingouin

    table = pd.DataFrame(ratings).melt(ignore_index=False).reset_index()
    found = pingouin.intraclass_corr(table, targets="index", raters="variable", ratings="value").set_index("Type")
    rows = found.loc[["ICC(1,1)", "ICC(A,1)", "ICC(C,1)", "ICC(1,k)", "ICC(A,k)", "ICC(C,k)"]]
    return list(zip(rows["ICC"], rows["CI95"], strict=True))


# The oracle still uses a keyword that pandas is going to drop.
@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning", "ignore:.*inplace.*")
@pytest.mark.parametrize("seed", range(6))
def test_figures_and_limits_are_those_of_an_independent_program(seed):
    rng = np.random.default_rng(seed)
    n, k = rng.integers(4, 20), rng.integers(2, 6)
    ratings = rng.normal(size=(n, 1)) + 0.5 * rng.normal(size=k) + rng.normal(size=(n, k))
    ratings = TABLE if seed == 0 else ratings
    for ours, (value, limits) in zip(calibration(ratings), independently(ratings), strict=True):
        assert ours.value == pytest.approx(value, abs=1e-10)
        assert [ours.low, ours.high] == pytest.approx(list(limits), abs=0.00501)


def test_targets_judges_and_units_may_be_in_any_order():
    found = calibration(TABLE[::-1, [2, 0, 3, 1]] * 20.0 + 100)
    for one, other in zip(found, calibration(TABLE), strict=True):
        assert one == pytest.approx(other)


def test_judges_who_differ_by_a_constant_are_consistent_but_do_not_agree():
    found = calibration(np.array([[1.0, 2], [2, 3], [4, 5]]))
    assert (found.fixed.value, found.fixed.low, found.fixed_mean.value) == (1, None, 1)
    assert found.random.value < 1
    assert found.random.low is None


def test_a_negative_figure_stays_and_one_without_a_denominator_is_none():
    found = calibration(np.array([[1.0, 3], [3, 1], [2, 2.2]]))
    assert found.one_way.value < 0
    assert found.random_mean.value is None
    assert all(limit is None or limit <= 1 for form in found for limit in form[1:])


def test_targets_without_differences_have_no_figures():
    assert calibration(np.ones((4, 3))) is None
    assert calibration(np.array([[1, 2, 3], [3, 1, 2], [2, 3, 1]])) is None


@pytest.mark.parametrize("ratings", [[[1, 2]], [[1], [2]], [1, 2, 3], [[1, np.nan], [2, 3]], [[1, np.inf], [2, 3]]])
def test_a_table_that_is_not_whole_is_refused(ratings):
    with pytest.raises(ValueError, match=r"at least two|every judge"):
        calibration(np.array(ratings, float))


def test_no_table_however_odd_breaks_or_gives_an_accidental_nan():
    rng = np.random.default_rng(5)
    for _ in range(500):
        n, k = rng.integers(2, 5, 2)
        found = calibration(rng.integers(1, 4, (n, k)))
        for form in found or ():
            assert all(figure is None or np.isfinite(figure) for figure in form)
            assert form.low is None or form.high is None or form.low <= form.high + 1e-9
