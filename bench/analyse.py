"""Seconds and memory of `msf analyse` on a made-up file: reading it, adding it up, and estimating and writing.

.venv/bin/python -m bench.analyse --raters 500000

Each size runs in a process of its own, so that its peak of memory is its own. The file lies in a temporary folder.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from msf.collate.analysis import Order, analyse
from msf.instruments import load

ITEMS, DOMAINS, RATERS, POINTS = 20, 4, 20, 5
CHUNK = 50_000
NONANSWERS = ("", "NA", "DK")


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a file of each size and print a line for it."""
    parser = argparse.ArgumentParser(prog="python -m bench.analyse", description=__doc__)
    parser.add_argument("--raters", type=int, nargs="+", default=[20_000])
    parser.add_argument("--keep", type=Path, help="make the files here and leave them, with what comes out")
    parser.add_argument("--measure", nargs=3, type=Path, help="answers, questionnaire and folder: measure here")
    chosen, _ = parser.parse_known_args(arguments)
    if chosen.measure:
        print(json.dumps(measured(*chosen.measure)))
        return
    print(
        f"{RATERS} raters a practitioner, {ITEMS} items in {DOMAINS} domains, rows in random order, every practitioner"
    )
    print("with own answers. MB: the peak of the process, libraries too.\n")
    print(f"{'rows':>9}{'answers':>12}{'file MB':>9}{'reading s':>11}{'adding s':>10}{'the rest s':>12}{'peak MB':>9}")
    for raters in chosen.raters:
        with TemporaryDirectory() as folder:
            found = _apart(chosen.keep or Path(folder), raters)
        print(
            f"{found['rows']:>9,.0f}{found['rows'] * ITEMS:>12,.0f}{found['size']:>9.0f}{found['reading']:>11.1f}"
            f"{found['adding']:>10.1f}{found['rest']:>12.1f}{found['peak']:>9.0f}",
            flush=True,
        )


def measured(answers: Path, survey: Path, out: Path) -> dict[str, float]:
    """Seconds of each step, and the peak of memory in MB, not that of the process which started this one."""
    seconds: list[float] = []

    @contextmanager
    def timed(_: str, __: int) -> Iterator[Callable[[int], None]]:
        start = time.perf_counter()
        yield lambda _: None
        seconds.append(time.perf_counter() - start)

    start = time.perf_counter()
    outcome = analyse(Order(answers, load(survey), out), timed)
    whole = time.perf_counter() - start
    peak = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())
    return {
        "rows": outcome.rows,
        "size": answers.stat().st_size / 1e6,
        "reading": seconds[0],
        "adding": seconds[1],
        "rest": whole - sum(seconds),
        "peak": int(peak.group(1)) / 1024 if peak else 0,
    }


def _apart(folder: Path, raters: int) -> dict[str, float]:
    folder.mkdir(exist_ok=True)
    answers, survey = folder / f"answers-{raters}.csv", folder / "survey.yaml"
    write_survey(survey)
    write_answers(answers, raters)
    command = [sys.executable, "-m", "bench.analyse", "--measure", answers, survey, folder / f"out-{raters}"]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def write_answers(path: Path, raters: int) -> None:
    """Practitioners who differ, raters who differ more, a tenth of the answers missing; rows in random order."""
    rng = np.random.default_rng(1)
    practitioners = max(1, raters // RATERS)
    better = rng.normal(0, 0.3, practitioners)
    who = rng.permutation(np.arange(raters) % practitioners)
    cells = np.array([*NONANSWERS, *map(str, range(1, POINTS + 1))])
    groups = np.array(["doctor", "nurse", "admin"])
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(["practitioner", "family", "group", *_items()]) + "\n")
        for person in range(practitioners):
            own = _answers(rng, better[[person]])
            file.write(f"P{person:06},self,,{','.join(cells[own[0]])}\n")
        for start in range(0, raters, CHUNK):
            some = who[start : start + CHUNK]
            rows = cells[_answers(rng, better[some])]
            group = groups[rng.integers(0, len(groups), len(some))]
            file.writelines(
                f"P{person:06},colleagues,{role},{','.join(row)}\n"
                for person, role, row in zip(some.tolist(), group.tolist(), rows.tolist(), strict=True)
            )


def _answers(rng: np.random.Generator, better: np.ndarray) -> np.ndarray:
    """Places among the cells: three kinds of none, then the values."""
    kinder = rng.normal(0, 0.5, (len(better), 1))
    harder = np.linspace(-0.3, 0.3, ITEMS)
    values = np.rint(4 + better[:, None] + kinder + harder + rng.normal(0, 0.7, (len(better), ITEMS)))
    found = np.clip(values, 1, POINTS).astype(np.int64) + len(NONANSWERS) - 1
    missing = rng.random(found.shape) < 0.1
    found[missing] = rng.integers(0, len(NONANSWERS), int(missing.sum()))
    return found


def _items() -> list[str]:
    return [f"item_{number:02}" for number in range(1, ITEMS + 1)]


def write_survey(path: Path) -> None:
    """A questionnaire of 20 items."""
    domain = [f"area_{1 + at * DOMAINS // ITEMS}" for at in range(ITEMS)]
    points = [f'    - {{value: {value}, label: {{en: "Point {value}"}}}}' for value in range(1, POINTS + 1)]
    lines = [
        "key: made-up\nversion: 1\nreleased: false\nlanguages: [en]\ntitle: {en: Made-up answers}\nfamily: colleagues",
        "professions: [doctor]\nminutes: 5\nintroduction: {en: Made up to measure with.}\nscale:\n  points:",
        *points,
        "  satisfactory_from: 3\n  does_not_apply: {en: Does not apply}\n  cannot_say: {en: Cannot say}\ndomains:",
        *(f"  - {{id: {each}, title: {{en: {each.replace('_', ' ').capitalize()}}}, standards: [Made up]}}"
          for each in dict.fromkeys(domain)),
        "items:",
        *(f"  - {{id: {item}, domain: {each}, text: {{en: Does thing {item[-2:]} well}}, "
          f"self_text: {{en: I do thing {item[-2:]} well}}}}" for item, each in zip(_items(), domain, strict=True)),
        "prompts:\n  - {id: words, text: {en: What goes well?}, self_text: {en: What goes well for me?}, limit: 300}",
        "groups:",
        *(f"  - {{id: {each}, label: {{en: {each.capitalize()}}}, least: 5}}" for each in ("doctor", "nurse", "admin")),
        "reference: {item: 0.7, domain: 0.6}\nprovenance: Made up.\n",
    ]  # fmt: skip
    path.write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
