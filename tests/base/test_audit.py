"""What staff did is kept with the deed, or not at all, and in a chain that nobody without its key can change."""

import threading
from datetime import timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlmodel import select

from msf.base import audit, db
from msf.base.audit import AuditEvent, AuditKeyMissing, fingerprint, record
from msf.base.audit.chain import COLUMNS, canonical
from msf.base.config import current
from msf.base.db import reading, transaction
from msf.base.errors import NotFound
from msf.base.keys import LASTING, Keys
from msf.base.tables import new_id


def _record(session, now, organisation="o", **more):
    facts = {"actor": "a", "action": "round.opened", "object": "round r", "at": now}
    record(session, organisation_id=organisation, **(facts | more))


def _chain(organisation="o"):
    with reading() as session:
        found = session.exec(select(AuditEvent).where(AuditEvent.organisation_id == organisation))
        return sorted(found.all(), key=lambda each: each.sequence)


def test_an_event_is_kept_with_what_it_tells(database, now):
    with transaction() as session:
        _record(session, now, details={"opened": 12})
    [event] = _chain()
    assert (event.actor, event.action, event.object, event.at) == ("a", "round.opened", "round r", now)
    assert (event.details, event.sequence, len(event.mac)) == ({"opened": 12}, 1, 32)


def test_a_deed_that_fails_leaves_no_event_and_no_gap(database, now):
    with pytest.raises(ZeroDivisionError), transaction() as session:
        _record(session, now)
        session.flush()
        raise ZeroDivisionError
    assert _chain() == []
    with transaction() as session:
        _record(session, now, action="kept")
        with pytest.raises(NotFound), session.begin_nested():
            _record(session, now, action="taken.back")
            session.flush()
            raise NotFound
    assert [(each.sequence, each.action) for each in _chain()] == [(1, "kept")]


def test_an_event_outlives_what_it_speaks_of():
    assert not any(column.foreign_keys for column in AuditEvent.__table__.columns)


def test_names_of_rows_do_not_tell_their_order():
    names = [new_id() for _ in range(40)]
    assert len(set(names)) == 40
    assert names not in (sorted(names), sorted(names, reverse=True))


def test_the_seal_covers_every_column_and_reads_alike_before_and_after_it_is_kept(database, now):
    assert {*COLUMNS, "mac"} == {column.name for column in AuditEvent.__table__.columns}
    paris = now.astimezone(timezone(timedelta(hours=1))).replace(microsecond=123456)
    with transaction() as session:
        _record(session, paris, details={"é": 1.5, 10: [None, True], 2: {"b": "\\", "a": "\u2028"}})
        before = session.exec(select(AuditEvent)).one()  # the transaction itself may read it, not sealed yet
        assert before.mac is None
    [after] = _chain()
    assert canonical(after) == canonical(before)
    assert b"2027-03-01T09:00:00.123456+00:00" in canonical(after)
    changed = [after.model_copy(update={name: "other"}) for name in COLUMNS if name not in ("at", "sequence")]
    changed += [after.model_copy(update={"at": now}), after.model_copy(update={"sequence": 2})]
    assert len({audit.link(b"k" * 32, b"", each) for each in [after, *changed]}) == len(COLUMNS) + 1
    assert audit.link(b"k" * 32, b"", after) != audit.link(b"k" * 32, b"x", after)


def test_each_organisation_has_one_chain_and_a_deed_costs_one_question_more(database, now):
    with transaction() as session:
        _record(session, now, "p")
    statements = []

    def count(_connection, _cursor, statement, *_more):
        statements.append(statement.split()[0])

    sa.event.listen(database.engine, "before_cursor_execute", count)
    with transaction() as session:
        _record(session, now, "p")
        _record(session, now, "p")
    sa.event.remove(database.engine, "before_cursor_execute", count)
    asked = [each for each in statements if each not in ("BEGIN", "COMMIT")]
    assert asked == (["SELECT", "INSERT"] if database.sqlite else ["SELECT", "SELECT", "INSERT"])  # the lock, the head
    with transaction() as session:
        for organisation in ("q", "p", "q"):
            _record(session, now, organisation)
    assert [each.sequence for each in _chain("p")] == [1, 2, 3, 4]
    assert [each.sequence for each in _chain("q")] == [1, 2]
    with reading() as session:
        assert [audit.verify(session, each).through for each in audit.chains(session)] == [4, 2]


def test_without_its_key_nothing_is_recorded_and_no_new_chain_begins(database, now):
    store = Keys.at(current().keys).kind("audit")
    words = fingerprint(b"words")
    with transaction() as session:
        _record(session, now)
    assert len(words) == 64 and words == fingerprint(b"words") != fingerprint(b"words ")
    store.destroy(LASTING)
    with pytest.raises(AuditKeyMissing) as refused, transaction() as session:
        _record(session, now)
    assert refused.value.status == 503
    with pytest.raises(AuditKeyMissing):
        fingerprint(b"words")
    assert not store.has(LASTING)
    with reading() as session, pytest.raises(AuditKeyMissing):
        audit.verify(session, "o")
    with transaction() as session:
        assert audit.begin_again(session, reason="The folder was lost", now=now) == 2
    with reading() as session:
        found = audit.verify(session, "o")
    assert (found.through, found.unchecked, found.fault) == (2, 1, None)
    assert fingerprint(b"words") != words


@pytest.mark.postgresql
def test_eight_at_once_leave_one_unbroken_chain_and_nobody_waits_for_ever(database, now):
    with transaction() as session:
        _record(session, now)
    failed = []

    def deeds(number):
        try:
            for turn in range(6):
                with transaction() as session:
                    # Each takes the two chains in another order, and reads what it recorded.
                    for organisation in ("o", "p") if (number + turn) % 2 else ("p", "o"):
                        _record(session, now, organisation, actor=str(number))
                        session.flush()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=deeds, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert failed == []
    with reading() as session:
        assert [(each, audit.verify(session, each).through) for each in ("o", "p")] == [("o", 49), ("p", 48)]
        assert audit.verify(session, "o").fault is None
    assert db.current() is database
