"""Rounds of one practitioner beside each other or taken together: only what each round shows by itself.

No page of the product does this yet; the rule is here, tested, for the one that will.
"""

from collections.abc import Sequence

import numpy as np

from msf.scoring.disclosure.masks import Mask


def cumulative_mask(shown: Sequence[Mask]) -> Mask:
    """Which figures `[B, I]` may be set side by side or taken together over rounds: those that every round shows.

    `shown` is what each round's frozen report shows, of the same blocks and items. A figure that one round hides is
    left out of all, never made from the others. What is taken together has to be a function of the figures
    shown (`msf.scoring.means.of_rounds`), never of answers: then no subtraction, of any window of rounds, tells more
    than the rounds' own reports did. Answers of two rounds are never matched by person.

    >>> first, second = np.array([[True, True], [True, False]]), np.array([[True, True], [True, True]])
    >>> cumulative_mask([first, second]).tolist()
    [[True, True], [True, False]]
    """
    if len(shown) < 2:
        raise ValueError("figures over time come from two or more rounds")
    if len({mask.shape for mask in shown}) > 1:
        raise ValueError("rounds are compared by the same blocks and items")
    return np.asarray(np.stack(shown).all(axis=0))
