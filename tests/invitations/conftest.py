"""A round in which people are being chosen, made through the real operations."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from sqlmodel import Session

from msf.rounds.models import Round
from msf.rounds.operations import start_nominating
from tests.rounds.people import a_round, cast


@pytest.fixture
def people(session: Session) -> SimpleNamespace:
    """A service, two employers it serves, a stranger service, and who works there."""
    return cast(session)


@pytest.fixture
def round(session: Session, people: SimpleNamespace, now: datetime) -> Round:
    """A round in which people are being chosen."""
    made = a_round(session, people, now=now)
    start_nominating(session, made.id, by=people.coordinator.id, now=now)
    return made
