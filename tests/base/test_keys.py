"""Keys of open rounds: few can read them, they are never replaced, and nothing of them is left when destroyed."""

import os
import secrets
import threading

import pytest

from msf.base.keys import KeyFolder, KeyMissing, Keys, wrapping

NAME = "0123456789abcdef" * 2


@pytest.fixture
def folder(tmp_path):
    """A key folder that does not exist yet."""
    return KeyFolder(tmp_path / "keys" / "seals")


def test_a_key_is_for_its_owner_only_whatever_the_mask(folder):
    before = os.umask(0)
    try:
        folder.write(NAME, secrets.token_bytes(32))
    finally:
        os.umask(before)
    assert folder.folder.stat().st_mode & 0o777 == 0o700
    assert (folder.folder / NAME).stat().st_mode & 0o777 == 0o600


def test_a_key_folder_that_others_could_read_is_closed(folder):
    folder.folder.mkdir(parents=True, mode=0o755)
    folder.write(NAME, secrets.token_bytes(32))
    assert folder.folder.stat().st_mode & 0o777 == 0o700


def test_what_was_written_is_read(folder):
    secret = secrets.token_bytes(32)
    folder.write(NAME, secret)
    assert folder.read(NAME) == secret
    assert folder.has(NAME)
    assert folder.names() == [NAME]


def test_a_key_is_never_replaced(folder):
    first = secrets.token_bytes(32)
    folder.write(NAME, first)
    with pytest.raises(FileExistsError):
        folder.write(NAME, secrets.token_bytes(32))
    assert folder.read(NAME) == first


def test_a_missing_key_refuses_and_says_that_nothing_was_sent(folder):
    with pytest.raises(KeyMissing) as refusal:
        folder.read(NAME)
    assert refusal.value.status == 503
    assert "Nothing you wrote was sent" in refusal.value.message


def test_a_key_that_was_cut_short_counts_as_missing(folder):
    folder.write(NAME, b"short")
    with pytest.raises(KeyMissing):
        folder.read(NAME)


@pytest.mark.parametrize("name", ["../x", "", "x" * 32, NAME + "0", NAME.upper(), f"{NAME}\n"])
def test_a_name_that_is_no_identifier_reaches_no_file(folder, name):
    with pytest.raises(ValueError, match="32 hexadecimal"):
        folder.read(name)
    with pytest.raises(ValueError, match="32 hexadecimal"):
        folder.destroy(name)


def test_destroying_overwrites_the_bytes_before_the_name_goes(folder, tmp_path):
    secret = secrets.token_bytes(32)
    folder.write(NAME, secret)
    os.link(folder.folder / NAME, tmp_path / "the same bytes on the disk")
    folder.destroy(NAME)
    assert not folder.has(NAME)
    assert folder.names() == []
    left = (tmp_path / "the same bytes on the disk").read_bytes()
    assert len(left) == 32
    assert left != secret
    assert not any(secret in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_destroying_twice_is_no_error(folder):
    folder.write(NAME, secrets.token_bytes(32))
    folder.destroy(NAME)
    folder.destroy(NAME)
    with pytest.raises(KeyMissing):
        folder.read(NAME)


def test_the_two_secrets_of_a_round_lie_apart_and_go_together(tmp_path):
    keys = Keys.at(tmp_path)
    keys.tokens.write(NAME, secrets.token_bytes(32))
    keys.seals.write(NAME, secrets.token_bytes(32))
    assert keys.tokens.folder != keys.seals.folder
    keys.destroy(NAME)
    assert keys.tokens.names() == keys.seals.names() == []


def test_a_secret_is_replaced_whole_and_the_old_bytes_are_overwritten(folder, tmp_path):
    wrapped = KeyFolder(folder.folder, None)
    with pytest.raises(FileNotFoundError):
        wrapped.replace(NAME, secrets.token_bytes(90))
    old, new = secrets.token_bytes(90), secrets.token_bytes(70)
    wrapped.write(NAME, old)
    os.link(folder.folder / NAME, tmp_path / "the same bytes on the disk")
    wrapped.replace(NAME, new)
    assert wrapped.read(NAME) == new
    assert not any(old in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert [path.name for path in folder.folder.iterdir()] == [NAME]
    (folder.folder / f".{NAME}.0123").write_bytes(new)
    wrapped.destroy(NAME)
    assert list(folder.folder.iterdir()) == []


def test_a_secret_that_lasts_is_made_once_by_whoever_is_first(tmp_path):
    start, found = threading.Barrier(8), []

    def ask():
        start.wait()
        found.append(Keys.at(tmp_path).lasting("audit"))

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(found) == 8
    assert set(found) == {KeyFolder(tmp_path / "audit").read("0" * 32)}
    assert len(list((tmp_path / "audit").iterdir())) == 1
    assert Keys.at(tmp_path).lasting("appeals") != found[0]


def test_a_passphrase_opens_what_it_wrapped_for_its_purpose_only():
    wrapping.use(wrapping.Strength(1, 8192))
    wrapped = wrapping.wrap(b"the secret", b"passphrase", purpose="one")
    wrapping.use(wrapping.MODERATE)
    assert wrapping.unwrap(wrapped, b"passphrase", purpose="one") == b"the secret"
    for passphrase, purpose in ((b"passphrasf", "one"), (b"", "one"), (b"passphrase", "two")):
        with pytest.raises(wrapping.WrongPassphrase):
            wrapping.unwrap(wrapped, passphrase, purpose=purpose)
    greedy = {**wrapped, "memory": 2**40}
    for damaged in (None, {}, greedy, {**wrapped, "salt": "AA=="}, {**wrapped, "passes": "many"}):
        with pytest.raises(wrapping.Damaged):
            wrapping.unwrap(damaged, b"passphrase", purpose="one")
    assert wrapping.Strength(3, 256 * 2**20) == wrapping.MODERATE
