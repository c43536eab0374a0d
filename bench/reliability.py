"""Seconds and memory of the components of a programme, beside one pass over its bytes and beside a mixed model."""

import argparse
import os
import resource
import statistics
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from msf.scoring.generalisability import anova, henderson, reml
from msf.scoring.generalisability.one_facet import of_means, of_scores
from msf.scoring.generalisability.with_items import of_ratings

CENTRE, POINTS, RATERS, ITEMS, MISSING = 3.0, 5, 15, 20, 0.05


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a programme, estimate its components in several ways, and print what each takes."""
    parser = argparse.ArgumentParser(prog="python -m bench.reliability", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--practitioners", type=int, default=100_000, help="of the study of raters' scores")
    parser.add_argument("--answers", type=int, default=10_000_000, help="of the study with items")
    parser.add_argument("--mixed", type=int, default=1000, help="practitioners for the mixed model; 0 leaves it out")
    chosen, _ = parser.parse_known_args(arguments)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"{RATERS} raters a practitioner, {ITEMS} items, {MISSING:.0%} missing, on one core; {chosen.runs} runs.\n")
    print(f"{'step':<52}{'first s':>10}{'median s':>10}{'peak MB':>10}")
    scores, index = drawn_scores(chosen.practitioners)
    of_raters(scores, index, chosen.practitioners, chosen.runs)
    of_items(max(2, chosen.answers // (RATERS * ITEMS)), chosen.runs)
    if chosen.mixed:
        part = index < chosen.mixed
        beside_a_mixed_model(scores[part], index[part], chosen.mixed)


def of_raters(scores: np.ndarray[Any, Any], index: np.ndarray[Any, Any], size: int, runs: int) -> None:
    """One facet, from the figures of practitioners and from every score."""
    there = ~np.isnan(scores)
    n = np.bincount(index[there], minlength=size)
    means = np.bincount(index[there], weights=scores[there], minlength=size) / np.maximum(n, 1)
    within = np.bincount(index[there], weights=(scores[there] - means[index[there]]) ** 2, minlength=size)
    sums = of_means(n, means, within, centre=CENTRE)
    whose = f"{size:,} practitioners"
    timed(f"REML from (n, mean, SSW) of {whose}", runs, lambda: reml(of_means(n, means, within, centre=CENTRE)))
    timed(f"analysis of variance, the same {whose}", runs, lambda: anova(of_means(n, means, within, centre=CENTRE)))
    timed("REML from sums that were kept", runs, lambda: reml(sums))
    timed(f"floor: one pass over {len(scores):,} scores", runs, lambda: np.nansum(scores))
    timed(f"REML from {len(scores):,} scores", runs, lambda: reml(of_scores(scores, index, size, centre=CENTRE)))


def of_items(practitioners: int, runs: int) -> None:
    """Five components, from every answer."""
    ratings, index = drawn_ratings(practitioners)
    sums = of_ratings(ratings, index, practitioners, points=POINTS)
    timed(f"floor: one pass over {ratings.size:,} answers", runs, lambda: ratings.sum(dtype=np.int64))
    timed(
        f"five components from {ratings.size:,} answers", runs,
        lambda: henderson(of_ratings(ratings, index, practitioners, points=POINTS)),
    )  # fmt: skip
    timed("five components from sums that were kept", runs, lambda: henderson(sums))


def beside_a_mixed_model(scores: np.ndarray[Any, Any], index: np.ndarray[Any, Any], practitioners: int) -> None:
    """The same estimate of a part of the same scores by statsmodels, once, since it is slow."""
    from statsmodels.regression.mixed_linear_model import MixedLM  # noqa: PLC0415  its memory is not ours

    there = ~np.isnan(scores)
    model = MixedLM(scores[there], np.ones((int(there.sum()), 1)), groups=index[there])
    ours = timed(
        f"REML from the scores of {practitioners:,} practitioners", 5,
        lambda: reml(of_scores(scores, index, practitioners, centre=CENTRE)),
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # its default search ends below the summit here, after half a minute
        theirs = timed(
            f"the same by MixedLM of statsmodels, {practitioners:,}", 1, lambda: model.fit(reml=True, method="powell")
        )
    print(f"\ns2p {ours.components.between:.6f} and {theirs.cov_re.item():.6f}, ", end="")
    print(f"s2r {ours.components.within:.6f} and {theirs.scale:.6f}, ", end="")
    print(f"restricted log-likelihood {ours.likelihood:.6f} and {theirs.llf:.6f}.")


def drawn_scores(practitioners: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Raters' scores and their practitioners; nan where a rater has none."""
    dice = np.random.default_rng(1)
    index = np.repeat(np.arange(practitioners), RATERS)
    scores = dice.normal(4.2, 0.3, practitioners)[index] + dice.normal(0, 0.7, len(index))
    scores[dice.random(len(scores)) < MISSING] = np.nan
    return scores, index


def drawn_ratings(practitioners: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Single answers, drawn in parts so that making them takes less memory than reading them."""
    dice = np.random.default_rng(2)
    index = np.repeat(np.arange(practitioners), RATERS)
    ratings = np.empty((len(index), ITEMS), np.int8)
    for place in np.array_split(np.arange(len(index)), max(1, len(index) // 20_000)):
        own = dice.normal(4.2, 0.5, (len(place), 1))
        given = np.rint(own + dice.normal(0, 0.6, (len(place), ITEMS))).clip(1, POINTS)
        ratings[place] = np.where(dice.random(given.shape) < MISSING, 0, given)
    return ratings, index


def timed(step: str, runs: int, work: Callable[[], Any]) -> Any:
    """Do it several times, and print the first and the median time and the most memory the process has had."""
    took = []
    for _ in range(max(runs, 1)):
        start = time.perf_counter()
        found = work()
        took.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{step:<52}{took[0]:>10.4f}{statistics.median(took):>10.4f}{peak:>10.0f}")
    return found


if __name__ == "__main__":
    main()
