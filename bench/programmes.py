"""Made-up programmes in arrays: answers with practitioners, raters and items in them, and scores of raters."""

from typing import Any

import numpy as np

POINTS, ITEMS, RATERS = 5, 20, 15
NONANSWERS = (0, 101, 102)
DOMAINS = [range(start, start + 5) for start in range(0, ITEMS, 5)]
MISSING = 0.05
CENTRE = 3.0
PART = 20_000  # raters drawn at a time, so that making answers takes less memory than reading them

Array = np.ndarray[Any, Any]


def answers(raters: int) -> tuple[Array, Array]:
    """Answers of raters in random order, most of them near the top, and whose they are: 15 raters a practitioner."""
    dice = np.random.default_rng(1)
    size = max(1, raters // RATERS)
    index = dice.permutation(np.arange(raters) % size)
    practitioners, items = dice.normal(4.2, 0.3, size), dice.normal(0, 0.15, ITEMS)
    ratings = np.empty((raters, ITEMS), np.int8)
    for start in range(0, raters, PART):
        own = practitioners[index[start : start + PART]]
        own = own + dice.normal(0, 0.4, len(own))
        given = np.rint(own[:, None] + items + dice.normal(0, 0.6, (len(own), ITEMS))).clip(1, POINTS)
        reason = np.array(NONANSWERS, np.int8)[dice.integers(0, len(NONANSWERS), given.shape)]
        ratings[start : start + PART] = np.where(dice.random(given.shape) < MISSING, reason, given)
    return ratings, index


def scores(practitioners: int) -> tuple[Array, Array]:
    """One score of each of 15 raters a practitioner, nan for some, and whose they are."""
    dice = np.random.default_rng(1)
    index = np.repeat(np.arange(practitioners), RATERS)
    found = dice.normal(4.2, 0.3, practitioners)[index] + dice.normal(0, 0.7, len(index))
    found[dice.random(len(found)) < MISSING] = np.nan
    return found, index


def means_of(found: Array, index: Array, size: int) -> tuple[Array, Array, Array]:
    """How many raters each practitioner has, their mean, and their squared deviations from it."""
    there = ~np.isnan(found)
    place, given = index[there], found[there]
    n = np.bincount(place, minlength=size)
    means = np.bincount(place, weights=given, minlength=size) / np.maximum(n, 1)
    return n, means, np.bincount(place, weights=(given - means[place]) ** 2, minlength=size)
