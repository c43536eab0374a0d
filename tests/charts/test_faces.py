"""Words in charts are drawn with faces that have every letter."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from msf.charts import FONTS, covered, uncovered
from msf.charts.faces import FAMILIES, coverage, path_of


def test_words_of_the_languages_people_write_here_stay_as_they_are():
    for words in (
        "Dŵr, tŷ, ŷd, ŵyn",
        "كانت الطبيبة لطيفة",
        "ڈاکٹر نے میری بات سنی",
        "डॉक्टर ने मेरी बात सुनी।",
        "ਡਾਕਟਰ ਨੇ ਮੇਰੀ ਗੱਲ ਸੁਣੀ।",
        "ডাক্তার খুব ভালো",
        "ડૉક્ટર ખૂબ સારા છે",
        "Żółć, naïve, Ðá, € £ “quotes” – …",
        "👍🏽 🙂 ❤️ 1️⃣ 👩‍⚕️ ✓ → ≥ ★",
        "two\nlines",
    ):
        assert covered(words) == words
        assert uncovered(words) == 0


def test_letters_that_no_font_has_are_marked_with_their_number():
    assert covered("Thai: ขอบคุณ!") == "Thai: [?×5]!"
    assert uncovered("Thai: ขอบคุณ!") == 5
    assert covered("医") == "[?]"
    assert covered("a 医生 b 很") == "a [?×2] b [?]"


def test_a_mark_on_a_letter_of_another_script_is_marked_and_not_split_from_it():
    assert covered("ক\u0301 x") == "[?] x"


def test_a_joined_sign_counts_only_where_one_font_has_all_of_it():
    assert covered("👩\u200d医") == "[?]"


def test_control_characters_and_marks_that_turn_the_direction_go():
    assert covered("a\x00b\x1bc\u202ed\u2066e\ufefff") == "abcdef"


def test_every_kind_of_line_end_becomes_one():
    assert covered("a\r\nb\rc\u2028d\u2029e\tf") == "a\nb\nc\nd\ne f"


def test_a_space_that_no_font_has_becomes_an_ordinary_one():
    assert covered("a\u3000b") == "a b"


def test_half_a_pair_and_private_letters_are_marked():
    assert covered("\ud800") == "[?]"
    assert covered("\ue000\uf8ff") == "[?×2]"


@given(st.text(alphabet=st.characters(), max_size=60))
def test_whatever_is_written_comes_out_in_letters_that_the_fonts_have(words):
    shown = covered(words)
    every = frozenset("\n").union(*coverage())
    assert set(shown) <= every | set("\u200c\u200d\ufe0e\ufe0f")
    assert not any(unicodedata.category(letter) in {"Cs", "Co", "Cn"} for letter in shown)
    assert covered(shown) == shown
    assert uncovered(shown) == 0


def test_every_family_is_shipped_with_its_licence():
    assert all(path_of(family).is_file() for family in FAMILIES)
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text("utf-8")
    notice = (FONTS / "NOTICE").read_text("utf-8")
    assert all(file.stem in notice for file in FONTS.glob("*.ttf"))
