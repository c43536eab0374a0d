"""The oracle finds what can be worked out from what is shown."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.oracle import unsafe


@st.composite
def figures(draw):
    raters, items, rows = draw(st.integers(1, 6)), draw(st.integers(1, 2)), draw(st.integers(0, 4))
    size = raters * items * rows
    values = draw(st.lists(st.sampled_from([0, 0, 1, 1, 2, -1]), min_size=size, max_size=size))
    return np.array(values, int).reshape(rows, raters, items)


def exposes(published: np.ndarray, raters: tuple[int, ...]) -> bool:
    """By brute force: taking these raters' unknowns away leaves fewer independent figures."""
    others = np.delete(published, raters, axis=1)
    return _rank(others) < _rank(published)


def _rank(published: np.ndarray) -> int:
    if not published.size:
        return 0
    return int(np.linalg.matrix_rank(published.reshape(len(published), -1)))


@settings(deadline=None)
@given(figures(), st.integers(1, 5))
def test_the_oracle_agrees_with_trying_every_few_raters(published, least):
    found = unsafe(published.tolist(), least=least)
    everyone = range(published.shape[1])
    tried = any(exposes(published, some) for size in range(1, least) for some in combinations(everyone, size))
    assert (found is not None) == tried
    if found is not None:
        assert len(found) < least
        assert exposes(published, tuple(found))


def test_hiding_a_small_group_beside_the_total_gives_it_away():
    total = [[1]] * 10
    shown = [[1]] * 8 + [[0]] * 2
    assert unsafe([total, shown]) == {8, 9}


def test_the_difference_of_two_people_is_found_where_no_small_subset_is_published():
    first = [[1]] * 6 + [[0]]
    second = [[0]] + [[1]] * 6
    assert unsafe([first, second]) == {0, 6}


def test_a_domain_mean_of_rater_scores_beside_item_means_gives_one_rater_away():
    both, one = [1, 1], [1, 0]
    raters = [both] * 5 + [one]
    items = [[[row[0], 0] for row in raters], [[0, row[1]] for row in raters]]
    score = [[1, 1]] * 5 + [[2, 0]]
    assert unsafe(items) is None
    assert unsafe([*items, score]) == {5}


def test_a_mean_of_shown_item_means_tells_nothing_new():
    items = [[[1, 0]] * 5 + [[1, 0]], [[0, 1]] * 5 + [[0, 0]]]
    domain = [[5, 6]] * 5 + [[5, 0]]
    assert unsafe([*items, domain]) is None


def test_figures_that_cancel_out_or_are_none_are_safe():
    assert unsafe([]) is None
    assert unsafe([[[1]] * 6, [[2]] * 6]) is None
