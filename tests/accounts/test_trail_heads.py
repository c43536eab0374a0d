"""Every night the record is checked and its heads go out, and an operator hears where they do not."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from msf.accounts import jobs
from msf.app import HANDLERS
from msf.base import audit, config
from msf.base.audit import INSTALLATION, AuditEvent
from msf.base.db import reading, transaction
from msf.base.mail import caught
from msf.base.queue import Job, run_due


def _use(settings, **changes):
    facts = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
    config.use(type(settings)(**(facts | changes)))


def _trouble(now):
    with reading() as session:
        return audit.trouble(session, config.current().audit_heads, now=now)


def _night(now):
    """What a worker does up to the night behind `now`: nothing of it before, and the jobs that are due then."""
    for _ in range(2):
        jobs.tick(now)
        run_due(HANDLERS, clock=lambda: now)
    with reading() as session:
        [due] = session.exec(select(Job.run_at).where(Job.kind == "accounts.send_heads"))
    assert timedelta(0) < due - now <= timedelta(days=1)
    run_due(HANDLERS, clock=lambda: due)
    return due


def test_heads_go_out_each_night_and_show_what_is_wrong(make, settings, now, tmp_path):
    make.round("approved")
    assert "set MSF_AUDIT_HEADS" in _trouble(now)
    _use(settings, audit_heads="nonsense")
    assert _trouble(now) == audit.OutletUnknown.message
    _use(settings, audit_heads=f"folder:{tmp_path / 'far'}")
    assert _trouble(now) == ""
    assert "never sent" in _trouble(now + timedelta(days=3))

    due = _night(now)
    [path] = (tmp_path / "far").iterdir()
    assert (path.name, path.stat().st_mode & 0o777) == ("audit-heads-2027-03-02.jsonl", 0o600)
    sent = [json.loads(line) for line in path.read_text("ascii").splitlines()]
    assert {each["organisation"] for each in sent} >= {make.employer.id}
    assert {each["time"] for each in sent} == {due.isoformat()}
    with reading() as session:
        heads = list(audit.read_heads(path.read_text("ascii").splitlines()))
        assert [audit.verify(session, each, heads=heads).fault for each in audit.chains(session)] == [None] * (
            len(sent) + 1
        )
        last = audit.last_check(session, make.employer.id)
    assert (last.at, last.broken_at) == (due, None)
    assert last.through == next(each["sequence"] for each in sent if each["organisation"] == make.employer.id)
    assert "not sent for two days" in _trouble(due + timedelta(days=2))

    with transaction() as session:
        session.connection().execute(
            sa.update(AuditEvent).where(AuditEvent.organisation_id == make.employer.id, AuditEvent.sequence == 2),
            {"actor": "nobody"},
        )
    _use(settings, audit_heads="mail:watch@one.example, watch@other.example")
    later = _night(due)
    letters = caught(settings.home / "mail")
    assert {each.to for each in letters} == {"watch@one.example", "watch@other.example"}
    assert all('"sequence"' in each.text for each in letters)
    with reading() as session:
        assert audit.last_check(session, make.employer.id).broken_at == 2
        chain = session.exec(select(AuditEvent.action).where(AuditEvent.organisation_id == INSTALLATION)).all()
    assert chain.count("audit.sent") == 2
    assert _trouble(later) == "it does not hold: “msf audit verify” names the first wrong entry"


@pytest.mark.sqlite
def test_heads_that_cannot_be_sent_are_tried_again(make, settings, now, tmp_path):
    make.round()
    blocked = tmp_path / "far"
    blocked.write_text("a file where a folder should be")
    _use(settings, audit_heads=f"folder:{blocked}")
    due = _night(now)
    with reading() as session:
        [job] = session.exec(select(Job).where(Job.kind == "accounts.send_heads"))
    assert (job.state, job.last_error) == ("ready", "FileExistsError")
    blocked.unlink()
    run_due(HANDLERS, clock=lambda: due + timedelta(hours=1))
    assert len(list(blocked.iterdir())) == 1
