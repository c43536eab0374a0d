"""What a report says of other practitioners, held against the set that was frozen for it: that, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence

from msf.reports.rules.benchmarks import family_of, peer_cells, told
from msf.reports.rules.cells import PEERS, Part
from msf.reports.rules.facts import Facts
from msf.reports.rules.gate.refusal import COMPARED, Leak
from msf.scoring.benchmarks import BenchmarkSet


def peer_leaks(parts: Sequence[Part], facts: Facts, frozen: Mapping[str, BenchmarkSet] | None) -> Iterator[Leak]:
    """Why the comparison may not be published; `frozen` by questionnaire, None where one is not what was frozen.

    These cells are made of other reports’ printed means. So they are no figures of this round’s raters, and the look
    for figures of too few people leaves them out.
    """
    if frozen is None or not frozen.keys() <= {part.questionnaire for part in parts}:
        yield Leak(COMPARED, "The comparison")
        return
    families = {family_of(part): frozen.get(part.questionnaire) for part in parts}
    for part in parts:
        found = tuple(cell for cell in part.cells if cell.statistic in PEERS)
        if found != peer_cells(part, frozen.get(part.questionnaire)):
            yield Leak(COMPARED, part.questionnaire)
    for family, peers in facts.peers.items():
        if family not in families or peers != told(families[family]):
            yield Leak(COMPARED, family.capitalize())
