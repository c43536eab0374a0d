"""The examples of the scoring floor hold."""

import doctest
from importlib import import_module

import pytest

DISCLOSURE = ("blocks", "comments", "floor", "interim", "masks", "organisation", "over_time")
MODULES = ["counts", "intervals", "means", "oracle", *(f"disclosure.{room}" for room in DISCLOSURE)]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_in_the_docstrings_are_true(module):
    found = doctest.testmod(import_module(f"msf.scoring.{module}"))
    assert (found.failed, found.attempted > 0) == (0, True)
