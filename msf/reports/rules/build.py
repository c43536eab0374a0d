"""Builds the cells of one questionnaire: which there are depends on counts and settings, only values on answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from msf.instruments import Questionnaire
from msf.reports.rules.cells import ALL, Block, Cell, Family, NonAnswers, Part
from msf.reports.rules.gate.counted import refusals
from msf.reports.rules.gate.refusal import DisclosureRefused
from msf.reports.rules.tallies import FamilyTally
from msf.scoring import intervals, means
from msf.scoring.counts import Counts, Ratings
from msf.scoring.disclosure import Mask, checked_least, detail_mask, item_mask

SELF = "self"
BOUNDS = {0: None, 1: "at least", -1: "at most", 2: "about"}


def part_of(
    questionnaire: Questionnaire, tallies: Iterable[FamilyTally], self_ratings: Ratings | None, *, least: int
) -> Part:
    """Every figure a report may show from one questionnaire; `self_ratings[I]` are the practitioner's own.

    Families stay apart: nothing is added over them.

    A family with fewer than `least` raters, or without blocks, is withheld: no cells, no non-answers. Raises
    DisclosureRefused where the blocks given would expose anyone, ValueError where `least` is under the floor.
    """
    checked_least(least)
    by_family = _by_family(tallies)
    families: dict[str, Family] = {}
    cells: list[Cell] = []
    if self_ratings is not None:
        families[SELF] = Family(n=1, blocks=(), withheld=False)
        cells += _self_cells(questionnaire, self_ratings)
    shown = {}
    for family, tally in by_family.items():
        withheld = tally.raters < least or not tally.blocks
        families[family] = Family(None if withheld else tally.raters, () if withheld else tally.blocks, withheld)
        if not withheld:
            shown[family] = tally
            cells += _family_cells(questionnaire, tally, least)
    if reasons := refusals(questionnaire, shown, cells, least=least):
        raise DisclosureRefused(reasons)
    non_answers = {family: _non_answers(questionnaire, tally, least) for family, tally in shown.items()}
    return Part(questionnaire.reference_name, families, tuple(cells), non_answers)


def _by_family(tallies: Iterable[FamilyTally]) -> dict[str, FamilyTally]:
    given = sorted(tallies, key=lambda tally: tally.family)
    found = {tally.family: tally for tally in given}
    if len(found) < len(given) or SELF in found:
        raise ValueError("each family of raters has one tally; the practitioner's own answers are given apart")
    return found


@dataclass(frozen=True, slots=True)
class _Figures:
    """Figures of one scope as arrays `[C, ids]`: the first row is everybody, then come the blocks."""

    scope: Literal["item", "domain"]
    ids: tuple[str, ...]
    shown: Mask
    n: Counts
    means: means.Coded
    limits: intervals.Limits
    counts: Counts
    detail: Mask


def _family_cells(questionnaire: Questionnaire, tally: FamilyTally, least: int) -> Iterator[Cell]:
    blocks: tuple[Block, ...] = (ALL, *tally.blocks) if len(tally.blocks) > 1 else (ALL,)
    items = _item_figures(questionnaire, tally, least, rows=len(blocks))
    yield from _cells(tally.family, blocks, items)
    yield from _cells(tally.family, blocks, _domain_figures(questionnaire, items))


def _item_figures(questionnaire: Questionnaire, tally: FamilyTally, least: int, *, rows: int) -> _Figures:
    by_block = tally.counts.sum(axis=2)
    mask, detail = item_mask(by_block, least=least), detail_mask(by_block, least=least)
    counts = np.concatenate([tally.counts.sum(axis=0, keepdims=True), tally.counts])[:rows]
    n = counts.sum(axis=2)
    scale = questionnaire.scale
    coded = means.coded(counts @ np.arange(1, scale.size + 1), n, lowest=scale.lowest, highest=scale.highest)
    shown = np.concatenate([mask.family[None], mask.per_block & (by_block > 0)])[:rows]
    limits = _item_limits(questionnaire, counts, coded, detail)
    return _Figures("item", questionnaire.item_ids, shown, n, coded, limits, counts, detail)


def _item_limits(questionnaire: Questionnaire, counts: Counts, coded: means.Coded, detail: Mask) -> intervals.Limits:
    """Exact mean and own spread where a distribution may be shown, else the shown mean and the reference alone."""
    scale, reference = questionnaire.scale, questionnaire.reference.item
    n = counts.sum(axis=2)
    own = detail & (n > 0)  # a block may have left out an item that others show in detail
    some = np.where(own[..., None], counts, 1)
    centre = np.where(own, some @ np.arange(1, scale.size + 1) / some.sum(axis=2), coded.tenths / 10)
    fixed = intervals.fixed_half_width(np.maximum(n, 1), reference)
    width = np.where(own, intervals.moderated_half_width(some, reference), fixed)
    return intervals.limits(centre, width, lowest=scale.lowest, highest=scale.highest)


def _domain_figures(questionnaire: Questionnaire, items: _Figures) -> _Figures:
    """Means of shown item means, on the fewest answers of an item; a domain is shown where all its items are."""
    place = {item: column for column, item in enumerate(items.ids)}
    ids = tuple(domain.id for domain in questionnaire.domains if questionnaire.items_of(domain.id))
    columns = [[place[item.id] for item in questionnaire.items_of(domain)] for domain in ids]
    shown = np.stack([items.shown[:, own].all(axis=1) for own in columns], axis=1)
    n = np.stack([items.n[:, own].min(axis=1) for own in columns], axis=1)
    tenths = np.stack([means.of_shown(items.means.tenths[:, own]) for own in columns], axis=1)
    bound = np.stack([_carried(items.means.bound[:, own]) for own in columns], axis=1)
    scale = questionnaire.scale
    width = intervals.fixed_half_width(np.maximum(n, 1), questionnaire.reference.domain)
    limits = intervals.limits(tenths / 10, width, lowest=scale.lowest, highest=scale.highest)
    counts, detail = np.zeros((*n.shape, 0), np.int64), np.zeros(len(ids), bool)
    return _Figures("domain", ids, shown, n, means.Coded(tenths, bound), limits, counts, detail)


def _carried(bound: np.ndarray[tuple[int, ...], np.dtype[np.int8]]) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
    """The bound of a mean of bound means: theirs where they agree, 2 ("about") where they pull both ways."""
    up, down = (bound > 0).any(axis=1), (bound < 0).any(axis=1)
    return np.where(up & down, 2, up.astype(np.int8) - down.astype(np.int8)).astype(np.int8)


def _cells(family: str, blocks: tuple[Block, ...], figures: _Figures) -> Iterator[Cell]:
    """By item or domain, then everybody and each block, then mean, limits and distribution."""
    scope, shown, n = figures.scope, figures.shown.tolist(), figures.n.tolist()
    mean, low, high = ((tenths / 10).tolist() for tenths in (figures.means.tenths, *figures.limits))
    bound, counts, detail = figures.means.bound.tolist(), figures.counts.tolist(), figures.detail.tolist()
    for column, name in enumerate(figures.ids):
        for row, block in enumerate(blocks):
            if not shown[row][column]:
                continue
            people = n[row][column]
            yield Cell(family, block, scope, name, "mean", mean[row][column], people, BOUNDS[bound[row][column]])
            yield Cell(family, block, scope, name, "low", low[row][column], people)
            yield Cell(family, block, scope, name, "high", high[row][column], people)
            for value, count in enumerate(counts[row][column] if detail[column] else (), start=1):
                yield Cell(family, block, scope, name, f"count_{value}", count, people)


def _self_cells(questionnaire: Questionnaire, ratings: Ratings) -> Iterator[Cell]:
    """The practitioner's own values, and a domain's mean where at least half of its items have one."""
    if ratings.shape != (len(questionnaire.item_ids),):
        raise ValueError("the practitioner's own ratings are one for each item")
    given = zip(questionnaire.item_ids, ratings.tolist(), strict=True)
    valid = {item: value for item, value in given if 1 <= value <= questionnaire.scale.size}
    for item, value in valid.items():
        yield Cell(SELF, ALL, "item", item, "value", value, 1)
    for domain in questionnaire.domains:
        items = questionnaire.items_of(domain.id)
        values = [valid[item.id] for item in items if item.id in valid]
        if values and 2 * len(values) >= len(items):
            tenths = means.tenths(np.array(sum(values)), np.array(len(values)))
            yield Cell(SELF, ALL, "domain", domain.id, "mean", int(tenths) / 10, 1)


def _non_answers(questionnaire: Questionnaire, tally: FamilyTally, least: int) -> dict[str, NonAnswers]:
    shown = item_mask(tally.counts.sum(axis=2), least=least).family.tolist()
    found = zip(questionnaire.item_ids, tally.non_answers.tolist(), shown, strict=True)
    return {item: NonAnswers(*reasons) for item, reasons, is_shown in found if is_shown}
