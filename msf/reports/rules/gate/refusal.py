"""Why something may not be published, in words that staff understand and without a figure that would give it away."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from msf.base.errors import Refusal

FEW = "a figure could be traced to fewer people than the round allows"
NUMBER = "a number of answers is not what was given"
FIGURE = "a figure is not one that may be shown, or is more exact than it may be"
FAMILY = "something is said of a side that is withheld, or was not asked"
FILE = "a data file does not hold exactly the figures that were kept"
PAPER = "the report shows a figure that was not kept"
WORDS = "a comment would be printed that nobody decided on, or not as it was decided"
COMPARED = "what is said of other practitioners is not what was frozen for this report"
GONE = "the answers are not there any more, so nothing can be checked"


class Leak(NamedTuple):
    """One fact that stops a release, and where it was found."""

    fact: str
    where: str

    def __str__(self) -> str:
        return f"{self.where}: {self.fact}"


class DisclosureRefused(Refusal):
    """Figures or words that could give somebody away were about to be published; `reasons` says which."""

    status = 409
    title = "This report cannot be released"
    remedy = (
        "Nothing was released or changed. Tell the people who run the service: they find the same reasons in the audit "
        "trail. Do not pass anything of this report on by other means."
    )

    def __init__(self, reasons: Iterable[Leak | str]) -> None:
        found = tuple(reasons)
        self.reasons = tuple(map(str, found))
        self.facts = Counter(leak.fact for leak in found if isinstance(leak, Leak))
        super().__init__("; ".join(self.reasons))
