"""With whom a report is compared: what each report leaves for others, of which quarters, and the middle half of it.

What sets may tell of single people is kept small by four things together. Their material is what was printed: domain
means in tenths, of reports that were released and rest on enough raters. What is shown of a set are quartiles, in
tenths, of 20 people or more: ranks, not sums, so that two sets cannot be subtracted. A round counts in the quarters
after that of its release, so the set of a stratum is made once a quarter and then used for all; within it nothing can
be watched coming or going. And a set from which somebody's own rounds were left out serves their report alone.

What remains: who knows that one person joined between two quarters, and sees a quartile move by a tenth, learns on
which side of it that person's printed mean lies. Whoever reads two reports of a quarter, one of them by somebody with
an earlier round, learns the same of that round. Neither gives a mean, and nothing a rater said is in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import floor
from typing import NamedTuple

from msf.reports.rules.cells import ALL, PEERS, Cell, Part
from msf.reports.rules.facts import Peers
from msf.rounds.rules.periods import quarter_of
from msf.scoring.benchmarks import BenchmarkSet, Window, quartiles

YEARS = 3
SELF = "self"
LINES: Mapping[str, int] = {"colleagues": 8, "patients": 20}  # what a new round’s floors are set to


class Band(NamedTuple):
    """Quartiles of the printed means of `n` comparators, in whole tenths."""

    low: int
    middle: int
    high: int
    n: int


def window_before(closed_on: date) -> Window:
    """The three years of whole quarters that had ended when a round closed.

    >>> [str(day) for day in window_before(date(2027, 5, 31))]
    ['2024-04-01', '2027-03-31']
    """
    own = quarter_of(closed_on).first
    return Window(own.replace(year=own.year - YEARS), own - timedelta(days=1))


def line_of(family: str) -> int:
    """From how many raters on a round may be compared with: the usual line of interpretation, the same in every set.

    >>> line_of("colleagues"), line_of("patients")
    (8, 20)
    """
    return LINES[family]


def family_of(part: Part) -> str | None:
    """The family of raters whose figures a part shows; none where it is withheld."""
    return next((name for name, family in part.families.items() if name != SELF and not family.withheld), None)


def printed_means(part: Part, family: str) -> dict[str, int]:
    """The family's domain means in tenths, as printed, of the domains that are shown.

    One that is printed as a bound ("4.5 or higher") counts at the bound. Left out, it would take the best rounds of few
    raters away and lower every quartile; at the bound it can only lower quartiles that lie above it.
    """
    return {
        cell.id: round(10 * cell.value)
        for cell in part.cells
        if (cell.family, cell.block, cell.scope, cell.statistic) == (family, ALL, "domain", "mean")
    }


def band(means: Sequence[int]) -> Band:
    """The quartiles of means in tenths, half up to whole tenths.

    >>> band([40, 41, 43, 44, 46, 47])
    Band(low=42, middle=44, high=46, n=6)
    """
    low, middle, high = (floor(each + 0.5) for each in quartiles(means))
    return Band(low, middle, high, len(means))


def bands(benchmark: BenchmarkSet) -> Mapping[str, Band]:
    """By domain, for those that enough comparators show."""
    return {domain: band(means) for domain, means in benchmark.means.items()}


def beside(part: Part, benchmark: BenchmarkSet | None) -> Part:
    """The part with the middle half of the comparators beside each domain it shows."""
    return replace(part, cells=part.cells + peer_cells(part, benchmark))


def peer_cells(part: Part, benchmark: BenchmarkSet | None) -> tuple[Cell, ...]:
    """All that the part may say of others: three cells for each domain that it shows and the set has."""
    family = family_of(part)
    if benchmark is None or family is None:
        return ()
    found = bands(benchmark)
    shown = [domain for domain in printed_means(part, family) if domain in found]
    return tuple(cell for domain in shown for cell in _cells(family, domain, found[domain]))


def _cells(family: str, domain: str, found: Band) -> Iterator[Cell]:
    values = (found.low / 10, found.high / 10, found.n)
    for statistic, value in zip(PEERS, values, strict=True):
        yield Cell(family, ALL, "domain", domain, statistic, value, found.n)


def told(benchmark: BenchmarkSet | None) -> Peers | None:
    """What a report says of the set in words."""
    if benchmark is None:
        return None
    return Peers(benchmark.practitioners, "/".join(benchmark.stratum), *benchmark.window)
