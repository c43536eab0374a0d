"""The examples of the scoring floor hold."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("module", ["counts", "disclosure", "intervals", "means", "oracle"])
def test_the_examples_in_the_docstrings_are_true(module):
    found = doctest.testmod(import_module(f"msf.scoring.{module}"))
    assert (found.failed, found.attempted > 0) == (0, True)
