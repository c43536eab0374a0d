"""Counts of one practitioner's raters, chunk by chunk, and the cells a report may show of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from msf.collate.raters import SELF
from msf.collate.spool import Row
from msf.instruments import Questionnaire
from msf.reports.rules import FamilyTally, Part, part_of, pool, tally
from msf.scoring.counts import Ratings
from msf.scoring.disclosure import partition


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for every practitioner of one file: its families, its groups in order, and their places by spool."""

    questionnaire: Questionnaire
    families: tuple[str, ...]
    groups: tuple[str, ...]
    order: "np.ndarray[tuple[int], np.dtype[np.intp]]"
    least: int


def frame_of(questionnaire: Questionnaire, families: Sequence[str], places: Mapping[str, int], least: int) -> Frame:
    """Groups of the questionnaire come in its own order, then others by name.

    A family that is in the file is looked for with every practitioner: few and none have to look alike.
    """
    own = [group.id for group in questionnaire.groups if group.id in places]
    groups = (*own, *sorted(set(places) - set(own)))
    order = np.zeros(max(len(places), 1), np.intp)
    for place, group in enumerate(groups):
        order[places[group]] = place
    raters = tuple(family for family in families if family != SELF) or (questionnaire.family,)
    return Frame(questionnaire, raters, groups, order, least)


def part_of_rows(frame: Frame, families: Iterable[tuple[str, Iterator[list[Row]]]]) -> Part:
    """Every figure about one practitioner that may be shown, from rows by family."""
    own: Ratings | None = None
    tallies = {family: _nobody(frame, family) for family in frame.families}
    for family, chunks in families:
        if family == SELF:
            own = _matrix([ratings for chunk in chunks for _, ratings in chunk])[0]
        else:
            for chunk in chunks:
                tallies[family] += _tally(frame, family, chunk)
    pooled = [_pooled(found, frame.least) for found in tallies.values()]
    return part_of(frame.questionnaire, pooled, own, least=frame.least)


def _pooled(by_group: FamilyTally, least: int) -> FamilyTally:
    present = {group: people for group, people in by_group.answered.items() if people}
    return pool(by_group, partition(present, least=least))


def _nobody(frame: Frame, family: str) -> FamilyTally:
    none = np.zeros((0, len(frame.questionnaire.items)), np.int8)
    return _counted(frame, family, none, np.zeros(0, np.intp))


def _tally(frame: Frame, family: str, chunk: list[Row]) -> FamilyTally:
    index = frame.order[[who for who, _ in chunk]]
    return _counted(frame, family, _matrix([ratings for _, ratings in chunk]), index)


def _counted(
    frame: Frame, family: str, ratings: Ratings, index: "np.ndarray[tuple[int], np.dtype[np.intp]]"
) -> FamilyTally:
    blocks = [(group,) for group in frame.groups]
    return tally(family, ratings, index, blocks, frame.questionnaire.scale.size)


def _matrix(ratings: list[bytes]) -> Ratings:
    return np.frombuffer(b"".join(ratings), np.int8).reshape(len(ratings), -1)
