"""Seconds and memory of the figures of a large programme, ours beside one pass over the answers and beside libraries.

.venv/bin/python -m bench.scoring

Each way of calculating runs in a process of its own, so that its peak of memory is its own.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bench.programmes import ITEMS, MISSING, RATERS
from bench.ways import MIXED, OF_ANSWERS, OF_SCORES, WAYS, Way, components_of

MEMORY = 500  # MB, of any of ours


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every way in a process of its own and print one line for each."""
    parser = argparse.ArgumentParser(prog="python -m bench.scoring", description=__doc__)
    parser.add_argument("--raters", type=int, default=500_000, help="of the study of answers")
    parser.add_argument("--practitioners", type=int, default=100_000, help="of the study of raters' scores")
    parser.add_argument("--mixed", type=int, default=1_000, help="practitioners for the mixed model; 0 leaves it out")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--way", choices=WAYS, help="measure one way here and print it as JSON")
    parser.add_argument("--size", type=int, default=100_000, help="of the one way")
    chosen, _ = parser.parse_known_args(arguments)
    if chosen.way:
        print(json.dumps(measured(chosen.way, chosen.size, chosen.times)))
        return
    raters, people, few = chosen.raters, chosen.practitioners, chosen.mixed
    print(f"{MISSING:.0%} missing. Median of {chosen.times}, MixedLM once. peak: of the whole process, in MB.")
    print("Where cpu is below the median, the machine did other work meanwhile; above it, two cores worked.")
    _table(
        f"{raters:,} raters x {ITEMS} items of {max(1, raters // RATERS):,} practitioners: "
        f"{raters * ITEMS:,} answers in random order",
        OF_ANSWERS, raters, chosen.times,
    )  # fmt: skip
    _table(f"{people:,} practitioners x {RATERS} raters: scores", OF_SCORES, people, chosen.times)
    if few:
        _agreement(_table(f"{few:,} practitioners x {RATERS} raters: scores", MIXED, few, chosen.times))


def measured(way: str, size: int, times: int) -> dict[str, Any]:
    """Median seconds by the clock and of the processor, peak memory in MB, and components where it estimates some."""
    run = WAYS[way].made(size)
    seconds, processor = [], []
    found: Any = None
    for _ in range(WAYS[way].times or times):
        start = time.perf_counter(), time.process_time()
        found = run()
        seconds.append(time.perf_counter() - start[0])
        processor.append(time.process_time() - start[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"seconds": float(np.median(seconds)), "cpu": float(np.median(processor)), "peak": peak}
    return told | (components_of(found) if way in MIXED else {})


def _table(title: str, ways: Mapping[str, Way], size: int, times: int) -> dict[str, dict[str, Any]]:
    """Print a line for each way; the first is what the others are held against."""
    print(f"\n{title}\n\n{'way':<50}{'median s':>10}{'cpu s':>9}{'/ first':>9}{'peak':>7}  bar")
    found = {}
    for way, about in ways.items():
        own = _apart(way, size, times)
        if own is None:
            print(f"{about.words:<50}{'not installed':>19}")
            continue
        found[way] = own
        ratio = own["seconds"] / next(iter(found.values()))["seconds"]
        line = f"{about.words:<50}{own['seconds']:>10.4f}{own['cpu']:>9.4f}{ratio:>9.1f}{own['peak']:>7.0f}"
        print(f"{line}  {_bars(about, own)}".rstrip(), flush=True)
    return found


def _bars(about: Way, own: Mapping[str, float]) -> str:
    """What this way may take, and whether it did."""
    said = []
    if about.bar is not None:
        said.append(f"{about.bar} s {'held' if own['seconds'] <= about.bar else 'MISSED'}")
    if about.words.startswith("msf"):
        said.append(f"{MEMORY} MB {'held' if own['peak'] <= MEMORY else 'MISSED'}")
    return ", ".join(said)


def _agreement(found: Mapping[str, Mapping[str, float]]) -> None:
    """How near the estimates of the mixed model come to ours."""
    print(f"\n{'estimates':<50}{'s2p':>10}{'s2r':>10}{'restricted log-likelihood':>28}")
    for way, own in found.items():
        print(f"{MIXED[way].words:<50}{own['s2p']:>10.6f}{own['s2r']:>10.6f}{own['likelihood']:>28.6f}")


def _apart(way: str, size: int, times: int) -> dict[str, Any] | None:
    """The same in a process of its own; None where its library is not installed."""
    command = [sys.executable, "-m", "bench.scoring", "--way", way, "--size", str(size), "--times", str(times)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and "ModuleNotFoundError" in done.stderr:
        return None
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
