"""Every write to a round: each checks the table of states, records what staff did, and is handed the time."""

from msf.rounds.operations.deeds import SYSTEM, held, record_deed
from msf.rounds.operations.locks import check_holders
from msf.rounds.operations.making import create_round, fits
from msf.rounds.operations.moves import (
    approve_round,
    cancel_round,
    extend_round,
    mark,
    mark_closed,
    mark_open,
    start_nominating,
    void_round,
)
from msf.rounds.operations.tallies import (
    record_answered,
    record_invited,
    record_pools,
    record_wave,
    save_self_assessment,
)

__all__ = [
    "SYSTEM",
    "approve_round",
    "cancel_round",
    "check_holders",
    "create_round",
    "extend_round",
    "fits",
    "held",
    "mark",
    "mark_closed",
    "mark_open",
    "record_answered",
    "record_deed",
    "record_invited",
    "record_pools",
    "record_wave",
    "save_self_assessment",
    "start_nominating",
    "void_round",
]
