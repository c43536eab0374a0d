"""The cells of one part, found by what they are about; nothing is calculated here."""

from collections.abc import Mapping
from dataclasses import dataclass

from msf.reports.rules.cells import ALL, Block, Part


@dataclass(frozen=True, slots=True)
class Figure:
    """One mean with its limits and the answers it rests on; `counts` only where a distribution may be shown."""

    mean: float
    low: float
    high: float
    n: int
    bound: str | None
    counts: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What others said (by family, block, scope and id) and what the practitioner said (by scope and id)."""

    others: Mapping[tuple[str, Block, str, str], Figure]
    self_values: Mapping[tuple[str, str], float]

    def of(self, family: str, scope: str, id: str, block: Block = ALL) -> Figure | None:
        """The figure of a block or the whole family, or nothing where it is not shown."""
        return self.others.get((family, block, scope, id))

    def own(self, scope: str, id: str) -> float | None:
        """The practitioner's own value, or nothing where there is none."""
        return self.self_values.get((scope, id))


def figures_of(part: Part) -> Figures:
    """Sort the cells of a part into figures."""
    found: dict[tuple[str, Block, str, str], dict[str, float]] = {}
    about: dict[tuple[str, Block, str, str], tuple[int, str | None]] = {}
    own: dict[tuple[str, str], float] = {}
    for cell in part.cells:
        if cell.family == "self":
            own[cell.scope, cell.id] = cell.value
            continue
        place = (cell.family, cell.block, cell.scope, cell.id)
        found.setdefault(place, {})[cell.statistic] = cell.value
        if cell.statistic == "mean":
            about[place] = (cell.n, cell.bound)
    others = {place: _figure(values, *about[place]) for place, values in found.items()}
    return Figures(others, own)


def _figure(values: Mapping[str, float], n: int, bound: str | None) -> Figure:
    numbered = sorted((int(name.removeprefix("count_")), value) for name, value in values.items() if "count_" in name)
    counts = tuple(int(value) for _, value in numbered) or None
    return Figure(values["mean"], values["low"], values["high"], n, bound, counts)
