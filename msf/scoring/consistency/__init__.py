"""How far the items of a domain go together, from sums that add; none of it is the reliability of raters."""

from msf.scoring.consistency.covariances import Covariance, complete, covariance, semidefinite, usable
from msf.scoring.consistency.cronbach import Alpha, alpha, feldt
from msf.scoring.consistency.item_statistics import RestSums, alpha_if_dropped, item_rest, item_rest_of, rest_sums
from msf.scoring.consistency.one_factor import Omega, omega
from msf.scoring.consistency.practitioners import Within, of_rounds, within, within_covariance, within_round
from msf.scoring.consistency.resampled import resampled_alpha

__all__ = [
    "Alpha",
    "Covariance",
    "Omega",
    "RestSums",
    "Within",
    "alpha",
    "alpha_if_dropped",
    "complete",
    "covariance",
    "feldt",
    "item_rest",
    "item_rest_of",
    "of_rounds",
    "omega",
    "resampled_alpha",
    "rest_sums",
    "semidefinite",
    "usable",
    "within",
    "within_covariance",
    "within_round",
]
