"""Which items are shown for every block, for the family or not at all, and which with their distribution."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from msf.scoring.counts import Counts
from msf.scoring.disclosure.floor import DETAIL, checked_least

Mask = NDArray[np.bool_]


class Shown(NamedTuple):
    """Which items `[I]` are shown for every block, and which for the family as a whole."""

    per_block: Mask
    family: Mask


def item_mask(counts: Counts, *, least: int = 5) -> Shown:
    """From the valid answers `counts[B, I]`: an item is shown per block only if every block has none or enough.

    Else it is shown for the family if enough answered, else not at all. A block with a single answer too few would
    otherwise be the family's figure less the others'.

    >>> item_mask(np.array([[8, 8, 2], [6, 4, 1]]))
    Shown(per_block=array([ True, False, False]), family=array([ True,  True, False]))
    """
    family = counts.sum(axis=0) >= checked_least(least)
    return Shown(family & none_or(counts, least), family)


def detail_mask(counts: Counts, *, least: int = 5) -> Mask:
    """The items `[I]` whose distribution and own spread may be shown: ten answers in every block shown and in all.

    >>> detail_mask(np.array([[12, 12, 12], [10, 9, 4]])).tolist()
    [True, False, True]
    """
    shown = item_mask(counts, least=least)
    enough = shown.family & (counts.sum(axis=0) >= DETAIL)
    return np.asarray(enough & (none_or(counts, DETAIL) | ~shown.per_block))


def none_or(counts: Counts, enough: int) -> Mask:
    """The items `[I]` that in every block `[B, I]` nobody or enough people answered."""
    return np.asarray(((counts == 0) | (counts >= enough)).all(axis=0))
