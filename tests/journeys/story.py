"""What the steps of a story hand on to each other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.journeys import staff
from tests.journeys.letters import Letters
from tests.journeys.people import Cast
from tests.site import Site, Tab

HARSH = "Useless. <b>Sack</b> them & be done."
NAMING = "Ask Ann Lee on Ward 9 how kind this doctor is."
KIND = "=SUM(1) Explains with patience, ŵ 🙂"
CALM = "Stays calm when it is busy."
HEARD = "I was heard."
NEVER = "Never to be seen."
OWN = "I want to hand over better."
"""What is written in the story, each by one person."""


@dataclass
class Story:
    """The site, its people, their letters, and who has answered so far."""

    server: Site
    open_tab: Callable[..., Tab]
    people: Cast
    letters: Letters
    now: datetime
    codes: dict[str, str] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    round_id: str = ""
    report: str = ""

    def desk(self, email: str, *, at: str = "/", **options: Any) -> Tab:
        """A tab of somebody who has signed in."""
        tab = self.open_tab(**options)
        staff.sign_in(tab, email, at=at)
        return tab

    def silent(self, addresses: Iterable[str]) -> list[str]:
        """Those of `addresses` who have not answered."""
        return [address for address in addresses if address not in self.answered]

    def link(self, address: str) -> str:
        """The link in the invitation to `address`."""
        return f"{self.server.url}/give#{self.codes[address]}"
