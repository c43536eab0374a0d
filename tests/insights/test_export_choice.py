"""Which reports go out together: whatever two exports are compared, nothing between them is of five or fewer."""

from collections import defaultdict

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


@given(reports, st.randoms())
def test_the_order_in_which_reports_are_found_changes_nothing(drawn, random) -> None:
    found = candidates(drawn)
    mixed = random.sample(found, len(found))
    kept, other = whole_batches(found)[0], whole_batches(mixed)[0]
    assert [(each.alike, each.digest) for each in kept] == [(each.alike, each.digest) for each in other]
    assert {each.report_id for each in kept} == {each.report_id for each in other}
