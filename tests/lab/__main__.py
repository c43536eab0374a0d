"""The full form of the lab: `python -m tests.lab --runs 50 --engine both --seed 1 --out FILE`."""

import argparse
import sys
from pathlib import Path

from tests.lab.campaign import house_on, whole
from tests.lab.table import report


def main() -> int:
    """Run it, print the table, and return 1 where the product falls or a leaky build stands."""
    given = _arguments()
    engines = ("sqlite", "postgresql") if given.engine == "both" else (given.engine,)
    outcomes = []
    for engine in engines:
        with house_on(engine) as house:
            outcomes.append(whole(house, runs=given.runs, leaky_runs=given.leaky, seed=given.seed, say=_say))
    facts = f"--runs {given.runs} --leaky {given.leaky} --engine {given.engine} --seed {given.seed}"
    command = f"python -m tests.lab {facts}"
    text = report(outcomes, command)
    sys.stdout.write(text)
    if given.out:
        Path(given.out).write_text(text, "utf-8")
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    parser.add_argument("--runs", type=int, default=50, help="rounds of twenty people on each database")
    parser.add_argument("--leaky", type=int, default=2, help="rounds of each leaky build")
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--seed", type=int, default=1, help="draws the order of people and their answers")
    parser.add_argument("--out", help="a file for the table")
    return parser.parse_args()


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")


if __name__ == "__main__":
    sys.exit(main())
