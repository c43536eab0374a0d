"""How far scores tell practitioners apart: components of variance, coefficients, and the raters it would take.

`one_facet` and `with_items` hold the sums that are kept and added over rounds, of raters' scores and of single answers.
`components` estimates from the first, by the likelihood in `profile`, and `five` from the second. `study` says what
follows for each practitioner and for a programme; `groups` joins groups of raters into one score.
"""

from msf.scoring.generalisability.components import (
    INDICATIVE,
    PUBLISHABLE,
    Components,
    Estimate,
    IccLimits,
    MeanSquares,
    Standing,
    anova,
    icc_limits,
    likelihood,
    mean_squares,
    reml,
    standing,
)
from msf.scoring.generalisability.five import (
    FiveComponents,
    Reliability,
    henderson,
    with_fixed_items,
    with_random_items,
)
from msf.scoring.generalisability.groups import Composite, Together, composite, covariances, together
from msf.scoring.generalisability.one_facet import OneFacet
from msf.scoring.generalisability.study import (
    NORMAL_95,
    TARGETS,
    Band,
    band,
    coefficient,
    curve,
    decision_study,
    programme_coefficient,
    raters_needed,
    share_reaching,
    standard_error,
)
from msf.scoring.generalisability.with_items import FiveSums

__all__ = [
    "INDICATIVE",
    "NORMAL_95",
    "PUBLISHABLE",
    "TARGETS",
    "Band",
    "Components",
    "Composite",
    "Estimate",
    "FiveComponents",
    "FiveSums",
    "IccLimits",
    "MeanSquares",
    "OneFacet",
    "Reliability",
    "Standing",
    "Together",
    "anova",
    "band",
    "coefficient",
    "composite",
    "covariances",
    "curve",
    "decision_study",
    "henderson",
    "icc_limits",
    "likelihood",
    "mean_squares",
    "programme_coefficient",
    "raters_needed",
    "reml",
    "share_reaching",
    "standard_error",
    "standing",
    "together",
    "with_fixed_items",
    "with_random_items",
]
