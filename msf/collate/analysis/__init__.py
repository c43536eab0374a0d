"""Programme statistics of a file of answers, by `msf.scoring.programme`: as data, as a page and as charts."""

from msf.collate.analysis.run import Counted, Order, Outcome, analyse

__all__ = ["Counted", "Order", "Outcome", "analyse"]
