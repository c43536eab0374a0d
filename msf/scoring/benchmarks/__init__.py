"""Where a practitioner stands among peers, with what its raters allow to say: no ranks, no words, nobody's name.

`comparators` chooses the peers, `frozen` keeps them as a set for a report; `position`, `shrinkage` and `funnel` say
where a mean lies.
"""

from msf.scoring.benchmarks.comparators import LEAST, Candidate, Comparators, Stratum, Window, peers_of
from msf.scoring.benchmarks.frozen import BenchmarkSet, freeze, from_json, to_json
from msf.scoring.benchmarks.funnel import NORMAL_998, Lines, chance_lines, flags, peer_lines, share_lines
from msf.scoring.benchmarks.position import Quartiles, percentile, quartiles
from msf.scoring.benchmarks.shrinkage import Shrunken, shrunken, standardised

__all__ = [
    "LEAST",
    "NORMAL_998",
    "BenchmarkSet",
    "Candidate",
    "Comparators",
    "Lines",
    "Quartiles",
    "Shrunken",
    "Stratum",
    "Window",
    "chance_lines",
    "flags",
    "freeze",
    "from_json",
    "peer_lines",
    "peers_of",
    "percentile",
    "quartiles",
    "share_lines",
    "shrunken",
    "standardised",
    "to_json",
]
