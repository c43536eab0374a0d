"""Seconds and memory for all item and domain figures of a programme, beside one pass over its answers and pandas.

.venv/bin/python -m bench.arrays

Each way of calculating runs in a process of its own, so that its peak of memory is its own.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from msf.scoring.items import item_figures, share, top
from msf.scoring.scores import practitioners, spread_of

POINTS, ITEMS, RATERS = 5, 20, 15
NONANSWERS = (0, 101, 102)
DOMAINS = [range(start, start + 5) for start in range(0, ITEMS, 5)]
WAYS = {
    "floor": "one numpy pass (sum) over the answers",
    "figures": "msf.scoring: item and domain figures",
    "means": "msf.scoring: item means alone",
    "pandas_items": "pandas: item means, groupby, wide table",
    "pandas": "pandas: the same, without non-answers, wide",
    "pandas_long": "pandas: item means, groupby, long table",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every way in a process of its own and print one line for each."""
    parser = argparse.ArgumentParser(prog="python -m bench.arrays", description=__doc__)
    parser.add_argument("--raters", type=int, default=500_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--way", choices=WAYS, help="measure one way here and print it as JSON")
    chosen, _ = parser.parse_known_args(arguments)
    if chosen.way:
        print(json.dumps(measured(chosen.way, chosen.raters, chosen.times)))
        return
    print(f"{chosen.raters} raters x {ITEMS} items, {chosen.raters // RATERS} practitioners, int8, 5 % missing, in")
    print(f"random order; best and median of {chosen.times}. MB: growth of the process's peak memory over its data.\n")
    print(f"{'way':<48}{'best s':>9}{'median s':>10}{'/ floor':>9}{'MB':>7}{'MB whole':>10}")
    floor = 0.0
    for way, words in WAYS.items():
        found = _apart(way, chosen.raters, chosen.times)
        if found is None:
            print(f"{words:<48}{'not installed':>19}")
            continue
        floor = floor or found["best"]
        print(
            f"{words:<48}{found['best']:>9.4f}{found['median']:>10.4f}{found['best'] / floor:>9.0f}"
            f"{found['grown']:>7.0f}{found['peak']:>10.0f}"
        )


def measured(way: str, raters: int, times: int) -> dict[str, float]:
    """Seconds of each run, and the peak memory in MB before and after."""
    ratings, index = programme(raters)
    run = WORK[way](ratings, index, max(1, raters // RATERS))
    before = _peak()
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return {
        "best": min(seconds),
        "median": float(np.median(seconds)),
        "grown": _peak() - before,
        "peak": _peak(),
    }


def programme(raters: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Answers of made-up raters, most of them near the top, and whose they are."""
    rng = np.random.default_rng(1)
    codes = np.array([*NONANSWERS, 1, 2, 3, 4, 5], np.int8)
    wheel = np.repeat(codes, [2, 4, 4, 2, 6, 22, 60, 100])
    ratings = np.empty((raters, ITEMS), np.int8)
    for start in range(0, raters, 50_000):
        part = ratings[start : start + 50_000]
        part[...] = wheel[rng.integers(0, len(wheel), part.shape, np.uint8)]
    return ratings, rng.permutation(np.arange(raters) % max(1, raters // RATERS))


def figures(ratings: Any, index: Any, size: int) -> Callable[[], Any]:
    """Counts, means, spreads and top shares of items, and n, mean and squares of domain scores."""

    def run() -> Any:
        found = practitioners(ratings, index, size, DOMAINS, points=POINTS, nonanswers=NONANSWERS)
        items = item_figures(found.items.values)
        return items, share(top(found.items.values), items.n), spread_of(found.domains, centre=(POINTS + 1) / 2)

    return run


def means(ratings: Any, index: Any, size: int) -> Callable[[], Any]:
    """Item means alone, from the same counts."""
    return lambda: (
        item_figures(practitioners(ratings, index, size, [], points=POINTS, nonanswers=NONANSWERS).items.values).mean
    )


def _wide(ratings: Any) -> Any:
    import pandas  # noqa: PLC0415  only the rows that compare with it need it

    return pandas.DataFrame(np.where((ratings >= 1) & (ratings <= POINTS), ratings, np.nan).astype(np.float32))


def pandas_items(ratings: Any, index: Any, size: int) -> Callable[[], Any]:
    """Item means of a table of raters by items."""
    table = _wide(ratings)
    return lambda: table.groupby(index).mean()


def pandas_all(ratings: Any, index: Any, size: int) -> Callable[[], Any]:
    """Item counts, means, variances and top shares, and domain scores with theirs."""
    table = _wide(ratings)

    def run() -> Any:
        items = table.groupby(index).agg(["count", "mean", "var"])
        tops = table.eq(POINTS).groupby(index).sum()
        scores = {}
        for number, places in enumerate(DOMAINS):
            own = table[list(places)]
            scores[number] = own.mean(axis=1).where(own.count(axis=1) * 2 >= len(places))
        domains = type(table)(scores).groupby(index).agg(["count", "mean", "var"])
        return items, tops, domains

    return run


def pandas_long(ratings: Any, index: Any, size: int) -> Callable[[], Any]:
    """Item means of a table with a row for each answer."""
    table = _wide(ratings).melt(var_name="item", value_name="answer")
    table["practitioner"] = np.tile(index, ITEMS)
    return lambda: table.groupby(["practitioner", "item"])["answer"].mean()


WORK: dict[str, Callable[[Any, Any, int], Callable[[], Any]]] = {
    "floor": lambda ratings, index, size: lambda: ratings.sum(dtype=np.int64),
    "figures": figures,
    "means": means,
    "pandas_items": pandas_items,
    "pandas": pandas_all,
    "pandas_long": pandas_long,
}


def _apart(way: str, raters: int, times: int) -> dict[str, float] | None:
    command = [sys.executable, "-m", "bench.arrays", "--way", way, "--raters", str(raters), "--times", str(times)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and "No module named 'pandas'" in done.stderr:
        return None
    done.check_returncode()
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
