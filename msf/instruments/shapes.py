"""A questionnaire as frozen typed objects: what everything above asks, counts, scores and draws."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# What an answer to an item may be besides one of the scale's values (1, 2, …): blank, or one of two ways of not rating.
BLANK = 0
NOT_APPLICABLE = 101
CANNOT_SAY = 102

Words = Mapping[str, str]
"""One text in every language of its questionnaire, the questionnaire's first language first; read-only."""


def words(texts: Words, language: str) -> str:
    """The text in `language`, else in the plain form of it ("en" for "en-GB"), else in the first language.

    >>> words({"en": "Good", "cy": "Da"}, "cy"), words({"en": "Good"}, "en-GB"), words({"en": "Good"}, "fr")
    ('Da', 'Good', 'Good')
    """
    for wanted in (language, language.partition("-")[0]):
        if wanted in texts:
            return texts[wanted]
    return next(iter(texts.values()))


@dataclass(frozen=True, slots=True)
class Point:
    """One step of the scale and its words."""

    value: int
    label: Words = field(hash=False)


@dataclass(frozen=True, slots=True)
class Scale:
    """Values 1 to `highest`, in order; from `satisfactory_from` upwards an answer is satisfactory."""

    points: tuple[Point, ...]
    satisfactory_from: int
    does_not_apply: Words = field(hash=False)
    cannot_say: Words = field(hash=False)

    @property
    def lowest(self) -> int:
        return self.points[0].value

    @property
    def highest(self) -> int:
        return self.points[-1].value

    @property
    def size(self) -> int:
        return len(self.points)


@dataclass(frozen=True, slots=True)
class Domain:
    """A heading under which items are shown and scored, and the standards it answers to."""

    id: str
    title: Words = field(hash=False)
    standards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to rate: `text` for other people, `self_text` in the first person for the practitioner."""

    id: str
    domain: str
    text: Words = field(hash=False)
    self_text: Words = field(hash=False)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question answered in the rater's own words, of at most `limit` bytes of UTF-8."""

    id: str
    text: Words = field(hash=False)
    self_text: Words = field(hash=False)
    limit: int


@dataclass(frozen=True, slots=True)
class Group:
    """A role of raters; `least` says how many to nominate at least, as guidance."""

    id: str
    label: Words = field(hash=False)
    least: int


@dataclass(frozen=True, slots=True)
class Reference:
    """Standard deviations between raters of one person, for intervals until a programme has its own."""

    item: float
    domain: float


@dataclass(frozen=True, slots=True, eq=False)
class Questionnaire:
    """One version of one questionnaire; the same file gives the form for others and the matching self form."""

    key: str
    version: str
    title: Words
    family: Literal["colleagues", "patients"]
    professions: tuple[str, ...]
    mode: Literal["in-person", "remote"] | None
    languages: tuple[str, ...]
    minutes: int
    introduction: Words
    scale: Scale
    domains: tuple[Domain, ...]
    items: tuple[Item, ...]
    prompts: tuple[Prompt, ...]
    groups: tuple[Group, ...]
    reference: Reference
    provenance: str
    released: bool
    digest: str
    """SHA-256 of the file's bytes, in hexadecimal: two questionnaires are equal where their files are."""
    self_introduction: Words | None = None
    """Above the first question of the self form; None where `introduction` serves both forms."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Questionnaire) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def reference_name(self) -> str:
        """Key and version as stored with a round: ``doctor-colleagues/1``."""
        return f"{self.key}/{self.version}"

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The order of every vector of ratings."""
        return tuple(item.id for item in self.items)

    def items_of(self, domain: str) -> tuple[Item, ...]:
        """The items of one domain, in the order of the form."""
        return tuple(item for item in self.items if item.domain == domain)
