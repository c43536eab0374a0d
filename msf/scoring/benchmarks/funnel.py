"""Funnel limits: how far from the middle a mean of so many raters lies by chance, and how far among its peers."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from msf.scoring.benchmarks.shrinkage import standardised
from msf.scoring.generalisability import NORMAL_95, Components, standard_error
from msf.scoring.intervals import Floats

NORMAL_998 = 3.090232306167813


class Lines(NamedTuple):
    """Lower and upper limits of 95 % and of 99.8 %, at each number of raters."""

    low_95: Floats
    high_95: Floats
    low_998: Floats
    high_998: Floats


def chance_lines(found: Components, n: ArrayLike) -> Lines:
    """mu -+ z sqrt(s2r / n): beyond them it is more than noise, which says nothing unusual about a practitioner.

    Not clipped to the scale.

    >>> chance_lines(Components(4.0, 0.1, 0.4), [10]).high_95.round(3).tolist()
    [4.392]
    """
    return _lines(found.mean, standard_error(found, n))


def peer_lines(found: Components, n: ArrayLike) -> Lines:
    """mu -+ z sqrt(s2p + s2r / n): beyond them it is unusual among peers, who truly differ (Spiegelhalter 2005).

    Not clipped to the scale.

    >>> peer_lines(Components(4.0, 0.1, 0.4), [10]).high_95.round(3).tolist()
    [4.733]
    """
    return _lines(found.mean, np.sqrt(found.between + standard_error(found, n) ** 2))


def share_lines(share: float, n: ArrayLike) -> Lines:
    """theta -+ z sqrt(theta (1 - theta) / n) for shares of `n` answers, clipped to 0..1.

    >>> share_lines(0.9, [9, 100]).low_95.round(3).tolist(), share_lines(0.9, [9]).high_95.tolist()
    ([0.704, 0.841], [1.0])
    """
    answers = np.asarray(n, np.float64)
    if not 0 <= share <= 1 or not (answers >= 1).all():
        raise ValueError("a funnel of shares needs a share within 0..1 and at least one answer each")
    return Lines(*(line.clip(0, 1) for line in _lines(share, np.sqrt(share * (1 - share) / answers))))


def flags(found: Components, means: ArrayLike, n: ArrayLike) -> NDArray[np.int8]:
    """Beyond the lines among peers: 2 above those of 99.8 %, 1 above those of 95 %, -1 and -2 below, else 0.

    The chance lines never flag: in a large programme a third of all practitioners lie outside them by design.

    >>> flags(Components(4.0, 0.1, 0.4), [4.0, 4.8, 2.5], [10, 10, 10]).tolist()
    [0, 1, -2]
    """
    z = standardised(found, means, n)
    far = np.abs(z)
    return (np.sign(z) * ((far > NORMAL_95).astype(np.int8) + (far > NORMAL_998))).astype(np.int8)


def _lines(middle: float, error: Floats) -> Lines:
    near, far = NORMAL_95 * error, NORMAL_998 * error
    return Lines(middle - near, middle + near, middle - far, middle + far)
