"""Programme statistics by `msf.scoring.programme`, as data, as a page and as charts; of a file, or of what is kept."""

from msf.collate.analysis.run import Counted, Order, Outcome, Result, analyse, folder, publish

__all__ = ["Counted", "Order", "Outcome", "Result", "analyse", "folder", "publish"]
