"""From waiting raters to the sums of each family: some thousands at a time, in an order of their own."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from msf.collate.raters import SELF
from msf.collate.spool import Row, Spool
from msf.instruments import BLANK
from msf.scoring.counts import Counts, Ratings, count_values
from msf.scoring.disclosure import item_mask
from msf.scoring.disclosure.masks import Mask
from msf.scoring.programme import Programme, Shape, added, nothing, of_ratings

BATCH = 20_000
"""Raters that are added up at once; one practitioner's are never parted."""


class Family:
    """The sums of one family, which grow by whole practitioners."""

    def __init__(self, shape: Shape, *, least: int) -> None:
        self._shape, self._least = shape, least
        self._sums = nothing(shape)
        self._raters: list[bytes] = []
        self._sizes: list[int] = []
        self._own: list[bytes] = []

    def add(self, raters: Iterable[bytes], own: bytes | None) -> None:
        """All raters of one practitioner, and the practitioner's own answers where there are some."""
        # Sorted, so that sums of floats do not depend on the order of rows in the file.
        ratings = sorted(raters)
        self._raters += ratings
        self._sizes.append(len(ratings))
        self._own.append(own or bytes([BLANK]) * self._shape.items)
        if len(self._raters) >= BATCH:
            self._flush()

    @property
    def sums(self) -> Programme:
        """The sums of everybody who was added."""
        self._flush()
        return self._sums

    def _flush(self) -> None:
        if not self._sizes:
            return
        ratings, own = (self._matrix(rows) for rows in (self._raters, self._own))
        size = len(self._sizes)
        index = np.repeat(np.arange(size), self._sizes)
        valid = count_values(ratings, index, size, self._shape.points).sum(axis=-1)
        shown = shown_items(valid, least=self._least)
        self._sums = added(self._sums, of_ratings(self._shape, ratings, index, size, shown=shown, own=own))
        for waiting in (self._raters, self._sizes, self._own):
            waiting.clear()

    def _matrix(self, rows: list[bytes]) -> Ratings:
        return np.frombuffer(b"".join(rows), np.int8).reshape(len(rows), self._shape.items)


def shown_items(valid: Counts, *, least: int) -> Mask:
    """The items `[P, I]` that each practitioner's own report would show, from their valid answers `[P, I]`.

    That is `item_mask` with the family as one block: how its groups are pooled decides what is shown by block, never
    what is shown for the family.

    >>> shown_items(np.array([[8, 4], [5, 0]]), least=5).tolist()
    [[True, False], [True, False]]
    """
    return item_mask(valid.reshape(1, -1), least=least).family.reshape(valid.shape)


def sums_of(spool: Spool, shape: Shape, *, least: int, seen: Callable[[int], None]) -> dict[str, Programme]:
    """The sums of each family of raters in the file; `seen` is told of each practitioner."""
    families = {family: Family(shape, least=least) for family in spool.families() if family != SELF}
    for _, found in spool.by_practitioner():
        own: bytes | None = None
        for family, chunks in found:
            if family == SELF:
                own = next(_ratings(chunks))
            else:
                families[family].add(_ratings(chunks), own)
        seen(1)
    return {name: family.sums for name, family in families.items()}


def _ratings(chunks: Iterator[list[Row]]) -> Iterator[bytes]:
    return (ratings for chunk in chunks for _, ratings in chunk)
