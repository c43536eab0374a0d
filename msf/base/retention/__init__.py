"""How long things are kept: periods, what an organisation may choose, and sweeps that count first or delete."""

from msf.base.retention.own import forget_entries, forget_work
from msf.base.retention.periods import INSTALLATION, PERIODS, Period, RetentionRefused, Tenant, checked
from msf.base.retention.sweeping import SWEPT, Step, Sweep, Tally, due, sweep, together

__all__ = [
    "INSTALLATION",
    "PERIODS",
    "SWEPT",
    "Period",
    "RetentionRefused",
    "Step",
    "Sweep",
    "Tally",
    "Tenant",
    "checked",
    "due",
    "forget_entries",
    "forget_work",
    "sweep",
    "together",
]
