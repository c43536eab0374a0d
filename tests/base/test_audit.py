"""What staff did is kept with the deed, or not at all."""

import pytest
from sqlmodel import select

from msf.base.audit import AuditEvent, record
from msf.base.db import reading, transaction
from msf.base.tables import new_id


def _record(session, now, **more):
    record(session, organisation_id="o", actor="a", action="round opened", object="round:r", at=now, **more)


def test_an_event_is_kept_with_what_it_tells(database, now):
    with transaction() as session:
        _record(session, now, details={"opened": 12})
    with reading() as session:
        event = session.exec(select(AuditEvent)).one()
    assert (event.actor, event.action, event.object, event.at) == ("a", "round opened", "round:r", now)
    assert event.details == {"opened": 12}


def test_a_deed_that_fails_leaves_no_event(database, now):
    with pytest.raises(ZeroDivisionError), transaction() as session:
        _record(session, now)
        session.flush()
        raise ZeroDivisionError
    with reading() as session:
        assert session.exec(select(AuditEvent)).all() == []


def test_an_event_outlives_what_it_speaks_of():
    assert not any(column.foreign_keys for column in AuditEvent.__table__.columns)


def test_names_of_rows_do_not_tell_their_order():
    names = [new_id() for _ in range(40)]
    assert len(set(names)) == 40
    assert names not in (sorted(names), sorted(names, reverse=True))
