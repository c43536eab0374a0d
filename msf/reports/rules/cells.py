"""The cells of a report: every figure it may show, once, in a fixed order, and back from JSON the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, Self

Block = tuple[str, ...] | Literal["all"]
ALL: Final = "all"
PEERS: Final = ("benchmark_low", "benchmark_high", "benchmark_n")
COLUMNS: Final = ("questionnaire", "family", "block", "scope", "id", "statistic", "value", "n", "bound")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure about an item or a domain, given by one block or the whole family, and the answers it rests on.

    Statistics: `mean`, `low`, `high` (limits of its interval), `count_1`.. (how many gave each value), `value` (self),
    and about other practitioners `benchmark_low`, `benchmark_high` (the middle half) and `benchmark_n` (how many).
    `bound` is "at least", "at most" or "about" where a mean was coded at the end of the scale.
    """

    family: str
    block: Block
    scope: Literal["item", "domain"]
    id: str
    statistic: str
    value: float
    n: int
    bound: str | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """How many answered and in which blocks; nothing at all where the family is withheld."""

    n: int | None
    blocks: tuple[tuple[str, ...], ...]
    withheld: bool


class NonAnswers(NamedTuple):
    """How many of a family gave an item no value, by reason."""

    blank: int
    not_applicable: int
    cannot_say: int


@dataclass(frozen=True, slots=True)
class Part:
    """All a report may say in numbers from one questionnaire.

    `non_answers` are by family and item, for the items shown for the family: a hidden item looks the same whether
    nobody or too few answered it.
    """

    questionnaire: str
    families: Mapping[str, Family]
    cells: tuple[Cell, ...]
    non_answers: Mapping[str, Mapping[str, NonAnswers]]

    def to_json(self, *, practitioner: str | None = None) -> dict[str, Any]:
        """Plain lists and dictionaries in a fixed order; the practitioner's name first, where one is given."""
        named = {} if practitioner is None else {"practitioner": practitioner}
        return named | {
            "questionnaire": self.questionnaire,
            "families": {name: _family_to_json(family) for name, family in self.families.items()},
            "cells": [_cell_to_json(cell) for cell in self.cells],
            "non_answers": {
                family: {item: found._asdict() for item, found in items.items()}
                for family, items in self.non_answers.items()
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The part that `to_json` wrote; a KeyError or TypeError where something is missing or unknown."""
        return cls(
            questionnaire=data["questionnaire"],
            families={name: _family_from_json(family) for name, family in data["families"].items()},
            cells=tuple(_cell_from_json(cell) for cell in data["cells"]),
            non_answers={
                family: {item: NonAnswers(**found) for item, found in items.items()}
                for family, items in data["non_answers"].items()
            },
        )


def csv_rows(part: Part) -> Iterator[tuple[str | float, ...]]:
    """The rows under `COLUMNS`: every cell, then every non-answer count; whoever writes them defuses formulas."""
    for cell in part.cells:
        block = cell.block if cell.block == ALL else " + ".join(cell.block)
        about = (part.questionnaire, cell.family, block, cell.scope, cell.id)
        yield *about, cell.statistic, cell.value, cell.n, cell.bound or ""
    for family, items in part.non_answers.items():
        for item, found in items.items():
            for reason, people in found._asdict().items():
                yield part.questionnaire, family, ALL, "item", item, reason, people, part.families[family].n or 0, ""


def _cell_to_json(cell: Cell) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "family": cell.family,
        "block": cell.block if cell.block == ALL else list(cell.block),
        "scope": cell.scope,
        "id": cell.id,
        "statistic": cell.statistic,
        "value": cell.value,
        "n": cell.n,
    }
    return plain if cell.bound is None else plain | {"bound": cell.bound}


def _cell_from_json(data: Mapping[str, Any]) -> Cell:
    block = data["block"]
    return Cell(**{**data, "block": ALL if block == ALL else tuple(block)})


def _family_to_json(family: Family) -> dict[str, Any]:
    return {"n": family.n, "blocks": [list(block) for block in family.blocks], "withheld": family.withheld}


def _family_from_json(data: Mapping[str, Any]) -> Family:
    return Family(n=data["n"], blocks=tuple(tuple(block) for block in data["blocks"]), withheld=data["withheld"])
