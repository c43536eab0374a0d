"""The search that everything here rests on finds a planted word however it was written down, and nothing else."""

import pytest

from tests.canaries.search import Canaries, Search, packed_samples

WORDS = ("zaunkönig & <söhne> 7", "tk4wz9q2hm8v", "Quokka Quibblethorpe")


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_found_in_every_spelling(word: str) -> None:
    search = Search(Canaries({"planted": [word]}))
    for name, data in packed_samples(word).items():
        search.look(name, data)
    assert {place for place, _ in search.found} == set(packed_samples(word))
    assert search.beyond({"planted": [".*"]}) == []
    assert len(search.beyond({})) == search.places == 12


def test_what_was_not_planted_is_not_found() -> None:
    search = Search(Canaries({"planted": ["Quokka Quibblethorpe"]}))
    for data in packed_samples("Wombat Whiffletree").values():
        search.look("here", data)
    assert search.found == {}
    assert search.size > 0
