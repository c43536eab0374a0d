"""A programme: the rounds of many practitioners with one questionnaire, as sums that add and as the figures of them.

`sums` makes what a closed round leaves and adds it up, `keeping` writes it as JSON, `released` leaves out what rests
on too few practitioners, and `figures` estimates: every figure with the name of its
estimator, its limits and what it rests on.
"""

from msf.scoring.programme.figures import figures_of, reliability, settled
from msf.scoring.programme.keeping import counts_of, packed, unpacked
from msf.scoring.programme.released import enough, masked, released
from msf.scoring.programme.shapes import Figure
from msf.scoring.programme.sums import Matrices, Programme, Shape, added, nothing, of_ratings

__all__ = [
    "Figure",
    "Matrices",
    "Programme",
    "Shape",
    "added",
    "counts_of",
    "enough",
    "figures_of",
    "masked",
    "nothing",
    "of_ratings",
    "packed",
    "released",
    "reliability",
    "settled",
    "unpacked",
]
