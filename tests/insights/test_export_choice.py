"""Which reports go out together: whatever two exports are compared, nothing between them is of five or fewer."""

from collections import defaultdict
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from msf.insights.rules.export import Alike, Candidate, whole_batches

KINDS = [Alike(quarter, "doctor", (name,)) for quarter in ("2027-Q1", "2027-Q2") for name in ("a/1", "b/1")]
QUARTERS = [f"2027-Q{number}" for number in range(1, 5)]
reports = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(KINDS), st.sampled_from(QUARTERS)), max_size=60)


def candidates(drawn) -> list[Candidate]:
    return [
        Candidate(str(number), f"p{person}", alike, released, bytes([number * 37 % 251]))
        for number, (person, alike, released) in enumerate(drawn)
    ]


@given(reports)
def test_what_a_later_export_adds_is_of_more_than_five_practitioners(drawn) -> None:
    found = candidates(drawn)
    before: set[str] = set()
    for last in QUARTERS:
        going, waiting = whole_batches([each for each in found if each.released <= last])
        assert {each.report_id for each in going} >= before
        new = defaultdict(set)
        for each in going:
            if each.report_id not in before:
                new[each.alike].add(each.practitioner_id)
        assert all(len(people) > 5 for people in new.values())
        of = defaultdict(set)
        for each in waiting:
            of[each.alike].add(each.practitioner_id)
        assert all(len(people) <= 5 for people in of.values())
        before = {each.report_id for each in going}
        assert len(going) + len(waiting) == sum(each.released <= last for each in found)


@given(reports, st.lists(st.tuples(st.integers(0, 59), st.sampled_from(QUARTERS)), max_size=12))
def test_that_a_report_is_made_void_brings_no_other_one_out(drawn, voided) -> None:
    """At the end of each quarter there are new reports and new void ones; what goes that did not go before is many."""
    found = candidates(drawn)
    gone: set[str] = set()
    for last in QUARTERS:
        void = {str(number) for number, when in voided if when <= last}
        there = [replace(each, void=each.report_id in void) for each in found if each.released <= last]
        going, waiting = whole_batches(there)
        assert not {each.report_id for each in [*going, *waiting]} & void
        new = defaultdict(set)
        for each in going:
            if each.report_id not in gone:
                new[each.alike].add(each.practitioner_id)
        assert all(len(people) > 5 for people in new.values())
        gone |= {each.report_id for each in going}


def test_five_that_are_left_of_six_are_held_back_and_join_nobody() -> None:
    of = KINDS[0]
    first = [Candidate(f"r{n}", f"p{n}", of, "2027-Q1", bytes([n])) for n in range(6)]
    later = Candidate("late", "late", of, "2027-Q2", b"x")
    assert len(whole_batches([*first, later])[0]) == 6
    going, waiting = whole_batches([replace(first[0], void=True), *first[1:], later])
    assert (going, len(waiting)) == ([], 6)


@given(reports, st.randoms())
def test_the_order_in_which_reports_are_found_changes_nothing(drawn, random) -> None:
    found = candidates(drawn)
    mixed = random.sample(found, len(found))
    kept, other = whole_batches(found)[0], whole_batches(mixed)[0]
    assert [(each.alike, each.digest) for each in kept] == [(each.alike, each.digest) for each in other]
    assert {each.report_id for each in kept} == {each.report_id for each in other}
