"""Shares of a round's key: one of two tells nothing, and damage is seen."""

import pytest

from msf.respond.rules import SealDamaged, ShareUnreadable, StrictSeal, opened_by, read_seal, share_out
from msf.responses.rules import new_pair

NAME = "0123456789abcdef" * 2


def test_no_share_alone_is_the_key_and_what_is_damaged_is_seen():
    own = {name: new_pair() for name in ("a", "b")}
    publics = {name: public for name, (_, public) in own.items()}
    private, _ = new_pair()
    both = share_out(NAME, private, holders=publics, needed=2)
    first = opened_by(both, "a", own["a"][0])
    assert isinstance(first, StrictSeal)
    assert private not in first.to_bytes() + both.to_bytes()
    kept = read_seal(first.to_bytes(), NAME)
    assert kept == first
    assert opened_by(kept, "b", own["b"][0]) == private
    assert opened_by(kept, "a", own["a"][0]).handed.keys() == {"b"}
    either = share_out(NAME, private, holders=publics, needed=1)
    assert {opened_by(either, name, pair[0]) for name, pair in own.items()} == {private}
    for stranger in (own["b"][0], new_pair()[0]):
        with pytest.raises(ShareUnreadable):
            opened_by(both, "a", stranger)
    whole = both.to_bytes()
    for damaged in (whole[:-1], whole[1:], b"[]", b"", whole.replace(NAME.encode(), b"f" * 32), bytes(64)):
        with pytest.raises(SealDamaged):
            read_seal(damaged, NAME)
