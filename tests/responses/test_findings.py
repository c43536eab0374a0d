"""What detectors find: every known name, nearly every identifier, little in plain praise, in bounded time, any text."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.findings import table, told
from msf.responses.rules.findings import KINDS, RoundNames, find_in, pieces
from msf.responses.rules.findings.numbers import check_digit
from msf.responses.rules.findings.words import Word, words_of
from tests.responses.written import AROUND, NAMED, NAMES, SPLIT, clean, covered, telling

NOBODY = RoundNames()


def found(text: str, names: RoundNames = NOBODY) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.kind) for span in find_in(text, names)]


def test_every_known_name_is_found_in_every_form_and_nearly_every_identifier():
    rows = told(telling(), clean(), NAMES)
    print(table(rows))  # noqa: T201  (shown with -s: the same table as that of the command)
    assert sum(row.hidden for row in rows) == 200
    assert {row.kind for row in rows} == {*KINDS} - {"practitioner"}
    names = next(row for row in rows if row.kind == "name")
    assert names.found == names.hidden >= 80
    patterns = [row for row in rows if row.kind != "name"]
    assert sum(row.found for row in patterns) >= 0.99 * sum(row.hidden for row in patterns)
    assert sum(row.false_alarms for row in rows) <= 4


def test_everybody_is_found_in_all_forms_of_their_name():
    missed = [
        (form, who)
        for form, make in NAMED.items()
        for who in SPLIT
        for text in [AROUND[len(who[0]) % len(AROUND)].format(make(*who))]
        if not covered(text, make(*who), find_in(text, NAMES), {"name", "practitioner"})
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("943 476 5919", [("943 476 5919", "nhs_number")]),
        ("943 476 5918", [("943 476 5918", "number")]),
        ("12 943 476 5919", [("943 476 5919", "nhs_number")]),
        ("24/7 care, 10/10, room for 3 more", []),
        ("He may march on 4 may days", []),
        ("4th may; Ann", [("4th may", "date")]),
        ("A&E.", [("A&E", "ward")]),
        ("Dr. Zed Knew, said the doctor to nurse her", [("Dr. Zed Knew", "person")]),
        ("a.b@c.nhs.uk", [("a.b@c.nhs.uk", "mail")]),
        ("٩٤٣٤٧٦٥٩١٩", [("٩٤٣٤٧٦٥٩١٩", "nhs_number")]),
        ("harmless, painless, useful", []),
    ],
)  # fmt: skip
def test_what_looks_alike_is_told_apart(text, expected):
    assert found(text) == expected


def test_ordinary_words_are_names_only_where_they_are_written_as_names():
    names = RoundNames.of([("Grace Will", "g.will@x.example"), ("An Do", None), ("王伟", None)], ("Dr May Young", None))
    for text in ("Has grace and will help; an old way to do it.", "An idea. Do it, and you may go.", "young and kind"):
        assert found(text, names) == []
    for text, expected in (
        ("Ask Grace.", [("Grace", "name")]),
        ("then grace will", [("grace will", "name")]),
        ("Will listens.", [("Will", "name")]),
        ("with An Do", [("An Do", "name")]),
        ("他是王伟医生", [("王伟", "name")]),
        ("so Young listened, and May", [("Young", "practitioner"), ("May", "practitioner")]),
    ):
        assert found(text, names) == expected


def test_initials_that_mean_something_else_need_their_stops():
    names = RoundNames.of([("Gina Patel", None), ("Ian Smith", None)])
    assert found("My GP and the IS or so; THAT IS ALL", names) == [("IS", "name")]
    assert found("so G.P. said, with I. S.", names) == [("G.P", "name"), ("I. S", "name")]


def test_a_check_digit_is_the_only_one_that_fits():
    assert check_digit("943476591") == "9"
    assert sum(found(f"943476591{last}")[0][1] == "nhs_number" for last in range(10)) == 1
    assert "" in {check_digit(f"99900{n:04}") for n in range(40)}


class Counted(Sequence[Word]):
    """Words that count how often one is looked at."""

    def __init__(self, words: list[Word]) -> None:
        self.words, self.looks = words, 0

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, at):
        taken = self.words[at]
        self.looks += len(taken) if isinstance(at, slice) else 1
        return taken


HOSTILE = (
    "1 ", "1-", "0", "+4", "a.", "a@", "@", "www.", ".com", "a-", "i am the ", "as his ", "the only ", "ann ", "A.L.",
    "lee, ", "dr. A ", "1/1/1", "3rd of ", "tuesday ", "patients ", "\u0301", "\u200b", "ﷺ", "王", "m1 1", "van der ",
    "'", "not very ", "took a ", "O'", "ward no ", "self ", "𝟗𝟒𝟑", "May the ", "born in ", "x",
)  # fmt: skip


def looks(piece: str, size: int) -> int:
    """How often words are looked at for `size` bytes of this piece again and again."""
    kept: list[Counted] = []

    def cut(text: str) -> Counted:
        kept.append(Counted(words_of(text)))
        return kept[0]

    find_in(piece * (size // len(piece.encode())), NAMES, cut=cut)
    return kept[0].looks


def test_the_work_grows_with_the_text_and_no_faster_whatever_is_written():
    for piece in HOSTILE:
        small, large = looks(piece, 300), looks(piece, 1_200)
        assert large <= 4.6 * small + 2_000, piece
        assert large <= 400 * 1_200, piece


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12)), max_size=30).map("".join))
@example("".join(HOSTILE))
@example("\ud800 Ann \udfff")
@example("፪ ² ½ ① 1፪ ٣ 𝟗")
def test_any_text_gives_stretches_inside_it_in_order_and_loses_nothing(text):
    spans = find_in(text, NAMES)
    ends = [0]
    for span in spans:
        assert ends[-1] <= span.start < span.end <= len(text)
        assert span.kind in KINDS
        ends.append(span.end)
    assert "".join(piece for piece, _ in pieces(text, spans)) == text
    assert Counter(span for _, span in pieces(text, spans) if span) == Counter(spans)
