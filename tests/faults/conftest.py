"""Fixtures of the fault tests: processes that can be killed, and the ground they stand on."""

import random
from collections.abc import Iterator

import pytest

from msf.base.config import Settings
from msf.base.db import Database
from tests.faults.children import Nursery
from tests.faults.ground import Ground


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


@pytest.fixture
def ground(nursery: Nursery, settings: Settings, database: Database) -> Ground:
    """An installation to be harmed."""
    return Ground(settings, nursery, database, random.Random(20_261_122))
