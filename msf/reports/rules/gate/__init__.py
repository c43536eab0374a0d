"""Between figures and readers: a look at the counts when cells are made, and at everything before a release."""

from msf.reports.rules.gate.comments import only_removed, readable
from msf.reports.rules.gate.counted import refusals
from msf.reports.rules.gate.given import Given
from msf.reports.rules.gate.last import Release, leaks
from msf.reports.rules.gate.refusal import DisclosureRefused, Leak

__all__ = ["DisclosureRefused", "Given", "Leak", "Release", "leaks", "only_removed", "readable", "refusals"]
