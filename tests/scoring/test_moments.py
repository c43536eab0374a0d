"""What stays of ratings is exact, adds over rounds, and gives back what reliability needs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring import moments as module
from msf.scoring.moments import added, moments, of_items, packed, unpacked

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


@settings(deadline=None, max_examples=40, derandomize=True)
@given(ratings(), st.integers(0, 2**32), st.integers(1, 5))
def test_neither_the_order_of_raters_nor_the_size_of_a_block_changes_anything(found, seed, rows):
    whole = moments(found, **FACTS)
    shuffled = np.random.default_rng(seed).permutation(found)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ROWS", rows)
        in_blocks = moments(shuffled, **FACTS)
    assert all((a == b).all() and b.dtype == np.int64 for a, b in zip(whole, in_blocks, strict=True))


def test_sums_stay_whole_numbers_over_more_answers_than_a_byte_or_a_short_float_holds():
    raters = 300_001
    found = moments(np.full((raters, 2), 100, np.int8), points=100, nonanswers=NONANSWERS[:1])
    assert found.products.tolist() == [[raters * 10_000] * 2] * 2
    assert found.sums.tolist() == [[raters * 100] * 2] * 2


def test_items_may_be_picked_before_or_after():
    found = np.random.default_rng(5).choice(np.array([*NONANSWERS, 1, 2, 3, 4, 5], np.int8), (20, 5))
    for early, late in zip(moments(found[:, [3, 0]], **FACTS), of_items(moments(found, **FACTS), [3, 0]), strict=True):
        assert early.tolist() == late.tolist()


def test_a_code_that_nobody_listed_is_counted_nowhere():
    found = moments(np.array([[7, -1, 103]], np.int8), points=5, nonanswers=NONANSWERS)
    assert all(not figures.any() for figures in found)


@pytest.mark.parametrize("wrong", [np.ones((2, 2)), np.ones(3, np.int8), np.ones((1, 1), np.uint8)])
def test_what_are_no_ratings_is_refused(wrong):
    with pytest.raises(ValueError, match="int8 matrix"):
        moments(wrong, **FACTS)


@pytest.mark.parametrize("points", [0, 1, 101])
def test_a_scale_of_one_point_or_of_more_than_codes_leave_room_for_is_refused(points):
    with pytest.raises(ValueError, match="2 to 100 points"):
        moments(np.ones((2, 2), np.int8), points=points, nonanswers=())


def test_moments_of_unlike_questionnaires_do_not_add():
    one = moments(np.ones((2, 3), np.int8), **FACTS)
    with pytest.raises(ValueError, match="same items"):
        added(one, moments(np.ones((2, 1), np.int8), **FACTS))


def test_covariances_and_alpha_come_from_the_moments_alone():
    found = np.random.default_rng(3).integers(1, 6, (9, 6)).astype(np.int8)
    kept = unpacked(packed(moments(found, **FACTS)))
    covariances = (kept.products - kept.sums * kept.sums.T / kept.pairs) / (kept.pairs - 1)
    assert np.allclose(covariances, np.cov(found.T))
    alpha = 6 / 5 * (1 - np.trace(covariances) / covariances.sum())
    assert np.isclose(alpha, 6 / 5 * (1 - found.var(0, ddof=1).sum() / found.sum(1).var(ddof=1)))
