"""Asking for reminders: one identical job for everybody who has an address."""

from datetime import datetime

from sqlmodel import Session

from msf.base.clock import today
from msf.base.queue import defer
from msf.invitations import queries as invitations
from msf.rounds import operations as round_book
from msf.rounds import queries as rounds


def start_wave(session: Session, round_id: str, *, wave: int, now: datetime) -> int:
    """Defer one identical job for every invitation that has an address; who has answered is not looked up here."""
    row = rounds.locked(session, round_id)
    if row.state != "open" or str(wave) in row.waves:
        return 0
    zone = rounds.zone_of(session, row)
    round_book.record_wave(session, round_id, wave=wave, on=today(now, zone))
    addressed = invitations.addressed(session, round_id)
    for invitation_id in addressed:
        payload = {"invitation_id": invitation_id, "wave": wave}
        defer(session, "respond.remind", payload, run_at=now, key=f"remind:{invitation_id}:{wave}")
    return len(addressed)
