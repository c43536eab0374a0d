"""Writing to the ballot box: slots made before anyone is asked, filled once, opened together and then gone."""

from msf.responses.operations.forgetting import forget_ratings
from msf.responses.operations.opening import Opened, open_slots
from msf.responses.operations.rebuilding import Gap, Rebuilt, Short, gaps, rebuild_quarter, record_rebuilt, short_books
from msf.responses.operations.slots import destroy_slots, empty_slot, fill_slot, make_slots
from msf.responses.operations.sums import lock_books

__all__ = [
    "Gap",
    "Opened",
    "Rebuilt",
    "Short",
    "destroy_slots",
    "empty_slot",
    "fill_slot",
    "forget_ratings",
    "gaps",
    "lock_books",
    "make_slots",
    "open_slots",
    "rebuild_quarter",
    "record_rebuilt",
    "short_books",
]
