"""Places in the pool of a round: given out in order, so that adding somebody late changes no slot."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from msf.accounts.queries import person
from msf.base.queue import defer
from msf.invitations import queries, rules
from msf.invitations.models import Invitation
from msf.invitations.queries import chosen, invited_counts
from msf.rounds.models import Round
from msf.rounds.operations import SYSTEM, record_deed, record_invited
from msf.rounds.queries import locked
from msf.rounds.rules import MOST


def invite_approved(session: Session, round_id: str, *, now: datetime) -> list[str]:
    """Give every approved person who has none the next spare place, and send each one letter; returns the new ids.

    The order is that of random ids, so that a place does not tell when its person was proposed. People of a family
    wait until as many are approved as a figure rests on.
    """
    round = locked(session, round_id)
    short = queries.too_few(session, round)
    wanted = [each for each in queries.unasked(session, round_id) if each.family not in short]
    made = places(session, round, [(each.family, each.group, each.name or None, each.address) for each in wanted])
    for invitation_id in made:
        defer(session, "invitations.send", {"invitation_id": invitation_id}, run_at=now)
    return made


def check_enough(session: Session, round_id: str) -> None:
    """`TooFewAsked` where the round would ask somebody of a family, but too few of it."""
    round = locked(session, round_id)
    for family, people in queries.too_few(session, round).items():
        raise rules.TooFewAsked(family, people, round.k)


def invite_if_open(session: Session, round: Round, now: datetime) -> None:
    if round.state == "open":
        made = invite_approved(session, round.id, now=now)
        if made:
            _refuse_holders(session, round, made)
            record_deed(session, round, "invitations.sent", SYSTEM, now, {"people": len(made)})


def _refuse_holders(session: Session, round: Round, made: Sequence[str]) -> None:
    """Refuse to ask somebody who holds the key of the round; at its opening the whole list is looked through."""
    holders = {person(session, holder).email for holder in round.key_holders}
    if holders and holders & set(session.exec(select(Invitation.address).where(col(Invitation.id).in_(made)))):
        raise rules.NomineeRefused(
            "A key holder of this round cannot be asked for feedback in it.",
            field="address",
            remedy="Ask somebody else.",
        )


def places(session: Session, round: Round, wanted: Sequence[tuple[str, str, str | None, str | None]]) -> list[str]:
    """New invitations (family, group, name, address) on the next spare places of the pool; no slot changes."""
    given = sa.case((col(Invitation.n) < 0, -1 - col(Invitation.n)), else_=col(Invitation.n))
    top = session.exec(select(sa.func.max(given)).where(Invitation.round_id == round.id)).one()
    start = 0 if top is None else top + 1
    if start + len(wanted) > (round.pool or rules.POOL):
        raise rules.NoPlaceLeft("Every place of this round is taken.")
    made = [
        Invitation(
            organisation_id=round.organisation_id,
            round_id=round.id,
            n=n,
            family=family,
            group=group,
            name=name,
            address=address,
        )
        for n, (family, group, name, address) in enumerate(wanted, start=start)
    ]
    session.add_all(made)
    session.flush()
    if made:
        record_invited(session, round.id, invited=invited_counts(session, round.id))
    return [each.id for each in made]


def check_room(session: Session, round_id: str, family: str, wanted: int) -> None:
    taken = chosen(session, round_id, family)
    if taken + wanted > MOST[family]:
        raise rules.NoPlaceLeft(f"A round can ask {MOST[family]} {family} at most; {taken} are chosen already.")
