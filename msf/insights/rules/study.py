"""One programme in one choice of periods: what was released of it, its figures by name, and what is not shown; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from msf.instruments import Questionnaire, words
from msf.responses.rules.programme import shape_of
from msf.scoring.programme import Figure, Programme, figures_of, released
from msf.scoring.programme.shapes import Scope


@dataclass(frozen=True, slots=True)
class Study:
    """A questionnaire with the sums that may be shown of it, and every figure that can be estimated from them."""

    asked: Questionnaire
    sums: Programme
    figures: Sequence[Figure]
    _by_name: Mapping[tuple[str, str, str], Figure] = field(repr=False)

    def figure(self, scope: Scope, id: str, name: str) -> Figure | None:
        """The figure of this name; None where there is none to show."""
        return self._by_name.get((scope, id, name))

    def domain(self, id: str) -> str:
        """What an area is called."""
        return self.said(next(each.title for each in self.asked.domains if each.id == id))

    def item(self, id: str) -> str:
        """The words of an item."""
        return self.said(next(each.text for each in self.asked.items if each.id == id))

    def said(self, texts: Mapping[str, str]) -> str:
        """A text of the questionnaire in its first language."""
        return words(texts, self.asked.languages[0])

    @property
    def counted(self) -> bool:
        """Whether everybody who was asked is known: colleagues are written to, patients may be handed a card."""
        return self.asked.family == "colleagues"

    def hidden(self) -> Iterator[tuple[Scope, str]]:
        """The items and the areas that may not be shown."""
        for people, item in zip(self.sums.people, self.asked.items, strict=True):
            if not people:
                yield "item", item.id
        for facet, domain in zip(self.sums.facets, self.asked.domains, strict=True):
            if not facet.practitioners.sum():
                yield "domain", domain.id


def study_of(asked: Questionnaire, blocks: Iterable[Programme]) -> Study:
    """The study of the sums of whole books."""
    shape = shape_of(asked)
    sums = released(shape, blocks)
    found = figures_of(
        sums,
        shape,
        items=[item.id for item in asked.items],
        domains=[domain.id for domain in asked.domains],
        satisfactory=asked.scale.satisfactory_from,
        whole=asked.family == "colleagues",
    )
    known = [each for each in map(_finite, found) if each is not None]
    return Study(asked, sums, known, {(each.scope, each.id, each.name): each for each in known})


def _finite(figure: Figure) -> Figure | None:
    """The figure without limits that are no numbers; None where it is none itself."""
    if figure.value is not None and not isfinite(figure.value):
        return None
    if all(end is None or isfinite(end) for end in (figure.low, figure.high)):
        return figure
    return figure._replace(low=None, high=None)
