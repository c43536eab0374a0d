"""Many marks looked for in many bytes at once: a table of their first four bytes says where it is worth looking."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

_BYTES = 4
_MIX = np.uint32(2654435761)
_SHIFT = np.uint32(16)


class Matcher:
    """Finds which of its marks, each of four bytes at least, stand in a text."""

    def __init__(self, marks: Iterable[bytes]) -> None:
        self._starts: dict[bytes, list[bytes]] = defaultdict(list)
        for mark in marks:
            self._starts[mark[:_BYTES]].append(mark)
        self._table = np.zeros(1 << 16, bool)
        for start in self._starts:
            self._table[_mixed(np.frombuffer(start, np.uint8))] = True

    def found(self, text: bytes) -> set[bytes]:
        """The marks that stand somewhere in `text`."""
        return {mark for _, mark in self.places(text)}

    def places(self, text: bytes) -> Iterator[tuple[int, bytes]]:
        """Every place in `text` where a mark begins, in order."""
        if len(text) < _BYTES:
            return
        likely = np.flatnonzero(self._table[_mixed(np.frombuffer(text, np.uint8))])
        for at in likely.tolist():
            for mark in self._starts.get(text[at : at + _BYTES], ()):
                if text.startswith(mark, at):
                    yield at, mark


def _mixed(content: np.ndarray) -> np.ndarray:
    whole = content.astype(np.uint32)
    four = whole[:-3] | whole[1:-2] << np.uint32(8) | whole[2:-1] << _SHIFT | whole[3:] << np.uint32(24)
    return (four * _MIX) >> _SHIFT
