"""Which reports may be exported: of more than five practitioners at a time, by whole quarters of release; pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from msf.scoring.disclosure import PRACTITIONERS


class Alike(NamedTuple):
    """What the cells of a report tell of its round besides its figures; only reports alike in it go out together."""

    quarter: str
    profession: str
    questionnaires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A released report, the quarter of its release to the organisation, and what its content is known by."""

    report_id: str
    practitioner_id: str
    alike: Alike
    released: str
    digest: bytes


def whole_batches(candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """Those that go out, in an order that only their content decides, and those that wait for more.

    Of reports alike, those released in one quarter join those that waited before; as soon as they are of more than
    five practitioners, all go. So what one export holds and an earlier one did not is of more than five practitioners.
    """
    of: dict[Alike, list[Candidate]] = defaultdict(list)
    for each in candidates:
        of[each.alike].append(each)
    going: list[Candidate] = []
    waiting: list[Candidate] = []
    for found in of.values():
        gone, left = _split(sorted(found, key=lambda each: each.released))
        going += gone
        waiting += left
    return sorted(going, key=lambda each: (each.alike, each.digest)), waiting


def _split(found: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    going: list[Candidate] = []
    waiting: list[Candidate] = []
    for place, each in enumerate(found):
        waiting.append(each)
        last = place + 1 == len(found) or found[place + 1].released != each.released
        if last and len({one.practitioner_id for one in waiting}) > PRACTITIONERS:
            going, waiting = going + waiting, []
    return going, waiting
