"""What every section of a report is written from: one family of one part, its figures, and the words around them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from msf import charts
from msf.instruments import Domain, Item, Questionnaire
from msf.instruments import words as in_language
from msf.reports.rules import words
from msf.reports.rules.cells import Family, Part
from msf.reports.rules.facts import Facts, Peers
from msf.reports.rules.figures import Figure, Figures, figures_of

NAMES = {"colleagues": "Colleagues", "patients": "Patients"}


@dataclass(frozen=True, slots=True)
class View:
    """One family of raters and what they, and the practitioner, said in one questionnaire."""

    name: str
    family: Family
    part: Part
    figures: Figures
    questionnaire: Questionnaire
    facts: Facts
    language: str

    @property
    def title(self) -> str:
        """The family at the start of a sentence."""
        return NAMES.get(self.name, self.name.capitalize())

    @property
    def has_self(self) -> bool:
        """Whether the practitioner answered this questionnaire."""
        return "self" in self.part.families

    @property
    def peers(self) -> Peers | None:
        """Other practitioners whose figures stand beside those of this family."""
        return self.facts.peers.get(self.name)

    def text(self, item: Item) -> str:
        """An item as others were asked it."""
        return in_language(item.text, self.language)

    def domain(self, domain: Domain) -> str:
        """A domain's title."""
        return in_language(domain.title, self.language)

    def shown(self, scope: str, id: str) -> Figure | None:
        """The figure of the whole family."""
        return self.figures.of(self.name, scope, id)

    def who(self, figure: Figure) -> str:
        """The people an item's figure comes from."""
        return words.people(self.name, figure.n)

    def who_of_domain(self, domain: Domain) -> str:
        """The people a domain's figure comes from: at least so many where its items differ."""
        figure = self.shown("domain", domain.id)
        counts = {found.n for item in self.questionnaire.items_of(domain.id) if (found := self.shown("item", item.id))}
        least = "" if len(counts) == 1 else "at least "
        return least + words.people(self.name, figure.n if figure else 0)

    def says(self, item: Item) -> str | None:
        """One item with its figure and meaning, for a list."""
        figure = self.shown("item", item.id)
        if figure is None:
            return None
        meaning = words.meaning(figure, self.questionnaire.scale, self.who(figure))
        return f"{words.quoted(self.text(item))}: {meaning}."

    def scale(self) -> charts.Scale:
        """The scale as charts draw it."""
        scale = self.questionnaire.scale
        labels = tuple(in_language(point.label, self.language) for point in scale.points)
        return charts.Scale(labels, scale.satisfactory_from)

    def row(self, label: str, figure: Figure | None, own: float | None) -> charts.Row:
        """One line of a profile."""
        if figure is None:
            return charts.Row(label, self_value=own)
        ends: Mapping[str, Literal["low", "high", "about"]] = {"at least": "high", "at most": "low", "about": "about"}
        bound = ends.get(figure.bound or "")
        return charts.Row(label, figure.mean, figure.low, figure.high, figure.n, own, bound)

    def chart_words(self, *, people: str = "{n} people") -> charts.Words:
        """The words that charts add."""
        return charts.Words(others=f"{self.name}, with 95% interval", self_name="self", people=people)


def views(
    parts: Iterable[Part], questionnaires: Sequence[Questionnaire], facts: Facts, language: str
) -> Iterator[View]:
    """Every family of raters of every part, colleagues before patients, whether it may be shown or not."""
    by_name = {questionnaire.reference_name: questionnaire for questionnaire in questionnaires}
    for part in parts:
        questionnaire = by_name[part.questionnaire]
        figures = figures_of(part)
        found = {name: family for name, family in part.families.items() if name != "self"}
        for name, family in (found or {questionnaire.family: Family(None, (), True)}).items():
            yield View(name, family, part, figures, questionnaire, facts, language)
