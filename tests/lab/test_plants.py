"""Every attack wins where there is something for it to find, and only there."""

import pytest

from tests.lab.levels import LEVELS, evidence, guesses
from tests.lab.oracles.names import ATTACKS
from tests.lab.planted import PLANTS, Scene
from tests.lab.verdict import Board, breakers, count


def board_of(scene: Scene) -> Board:
    board: Board = {}
    case = scene.case()
    count(board, case, guesses(case, evidence(case)))
    return board


def test_every_attack_has_a_leak_planted_for_it() -> None:
    assert set(PLANTS) == set(ATTACKS) - {"one slot is both"}


@pytest.mark.parametrize("attack", PLANTS)
def test_an_attack_finds_the_leak_that_was_planted_for_it(attack: str) -> None:
    scene = Scene()
    PLANTS[attack](scene)
    assert attack in breakers(board_of(scene), list(LEVELS))


def test_without_a_plant_no_attack_wins() -> None:
    scene = Scene()
    scene.answers()
    board = board_of(scene)
    assert board
    assert breakers(board, list(LEVELS)) == {}
