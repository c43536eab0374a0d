"""Which figures and words about people may be shown: decided by counts and settings alone, never by the answers.

A report is built by `partition`, `item_mask`, `detail_mask` and `comment_mask`, and looked at once more by `gate`.
While answers come in there is `interim_total` alone, and sealed answers name `pools`. Figures of many practitioners are
masked by `many`, from sums, or by `organisation_mask`. `cumulative_mask` (rounds over time) is ready for pages that do
not exist yet. None of them sees an answer, so no permutation of answers can move what is hidden. All of it is held
against `msf.scoring.oracle`, which knows none of these rules.
"""

from msf.scoring.disclosure.blocks import partition, pools
from msf.scoring.disclosure.comments import comment_mask
from msf.scoring.disclosure.floor import DETAIL, FLOOR, PRACTITIONERS, checked_least
from msf.scoring.disclosure.interim import interim_total
from msf.scoring.disclosure.look import Exposed, gate
from msf.scoring.disclosure.masks import Mask, Shown, detail_mask, item_mask
from msf.scoring.disclosure.organisation import Programme, checked_periods, organisation_mask
from msf.scoring.disclosure.over_time import cumulative_mask

__all__ = [
    "DETAIL",
    "FLOOR",
    "PRACTITIONERS",
    "Exposed",
    "Mask",
    "Programme",
    "Shown",
    "checked_least",
    "checked_periods",
    "comment_mask",
    "cumulative_mask",
    "detail_mask",
    "gate",
    "interim_total",
    "item_mask",
    "organisation_mask",
    "partition",
    "pools",
]
