"""Random rounds are safe by the exact oracle, and the same look finds out policies that are not."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from msf.reports.rules import Given, part_of
from msf.reports.rules.gate.given import exposed
from tests.scoring.random_rounds import UNSAFE, bad, chunk, counted, random_round


def test_a_few_hundred_random_rounds_give_nobody_away_and_unsafe_policies_do():
    found = chunk((7, 0, 250, 60))
    assert found["rounds"] == 250
    assert (found["unsafe"], found["moved"]) == (0, 0)
    assert found["cells"] > 4000
    assert {name: found[name] > 0 for name in UNSAFE} == dict.fromkeys(UNSAFE, True)
    assert not bad(found)


@settings(deadline=None, max_examples=30, derandomize=True)
@given(st.integers(0, 2**32))
def test_the_gate_before_a_release_passes_what_the_rules_show_and_no_figure_of_three_people(seed):
    least, sides = random_round(np.random.default_rng(seed))
    for side in sides:
        tallied = counted(side, least)
        part = part_of(side.questionnaire, [tallied], None, least=least)
        place = np.array([next((b for b, names in enumerate(tallied.blocks) if n in names), 0) for n in _names(side)])
        mine = Given(side.questionnaire, side.questionnaire.family, side.ratings, place, tallied.blocks)
        assert exposed(mine, part.cells, least=least) is None
        if part.cells:
            few = Given(mine.questionnaire, mine.family, mine.ratings, np.arange(len(place)) >= 3, (("a",), ("b",)))
            cells = [cell for cell in part.cells if cell.block == "all"]
            assert exposed(few, [*cells, _block(cells[0])], least=least) is not None


def _names(side):
    from tests.reports.test_cells_build import GROUPS

    return [GROUPS[place] for place in side.group]


def _block(cell):
    from dataclasses import replace

    return replace(cell, block=("a",))
