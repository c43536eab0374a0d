"""Builders of what a test needs, through the real operations, with plain defaults."""

import contextlib
from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from msf.base.db import Database, transaction
from msf.base.tables import new_id


class Make:
    """Makes organisations, people and rounds; in the test's session, or each in a transaction of its own."""

    def __init__(self, database: Database, *, now: datetime, session: Session | None) -> None:
        self._database, self._session, self.now = database, session, now

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Session]:
        if self._session is not None:
            yield self._session
            self._session.flush()
            return
        with transaction(self._database) as session:
            yield session

    @staticmethod
    def id() -> str:
        """A new identifier."""
        return new_id()
