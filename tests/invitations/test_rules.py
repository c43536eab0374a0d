"""Tokens, and the words of guidance on the mix of people."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from msf.instruments import find
from msf.invitations.rules import POOL, mix_of, read_token, slot_hash, token, token_groups, token_text

secrets = st.binary(min_size=32, max_size=32)


@given(secrets, st.integers(0, 2**32 - 1))
def test_a_token_has_128_bits_and_is_the_same_whenever_it_is_needed(secret: bytes, n: int) -> None:
    assert len(token(secret, n)) == 16
    assert token(secret, n) == token(secret, n)
    assert slot_hash(token(secret, n)) == sha256(token(secret, n)).digest()


@given(secrets)
def test_the_tokens_of_a_round_differ_from_each_other_and_from_those_of_other_secrets(secret: bytes) -> None:
    other = bytes([secret[0] ^ 1]) + secret[1:]
    assert len({token(key, n) for key in (secret, other) for n in range(POOL)}) == 2 * POOL


@given(st.binary(min_size=16, max_size=16))
def test_what_is_printed_can_be_typed_back_however_it_is_typed(given_token: bytes) -> None:
    text = token_text(given_token)
    assert len(text) == 26
    for typed in (
        text,
        text.upper(),
        token_groups(text),
        f"  {token_groups(text).replace(' ', '-')}\n",
        text.replace("0", "O").replace("1", "l"),
        text.replace("1", "I"),
    ):
        assert read_token(typed) == given_token


@given(st.text(max_size=60))
def test_anything_else_that_is_typed_is_a_token_of_its_own_or_none(text: str) -> None:
    read = read_token(text)
    assert read is None or read_token(token_text(read)) == read


def test_codes_that_stand_for_more_than_128_bits_or_hold_other_signs_are_none() -> None:
    assert read_token("7" + "z" * 25) == b"\xff" * 16
    for wrong in ("8" + "0" * 25, "u" * 26, "0" * 25, "0" * 27, "", "0" * 25 + "\0", "é" * 26, "0" * 300):
        assert read_token(wrong) is None


GROUPS = find("doctor-colleagues").groups


def advice(counts: dict[str, dict[str, int]], **more: int) -> str:
    return " ".join(mix_of("colleagues", GROUPS, counts, **({"target": 15, "k": 5} | more)).advice)


def test_guidance_on_an_empty_list_says_how_many_of_which_roles_are_advised() -> None:
    assert advice({}) == (
        "No colleagues are chosen so far. About 20 are advised, because not everybody answers; "
        "15 answers make a report that can be relied on. "
        "To hear from a range of roles, add 5 more from “Doctors”, 3 more from “Nurses and midwives”, "
        "2 more from “Other clinical staff” and 2 more from “Managers and office staff”."
    )


def test_guidance_names_the_groups_that_would_be_counted_with_others() -> None:
    said = advice({"doctor": {"approved": 15}, "nurse": {"proposed": 4}, "allied": {"proposed": 5}})
    assert "“Nurses and midwives” cannot reach five answers yet." in said
    assert "Groups with fewer than five answers are counted together with others." in said
    assert "“Doctors” and" not in said


def test_guidance_is_silent_once_enough_people_of_every_role_are_chosen() -> None:
    counts = {"doctor": {"approved": 6}, "nurse": {"proposed": 5}, "allied": {"approved": 5}, "admin": {"proposed": 5}}
    mix = mix_of("colleagues", GROUPS, counts, target=15, k=5)
    assert (mix.advice, mix.short, mix.asked, mix.approved) == ((), False, 21, 11)


def test_guidance_speaks_of_one_person_as_one_and_does_not_count_the_rejected() -> None:
    assert advice({"doctor": {"proposed": 1, "rejected": 30}}).startswith("1 colleague is chosen so far.")


def test_guidance_on_patients_asks_for_number_only() -> None:
    groups = find("patients-in-person").groups
    mix = mix_of("patients", groups, {"patient": {"approved": 3}}, target=34, k=5)
    assert mix.invite == 45
    assert list(mix.advice) == [
        "3 patients are chosen so far. About 45 are advised, because not everybody answers; "
        "34 answers make a report that can be relied on.",
        "None of them is asked before five are approved.",
    ]
