"""People and rounds for stories about rounds, made through the real operations."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from sqlmodel import Session

from msf.rounds.models import Round
from tests.rounds.people import a_round, cast


@pytest.fixture
def people(session: Session) -> SimpleNamespace:
    """A service, two employers it serves, a stranger service, and who works there."""
    return cast(session)


@pytest.fixture
def draft(session: Session, people: SimpleNamespace, now: datetime) -> Round:
    """A draft round for the practitioner."""
    return a_round(session, people, now=now)
