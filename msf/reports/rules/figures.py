"""The cells of one part, found by what they are about; nothing is calculated here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from msf.reports.rules.cells import ALL, PEERS, Block, Part


@dataclass(frozen=True, slots=True)
class Figure:
    """One mean with its limits and the answers it rests on; `counts` only where a distribution may be shown."""

    mean: float
    low: float
    high: float
    n: int
    bound: str | None
    counts: tuple[int, ...] | None


class Peer(NamedTuple):
    """The middle half of the printed means of `n` other practitioners."""

    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What others said (by family, block, scope and id) and what the practitioner said (by scope and id).

    `peers` are by family and domain.
    """

    others: Mapping[tuple[str, Block, str, str], Figure]
    self_values: Mapping[tuple[str, str], float]
    peers: Mapping[tuple[str, str], Peer]

    def of(self, family: str, scope: str, id: str, block: Block = ALL) -> Figure | None:
        """The figure of a block or the whole family, or nothing where it is not shown."""
        return self.others.get((family, block, scope, id))

    def own(self, scope: str, id: str) -> float | None:
        """The practitioner's own value, or nothing where there is none."""
        return self.self_values.get((scope, id))

    def peer(self, family: str, domain: str) -> Peer | None:
        """What a domain is set beside, or nothing where there is nothing."""
        return self.peers.get((family, domain))


def figures_of(part: Part) -> Figures:
    """Sort the cells of a part into figures."""
    found: dict[tuple[str, Block, str, str], dict[str, float]] = {}
    about: dict[tuple[str, Block, str, str], tuple[int, str | None]] = {}
    own: dict[tuple[str, str], float] = {}
    peers: dict[tuple[str, str], dict[str, float]] = {}
    for cell in part.cells:
        if cell.family == "self":
            own[cell.scope, cell.id] = cell.value
            continue
        if cell.statistic in PEERS:
            peers.setdefault((cell.family, cell.id), {})[cell.statistic] = cell.value
            continue
        place = (cell.family, cell.block, cell.scope, cell.id)
        found.setdefault(place, {})[cell.statistic] = cell.value
        if cell.statistic == "mean":
            about[place] = (cell.n, cell.bound)
    others = {place: _figure(values, *about[place]) for place, values in found.items()}
    return Figures(others, own, {place: _peer(values) for place, values in peers.items()})


def _peer(values: Mapping[str, float]) -> Peer:
    low, high, n = (values[name] for name in PEERS)
    return Peer(low, high, int(n))


def _figure(values: Mapping[str, float], n: int, bound: str | None) -> Figure:
    numbered = sorted((int(name.removeprefix("count_")), value) for name, value in values.items() if "count_" in name)
    counts = tuple(int(value) for _, value in numbered) or None
    return Figure(values["mean"], values["low"], values["high"], n, bound, counts)
