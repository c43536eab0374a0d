"""Every kind of work that the code asks for has something that does it."""

import ast

from msf.app import HANDLERS, TICKS
from tests.house.sources import ROOT, modules


def _kinds() -> dict[str, str]:
    """Every kind that is deferred, with the file that does so; a kind that is not written out counts as unknown."""
    found = {}
    for path in modules("msf"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"defer", "queue.defer"}:
                kind = node.args[1] if len(node.args) > 1 else None
                name = kind.value if isinstance(kind, ast.Constant) else "unknown"
                found[str(name)] = str(path.relative_to(ROOT))
    return found


def test_every_kind_of_job_has_a_handler():
    assert {kind: place for kind, place in _kinds().items() if kind not in HANDLERS} == {}


def test_every_handler_has_a_kind_that_is_asked_for():
    assert set(HANDLERS) == set(_kinds())
    assert len(HANDLERS) >= 2


def test_every_kind_is_named_after_the_slice_that_does_it():
    for kind, handler in HANDLERS.items():
        assert handler.__module__.startswith(f"msf.{kind.partition('.')[0]}."), kind


def test_the_worker_looks_at_something():
    assert TICKS
    assert all(callable(tick) for tick in TICKS)
