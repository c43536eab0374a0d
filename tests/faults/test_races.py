"""Many at once: one token gives one answer, a close loses nobody's receipt, and a round ends once."""

from tests.faults import races
from tests.faults.children import TIMES
from tests.faults.ground import Ground

PROCESSES = 16 if TIMES else 4


def test_of_sixteen_forms_with_one_token_one_is_stored_and_the_others_are_told(ground: Ground) -> None:
    tally = races.one_token(ground, TIMES or 3, processes=PROCESSES)
    assert tally.holds, tally


def test_sixteen_copies_of_one_form_are_one_answer_and_one_receipt(ground: Ground) -> None:
    tally = races.one_form(ground, TIMES or 2, processes=PROCESSES)
    assert tally.holds, tally


def test_a_close_in_the_middle_of_answers_and_withdrawals_loses_no_receipt(ground: Ground) -> None:
    tally = races.close_among_answers(ground, TIMES or 1, processes=PROCESSES)
    assert tally.holds, tally


def test_of_two_closers_at_once_one_closes_and_the_other_is_refused(ground: Ground) -> None:
    tally = races.two_closers(ground, TIMES or 1)
    assert tally.holds, tally


def test_a_round_cancelled_in_the_middle_of_answers_keeps_none_of_them(ground: Ground) -> None:
    assert races.cancel_among_answers(ground, TIMES or 1, processes=PROCESSES).times
