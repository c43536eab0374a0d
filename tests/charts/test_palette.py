"""Colours of charts can be told apart and read."""

import pytest

from msf.charts import palette


def test_marks_stand_out_from_white_paper():
    for family in ("colleagues", "patients", "self"):
        assert palette.contrast(palette.family_colour(family), "#FFFFFF") >= 4.5
    assert palette.contrast(palette.LINE, "#FFFFFF") >= 3


def test_families_differ_in_colour():
    assert len({palette.family_colour(family) for family in ("colleagues", "patients", "self")}) == 3


def test_five_points_have_the_five_colours_of_the_house():
    assert palette.steps(5, 3) == ("#A6611A", "#DFC27D", "#E3E0DA", "#80CDC1", "#018571")


@pytest.mark.parametrize("size", range(1, 11))
def test_any_scale_has_a_colour_a_point_that_counts_can_be_read_on(size):
    for satisfactory_from in range(1, size + 1):
        colours = palette.steps(size, satisfactory_from)
        assert len(colours) == size
        assert len(set(colours)) == size
        for colour in colours:
            assert palette.contrast(palette.ink_on(colour), colour) >= 4.5
