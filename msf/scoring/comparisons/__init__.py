"""Differences between groups, over practitioners and over families of tests: what a comparison may claim, and when."""

from msf.scoring.comparisons.families import benjamini_hochberg, holm
from msf.scoring.comparisons.groups import Difference, Pairwise, Welch, games_howell, group_difference, welch_anova
from msf.scoring.comparisons.pairs import Paired, Pairs, added, paired, pairs_of
from msf.scoring.comparisons.ranks import Ranked, brunner_munzel, brunner_munzel_of_counts

__all__ = [
    "Difference",
    "Paired",
    "Pairs",
    "Pairwise",
    "Ranked",
    "Welch",
    "added",
    "benjamini_hochberg",
    "brunner_munzel",
    "brunner_munzel_of_counts",
    "games_howell",
    "group_difference",
    "holm",
    "paired",
    "pairs_of",
    "welch_anova",
]
