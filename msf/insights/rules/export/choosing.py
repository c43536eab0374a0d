"""Which reports may be exported: of more than five practitioners at a time, by whole quarters of release; pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
    """A released report, the quarter of its release to the organisation, and what its content is known by.

    A `void` one goes nowhere, but it counts where batches are made: otherwise they would be other ones from then on.
    """

    report_id: str
    practitioner_id: str
    alike: Alike
    released: str
    digest: bytes
    void: bool = False


def whole_batches(candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """Those that go out, in an order that only their content decides, and those that wait for more.

    Of reports alike, those released in one quarter join those that waited before; as soon as they are of more than
    five practitioners, all go. So what one export holds and an earlier one did not is of more than five practitioners.
    A batch of which five or fewer are left, since others were made void, is held back whole.
    """
    of: dict[Alike, list[Candidate]] = defaultdict(list)
    for each in candidates:
        of[each.alike].append(each)
    going: list[Candidate] = []
    waiting: list[Candidate] = []
    for found in of.values():
        for batch in _batches(sorted(found, key=lambda each: each.released)):
            left = [each for each in batch if not each.void]
            (going if _of_many(left) else waiting).extend(left)
    return sorted(going, key=lambda each: (each.alike, each.digest)), waiting


def _batches(found: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Whole quarters of release, in their order, until more than five practitioners are together; the rest at last."""
    batch: list[Candidate] = []
    for place, each in enumerate(found):
        batch.append(each)
        last = place + 1 == len(found) or found[place + 1].released != each.released
        if last and _of_many(batch):
            yield batch
            batch = []
    yield batch


def _of_many(batch: Iterable[Candidate]) -> bool:
    return len({each.practitioner_id for each in batch}) > PRACTITIONERS
