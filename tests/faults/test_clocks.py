"""A clock that was moved reopens nothing, closes nothing twice, and holds no work back."""

from tests.faults import clocks
from tests.faults.children import TIMES
from tests.faults.ground import Ground


def test_a_moved_clock_reopens_nothing_and_closes_nothing_twice(ground: Ground) -> None:
    tally = clocks.moved(ground, max(1, TIMES // 50))
    assert tally.holds, tally
