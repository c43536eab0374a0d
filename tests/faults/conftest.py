"""Fixtures of the door's own tests: processes that can be killed."""

from collections.abc import Iterator

import pytest

from tests.faults.children import Nursery


@pytest.fixture(scope="session")
def _nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    opened = Nursery(tmp_path_factory.mktemp("nursery"))
    yield opened
    opened.stop()


@pytest.fixture
def nursery(_nursery: Nursery) -> Iterator[Nursery]:
    """Forks processes on the test's installation, and ends them with the test."""
    yield _nursery
    _nursery.clear()
