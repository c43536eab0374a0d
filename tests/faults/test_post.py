"""Letters in bad weather: none is lost, a killed worker repeats at most one, and no close waits for the mail."""

from tests.faults import post
from tests.faults.children import TIMES
from tests.faults.ground import Ground


def test_a_worker_killed_between_sending_and_finishing_repeats_one_letter_and_loses_none(ground: Ground) -> None:
    found = post.killed_between(ground, TIMES or 2)
    assert found.missing == 0, found
    assert 0 < found.again <= found.times


def test_without_a_mail_server_rounds_close_and_reminders_wait_alike(ground: Ground) -> None:
    found, tally = post.dead_during_reminders_and_close(ground, max(1, TIMES // 20))
    assert (found.missing, found.again) == (0, 0), found
    assert tally.holds, tally
