"""Peers are chosen by rule, each once and never the reader, and a benchmark once frozen stays as it was."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.benchmarks import BenchmarkSet, Candidate, Window, freeze, from_json, peers_of, to_json
from msf.scoring.generalisability import Components

YEAR = Window(date(2026, 1, 1), date(2026, 12, 31))
SURGEON = ("doctor", "hospital", "surgery")
ASKED = {"stratum": SURGEON, "window": YEAR, "line": 12}


def peer(name, stratum=SURGEON, *, on=YEAR.first, n=15, care=43):
    return Candidate(name, stratum, on, n, {"care": care})


def people(count, stratum=SURGEON, prefix="p"):
    return [peer(f"{prefix}{place:02}", stratum) for place in range(count)]


def test_twenty_in_the_narrowest_stratum_are_enough():
    found = peers_of("me", people(20), **ASKED)
    assert (found.stratum, found.practitioners) == (SURGEON, 20)


def test_with_fewer_the_next_wider_stratum_is_taken_and_never_another_role():
    narrow, wide = people(19), people(10, ("doctor", "hospital", "medicine"), "m")
    assert peers_of("me", narrow + wide, **ASKED).stratum == ("doctor", "hospital")
    assert peers_of("me", narrow + people(3, ("doctor", "practice"), "g"), **ASKED).stratum == ("doctor",)
    assert peers_of("me", narrow + people(90, ("dentist",), "d"), **ASKED) is None
    assert peers_of("me", [], **ASKED) is None


def test_the_reader_is_never_among_the_peers():
    assert peers_of("p07", people(20), **ASKED) is None
    found = peers_of("p07", people(21), **ASKED)
    assert "p07" not in {each.practitioner for each in found.chosen}


def test_earlier_rounds_of_a_practitioner_do_not_count_twice():
    later = [peer(each.practitioner, on=YEAR.last, care=48) for each in people(20)]
    found = peers_of("me", people(20) + later, **ASKED)
    assert found.practitioners == 20
    assert {each.means["care"] for each in found.chosen} == {48}
    assert peers_of("me", people(10) + later[:10], **ASKED) is None


def test_rounds_outside_the_window_or_below_the_line_do_not_count():
    day = timedelta(days=1)
    few = [peer(f"f{place}", n=11) for place in range(30)]
    old = [peer(f"o{place}", on=YEAR.first - day) for place in range(30)]
    new = [peer(f"n{place}", on=YEAR.last + day) for place in range(30)]
    edge = [peer("first", on=YEAR.first, n=12), peer("last", on=YEAR.last, n=12)]
    assert peers_of("me", few + old + new, **ASKED) is None
    assert peers_of("me", few + old + new + people(18) + edge, **ASKED).practitioners == 20


def test_a_latest_round_below_the_line_leaves_the_one_before():
    again = [peer(each.practitioner, on=YEAR.last, n=3, care=10) for each in people(20)]
    found = peers_of("me", people(20) + again, **ASKED)
    assert {each.means["care"] for each in found.chosen} == {43}


def test_who_changed_stratum_counts_where_the_latest_round_was():
    moved = [peer(each.practitioner, ("doctor", "practice"), on=YEAR.last) for each in people(5)]
    assert peers_of("me", people(20) + moved, **ASKED).stratum == ("doctor",)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.randoms(use_true_random=False), st.integers(20, 150))
def test_the_order_of_candidates_never_matters(dice, rounds):
    strata = [SURGEON, SURGEON[:2], ("doctor",), ("nurse",)]
    candidates = [
        peer(
            f"p{dice.randrange(60)}",
            dice.choice(strata),
            on=YEAR.first + timedelta(days=dice.randrange(3)),
            n=dice.randrange(10, 16),
            care=dice.randrange(40, 43),
        )
        for _ in range(rounds)
    ]
    found = peers_of("p0", candidates, **ASKED)
    dice.shuffle(candidates)
    assert found == peers_of("p0", candidates, **ASKED)
    chosen = [each.practitioner for each in found.chosen] if found else []
    assert len(set(chosen)) == len(chosen)
    assert not chosen or (len(chosen) >= 20 and "p0" not in chosen)


def test_what_makes_no_comparison_is_refused():
    with pytest.raises(ValueError, match="needs a stratum"):
        peers_of("me", people(30), **ASKED | {"stratum": ()})
    with pytest.raises(ValueError, match="at least 20"):
        peers_of("me", people(30), **ASKED, least=19)
    assert peers_of("me", people(30), **ASKED, least=31) is None


def made():
    candidates = [
        Candidate(f"p{place}", SURGEON, YEAR.first, 15, {"care": 40 + place % 9} | ({"team": 41} if place < 12 else {}))
        for place in range(25)
    ]
    return freeze(
        peers_of("me", candidates, **ASKED),
        version="2026-1",
        questionnaire="colleagues@1",
        family="colleagues",
        components={"care": Components(4.3, 0.08, 0.4), "team": Components(4.1, 0.1, 0.5)},
    )


def test_a_frozen_set_holds_sorted_means_of_enough_people_and_no_names():
    found = made()
    assert (found.practitioners, found.stratum, set(found.means)) == (25, SURGEON, {"care"})
    assert list(found.means["care"]) == sorted(found.means["care"])
    assert set(found.components) == {"care"}
    assert '"p1' not in to_json(found)


def test_a_set_survives_json_with_its_digest():
    found = made()
    again = from_json(to_json(found), digest=found.digest)
    assert again == found
    assert (again.digest, to_json(again)) == (found.digest, to_json(found))


def test_a_set_cannot_be_changed_by_who_holds_it():
    means = {"care": tuple(range(20, 45))}
    found = replace(made(), means=means)
    digest = found.digest
    means["team"] = means.pop("care")
    assert found.digest == digest
    with pytest.raises(TypeError):
        found.means["care"] = (1,) * 20


def test_a_set_that_was_altered_is_refused():
    found = made()
    kept = json.loads(to_json(found))
    kept["means"]["care"][0] -= 1
    with pytest.raises(ValueError, match="digest differs"):
        from_json(json.dumps(kept), digest=found.digest)
    for wrong in ("[]", "{}", '{"format": 2}', to_json(found).replace('"format":1', '"format":9'), "no json"):
        with pytest.raises(ValueError, match=r"no benchmark|Expecting"):
            from_json(wrong)


def test_every_field_moves_the_digest():
    found = made()
    others = [
        replace(found, version="2026-2"),
        replace(found, questionnaire="colleagues@2"),
        replace(found, family="patients"),
        replace(found, stratum=("doctor",)),
        replace(found, window=Window(YEAR.first, YEAR.first)),
        replace(found, practitioners=26),
        replace(found, means={"care": (40,) * 20}),
        replace(found, components={}),
    ]
    assert len({each.digest for each in [found, *others]}) == 9


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"practitioners": 19}, "at least 20"),
        ({"stratum": ()}, "stratum"),
        ({"means": {"care": (40,) * 19}, "components": {}}, "care needs"),
        ({"means": {"care": (40,) * 26}, "components": {}}, "care needs"),
        ({"means": {"care": (41, *(40,) * 20)}, "components": {}}, "sorted"),
        ({"means": {}}, "have components"),
    ],
)
def test_impossible_sets_are_refused(change, words):
    with pytest.raises(ValueError, match=words):
        replace(made(), **change)


def test_components_that_are_no_numbers_do_not_reach_a_page():
    with pytest.raises(ValueError, match="JSON"):
        to_json(replace(made(), components={"care": Components(4.0, float("nan"), 0.4)}))


def test_a_set_has_the_fields_of_its_class():
    assert BenchmarkSet.__dataclass_fields__.keys() == json.loads(to_json(made())).keys() - {"format"}
