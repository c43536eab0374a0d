"""How often intervals of 95 % hold the true mean: ordinary t, two bootstraps, and the moderated ones that reports use.

.venv/bin/python -m bench.coverage

Answers are drawn from four distributions that look like those of multi-source feedback. The published figures beside
the moderated interval come from another simulation, which gave of its distributions only words and the largest shares;
the other shares here were chosen so that its shares of equal samples and its widths come out again.
"""

import argparse
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from msf.scoring.disclosure import DETAIL
from msf.scoring.intervals import LEVEL, fixed_half_width, moderated_half_width

Floats = NDArray[np.float64]
Draws = NDArray[np.int64]
VALUES = np.arange(1, 6)
REFERENCE = 0.70
TAIL = (1 - LEVEL) / 2
SHARES = {
    "typical item": (0.005, 0.0, 0.065, 0.33, 0.60),
    "ceiling": (0.0, 0.0, 0.01, 0.07, 0.92),
    "mixed": (0.03, 0.07, 0.20, 0.40, 0.30),
    "5 % of ones": (0.05, 0.0, 0.0, 0.25, 0.70),
}
PUBLISHED = {
    "typical item": {3: 0.996, 5: 0.99, 8: 0.97, 15: 0.94, 34: 0.95},
    "ceiling": {5: 1.00, 15: 1.00},
    "mixed": {5: 0.92, 15: 0.92},
    "5 % of ones": {8: 0.94, 15: 0.90},
}


class Row(NamedTuple):
    """One distribution and number of raters: coverage of each interval, share of equal samples, mean widths."""

    name: str
    n: int
    ordinary: float
    percentile: float
    bca: float
    moderated: float
    published: float
    shown: float
    equal: float
    ordinary_width: float
    moderated_width: float
    shown_width: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate every cell and print one line for each."""
    parser = argparse.ArgumentParser(prog="python -m bench.coverage", description=__doc__)
    parser.add_argument("--samples", type=int, default=20_000, help="samples of a cell")
    parser.add_argument("--resampled", type=int, default=6_000, help="samples of a cell that are also bootstrapped")
    parser.add_argument("--resamples", type=int, default=999, help="resamples of each of those")
    parser.add_argument("--seed", type=int, default=1)
    chosen, _ = parser.parse_known_args(arguments)
    found = list(rows(chosen.samples, chosen.resampled, chosen.resamples, chosen.seed))
    print(f"{chosen.samples} samples a cell, the bootstraps on {chosen.resampled} of them with {chosen.resamples}")
    print(
        f"resamples. Reference standard deviation {REFERENCE} throughout. shown: as on a report, where the answers' own"
    )
    print(f"spread counts from {DETAIL} answers on.\n")
    for name, shares in SHARES.items():
        print(f"{name:<13}" + "  ".join(f"{value}: {share:.1%}" for value, share in zip(VALUES, shares, strict=True)))
    print()
    print(f"{'':<18}{'coverage':<40}{'moderated':>14}{'':>9}{'mean width':>21}")
    print(
        f"{'answers':<13}{'n':>3}{'t':>7}{'percent.':>10}{'BCa':>7}{'moderated':>11}{'shown':>8}"
        f"{'publ.':>9}{'diff.':>8}{'equal':>7}{'t':>8}{'mod.':>7}{'shown':>7}"
    )
    for row in found:
        print(
            f"{row.name:<13}{row.n:>3}{row.ordinary:>7.3f}{row.percentile:>10.3f}{row.bca:>7.3f}{row.moderated:>11.3f}"
            f"{row.shown:>8.3f}{row.published:>9.3f}{row.moderated - row.published:>+8.3f}{row.equal:>7.1%}"
            f"{row.ordinary_width:>8.2f}{row.moderated_width:>7.2f}{row.shown_width:>7.2f}"
        )
    print(f"\nLargest difference from the published: {max(abs(row.moderated - row.published) for row in found):.3f}")


def rows(samples: int, resampled: int, resamples: int, seed: int) -> Iterator[Row]:
    """Every cell of the table, each from a seed of its own."""
    cells = [(name, n, held) for name, held_by in PUBLISHED.items() for n, held in held_by.items()]
    for (name, n, published), stream in zip(cells, np.random.SeedSequence(seed).spawn(len(cells)), strict=True):
        rng = np.random.default_rng(stream)
        draws = rng.multinomial(n, SHARES[name], size=samples)
        truth = float(np.dot(SHARES[name], VALUES))
        error = np.abs(draws @ VALUES / n - truth)
        ordinary, moderated = ordinary_half_width(draws), moderated_half_width(draws, REFERENCE)
        shown = moderated if n >= DETAIL else np.full(samples, fixed_half_width(np.array(n), REFERENCE))
        percentile, bca = bootstrapped(draws[:resampled], resamples, rng)
        yield Row(
            name,
            n,
            *(_holds(error, ordinary), _inside(truth, percentile), _inside(truth, bca), _holds(error, moderated)),
            published,
            _holds(error, shown),
            float((draws.max(axis=1) == n).mean()),
            *(float(2 * half.mean()) for half in (ordinary, moderated, shown)),
        )


def ordinary_half_width(draws: Draws) -> Floats:
    """Half the width of the ordinary t interval from counts of each value, one row a sample."""
    from scipy.special import stdtrit  # noqa: PLC0415  slow to load

    n = draws.sum(axis=1)
    squares = (n * (draws @ VALUES**2) - (draws @ VALUES) ** 2) / n
    return np.asarray(stdtrit(n - 1, 1 - TAIL) * np.sqrt(squares / (n - 1) / n))


def bootstrapped(draws: Draws, resamples: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Percentile and BCa limits of the mean, `[samples, 2]` each; BCa is nan where all answers are equal."""
    from scipy.special import ndtr, ndtri  # noqa: PLC0415  slow to load

    n = int(draws[0].sum())
    again = rng.multinomial(n, (draws / n)[:, None, :], size=(len(draws), resamples)) @ VALUES
    total = (draws @ VALUES)[:, None]
    bias = ndtri(((again < total).sum(axis=1) + (again <= total).sum(axis=1)) / (2 * resamples))
    away = VALUES - total / n
    squares, cubes = ((draws * away**k).sum(axis=1) for k in (2, 3))
    pull = np.divide(cubes, 6 * squares**1.5, out=np.full(len(draws), np.nan), where=squares > 0)
    ordered = np.sort(again, axis=1) / n
    tails = np.array([TAIL, 1 - TAIL])
    moved = bias[:, None] + ndtri(tails)
    places = ndtr(bias[:, None] + moved / (1 - pull[:, None] * moved))
    return _quantiles(ordered, np.broadcast_to(tails, places.shape)), _quantiles(ordered, places)


def _quantiles(ordered: Floats, places: Floats) -> Floats:
    """Quantiles of each row by linear interpolation; nan where the place is."""
    at = np.nan_to_num(places) * (ordered.shape[1] - 1)
    below = np.floor(at).astype(np.int64)
    above = np.minimum(below + 1, ordered.shape[1] - 1)
    low, high = (np.take_along_axis(ordered, part, 1) for part in (below, above))
    return np.where(np.isnan(places), np.nan, low + (at - below) * (high - low))


def _holds(error: Floats, half: Floats) -> float:
    return float((error <= half + 1e-12).mean())


def _inside(truth: float, limits: Floats) -> float:
    return float(((limits[:, 0] <= truth + 1e-12) & (truth <= limits[:, 1] + 1e-12)).mean())


if __name__ == "__main__":
    main()
