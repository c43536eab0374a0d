"""An interval for alpha that respects that raters belong to practitioners: whole practitioners are drawn again."""

from collections.abc import Sequence

import numpy as np

from msf.scoring.consistency.covariances import Floats
from msf.scoring.consistency.cronbach import LEVEL, coefficient
from msf.scoring.counts import Counts
from msf.scoring.moments import Moments

PRACTITIONERS = 20  # fewer say too little about how practitioners differ
SLICE = 100  # draws at a time


def resampled_alpha(
    parts: Sequence[Moments], *, seed: int, resamples: int = 1000, level: float = LEVEL
) -> tuple[float, float] | None:
    """Percentile limits of pairwise alpha over all raters, from one `Moments` a practitioner (Efron & Tibshirani 1993).

    The same seed and the same practitioners, in any order, give the same limits. None for fewer than 20 practitioners,
    or where a draw leaves a pair of items without two raters or the total without variance.

    >>> resampled_alpha([], seed=1) is None
    True
    """
    if len(parts) < PRACTITIONERS:
        return None
    rng = np.random.default_rng(seed)
    sums = np.stack([np.stack([part.pairs, part.sums, part.products]) for part in parts])
    sums = sums[np.lexsort(sums.reshape(len(parts), -1).T)]
    even = np.full(len(parts), 1 / len(parts))
    sizes = [min(SLICE, resamples - done) for done in range(0, resamples, SLICE)]
    drawn = np.concatenate([_alphas(rng.multinomial(len(parts), even, size), sums) for size in sizes])
    if np.isnan(drawn).any():
        return None
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _alphas(times: Counts, sums: Counts) -> Floats:
    """Alpha of each draw `times[B, P]` (how often a practitioner is in it) from sums `[P, 3, k, k]`."""
    # As floats, for the sake of BLAS; whole numbers up to 2^53 stay exact.
    drawn = times.astype(np.float64) @ sums.reshape(len(sums), -1).astype(np.float64)
    drawn = drawn.reshape(len(times), *sums.shape[1:])
    pairs, given, products = drawn[:, 0], drawn[:, 1], drawn[:, 2]
    scaled, below = pairs * products - given * given.swapaxes(1, 2), pairs * (pairs - 1)
    matrix = np.divide(scaled, below, out=np.full(pairs.shape, np.nan), where=pairs > 1)
    return coefficient(matrix)
