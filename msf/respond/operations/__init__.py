"""Every write at the anonymous door: opening, taking sealed answers, taking them back, reminding, and the close."""

from msf.respond.operations.answering import hand_in, sealed_answers, sealed_refusal, withdraw
from msf.respond.operations.closing import cancel_round, close_round
from msf.respond.operations.opening import open_round
from msf.respond.operations.reminding import start_wave
from msf.responses.operations import (
    Gap,
    Rebuilt,
    Short,
    forget_ratings,
    gaps,
    rebuild_quarter,
    record_rebuilt,
    short_books,
)

__all__ = [
    "Gap",
    "Rebuilt",
    "Short",
    "cancel_round",
    "close_round",
    "forget_ratings",
    "gaps",
    "hand_in",
    "open_round",
    "rebuild_quarter",
    "record_rebuilt",
    "sealed_answers",
    "sealed_refusal",
    "short_books",
    "start_wave",
    "withdraw",
]
