"""Many tests at once: p values adjusted for how many were made, without those that could not be made."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
UNTESTED = 2.0  # sorts after every p value


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """P values adjusted for the false discovery rate (Benjamini & Hochberg 1995), a family along the last axis.

    The smallest of m p / rank over the ranks from a test's own on. A test that was not made (nan) is not among the m.

    >>> benjamini_hochberg([0.01, 0.04, np.nan, 0.03]).round(3).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    ordered, ranks, made, order = _ordered(p)
    worst_first = np.flip(np.where(ordered < UNTESTED, ordered * made / ranks, np.inf), -1)
    return _restored(np.flip(np.minimum.accumulate(worst_first, -1), -1), ordered, order)


def holm(p: ArrayLike) -> Floats:
    """P values adjusted for the chance of any false claim (Holm 1979), a family along the last axis.

    The largest of (m - rank + 1) p over the ranks up to a test's own. A test not made (nan) is not among the m.

    >>> holm([0.01, 0.04, np.nan, 0.03]).round(3).tolist()
    [0.03, 0.06, nan, 0.06]
    """
    ordered, ranks, made, order = _ordered(p)
    return _restored(np.maximum.accumulate(ordered * np.maximum(made - ranks + 1, 1), -1), ordered, order)


def _ordered(p: ArrayLike) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """From small to large with the tests not made last, the ranks, the number made, and the order itself."""
    values = np.asarray(p, np.float64)
    if values.ndim == 0 or ((values < 0) | (values > 1)).any():
        raise ValueError("p values are an array of numbers from 0 to 1, nan where no test was made")
    tested = np.where(np.isnan(values), UNTESTED, values)
    order = np.argsort(tested, axis=-1, kind="stable")
    made = (tested < UNTESTED).sum(axis=-1, keepdims=True)
    return np.take_along_axis(tested, order, -1), np.arange(1, values.shape[-1] + 1), made, order


def _restored(adjusted: Floats, ordered: Floats, order: NDArray[np.int64]) -> Floats:
    found = np.empty_like(adjusted)
    np.put_along_axis(found, order, np.where(ordered < UNTESTED, np.minimum(adjusted, 1.0), np.nan), -1)
    return found
