"""Whether answers came unusually fast: more at once than people who are asked one by one would give; pure."""

from collections import deque
from datetime import datetime, timedelta

UNUSUAL = 15
WITHIN = timedelta(minutes=5)


class Pulse:
    """The totals of one round over the last minutes; kept in memory alone, and what is left of them is one yes or no.

    >>> pulse, start = Pulse(), datetime(2027, 3, 1, 9, 0)
    >>> for minute in range(0, 60, 4):
    ...     pulse.see(minute, at=start + timedelta(minutes=minute))
    >>> pulse.unusual
    False
    >>> pulse.see(80, at=start + timedelta(minutes=58))
    >>> pulse.unusual
    True
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[datetime, int]] = deque()
        self.unusual = False

    def see(self, total: int, *, at: datetime) -> None:
        """Take note of how many slots are filled now."""
        while self._seen and not timedelta(0) <= at - self._seen[0][0] <= WITHIN:
            self._seen.popleft()
        least = min((before for _, before in self._seen), default=total)
        self.unusual = self.unusual or total - least >= UNUSUAL
        self._seen.append((at, total))
