"""Killed in the middle: every receipt is counted once, nothing is half written, and every step comes to its end."""

from tests.faults import kills
from tests.faults.children import TIMES
from tests.faults.ground import Ground

EACH, STRIDE = max(1, TIMES // 10), 1 if TIMES else 6


def test_a_server_killed_during_submissions_keeps_every_answer_whose_rater_has_a_receipt(ground: Ground) -> None:
    tally = kills.submissions(ground, TIMES or 3)
    assert tally.holds, tally
    assert tally.receipts > tally.withdrawals


def test_an_opening_killed_before_each_of_its_steps_is_whole_or_not_at_all(ground: Ground) -> None:
    tally = kills.opening(ground, EACH, STRIDE)
    assert tally.holds, tally
    assert tally.times >= 3


def test_a_close_killed_before_each_of_its_steps_is_whole_or_not_at_all(ground: Ground) -> None:
    tally = kills.closing(ground, EACH, STRIDE)
    assert tally.holds, tally
    assert tally.times >= 3


def test_destroying_the_keys_goes_on_after_each_kill(ground: Ground) -> None:
    tally = kills.finishing(ground, EACH, STRIDE)
    assert tally.holds, tally
    assert tally.times >= 1


def test_a_worker_killed_at_random_moments_of_a_close_leaves_one_whole_close(ground: Ground) -> None:
    tally = kills.workers(ground, TIMES or 3)
    assert tally.holds, tally
