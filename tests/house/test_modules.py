"""Every module says what it promises, stays short, and has a name that means something."""

import ast
import doctest
import importlib
import pkgutil

import pytest

import msf
from tests.house.sources import ROOT, modules

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "service", "handler", "misc"}
MODULES = [info.name for info in pkgutil.walk_packages(msf.__path__, "msf.") if "__main__" not in info.name]


def test_every_module_opens_with_its_promise():
    silent = [
        str(path.relative_to(ROOT))
        for path in modules("msf", "migrations", "bench", "tests")
        if not (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").strip()
    ]
    assert silent == []


def test_every_promise_is_one_sentence_that_ends():
    loose = [
        str(path.relative_to(ROOT))
        for path in modules("msf", "migrations")
        if not (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").partition("\n")[0].endswith((".", ":"))
    ]
    assert loose == []


def test_no_module_is_longer_than_three_hundred_lines():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules("msf", "bench")
        if (lines := len(path.read_text("utf-8").splitlines())) > 300
    }
    assert long == {}


def test_no_module_has_a_name_that_says_nothing():
    vague = [name for name in MODULES if EMPTY_NAMES & set(name.split("."))]
    assert vague == []


def test_no_work_is_left_for_later():
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    found = [
        str(path.relative_to(ROOT))
        for path in modules("msf", "migrations", "bench", "tests")
        if any(mark in path.read_text("utf-8") for mark in marks)
    ]
    assert found == []


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_a_module_hold(name):
    tried = doctest.testmod(importlib.import_module(name))
    assert tried.failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    examples = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(examples) >= 10
