"""What stays of ratings is exact, adds over rounds, and gives back what reliability needs."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.moments import added, condensed, moments, packed, unpacked

NONANSWERS = (0, 101, 102)
FACTS = {"points": 5, "nonanswers": NONANSWERS}


@st.composite
def ratings(draw):
    raters, items = draw(st.integers(0, 12)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return rng.choice(np.array([*NONANSWERS, 1, 2, 3, 4, 5], np.int8), (raters, items))


def naive(given):
    """The same figures, one rater and one pair of items at a time."""
    items = given.shape[1]
    values, others = np.zeros((items, 5), int), np.zeros((items, 3), int)
    pairs, sums, products = (np.zeros((items, items), int) for _ in range(3))
    for sheet in given.tolist():
        for i, a in enumerate(sheet):
            if a in NONANSWERS:
                others[i, NONANSWERS.index(a)] += 1
                continue
            values[i, a - 1] += 1
            for j, b in enumerate(sheet):
                if b not in NONANSWERS:
                    pairs[i, j] += 1
                    sums[i, j] += a
                    products[i, j] += a * b
    return values, others, pairs, sums, products


@settings(deadline=None, max_examples=40, derandomize=True)
@given(ratings(), st.integers(0, 12))
def test_the_moments_are_those_of_a_plain_loop_add_and_survive_being_packed(found, cut):
    whole = moments(found, **FACTS)
    for quick, plain in zip(whole, naive(found), strict=True):
        assert quick.tolist() == plain.tolist()
    parts = added(moments(found[:cut], **FACTS), moments(found[cut:], **FACTS))
    for figures in (parts, unpacked(packed(whole))):
        assert all((a == b).all() for a, b in zip(whole, figures, strict=True))


def test_covariances_and_alpha_come_from_the_moments_alone():
    found = np.random.default_rng(3).integers(1, 6, (9, 6)).astype(np.int8)
    kept = unpacked(packed(moments(found, **FACTS)))
    covariances = (kept.products - kept.sums * kept.sums.T / kept.pairs) / (kept.pairs - 1)
    assert np.allclose(covariances, np.cov(found.T))
    alpha = 6 / 5 * (1 - np.trace(covariances) / covariances.sum())
    assert np.isclose(alpha, 6 / 5 * (1 - found.var(0, ddof=1).sum() / found.sum(1).var(ddof=1)))


def test_what_stays_when_ratings_go_gives_alpha_and_holds_no_matrix():
    found = np.random.default_rng(4).integers(1, 6, (9, 6)).astype(np.int8)
    kept = condensed(moments(found, **FACTS), {"first": [0, 1, 2], "all": range(6)})
    assert set(kept) == {"values", "nonanswers", "together"}
    freedom, products = kept["together"]["all"]
    covariance = np.cov(found.T)
    assert freedom == 15 * 8
    assert np.isclose(products / freedom, covariance[np.triu_indices(6, 1)].mean())
    variance = np.trace(covariance) / 6
    alpha = 6 * products / freedom / (variance + 5 * products / freedom)
    assert np.isclose(alpha, 6 / 5 * (1 - found.var(0, ddof=1).sum() / found.sum(1).var(ddof=1)))
    assert np.isclose(kept["together"]["first"][1], 8 * np.triu(covariance[:3, :3], 1).sum())


def test_items_that_nobody_rated_together_add_nothing():
    found = np.array([[5, 0], [0, 4], [3, 0]], np.int8)
    assert condensed(moments(found, **FACTS), {"all": [0, 1]})["together"] == {"all": [0, 0.0]}
