"""The lab's own arithmetic: what chance can do, and what it cannot."""

import random

import pytest

from tests.lab.verdict import ALARM, FULL, Score, alarm_of, hits_limit, rho_limit, short


def test_of_a_thousand_pairings_seventy_six_hits_are_more_than_chance() -> None:
    from scipy.stats import binom

    assert hits_limit(1000, ALARM) == 76
    binomial, orders = alarm_of(1000, 76)
    assert 0.0001 < binomial < ALARM
    assert binomial < orders < 0.0006
    assert binom.sf(75, 1000, 0.10) > 0.994, "a leak that gets one in ten right would slip through"


def test_whole_orders_drawn_at_random_hit_as_often_as_the_exact_figure_says() -> None:
    chance = random.Random(3)
    tries = [sum(a == b for a, b in enumerate(chance.sample(range(20), 20))) for _ in range(4000)]
    for hits in (1, 2, 3):
        assert sum(each >= hits for each in tries) / 4000 == pytest.approx(alarm_of(20, hits)[1], abs=0.03)


def test_a_score_at_a_limit_is_no_luck_and_one_below_is() -> None:
    assert FULL.beaten(Score(50, 1000, 76, 0.0))
    assert not FULL.beaten(Score(50, 1000, 75, 4.9))
    assert FULL.beaten(Score(50, 1000, 50, -5.0)), "an order guessed backwards is known as well"
    rule = short(3000)
    assert rule.beaten(Score(3, 60, 57, 0.0))
    assert not rule.beaten(Score(3, 60, 10, 1.0))
    assert rho_limit(3, rule.alarm) < 0.8
