"""The sums of a programme add, in any order and over any parts, survive being kept, and hold no answer left out."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.scoring.programme import added, counts_of, figures_of, nothing, packed, released, settled, unpacked
from msf.scoring.programme.sums import LEFT_OUT
from tests.scoring.programmes import BLANK, numbers, odd, realistic

quick = settings(deadline=None, max_examples=40, derandomize=True)


def same(one, other, exactly=False):
    found, wanted = numbers(widened(one)), numbers(widened(other))
    assert found.shape == wanted.shape
    assert np.array_equal(found, wanted) if exactly else np.allclose(found, wanted, rtol=1e-9, atol=1e-9)


def widened(sums):
    """With facets of one width: how many empty places follow the last says nothing."""
    facets = [[np.pad(part, (0, 30 - len(part))) if np.ndim(part) else part for part in each] for each in sums.facets]
    return sums._replace(facets=tuple(map(tuple, facets)))


@quick
@given(odd(), st.integers(0, 2**32), st.integers(1, 4))
def test_the_sums_of_parts_of_the_practitioners_add_up_to_those_of_all(answers, seed, parts):
    rng = np.random.default_rng(seed)
    side = rng.integers(0, parts, len(answers.own))
    total = nothing(answers.shape)
    for part in range(parts):
        total = added(total, answers.of(np.flatnonzero(side == part)).sums())
    whole = answers.sums()
    raters = len(answers.ratings)  # and each part was asked three more
    assert (total.asked, total.origins) == ({"nurse": raters + 3 * parts}, {"practitioner": raters + parts})
    same(total._replace(asked={}, origins={}), whole._replace(asked={}, origins={}))


@quick
@given(odd(), st.integers(0, 2**32))
def test_the_order_of_rows_and_of_practitioners_changes_nothing(answers, seed):
    same(answers.shuffled(np.random.default_rng(seed)).sums(), answers.sums())


@quick
@given(odd())
def test_nothing_is_neutral_on_both_sides(answers):
    sums, none = answers.sums(), nothing(answers.shape)
    same(added(sums, none), sums, exactly=True)
    same(added(none, sums), sums, exactly=True)
    same(added(none, none), none, exactly=True)


@quick
@given(odd(), st.booleans())
def test_what_is_kept_as_json_comes_back_exactly(answers, without):
    sums = answers.sums()
    sums = sums._replace(matrices=None) if without else sums
    back = unpacked(json.loads(json.dumps(packed(sums), allow_nan=False)))
    same(back, sums, exactly=True)
    assert (back.matrices is None, back.asked, back.origins) == (without, sums.asked, sums.origins)
    assert json.dumps(packed(back)) == json.dumps(packed(sums))


def test_what_is_kept_counts_practitioners_by_item_and_the_two_with_most_answers():
    answers = realistic(practitioners=12)
    sums, valid = answers.sums(), answers.valid()
    assert sums.people.tolist() == (valid > 0).sum(axis=0).tolist()
    assert sums.most.tolist() == np.sort(valid, axis=0)[:-3:-1].T.tolist()
    whole = np.stack([~np.isnan(answers.counted()[:, list(at)]).any(axis=1) for at in answers.shape.domains], axis=1)
    raters = np.stack([whole[answers.index == p].sum(axis=0) for p in range(12)])
    assert sums.matrices.people.tolist() == (raters > 0).sum(axis=0).tolist()
    assert sums.matrices.most.tolist() == np.sort(raters, axis=0)[:-3:-1].T.tolist()


def test_another_format_is_refused():
    with pytest.raises(ValueError, match="another version"):
        unpacked({"format": 2})


@quick
@given(odd(), st.integers(0, 2**32))
def test_answers_that_a_report_does_not_show_are_in_no_sum(answers, seed):
    """Whatever they were: the sums are the same bytes, but for nothing."""
    rng = np.random.default_rng(seed)
    hidden = ~answers.shown[answers.index]
    other = np.where(hidden, rng.choice(np.array([0, 101, 102, 1, 3, 5], np.int8), hidden.shape), answers.ratings)
    same(answers._replace(ratings=other).sums(), answers.sums(), exactly=True)


def test_the_code_that_stands_for_them_is_no_answer_a_rater_can_give():
    answers = realistic(practitioners=4)
    assert LEFT_OUT not in (*answers.shape.nonanswers, *range(1, answers.shape.points + 1))
    with pytest.raises(ValueError, match="nor a known code"):
        given = np.full_like(answers.ratings, 99)
        answers._replace(ratings=given, shown=np.ones_like(answers.shown)).sums()


def test_practitioners_of_whom_everything_is_left_out_change_no_figure_but_counts():
    answers = realistic()
    shown = answers.shown.copy()
    shown[:10] = False
    kept = answers.of(range(10, 80)).sums()._replace(asked={}, origins={})
    some = answers._replace(shown=shown).sums()._replace(asked={}, origins={})
    facts = {"items": [*"abcdefghi"], "domains": [*"xyz"], "satisfactory": 3, "whole": False}
    counts = {"practitioners", "raters", "share_half_blank", "share_identical"}
    before, after = (
        [figure for figure in figures_of(sums, answers.shape, **facts) if figure.name not in counts]
        for sums in (kept, some)
    )
    assert [figure[:3] for figure in before] == [figure[:3] for figure in after]
    for one, two in zip(before, after, strict=True):
        assert np.allclose(numbers(list(one[3:7])), numbers(list(two[3:7])), rtol=1e-9)


FACTS = {"items": [*"abcdefghi"], "domains": [*"xyz"]}
TOGETHER = {"alpha", "alpha_within", "omega", "item_rest"}


def test_what_matrices_say_is_kept_as_figures_when_they_go():
    answers = realistic(practitioners=30)
    whole = answers.sums()
    kept = unpacked(json.loads(json.dumps(packed(settled(whole, answers.shape, **FACTS)))))
    assert kept.matrices is None
    before, after = (
        figures_of(released(answers.shape, [sums]), answers.shape, **FACTS, satisfactory=3, whole=False)
        for sums in (whole, kept)
    )
    assert {figure.name for figure in after} >= TOGETHER
    assert sorted(map(repr, after)) == sorted(map(repr, before))
    assert settled(kept, answers.shape, **FACTS).together == kept.together


def test_of_too_few_practitioners_no_figure_is_kept():
    few = realistic(practitioners=5)
    assert settled(few.sums(), few.shape, **FACTS).together == ()


def test_figures_that_were_kept_do_not_add_but_the_sums_of_nobody_leave_them():
    answers = realistic(practitioners=30)
    kept = settled(answers.sums(), answers.shape, **FACTS)
    assert added(nothing(answers.shape), kept).together == added(kept, nothing(answers.shape)).together == kept.together
    assert added(kept, kept).together == ()


def test_of_a_single_round_only_counts_by_answer_stay():
    sums = realistic(practitioners=1).sums()
    kept = counts_of(json.loads(json.dumps(packed(sums))), raters=sums.raters)
    assert kept == {
        "raters": sums.raters,
        "values": sums.values.tolist(),
        "nonanswers": sums.nonanswers.tolist(),
    }


@pytest.mark.parametrize("wrong", ["ratings", "shown", "own", "index", "place"])
def test_what_does_not_fit_together_is_refused(wrong):
    answers = realistic(practitioners=4)
    bad = {
        "ratings": {"ratings": answers.ratings.astype(np.int64)},
        "shown": {"shown": answers.shown[:, 1:]},
        "own": {"own": answers.own[1:]},
        "index": {"index": answers.index[1:]},
        "place": {"index": answers.index + 1},
    }[wrong]
    with pytest.raises(ValueError, match=r"int8 matrix|every practitioner|every rater"):
        answers._replace(**bad).sums()


def test_own_answers_count_only_where_every_item_of_the_domain_has_one():
    answers = realistic()
    own = answers.own.copy()
    own[:, 0] = BLANK
    assert answers._replace(own=own).sums().own.n.tolist()[0] == 0
    assert answers._replace(own=own).sums().own.n.tolist()[1] == answers.sums().own.n[1] > 50
