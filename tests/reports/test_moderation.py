"""Taking exact words out of a comment, and nothing else."""

import pytest

from msf.reports.rules.moderation import ModerationRefused, check_left, checked_reason, redacted, spans_of


def test_every_occurrence_is_replaced_by_one_fixed_mark():
    assert redacted("Ann. Ann Lee and Ann", ["Ann", "Ann Lee"]) == "[removed]. [removed] and [removed]"


def test_signs_with_a_meaning_in_patterns_are_taken_as_they_stand():
    assert redacted("cost (.*) $5", ["(.*)", "$5"]) == "cost [removed] [removed]"


@pytest.mark.parametrize("spans", [[], ["ann"], ["Ann", "Bob"]])
def test_words_that_are_not_there_are_refused(spans):
    with pytest.raises(ModerationRefused) as refused:
        redacted("Ann was there", spans)
    assert refused.value.field == "spans"


def test_words_are_typed_one_piece_a_line():
    assert spans_of(" Ann Lee \r\n\n on Ward 3\n") == ["Ann Lee", "on Ward 3"]


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 1001])
def test_withholding_needs_a_reason_of_some_length(reason):
    with pytest.raises(ModerationRefused):
        checked_reason(reason)


def test_what_overlaps_or_touches_becomes_one_mark_and_the_rest_stays():
    text = "Ask Ann Lee, on ward 7B."
    assert redacted(text, ["Lee"], [(4, 9), (11, 12)]) == "Ask [removed] on ward 7B."
    assert redacted(text, [], [(0, len(text))]) == "[removed]"


@pytest.mark.parametrize("stretch", [(0, 0), (5, 4), (-1, 3), (20, 25)])
def test_a_stretch_that_is_not_in_the_comment_is_refused(stretch):
    with pytest.raises(ModerationRefused):
        redacted("Ask Ann Lee, on ward 7B.", [], [stretch])


def test_a_cut_that_leaves_no_word_is_refused_since_it_would_withhold_without_a_second_person():
    check_left("Ask [removed] on [removed].")
    for shown in ("[removed]", " [removed], [removed]! "):
        with pytest.raises(ModerationRefused, match="Withhold it instead"):
            check_left(shown)
