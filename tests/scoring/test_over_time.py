"""Rounds taken together tell no more than the rounds by themselves."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.disclosure import cumulative_mask, item_mask
from msf.scoring.means import of_rounds
from msf.scoring.oracle import unsafe_sums

BLOCKS, ITEMS, PEOPLE = 2, 2, 9


@st.composite
def two_or_three_rounds(draw):
    """Who gave a value in each round, `[R, B, people, I]`, and the floor."""
    rounds, lost = draw(st.integers(2, 3)), draw(st.sampled_from([0.0, 0.2, 0.4]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return rng.random((rounds, BLOCKS, PEOPLE, ITEMS)) >= lost, draw(st.integers(4, 7))


def _shown(valid, least):
    """What each round's report shows: the family first, then the blocks."""
    counts = valid.sum(axis=2)
    masks = [item_mask(found, least=least) for found in counts]
    return [np.stack([m.family, *(m.per_block & (n > 0))]) for m, n in zip(masks, counts, strict=True)]


def _rows(valid, rounds, block, item):
    """One figure of some rounds taken together, over round by block by person by item."""
    row = np.zeros(valid.shape, np.int64)
    blocks = slice(None) if block == 0 else slice(block - 1, block)
    for place in rounds:
        row[place, blocks, :, item] = valid[place, blocks, :, item]
    return row.ravel()


@settings(deadline=None, max_examples=60, derandomize=True)
@given(two_or_three_rounds(), st.booleans())
def test_every_window_of_rounds_beside_every_round_gives_nobody_away(found, same_people):
    valid, least = found
    shown = _shown(valid, least)
    together = cumulative_mask(shown)
    rounds = range(len(valid))
    places = list(np.ndindex(BLOCKS + 1, ITEMS))
    rows = [_rows(valid, [r], *place) for r in rounds for place in places if shown[r][place]]
    windows = [list(rounds)[a : b + 1] for a in rounds for b in rounds if a < b]
    rows += [_rows(valid, window, *place) for window in windows for place in places if together[place]]
    people = BLOCKS * PEOPLE
    owner = np.repeat(np.arange(len(valid) * people), ITEMS)
    owner = owner % people if same_people else owner  # the same people may have answered every round
    assert not rows or unsafe_sums(np.array(rows), owner, least=least) is None


def test_a_total_over_rounds_of_which_one_is_hidden_would_give_it_away():
    valid = np.ones((2, BLOCKS, PEOPLE, ITEMS), bool)
    valid[1, 0, 3:], valid[1, 1] = False, False
    shown = _shown(valid, 5)
    assert not cumulative_mask(shown).any()
    rows = [_rows(valid, [0], 0, 0), _rows(valid, [0, 1], 0, 0)]
    owner = np.repeat(np.arange(2 * BLOCKS * PEOPLE), ITEMS)
    assert unsafe_sums(np.array(rows), owner) == {BLOCKS * PEOPLE, BLOCKS * PEOPLE + 1, BLOCKS * PEOPLE + 2}


@pytest.mark.parametrize("shapes", [[(1, 2)], [(1, 2), (2, 2)]])
def test_rounds_that_cannot_be_compared_are_refused(shapes):
    with pytest.raises(ValueError, match=r"two or more|same blocks"):
        cumulative_mask([np.ones(shape, bool) for shape in shapes])


@given(st.lists(st.tuples(st.integers(10, 50), st.integers(4, 60)), min_size=2, max_size=5))
def test_the_mean_of_rounds_is_made_of_the_shown_means_alone(found):
    means, people = zip(*found, strict=True)
    exact = Fraction(sum(m * n for m, n in found), sum(people))
    assert int(of_rounds(np.array(means), np.array(people))) == floor(exact + Fraction(1, 2))


def test_there_is_no_mean_of_rounds_of_nobody():
    with pytest.raises(ValueError, match="nobody"):
        of_rounds(np.array([40, 40]), np.array([0, 0]))
