"""The same report for each practitioner from a file of answers that any survey tool can export, without a database."""

from msf.collate.faults import CollateRefused, Fault
from msf.collate.run import Order, Outcome, collate

__all__ = ["CollateRefused", "Fault", "Order", "Outcome", "collate"]
