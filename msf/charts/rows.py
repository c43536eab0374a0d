"""What a chart is told: the scale, and one row of plain values for each thing it shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Bound = Literal["low", "high", "about"]


@dataclass(frozen=True, slots=True)
class Scale:
    """The answer scale: its points' words from the lowest to the highest, and the first point that satisfies."""

    labels: tuple[str, ...]
    satisfactory_from: int

    @property
    def size(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a profile: the others' mean with its interval and number of people, and one's own value.

    `bound` says that the mean is coded: "low" reads "1.5 or lower", "high" "4.5 or higher", "about" "about 3.0".
    """

    label: str
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    self_value: float | None = None
    bound: Bound | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """One line of a distribution: how many people chose each point, and how many gave no rating."""

    label: str
    counts: Sequence[int]
    unrated: int | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The few words that charts add themselves; give others for another language."""

    others: str = "mean of others, with its 95% interval"
    self_name: str = "self"
    people: str = "{n} people"
    person: str = "1 person"
    or_lower: str = "{value} or lower"
    or_higher: str = "{value} or higher"
    about: str = "about {value}"
    not_shown: str = "not shown"
    unrated: str = "{n} not rated"
    nothing: str = "Nothing to show"

    def count(self, n: int) -> str:
        return self.person if n == 1 else self.people.format(n=n)

    def mean(self, value: float, bound: Bound | None) -> str:
        words = {"low": self.or_lower, "high": self.or_higher, "about": self.about}.get(bound or "", "{value}")
        return words.format(value=f"{value:.1f}")
