"""Copies of keys: taken, looked through without a secret shown, and put back only where they still may be."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from msf.base import db
from msf.base.audit import AuditEvent
from msf.base.config import Settings
from msf.base.db import reading, transaction
from msf.base.keys import Keys, wrapping
from msf.base.keys.backup import Kept, NotABackup, opened_backup, sealed_backup
from msf.cli import msf
from msf.respond import operations
from msf.respond.operations import keeping
from msf.respond.rules import new_holder_key
from tests.make import Make

MASTER = "pebble trumpet meadow eleven oar"
Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _cheap() -> Iterator[None]:
    wrapping.use(wrapping.Strength(1, 8192))
    yield
    wrapping.use(wrapping.MODERATE)


@pytest.fixture
def now() -> datetime:
    """Today: the commands read the clock."""
    return datetime.now(UTC)


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs `msf keys` with this test's settings, and types the master passphrase as often as it is asked for."""
    monkeypatch.setenv("MSF_HOME", str(settings.home))
    monkeypatch.setenv("MSF_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("MSF_SECRET_KEY", settings.secret_key)
    yield lambda *words, typed=MASTER: CliRunner().invoke(msf, ["keys", *words], input=f"{typed}\n{typed}\n")
    db.current().engine.dispose()


def test_keys_are_copied_verified_lost_and_put_back_and_never_over_a_good_one(
    run: Run, make: Make, tmp_path: Path
) -> None:
    keys: Keys = make.keys
    holder = make.account("key_holder", name="Harriet Halliday").id
    keys.holders.write(holder, new_holder_key(holder, "seven-quiet-harbours-and-a-kite"))
    strict = {"key_mode": "strict", "key_holders": [holder], "have_keys": [holder]}
    plain, locked, over = (
        make.round("open", practitioner=make.practitioner(f"Dr {n}"), colleagues={"doctor": 5}, **more)
        for n, more in enumerate(({}, strict, {}))
    )
    kept = {
        (kind, name): keys.kind(kind).read(name)
        for kind, names in (("tokens", [plain.id, locked.id]), ("seals", [plain.id, locked.id]), ("holders", [holder]))
        for name in names
    }
    audit = keys.lasting("audit")
    file = tmp_path / "copy"

    # taken: one file for its owner, wrapped, never over another one, never with a weak passphrase
    assert "at least 5 different words" in run("backup", str(file), typed="short").output
    told = run("backup", str(file))
    assert told.exit_code == 0, told.output
    assert f"8 keys are copied to {file}." in told.output
    assert file.stat().st_mode & 0o777 == 0o600
    raw = file.read_bytes()
    assert not any(secret in raw or secret.hex().encode() in raw for secret in (*kept.values(), audit))
    assert run("backup", str(file)).exit_code == 1
    assert file.read_bytes() == raw

    # looked through
    told = run("verify", str(file))
    assert told.exit_code == 0, told.output
    assert f"round {locked.reference}, seals: fits" in told.output
    assert "key holder Harriet Halliday, holders: fits" in told.output
    assert "the installation, audit: fits" in told.output
    assert not any(secret.hex() in told.output or str(secret) in told.output for secret in kept.values())
    assert "does not open" in run("verify", str(file), typed="another passphrase than that").output

    # everything is lost; one round is over by then, and one has a key that is not its own
    with transaction() as session:
        operations.cancel_round(session, over.id, reason="Left.", by=make.coordinator.id, now=make.now)
    for kind, name in kept:
        keys.kind(kind).destroy(name)
    keys.destroy(over.id)
    keys.seals.write(plain.id, bytes(range(32)))
    told = run("restore", str(file))
    assert told.exit_code == 1
    assert f"round {over.reference}, tokens: refused: the round is over" in told.output
    assert f"round {plain.reference}, seals: put back" in told.output
    assert {where: keys.kind(where[0]).read(where[1]) for where in kept} == kept
    assert over.id not in [*keys.tokens.names(), *keys.seals.names()]
    assert f"round {plain.reference}, seals: is here already" in run("restore", str(file)).output

    # the same copy when its time is over, with a key that does not fit, or of rounds nobody knows here
    found = opened_backup(raw, MASTER.encode())
    late = make.now + timedelta(days=28 + 29)
    strange = Kept("seals", "a" * 32, bytes(32), date.max, "round R-NOWHERE")
    wrong = Kept("seals", plain.id, bytes(32), date.max, "round")
    with reading() as session:
        words = {each.words.split(" on ")[0] for each in keeping.verdicts(session, found.entries, now=late)}
        other = {each.words for each in keeping.verdicts(session, [strange, wrong], now=make.now)}
        newer = keeping.without_copy(session, [])
    assert words == {"its time ended", "the round is over: destroy this copy", "fits"}
    assert other == {"there is no such round here", "it is not the key of this round"}
    assert newer == sorted([plain.reference, locked.reference])
    replaced = new_holder_key(holder, "another-key-with-the-same-name")
    with transaction() as session:
        done = keeping.restore(session, keys, [Kept("holders", holder, replaced, None, "x")], now=make.now)
    assert done[0].words.startswith("kept: a good key is here")
    assert keys.holders.read(holder) == kept["holders", holder]
    with reading() as session:
        notes = session.exec(select(AuditEvent).where(AuditEvent.object == "keys")).all()
    assert {each.action for each in notes} == {"keys.copied", "keys.restored"}
    assert {each.organisation_id for each in notes} == {plain.organisation_id, make.service.id, "installation"}


@pytest.mark.sqlite
def test_no_command_opens_a_strict_round_and_a_master_key_may_lie_in_a_file(
    run: Run, make: Make, tmp_path: Path
) -> None:
    holder = make.account("key_holder").id
    make.keys.holders.write(holder, new_holder_key(holder, "seven-quiet-harbours-and-a-kite"))
    locked = make.round("open", colleagues={"doctor": 5}, key_mode="strict", key_holders=[holder], have_keys=[holder])
    for words in ("one of its key holders signs in", "Only its key holders can open it"):
        assert words in CliRunner().invoke(msf, ["round", "close", locked.reference, "--yes"]).output
    master, file = tmp_path / "master", tmp_path / "copy"
    master.write_bytes(b"too short")
    assert run("backup", str(file), "--master-key", str(master)).exit_code == 1
    master.write_bytes(b"7" * 40 + b"\n")
    assert run("backup", str(file), "--master-key", str(master)).exit_code == 0
    told = run("verify", str(file), "--master-key", str(master))
    assert told.exit_code == 0, told.output
    assert "cannot be read" in run("verify", str(tmp_path / "nothing"), "--master-key", str(master)).output
    with pytest.raises(NotABackup):
        opened_backup(sealed_backup([], b"m", made_on=date(2027, 1, 1)).replace(b"msf keys 1", b"msf keys 9"), b"m")
    for raw in (
        b"",
        file.read_bytes()[:-9],
        b"[]",
        b"{}",
        b'{"format":"msf keys 1","salt":"AA==","box":"","passes":1,"memory":1}',
        b"\xff",
    ):
        with pytest.raises(NotABackup):
            opened_backup(raw, b"m")
