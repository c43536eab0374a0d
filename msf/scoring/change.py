"""What changed between two rounds: against chance, beside regressed scores, and on what both asked the same group."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from msf.scoring.comparisons import benjamini_hochberg
from msf.scoring.counts import Counts
from msf.scoring.intervals import Floats, Interval
from msf.scoring.proportions import wilson

RELIABLE = 1.96
FALSE_DISCOVERIES = 0.05


class Common(NamedTuple):
    """What two versions share, by place in each, and the keys that only one of them has."""

    before: list[int]
    after: list[int]
    dropped: list[str]
    new: list[str]


class Change(NamedTuple):
    """Later mean less earlier one, `[..., D]`, against chance; nan and False where a round lacks the figure.

    `smallest` is the least change that would have been reliable for these numbers of raters. `adjusted` are p values
    after Benjamini-Hochberg over the domains, and `confirmed` says which of them are at most .05.
    """

    change: Floats
    rci: Floats
    smallest: Floats
    reliable: NDArray[np.bool_]
    adjusted: Floats
    confirmed: NDArray[np.bool_]


class Directions(NamedTuple):
    """How many practitioners have a change, and how many changed reliably up and down, `[D]`; adds over rounds."""

    n: Counts
    up: Counts
    down: Counts


def common(before: Sequence[str], after: Sequence[str]) -> Common:
    """The keys (of items, or of groups) that both versions have, in the order of the earlier one, and what is left out.

    >>> common(["listens", "explains", "punctual"], ["explains", "listens", "kind"])
    Common(before=[0, 1], after=[1, 0], dropped=['punctual'], new=['kind'])
    """
    earlier, later = ({key: place for place, key in enumerate(keys)} for keys in (before, after))
    if len(earlier) != len(before) or len(later) != len(after):
        raise ValueError("a version names each of its items once")
    shared = [key for key in before if key in later]
    return Common(
        [earlier[key] for key in shared],
        [later[key] for key in shared],
        [key for key in before if key not in later],
        [key for key in after if key not in earlier],
    )


def smallest_change(n_before: ArrayLike, n_after: ArrayLike, within: ArrayLike) -> Floats:
    """The least change that can be told from chance, 1.96 √(s²r/n1 + s²r/n2), `within` being the programme's s²r.

    From the numbers of raters alone, before anybody has answered; nan where a round has nobody.

    >>> smallest_change(12, 15, 0.49).round(2).tolist()
    0.53
    """
    return np.asarray(RELIABLE * _error(n_before, n_after, within))


def reliable_change(
    before: ArrayLike, after: ArrayLike, n_before: ArrayLike, n_after: ArrayLike, within: ArrayLike
) -> Change:
    """The reliable change index (m2 - m1) / √(s²r/n1 + s²r/n2) of each domain, along the last axis.

    Jacobson and Truax (1991, J Consult Clin Psychol 59:12) with the programme's variance between raters of one
    practitioner, `within`, and the number of raters of each round. Reliable at 1.96 or more, either way.

    >>> found = reliable_change([3.6, 4.0], [4.4, 4.1], 12, 15, 0.49)
    >>> found.rci.round(2).tolist(), found.reliable.tolist()
    ([2.95, 0.37], [True, False])
    """
    from scipy.special import ndtr  # noqa: PLC0415  slow to load; only reports need it

    error = _error(n_before, n_after, within)
    change = np.asarray(after, np.float64) - np.asarray(before, np.float64)
    rci = change / error
    adjusted = benjamini_hochberg(2 * ndtr(-np.abs(np.atleast_1d(rci)))).reshape(rci.shape)
    smallest = np.broadcast_to(RELIABLE * error, change.shape)
    return Change(change, rci, smallest, np.abs(rci) >= RELIABLE - 1e-9, adjusted, adjusted <= FALSE_DISCOVERIES)


def shrunken_change(
    before: ArrayLike,
    after: ArrayLike,
    n_before: ArrayLike,
    n_after: ArrayLike,
    *,
    within: ArrayLike,
    between: ArrayLike,
    mean_before: ArrayLike,
    mean_after: ArrayLike,
) -> Floats:
    """The change of the regressed scores t = mu + G (m - mu), G = s²p / (s²p + s²r/n), each round with its own mu.

    A low first score rises by chance alone, and this takes it out; shown beside the raw change, never in its place.
    Where practitioners do not differ (`between` 0) it is the change of the programme's mean.

    >>> shrunken_change(3.2, 4.0, 10, 10, within=0.5, between=0.05, mean_before=4.2, mean_after=4.2).round(6).tolist()
    0.4
    """
    spread = np.asarray(between, np.float64)
    if not (spread >= 0).all():
        raise ValueError("the variance between practitioners is not negative")
    scores = []
    for score, n, mean in ((before, n_before, mean_before), (after, n_after, mean_after)):
        own = spread / (spread + _variance(n, within))
        scores.append(
            np.asarray(mean, np.float64) + own * (np.asarray(score, np.float64) - np.asarray(mean, np.float64))
        )
    return np.asarray(scores[1] - scores[0])


def directions(found: Change) -> Directions:
    """Of the changes `[P, D]` of practitioners: how many there are, and how many are reliable, up and down.

    >>> directions(reliable_change([[3.6], [4.0], [np.nan]], [[4.4], [4.1], [4.0]], 12, 15, 0.49))
    Directions(n=array([2]), up=array([1]), down=array([0]))
    """
    if found.change.ndim != 2:
        raise ValueError("changes are a matrix, practitioners by domains")
    known = ~np.isnan(found.rci)
    up, down = found.reliable & (found.change > 0), found.reliable & (found.change < 0)
    return Directions(*(part.sum(axis=0) for part in (known, up, down)))


def added(one: Directions, other: Directions) -> Directions:
    """Both together."""
    return Directions(one.n + other.n, one.up + other.up, one.down + other.down)


def shares(found: Directions) -> tuple[Interval, Interval]:
    """Wilson limits of the shares reliably up and reliably down; one in forty of each is what chance alone brings."""
    return wilson(found.up, found.n), wilson(found.down, found.n)


def _error(n_before: ArrayLike, n_after: ArrayLike, within: ArrayLike) -> Floats:
    return np.asarray(np.sqrt(_variance(n_before, within) + _variance(n_after, within)))


def _variance(n: ArrayLike, within: ArrayLike) -> Floats:
    """Of a mean of n raters; nan where nobody answered."""
    people, spread = np.asarray(n, np.float64), np.asarray(within, np.float64)
    if (people < 0).any() or (spread <= 0).any() or np.isinf(spread).any():
        raise ValueError("numbers of raters are not negative, and the variance between raters is a positive number")
    return np.asarray(spread / np.where(people > 0, people, np.nan))
