"""Omega (one factor): how much of the total's variance one common factor accounts for, by maximum likelihood."""

from typing import NamedTuple

import numpy as np

from msf.scoring.consistency.covariances import LEAST, Covariance, Floats

HEYWOOD = 0.005
SINGULAR = 1e-8  # of correlations: an item that others determine leaves no likelihood


class Omega(NamedTuple):
    """Omega (one factor), with the loadings and unique variances `[k]` on the scale of the items."""

    value: float
    loadings: Floats
    unique: Floats
    n: int


def omega(found: Covariance) -> Omega | None:
    """(sum of loadings)^2 / ((sum of loadings)^2 + sum of unique variances) (McDonald 1999), one factor by ML.

    The omega total that some programs print rests on several factors and is another, larger number. Take the
    covariances that `usable` gives. None for fewer than 3 items or rows, a constant item, covariances that are not
    positive definite, a unique variance of at most 0.005 of the item's own (a Heywood case), or no convergence.

    >>> loadings = np.array([0.5, 0.6, 0.7, 0.8])
    >>> matrix = np.outer(loadings, loadings) + np.diag([0.5, 0.4, 0.4, 0.3])
    >>> round(omega(Covariance(matrix, 200, 199, 0.0)).value, 4), round(2.6**2 / (2.6**2 + 1.6), 4)
    (0.8086, 0.8086)
    """
    variances = np.diag(found.matrix)
    if len(variances) < 3 or found.n < LEAST or not (variances > 0).all():
        return None
    scale = np.sqrt(variances)
    correlations = found.matrix / np.outer(scale, scale)
    if np.linalg.eigvalsh(correlations).min() < SINGULAR:
        return None
    unique = _unique(correlations)
    if unique is None or unique.min() <= HEYWOOD * (1 + 1e-6):
        return None
    loadings = scale * _fitted(correlations, unique)[1]
    common = float(loadings.sum() ** 2)
    unique = unique * variances
    return Omega(common / (common + float(unique.sum())), loadings, unique, found.n)


def _unique(correlations: Floats) -> Floats | None:
    """The unique variances of largest likelihood, given which the loadings are known (Joreskog 1967)."""
    from scipy.optimize import minimize  # noqa: PLC0415  slow to load; only reports need it

    # An upper bound of the uniqueness: what the other items do not explain. Half of it on the way is a good start.
    start = np.clip(1 / np.diag(np.linalg.inv(correlations)), 2 * HEYWOOD, 1)
    found = minimize(
        _misfit,
        np.log(start),
        args=(correlations,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(np.log(HEYWOOD), 0)] * len(correlations),
        options={"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-9},
    )
    gradient = _misfit(found.x, correlations)[1]
    free = (found.x > np.log(HEYWOOD)) & (found.x < 0)
    return np.exp(found.x) if np.abs(gradient[free]).max(initial=0) < 1e-5 else None


def _misfit(log_unique: Floats, correlations: Floats) -> tuple[float, Floats]:
    """Minus the likelihood with the best loadings for these unique variances, up to a constant, and its slope."""
    unique = np.exp(log_unique)
    roots, loadings = _fitted(correlations, unique)
    slope = (loadings**2 + unique - np.diag(correlations)) / unique
    return float((roots[:-1] - np.log(roots[:-1]) - 1).sum()), slope


def _fitted(correlations: Floats, unique: Floats) -> tuple[Floats, Floats]:
    """The roots of the correlations in units of the unique deviations, ascending, and the loadings of the largest."""
    deviation = np.sqrt(unique)
    roots, vectors = np.linalg.eigh(correlations / np.outer(deviation, deviation))
    sign = np.sign(vectors[:, -1].sum()) or 1.0
    return roots, np.asarray(sign * deviation * vectors[:, -1] * np.sqrt(max(roots[-1] - 1, 0)))
