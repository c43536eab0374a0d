"""What every page about the people of a round shows of the round, for whoever may see it."""

from dataclasses import dataclass

from flask import request
from sqlmodel import Session
from werkzeug.wrappers import Response

from msf.accounts.guard import me
from msf.base.clock import end_of, start_of
from msf.base.errors import NotFound
from msf.instruments import Questionnaire
from msf.invitations.rules import NotYoursToDecide
from msf.rounds import queries as rounds
from msf.rounds.models import Round
from msf.rounds.rules import BEFORE_CLOSE, CHOOSING, LABELS

Page = Response | tuple[str, int] | str


@dataclass(frozen=True, slots=True)
class Seen:
    """A round as the person who asks sees it."""

    row: Round
    own: bool
    asked: dict[str, Questionnaire]
    facts: dict[str, object]

    def questionnaire(self, family: str) -> Questionnaire:
        """What this family is asked; not found where it is not."""
        if family not in self.asked:
            raise NotFound
        return self.asked[family]


def seen(session: Session, round_id: str) -> Seen:
    """The round, if the person who asks may see it."""
    row = rounds.visible(session, me(), round_id)
    zone = rounds.zone_of(session, row)
    own = row.practitioner_id == me().id
    facts: dict[str, object] = {
        "round": row,
        "own": own,
        "zone": zone,
        "state": LABELS[row.state],
        "choosing": row.state in CHOOSING,
        "ended": row.state not in BEFORE_CLOSE,
        "practitioner": rounds.practitioner_of(session, row).name,
        "opens_at": start_of(row.opens_on, zone),
        "closes_at": end_of(row.closes_on, zone),
    }
    return Seen(row, own, rounds.questionnaires_of(row), facts)


def decided(session: Session, round_id: str) -> Seen:
    """The round, if the person who asks may decide about it: never the practitioner whose round it is."""
    found = seen(session, round_id)
    if found.own:
        raise NotYoursToDecide
    return found


def page_number() -> int:
    """The page of a list that was asked for; 1 where that is no number."""
    given = request.args.get("page", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 1
