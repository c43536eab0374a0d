"""One box for every answer: the same length for all, opened by one key, for one round."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.instruments import catalogue, find
from msf.responses.rules import Sheet, Unreadable, new_pair, pack, public_of, seal, size_of, unpack, unseal

ROUND = "ab" * 16
ASKED = find("doctor-colleagues/1")
PAIR = new_pair()
SIZE = size_of([ASKED])


def sheet(**more: object) -> Sheet:
    facts = {"round_id": ROUND, "questionnaire": "doctor-colleagues/1", "family": "colleagues", "group": "nurse"}
    return Sheet(**(facts | more))


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=900)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([0, 1, 2, 3, 4, 5, 101, 102]), min_size=18, max_size=18),
    st.dictionaries(st.sampled_from([prompt.id for prompt in ASKED.prompts]), texts),
    st.booleans(),
)
def test_what_goes_in_comes_out_and_every_box_has_one_length(
    ratings: list[int], comments: dict[str, str], declined: bool
) -> None:
    given = sheet(ratings=bytes(ratings), comments=comments, declined=declined)
    box = seal(pack(given, size=SIZE), PAIR[1])
    assert len(box) == SIZE + 48
    assert unpack(unseal(box, PAIR[0]), round_id=ROUND) == given


@pytest.mark.parametrize("questionnaire", catalogue(), ids=lambda each: each.reference_name)
def test_the_longest_answer_to_every_questionnaire_fits(questionnaire) -> None:
    longest = max((group.id for group in questionnaire.groups), key=len)
    given = Sheet(
        ROUND,
        questionnaire.reference_name,
        questionnaire.family,
        longest,
        False,
        bytes([102]) * len(questionnaire.items),
        {prompt.id: "x" * prompt.limit for prompt in questionnaire.prompts},
    )
    assert len(pack(given, size=size_of([questionnaire]))) == size_of([questionnaire])


def test_an_answer_that_is_too_large_is_refused_before_it_is_sealed() -> None:
    with pytest.raises(ValueError, match="larger than its questionnaire allows"):
        pack(sheet(comments={"does_well": "x" * SIZE}), size=SIZE)


def test_an_answer_of_another_round_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        unpack(pack(sheet(round_id="cd" * 16), size=SIZE), round_id=ROUND)


def test_no_other_key_opens_a_box() -> None:
    box = seal(pack(sheet(), size=SIZE), PAIR[1])
    with pytest.raises(Unreadable):
        unseal(box, new_pair()[0])
    changed = bytearray(box)
    changed[-1] ^= 1
    with pytest.raises(Unreadable):
        unseal(bytes(changed), PAIR[0])


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=120).map(lambda end: b"MSF1\0\0\0\x10" + end)))
def test_any_bytes_are_an_answer_or_unreadable(plain: bytes) -> None:
    try:
        found = unpack(plain, round_id=ROUND)
    except Unreadable:
        return
    assert found.round_id == ROUND


@pytest.mark.parametrize(
    "head", ["[]", "3", '"x"', "{}", '{"round": []}', json.dumps({"round": ROUND}), "{", "null", "[" * 3000]
)
def test_boxes_with_a_strange_header_are_unreadable(head: str) -> None:
    plain = b"MSF1" + len(head).to_bytes(4, "big") + head.encode()
    with pytest.raises(Unreadable):
        unpack(plain, round_id=ROUND)


@pytest.mark.parametrize(
    "change",
    [
        {"ratings": -1}, {"ratings": "18"}, {"ratings": 10**9}, {"comments": []}, {"comments": {"x": -3}},
        {"comments": {"x": "y"}}, {"group": None}, {"group": []}, {"family": "strangers"}, {"questionnaire": 3},
        {"declined": "no"}, {"comments": {"x": 10**12}}, {"comments": {"x": 4}}, {"group": "g" * 90},
    ],
)  # fmt: skip
def test_a_box_sealed_by_a_stranger_with_a_forged_header_is_unreadable(change: dict[str, object]) -> None:
    head = {
        "round": ROUND, "questionnaire": "doctor-colleagues/1", "family": "colleagues", "group": "nurse",
        "declined": False, "ratings": 18, "comments": {},
    } | change  # fmt: skip
    text = json.dumps(head).encode()
    plain = (b"MSF1" + len(text).to_bytes(4, "big") + text + bytes([4]) * 18).ljust(SIZE, b"\0")
    with pytest.raises(Unreadable):
        unpack(plain, round_id=ROUND)


def test_the_public_half_belongs_to_the_private_one() -> None:
    assert public_of(PAIR[0]) == PAIR[1]
    assert seal(b"x", PAIR[1]) != seal(b"x", PAIR[1])
