"""Whoever writes into the table of what staff did is found out, and the first wrong entry is named."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from msf.base import audit
from msf.base.audit import AuditEvent, Head, HeadsUnreadable, record
from msf.base.db import reading, transaction
from msf.base.retention import Tenant

TABLE = AuditEvent.__table__
ENTRIES = 7


def _row(number):
    return sa.and_(TABLE.c.organisation_id == "o", TABLE.c.sequence == number)


def _change(session, number, **values):
    session.connection().execute(sa.update(TABLE).where(_row(number)).values(**values))


def _remove(session, number):
    session.connection().execute(sa.delete(TABLE).where(_row(number)))


def _renumber(session, first, last, by):
    order = range(last, first - 1, -1) if by > 0 else range(first, last + 1)
    for number in order:
        _change(session, number, sequence=number + by)


def _insert(session, number, now, **more):
    facts = {"id": "f" * 32, "organisation_id": "o", "at": now, "actor": "a", "action": "report.released"}
    facts |= {"object": "report r", "details": {}, "sequence": number, "mac": b"m" * 32}
    session.connection().execute(sa.insert(TABLE).values(**(facts | more)))


def _swap_places(session, one, other):
    _change(session, one, sequence=99)
    _change(session, other, sequence=one)
    _change(session, 99, sequence=other)


def _swap_words(session, one, other):
    told = [TABLE.c.at, TABLE.c.actor, TABLE.c.action, TABLE.c.object, TABLE.c.details]
    first, second = (session.execute(sa.select(*told).where(_row(each))).one()._asdict() for each in (one, other))
    _change(session, one, **second)
    _change(session, other, **first)


def _closed_up(session, number):
    _remove(session, number)
    _renumber(session, number + 1, ENTRIES, -1)


def _put_between(session, number, now):
    _renumber(session, number, ENTRIES, 1)
    _insert(session, number, now)


ATTACKS = {
    "an actor changed": (3, "was changed", lambda s, now: _change(s, 3, actor="somebody else")),
    "a time changed": (1, "was changed", lambda s, now: _change(s, 1, at=now - timedelta(microseconds=1))),
    "details changed": (3, "was changed", lambda s, now: _change(s, 3, details={"number": 4})),
    "a seal changed": (4, "was changed", lambda s, now: _change(s, 4, mac=b"m" * 32)),
    "the last changed": (7, "was changed, or inserted at the end", lambda s, now: _change(s, 7, action="nothing")),
    "an entry removed": (3, "is missing; the next one there is 4", lambda s, now: _remove(s, 3)),
    "the first removed": (1, "is missing; the next one there is 2", lambda s, now: _remove(s, 1)),
    "a gap closed up": (3, "was moved up: 1 before it is missing", lambda s, now: _closed_up(s, 3)),
    "neighbours swapped": (2, "was swapped with entry 3", lambda s, now: _swap_places(s, 2, 3)),
    "two swapped": (2, "was swapped with entry 5", lambda s, now: _swap_places(s, 2, 5)),
    "words swapped": (2, "was changed", lambda s, now: _swap_words(s, 2, 5)),
    "one inserted": (4, "was inserted: what belongs here is now entry 5", lambda s, now: _put_between(s, 4, now)),
    "one added": (8, "was changed, or inserted at the end", lambda s, now: _insert(s, 8, now)),
    "one without a seal": (None, "was inserted: it has no seal", lambda s, now: _insert(s, None, now, mac=None)),
}


@pytest.fixture
def sent(database, now):
    with transaction() as session:
        for number in range(1, ENTRIES + 1):
            facts = {"actor": "a", "action": f"deed.{number}", "object": "round r", "details": {"number": number}}
            record(session, organisation_id="o", at=now, **facts)
        record(session, organisation_id="p", actor="b", action="other", object="", at=now)
    with reading() as session:
        return audit.heads(session)


def test_every_change_is_found_and_the_first_wrong_entry_named(database, sent, now):
    with database.writer() as session:
        assert audit.verify(session, "o", heads=sent).fault is None
        for name, (number, what, attack) in ATTACKS.items():
            session.rollback()
            attack(session, now)
            fault = audit.verify(session, "o").fault
            assert (name, fault.sequence, fault.what) == (name, number, what)
            # What is named is what stands there now; an entry that is missing is named by its number only.
            assert fault.at is not None and fault.action
            assert audit.verify(session, "p").fault is None


def test_a_tail_that_is_cut_and_a_chain_written_anew_show_against_heads_sent_out(database, sent, now):
    with database.writer() as session:
        _remove(session, 7)
        _remove(session, 6)
        assert audit.verify(session, "o").fault is None
        fault = audit.verify(session, "o", heads=sent).fault
        assert (fault.sequence, fault.what) == (6, "is missing: the end is cut, entry 7 was sent out as the last")
        session.connection().execute(sa.delete(TABLE))
        assert audit.verify(session, "o", heads=sent).fault.sequence == 1
        session.rollback()
        old = [Head("o", 3, b"another seal than the one that was sent")]
        assert "written anew" in audit.verify(session, "o", heads=[*sent, *old]).fault.what
    lines = audit.lines_of(sent, now)
    assert list(audit.read_heads(lines.splitlines())) == sent
    with pytest.raises(HeadsUnreadable, match="Line 2"):
        list(audit.read_heads([lines.splitlines()[0], '{"organisation": "o"}']))


def test_after_a_restore_the_chain_goes_on_with_an_entry_that_says_what_was_lost(database, sent, now):
    with transaction() as session:
        _remove(session, 7)
        _remove(session, 6)
    with transaction() as session:
        assert audit.reseal(session, reason="Disk failed", lost=sent, now=now) == 3
        for _ in range(3):
            record(session, organisation_id="o", actor="a", action="later", object="", at=now)
    with reading() as session:
        assert audit.verify(session, "o", heads=sent) == audit.verify(session, "o")
        assert audit.verify(session, "o").through == 9
        later = [*sent, Head("o", 8, b"one that was sent after the loss")]
        assert audit.verify(session, "o", heads=later).fault.sequence == 8


def test_the_start_may_go_after_its_time_and_only_as_far_as_the_chain_says(database, sent, now):
    with transaction() as session:
        for day in (1, 2):
            facts = {"actor": "a", "action": "later", "object": "", "at": now + timedelta(days=day)}
            record(session, organisation_id="o", **facts)
            session.flush()
        assert audit.prune(session, "o", before=now + timedelta(days=1), now=now + timedelta(days=2)) == 6
        assert audit.prune(session, "p", before=now + timedelta(days=1), now=now) == 0  # the last one always stays
    with database.writer() as session:
        found = audit.verify(session, "o", heads=sent)
        assert (found.through, found.pruned, found.fault) == (10, 6, None)
        _remove(session, 7)
        assert audit.verify(session, "o").fault.sequence == 1


def test_entries_that_were_made_to_look_old_are_not_taken_away(database, sent, now):
    """Whoever writes to the table would otherwise have the nightly deletion remove what they did, and vouch for it."""
    with database.writer() as session:
        for number in range(1, 5):
            _change(session, number, at=now - timedelta(days=3000))
        assert audit.prune(session, "o", before=now - timedelta(days=2000), now=now) == 0
        assert audit.verify(session, "o", heads=sent).fault.sequence == 1
    assert Tenant("o", "", "UTC", {"audit": 1, "addresses": 0, "ratings": 5000}).everything == {
        "addresses": 1,
        "ratings": 92,
        "originals": 92,
        "reports": 2192,
        "audit": 365,
    }


def test_entries_from_before_the_chain_are_counted_and_cannot_be_changed_either(database, now):
    with database.writer() as session:
        for number in (1, 2):
            _insert(session, None, now, id=f"{number}" * 32, mac=None)
        session.commit()
    with transaction() as session:
        record(session, organisation_id="o", actor="a", action="first", object="", at=now)
    with database.writer() as session:
        found = audit.verify(session, "o")
        assert (found.before, found.through, found.fault) == (2, 2, None)
        for attack in (
            lambda: _insert(session, None, now, mac=None),
            lambda: session.connection().execute(sa.update(TABLE).where(TABLE.c.id == "1" * 32).values(actor="b")),
        ):
            attack()
            assert audit.verify(session, "o").fault.what.startswith("from before the chain are not those")
            session.rollback()
