"""Full disks and databases that are away: pages say so, no receipt is lost, and nobody has to restart anything."""

import pytest

from tests.faults import outages
from tests.faults.children import TIMES
from tests.faults.ground import Ground


def test_on_a_full_disk_nobody_gets_a_receipt_for_what_is_not_stored(ground: Ground) -> None:
    tally = outages.full_disk(ground, TIMES or 2)
    assert tally.holds, tally


@pytest.mark.sqlite
def test_when_sqlite_says_that_the_disk_is_full_raters_are_told_and_nothing_is_lost(ground: Ground) -> None:
    tally = outages.full_pages(ground, TIMES or 2)
    assert tally.holds, tally


def test_a_round_does_not_open_half_when_there_is_no_room_for_its_keys(ground: Ground) -> None:
    tally = outages.full_keys(ground, TIMES or 3)
    assert tally.holds, tally


def test_servers_and_workers_outlive_a_database_that_was_away(ground: Ground) -> None:
    tally = outages.gone(ground, TIMES or 1, seconds=0.5, lasting=not ground.database.sqlite)
    assert tally.holds, tally
