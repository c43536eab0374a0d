"""Every write at the anonymous door: opening, taking sealed answers, taking them back, reminding, and the close."""

from msf.respond.operations.answering import hand_in, sealed_answers, sealed_refusal, withdraw
from msf.respond.operations.closing import cancel_round, close_round
from msf.respond.operations.opening import open_round
from msf.respond.operations.reminding import start_wave
from msf.responses.operations import forget_ratings

__all__ = [
    "cancel_round",
    "close_round",
    "forget_ratings",
    "hand_in",
    "open_round",
    "sealed_answers",
    "sealed_refusal",
    "start_wave",
    "withdraw",
]
